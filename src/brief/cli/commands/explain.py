"""`brief explain`: explains what a diagnostic means and how to fix it."""

import json
import re
from dataclasses import asdict

import click

from brief.model.diagnostic_sink import suggest_name
from brief.reading.explanations import Explanation, load_explanations

# A code as `brief check` prints it, with the severity, so that the whole can be pasted.
_PRINTED_CODE = re.compile(r"(?:error|warning|note)\[(.*)\]:?")


@click.command
@click.argument("code", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(code: str | None, as_json: bool) -> None:
    """Explain what a diagnostic means and how to fix it.

    CODE is the word in brackets, as in error[unknown-claim]. Without it, all codes are listed.
    """
    explanations = load_explanations()
    if code is not None:
        match = _PRINTED_CODE.fullmatch(code)
        name = match[1] if match else code
        if name not in explanations:
            raise click.UsageError(f"there is no diagnostic '{name}': {suggest_name(name, explanations)}")
        explanations = {name: explanations[name]}
    if as_json:
        click.echo(json.dumps([asdict(explanations[name]) for name in explanations], ensure_ascii=False, indent=2))
    elif code is not None:
        for explanation in explanations.values():
            click.echo(_format_explanation(explanation))
    else:
        width = max(map(len, explanations))
        for explanation in explanations.values():
            click.echo(f"{explanation.code:<{width}}  {_take_first_sentence(explanation.summary)}")


def _format_explanation(explanation: Explanation) -> str:
    parts = [explanation.code, _wrap(explanation.summary), f"What to do:\n{_wrap(explanation.fix)}"]
    for title, example in (("Bad", explanation.bad), ("Good", explanation.good)):
        if example is not None:
            parts.append(f"{title}:\n" + "\n".join(f"    {line}" for line in example.split("\n")))
    return "\n\n".join(parts)


def _wrap(text: str) -> str:
    return click.wrap_text(text, width=80, initial_indent="  ", subsequent_indent="  ")


def _take_first_sentence(text: str) -> str:
    return re.split(r"(?<=[.:;]) ", text)[0].rstrip(":;.") + "."
