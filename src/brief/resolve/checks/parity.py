"""Every locale must print and cite the same claims, and refer to the same blocks."""

import re
from collections import Counter
from collections.abc import Container
from dataclasses import dataclass

from brief.model.brief import Brief
from brief.model.dataset import normalise_cell_name
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import Diagnostic
from brief.model.text import LocalisedText
from brief.resolve import walk

_REFERENCE = re.compile(
    r"(?<!\\)(?:\{(?P<printed>(?:[^{}\s\[\]]|\[[^{}\[\]]*\])*)\}|\[@(?P<cited>[^\[\]\s]*(?:\[[^\[\]]*\]\.[^\[\]\s]*)?)\]|\[\]\(#(?P<block>[^()\s]*)\))"
    r"|｛[^{}｛｝\s]*[｝}]"
)


def check_parity(brief: Brief) -> list[Diagnostic]:
    """A fault for each text whose references are not those of the first locale's.

    A reference that leads nowhere is a fault of its own. It may have been meant for one that seems to lack, so as many
    as there are of those are not reported here.
    """
    sink = DiagnosticSink()
    records = (brief.settings, *brief.themes.values(), *brief.audiences.values(), *brief.sources.values())
    blocks = {str(block.id) for theme in brief.themes.values() for block in theme.blocks}
    for text in walk.walk_texts((*records, brief.glossary)):
        _compare_locales(text, brief.claims, blocks, sink)
    return sink.found


@dataclass(frozen=True, slots=True)
class _References:
    """The references of one phrase as typed, and how many lead nowhere."""

    sound: Counter[str]
    broken: int


def _compare_locales(text: LocalisedText, claims: Container[str], blocks: Container[str], sink: DiagnosticSink) -> None:
    written = [(tag, phrase) for tag, phrase in text.phrases.items() if phrase.source]
    if not any("{" in phrase.source or "[" in phrase.source for _, phrase in written):
        return
    (first_tag, first), *others = written
    for tag, phrase in others:
        differs = describe_mismatch(first.source, phrase.source, claims, blocks)
        if differs:
            sink.error(
                "reference-mismatch",
                phrase.location,
                f"beside the {first_tag} text, the {tag} text {differs}",
                "all locales print and cite the same claims",
                related=first.location,
            )


def describe_mismatch(source: str, translation: str, claims: Container[str], blocks: Container[str]) -> str:
    """In which references a translation differs from its source: "lacks {a/b} and has also [](#c)"; empty if in none."""
    wanted, given = (_collect_references(typed, claims, blocks) for typed in (source, translation))
    missing, extra = wanted.sound - given.sound, given.sound - wanted.sound
    said = [f"lacks {_format_references(missing)}"] if missing.total() > given.broken else []
    said += [f"has also {_format_references(extra)}"] if extra.total() > wanted.broken else []
    return " and ".join(said)


def _collect_references(source: str, claims: Container[str], blocks: Container[str]) -> _References:
    found = [(match[0], _is_resolvable(match, claims, blocks)) for match in _REFERENCE.finditer(source)]
    return _References(Counter(typed for typed, sound in found if sound), sum(not sound for _, sound in found))


def _is_resolvable(match: re.Match[str], claims: Container[str], blocks: Container[str]) -> bool:
    if match["block"] is not None:
        return match["block"] in blocks
    # A key may hold a colon: what a placeholder asks for stands behind its last bracket.
    key, bracket, rest = (match["printed"] or "").rpartition("]")
    name = match["cited"] or key + bracket + rest.partition(":")[0]
    return normalise_cell_name(name) in claims


def _format_references(references: Counter[str]) -> str:
    return ", ".join(sorted(references.elements()))
