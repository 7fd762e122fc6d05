"""Finds the placeholders of a text together with the words around them."""

from collections.abc import Iterator

from brief.model.inline import AuthoredRuns, ClaimValue, Emphasis, Link, Strong, Text


def find_placeholders(runs: AuthoredRuns) -> Iterator[tuple[str, ClaimValue, str]]:
    """Yields each placeholder of a text with the words before it, from the previous one on, and the words up to the next."""
    texts, found = [""], list[ClaimValue]()
    for run in _flatten(runs):
        if isinstance(run, str):
            texts[-1] += run
        else:
            found.append(run)
            texts.append("")
    yield from zip(texts, found, texts[1:], strict=False)


def _flatten(runs: AuthoredRuns) -> Iterator[str | ClaimValue]:
    for run in runs:
        match run:
            case Text(text):
                yield text
            case Strong(children) | Emphasis(children) | Link(_, children):
                yield from _flatten(children)
            case ClaimValue():
                yield run
            case _:
                pass
