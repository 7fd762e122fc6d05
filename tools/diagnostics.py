"""Writes `docs/diagnostics.md` from the explanations that come with `brief`: `python tools/diagnostics.py`."""

from pathlib import Path

from brief.reading.explanations import Explanation, load_explanations

PAGE = Path(__file__).parents[1] / "docs" / "diagnostics.md"

_HEAD = """\
# Diagnostics

What `brief check` and `brief build` find, what it means, and how to mend it. `brief explain CODE` prints the same.
An error stops a build; a warning does not, unless `brief check --strict` asks for it.

This page is written by `python tools/diagnostics.py` from `src/brief/explanations.toml`.
"""


def page() -> str:
    """The page as Markdown."""
    return "\n".join([_HEAD, *(_section(explanation) for explanation in load_explanations().values())])


def _section(explanation: Explanation) -> str:
    parts = [f"## {explanation.code}", explanation.says, explanation.mend]
    for title, example in (("Wrong", explanation.wrong), ("Right", explanation.right)):
        if example is not None:
            parts.append(f"{title}:\n\n```\n{example}\n```")
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
