"""The evidence ledger: each claim, where the brief uses it, and what contradicts it."""

from dataclasses import dataclass

from brief.editing import walk
from brief.model.brief import Brief
from brief.model.evidence import Claim, Source


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A claim with the ids of the blocks, themes and audiences that print or cite it, and of opposing claims."""

    name: str
    source: Source
    claim: Claim
    used_in: tuple[str, ...]
    contradicted_by: tuple[str, ...]


def ledger(brief: Brief) -> tuple[LedgerLine, ...]:
    """One line a claim, in the order of the files; contradiction counts both ways."""
    uses = _uses(brief)
    opposed: dict[str, list[str]] = {}
    for source in brief.sources.values():
        for claim in source.claims:
            for ref in claim.contradicts:
                opposed.setdefault(ref.name, []).append(f"{source.id}/{claim.id}")
                opposed.setdefault(f"{source.id}/{claim.id}", []).append(ref.name)
    return tuple(
        LedgerLine(
            name := f"{source.id}/{claim.id}",
            source,
            claim,
            tuple(uses.get(name, ())),
            tuple(dict.fromkeys(opposed.get(name, ()))),
        )
        for source in brief.sources.values()
        for claim in source.claims
    )


def _uses(brief: Brief) -> dict[str, list[str]]:
    uses: dict[str, list[str]] = {}
    for theme in brief.themes.values():
        opening = (theme.summary, theme.takeaways)
        for name, part in ((theme.id, opening), *((block.id, block) for block in theme.blocks)):
            _note(uses, name, part)
    for audience in brief.audiences.values():
        _note(uses, audience.id, audience)
    return uses


def _note(uses: dict[str, list[str]], name: str, part: object) -> None:
    for ref in walk.claims(part):
        places = uses.setdefault(ref.name, [])
        if name not in places:
            places.append(name)
