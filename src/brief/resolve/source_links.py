"""Makes the links of a source's entry in the source list."""

from collections.abc import Callable, Iterator
from urllib.parse import quote

from brief.model.brief import Brief
from brief.model.catalogue import Catalogue
from brief.model.evidence import Claim, Source, Standing
from brief.model.inline import Code, Link, Runs, Text
from brief.model.source_location import Doi
from brief.model.text import LocalisedText
from brief.resolve.citations import SourceNumbers
from brief.resolve.claim_words import format_figure
from brief.resolve.figures import derive

_SEPARATOR = "\u00a0· "


def list_source_links(
    source: Source, numbers: SourceNumbers, brief: Brief, catalogue: Catalogue, words: Callable[[LocalisedText], Runs]
) -> Iterator[Runs]:
    """Yields lines of links: one line to the source, then one to each passage that the variant draws on, after the figures
    that it prints from there.

    Claims that the variant does not draw on are left out. `words` resolves an authored text.
    """
    located: list[Runs] = [words(source.locator)] if source.locator else []
    addresses: list[Runs] = [(Link(address, (Code(address),)),) for address in _list_addresses(source)]
    if located or addresses:
        yield _join([*located, *addresses], (Text(_SEPARATOR),))
    separator = (Text(catalogue.get(", ", "list")),)
    passages: dict[Runs, list[str]] = {}
    for claim, printed_claim in _list_used_claims(source, numbers, brief):
        passage = _link_locator(source, claim, words)
        if passage:
            figures = passages.setdefault(passage, [])
            figure = _format_printed(printed_claim, numbers, brief, catalogue)
            if figure and figure not in figures:
                figures.append(figure)
    for passage, figures in passages.items():
        prefix: Runs = (Text(f"{separator[0].text.join(figures)}{_SEPARATOR}"),) if figures else ()
        yield (*prefix, *passage)


def resolve_doi(doi: Doi) -> str:
    """Returns the web address of a DOI: the resolver, followed by the DOI percent-encoded (DOI Handbook, 3.8)."""
    return f"https://doi.org/{quote(doi, safe='/:;()._-')}"


def _list_addresses(record: Source | Claim) -> tuple[str, ...]:
    """Returns the address of the DOI, which lasts longer, and then the URL."""
    addresses = (resolve_doi(record.doi) if record.doi else None, record.url)
    return tuple(dict.fromkeys(address for address in addresses if address))


def _list_used_claims(source: Source, numbers: SourceNumbers, brief: Brief) -> Iterator[tuple[Claim, str]]:
    """Yields the claims of the source that the variant uses, each with the name of the claim whose figure is printed.

    A computed claim uses its inputs, whose source may differ from that of the result.
    """
    by_name = {f"{source.id}/{claim.id}": claim for claim in source.claims}
    for name, claim in by_name.items():
        if name in numbers.claims:
            yield claim, name
    for name in (name for name in brief.claims if name in numbers.claims):
        result = brief.results.get(name)
        for used in result.inputs if result else ():
            if used in by_name:
                yield by_name[used], name


def _link_locator(source: Source, claim: Claim, words: Callable[[LocalisedText], Runs]) -> Runs:
    """Returns the claim's locator, as a link if the claim has an address; without a locator, the claim's address, unless it
    is that of the source. Empty if there is nothing to return.
    """
    own = _list_addresses(claim)
    if claim.locator is None:
        return (Link(own[0], (Code(own[0]),)),) if own and own[0] not in _list_addresses(source) else ()
    locator = words(claim.locator)
    return (Link(own[0], locator),) if own else locator


def _format_printed(name: str, numbers: SourceNumbers, brief: Brief, catalogue: Catalogue) -> str:
    _, claim = brief.claims[name]
    if claim.standing is Standing.REJECTED or name not in numbers.printed_claims:
        return ""
    return format_figure(derive.derive_quantity(brief, name), catalogue, dated=False)


def _join(parts: list[Runs], separator: Runs) -> Runs:
    runs: Runs = parts[0]
    for part in parts[1:]:
        runs = (*runs, *separator, *part)
    return runs
