"""Finds the source location, claims and diagnostics of each block, for authors."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field

from brief.model.brief import Brief
from brief.model.catalogue import Catalogue
from brief.model.diagnostics import Diagnostic
from brief.model.evidence import Standing
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.model.text import LocalisedText
from brief.resolve import walk
from brief.resolve.claim_words import format_figure, render_with_figures
from brief.resolve.figures.derive import derive_quantity
from brief.resolve.select import select
from brief.templating.plain import Plain

# Per block: a table of figures may use thousands of claims.
_MAX_CLAIMS = 30
_STANDINGS = {Standing.DISPUTED: "Disputed", Standing.REJECTED: "Rejected"}


def describe_origins(brief: Brief, audience: str, locale: str, interface: Catalogue) -> dict[str, Plain]:
    """Returns the source location, the claims and the contradicting claims of each theme's opening and of each block,
    keyed by the id of the theme or block.

    Only what the audience may see is included. Content is in `locale`; the names of standings are from `interface`.
    """
    return _Describer(select(brief, audience), locale, interface).describe()


class _Describer:
    def __init__(self, brief: Brief, locale: str, interface: Catalogue) -> None:
        self._brief = brief
        self._locale = locale
        self._interface = interface
        self._described: dict[str, dict[str, Plain]] = {}
        self._contradictions: dict[str, list[str]] = {}
        for name, (_, claim) in brief.claims.items():
            for ref in claim.contradicts:
                if ref.name in brief.claims:
                    self._contradictions.setdefault(name, []).append(ref.name)
                    self._contradictions.setdefault(ref.name, []).append(name)

    def describe(self) -> dict[str, Plain]:
        origins: dict[str, Plain] = {}
        for theme in self._brief.themes.values():
            origins[theme.id] = self._describe_origin(theme.location, theme.opening)
            origins.update((block.id, self._describe_origin(block.location, block)) for block in theme.blocks)
        return origins

    def _describe_origin(self, location: SourceLocation, part: object) -> Plain:
        names = [
            name for name in dict.fromkeys(ref.name for ref in walk.walk_claims(part)) if name in self._brief.claims
        ]
        return {
            "location": f"{location.file}:{location.line}",
            "claims": [
                self._describe_claim(name) | {"against": self._describe_contradictions(name)}
                for name in names[:_MAX_CLAIMS]
            ],
            "more": max(0, len(names) - _MAX_CLAIMS),
            "disputed": sum(name in self._contradictions for name in names),
        }

    def _describe_contradictions(self, name: str) -> Plain:
        return [self._describe_claim(each) for each in dict.fromkeys(self._contradictions.get(name, ()))]

    def _describe_claim(self, name: str) -> dict[str, Plain]:
        # Many blocks use the same claims.
        if name not in self._described:
            self._described[name] = self._make_description(name)
        return self._described[name]

    def _make_description(self, name: str) -> dict[str, Plain]:
        source, claim = self._brief.claims[name]
        catalogue = self._brief.catalogues[self._locale]
        standing = _STANDINGS.get(claim.standing)
        doi = claim.doi or (None if claim.url else source.doi)
        return {
            "name": name,
            "says": self._format_text(claim.says),
            "figure": format_figure(derive_quantity(self._brief, name), catalogue, dated=True),
            "standing": self._interface.get(standing, "standing") if standing else None,
            "note": self._format_text(claim.note),
            "source": self._format_text(source.title),
            "publisher": self._format_text(source.publisher),
            "locator": self._format_text(claim.locator or source.locator),
            "address": f"https://doi.org/{doi}" if doi else claim.url or source.url,
            "location": f"{claim.location.file}:{claim.location.line}",
        }

    def _format_text(self, text: LocalisedText | None) -> str:
        phrase = text.find_phrase(self._locale) if text else None
        return render_with_figures(phrase.runs, self._brief, self._locale) if phrase else ""


@dataclass(frozen=True, slots=True)
class PlacedDiagnostics:
    """Diagnostics keyed by the id of their block, and the diagnostics without a block."""

    by_block: Mapping[str, Sequence[Diagnostic]] = field(default_factory=dict)
    others: Sequence[Diagnostic] = ()


def place_diagnostics(diagnostics: Iterable[Diagnostic], brief: Brief, ids: Iterable[str]) -> PlacedDiagnostics:
    """Assigns each diagnostic to a block or opening: the one in whose lines it is, or all that use the claim in whose
    lines it is.

    `ids` has the ids of the blocks and themes on the page. Diagnostics of anything else are among the `others`.
    """
    lines = _LineIndex(brief)
    on_page = set(ids)
    by_block: dict[str, list[Diagnostic]] = {}
    others = []
    for diagnostic in diagnostics:
        owners = [name for name in lines.find_owners(diagnostic.location) if name in on_page]
        for name in owners:
            by_block.setdefault(name, []).append(diagnostic)
        if not owners:
            others.append(diagnostic)
    return PlacedDiagnostics(by_block, others)


class _LineIndex:
    """The lines at which themes, blocks, sources and claims begin in the files of a brief."""

    def __init__(self, brief: Brief) -> None:
        self._starts: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
        uses: dict[str, list[str]] = {}
        for theme in brief.themes.values():
            self._add(theme.location, (str(theme.id),))
            for name, part in ((theme.id, theme.opening), *((block.id, block) for block in theme.blocks)):
                for ref in walk.walk_claims(part):
                    uses.setdefault(ref.name, []).append(str(name))
            for block in theme.blocks:
                self._add(block.location, (str(block.id),))
        for source in brief.sources.values():
            self._add(source.location, ())
            for claim in source.claims:
                self._add(claim.location, tuple(dict.fromkeys(uses.get(f"{source.id}/{claim.id}", ()))))
        for starts in self._starts.values():
            starts.sort()

    def _add(self, location: SourceLocation, owners: tuple[str, ...]) -> None:
        self._starts.setdefault(location.file, []).append((location.line, owners))

    def find_owners(self, location: SourceLocation) -> tuple[str, ...]:
        """Returns the ids of the theme or block at a location, or of all that use the claim there."""
        starts = self._starts.get(location.file, [])
        index = bisect_right(starts, location.line, key=lambda start: start[0])
        return starts[index - 1][1] if index else ()
