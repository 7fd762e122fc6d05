"""Where a reader finds what a source says: the links of its entry in the source list."""

from collections.abc import Callable, Iterator
from urllib.parse import quote

from brief.model.catalogue import Catalogue
from brief.model.evidence import Claim, Source, Standing
from brief.model.inline import Code, Link, Runs, Text
from brief.model.source_location import Doi
from brief.model.text import LocalisedText
from brief.resolve import derive
from brief.resolve.citations import SourceNumbers
from brief.resolve.claim_words import format_figure

_JOINT = "\u00a0· "


def list_source_links(
    source: Source, numbers: SourceNumbers, catalogue: Catalogue, words: Callable[[LocalisedText], Runs]
) -> Iterator[Runs]:
    """Lines of links: where the source is, then each passage that the variant draws on, with the figures from there.

    Nothing is said of a claim that the variant does not draw on. `words` resolves an authored text.
    """
    located: list[Runs] = [words(source.locator)] if source.locator else []
    addresses: list[Runs] = [(Link(address, (Code(address),)),) for address in _addresses(source)]
    if located or addresses:
        yield _join([*located, *addresses], (Text(_JOINT),))
    separator = (Text(catalogue.get(", ", "list")),)
    passages: dict[Runs, list[str]] = {}
    for claim, shown in _drawn_claims(source, numbers):
        passage = _passage(source, claim, words)
        if passage:
            figures = passages.setdefault(passage, [])
            figure = _format_printed(source, shown, numbers, catalogue)
            if figure and figure not in figures:
                figures.append(figure)
    for passage, figures in passages.items():
        said: Runs = (Text(f"{separator[0].text.join(figures)}{_JOINT}"),) if figures else ()
        yield (*said, *passage)


def resolve_doi(doi: Doi) -> str:
    """The web address that leads to what a DOI names (DOI Handbook, 3.8: the resolver with the DOI percent-encoded)."""
    return f"https://doi.org/{quote(doi, safe='/:;()._-')}"


def _addresses(record: Source | Claim) -> tuple[str, ...]:
    """The DOI first, which outlasts an address."""
    found = (resolve_doi(record.doi) if record.doi else None, record.url)
    return tuple(dict.fromkeys(address for address in found if address))


def _drawn_claims(source: Source, numbers: SourceNumbers) -> Iterator[tuple[Claim, Claim]]:
    """The claims that the variant draws on, each with the one whose figure it prints: what we derive rests on others."""
    by_id = {str(claim.id): claim for claim in source.claims}
    for claim in source.claims:
        if f"{source.id}/{claim.id}" not in numbers.claims:
            continue
        yield claim, claim
        given = derive.list_operations(claim.quantity.derived) if claim.quantity and claim.quantity.derived else {}
        for other in (other for ids in given.values() for other in ids if other in by_id):
            yield by_id[other], claim


def _passage(source: Source, claim: Claim, words: Callable[[LocalisedText], Runs]) -> Runs:
    """The claim's locator as a link, or the address that it has of its own; empty where it has neither."""
    own = _addresses(claim)
    if claim.locator is None:
        return (Link(own[0], (Code(own[0]),)),) if own and own[0] not in _addresses(source) else ()
    said = words(claim.locator)
    return (Link(own[0], said),) if own else said


def _format_printed(source: Source, claim: Claim, numbers: SourceNumbers, catalogue: Catalogue) -> str:
    if claim.standing is Standing.REJECTED or f"{source.id}/{claim.id}" not in numbers.printed:
        return ""
    return format_figure(derive.derive_quantity(source, claim), catalogue, dated=False)


def _join(parts: list[Runs], joint: Runs) -> Runs:
    joined: Runs = parts[0]
    for part in parts[1:]:
        joined = (*joined, *joint, *part)
    return joined
