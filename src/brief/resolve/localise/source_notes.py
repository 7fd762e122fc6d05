"""Writes the notes on evidence in the source list: on a source, and on its claims about which sources disagree."""

from collections.abc import Callable, Iterator

from brief.model.access import Depth
from brief.model.brief import Brief
from brief.model.catalogue import Catalogue
from brief.model.evidence import Claim, Source, Standing
from brief.model.inline import Emphasis, Runs, Text, to_plain_text
from brief.model.scripts import find_chinese_script
from brief.model.text import LocalisedText
from brief.resolve.citations import SourceNumbers


def list_notes(
    source: Source,
    numbers: SourceNumbers,
    brief: Brief,
    locale: str,
    catalogue: Catalogue,
    words: Callable[[LocalisedText], Runs],
) -> Iterator[Runs]:
    """Yields the notes on a source, and on its disputed and rejected claims that affect what the variant says. Yields
    nothing unless the variant has full depth.

    `words` resolves an authored text.
    """
    (audience,) = brief.audiences.values()
    if audience.depth is not Depth.FULL:
        return
    if source.note:
        yield words(source.note)
    for claim in source.claims:
        if claim.note is not None and _is_contested(source, claim, numbers):
            note = words(claim.note)
            if claim.says is None:
                yield note
                continue
            statement = to_plain_text(words(claim.says)).rstrip(".。")
            says = Text(catalogue.get("{claim}. ", "evidence").format(claim=statement))
            # Long passages of Chinese are not emphasised; a dash sets them off.
            yield (says if find_chinese_script(locale) else Emphasis((says,)), *note)


def _is_contested(source: Source, claim: Claim, numbers: SourceNumbers) -> bool:
    """Returns whether a claim is disputed, rejected or contradicts another, and the variant uses it or the other claim."""
    is_contested = claim.standing is not Standing.USED or bool(claim.contradicts)
    name = f"{source.id}/{claim.id}"
    return is_contested and (name in numbers.claims or any(ref.name in numbers.claims for ref in claim.contradicts))
