"""Every locale must print and cite the same claims, and refer to the same blocks."""

from collections import Counter
from collections.abc import Container
from dataclasses import dataclass

from brief.model.brief import Brief
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import Diagnostic
from brief.model.inline import AuthoredRun, Cite, ClaimValue, CrossReference
from brief.model.text import LocalisedText, Phrase
from brief.reading import markup
from brief.reading.prose import parse_prose
from brief.resolve import walk

_MALFORMED = frozenset(("bad-placeholder", "bad-citation"))


def check_parity(brief: Brief) -> list[Diagnostic]:
    """Reports each text whose references differ from those of the first locale.

    A reference to something unknown has its own diagnostic. It may be a misspelling of one that appears to be missing,
    so that many missing references are not reported here.
    """
    sink = DiagnosticSink()
    records = (brief.settings, *brief.themes.values(), *brief.audiences.values(), *brief.sources.values())
    blocks = walk.list_anchors(brief)
    for text in walk.walk_texts((*records, brief.glossary)):
        _compare_locales(text, brief.claims, blocks, sink)
    return sink.found


@dataclass(frozen=True, slots=True)
class _References:
    """The valid references of one phrase, as typed, and the number of unknown or malformed ones."""

    sound: Counter[str]
    broken: int


def _compare_locales(text: LocalisedText, claims: Container[str], blocks: Container[str], sink: DiagnosticSink) -> None:
    written = [(tag, phrase) for tag, phrase in text.phrases.items() if phrase.source]
    if not any("{" in phrase.source or "[" in phrase.source for _, phrase in written):
        return
    (first_tag, first), *others = written
    for tag, phrase in others:
        differs = describe_mismatch(first, phrase, claims, blocks)
        if differs:
            sink.error(
                "reference-mismatch",
                phrase.location,
                f"beside the {first_tag} text, the {tag} text {differs}",
                "all locales print and cite the same claims",
                related=first.location,
            )


def describe_mismatch(source: Phrase, translation: Phrase, claims: Container[str], blocks: Container[str]) -> str:
    """How a translation's references differ from its source's: "lacks {a/b} and has also [](#c)"; empty if equal."""
    wanted, given = (_collect_references(phrase, claims, blocks) for phrase in (source, translation))
    missing, extra = wanted.sound - given.sound, given.sound - wanted.sound
    differences = [f"lacks {_format_references(missing)}"] if missing.total() > given.broken else []
    differences += [f"has also {_format_references(extra)}"] if extra.total() > wanted.broken else []
    return " and ".join(differences)


def _collect_references(phrase: Phrase, claims: Container[str], blocks: Container[str]) -> _References:
    found = list(walk.walk_run_references(phrase.runs))
    sound = Counter(_format_reference(run) for run in found if _is_resolvable(run, claims, blocks))
    # A malformed reference is not among the runs. Only parsing tells it from one that is text, in a code span.
    sink = DiagnosticSink()
    if phrase.parts:
        parse_prose(phrase.source, phrase.location, lambda: lambda _: phrase.location, sink)
    else:
        markup.parse(phrase.source, phrase.location, lambda _: phrase.location, sink)
    malformed = sum(found.code in _MALFORMED for found in sink.found)
    return _References(sound, len(found) - sound.total() + malformed)


def _is_resolvable(run: AuthoredRun, claims: Container[str], blocks: Container[str]) -> bool:
    match run:
        case CrossReference(target):
            return target.name in blocks
        case ClaimValue(claim) | Cite(claim):
            return claim.name in claims
        case _:
            return False


def _format_reference(run: AuthoredRun) -> str:
    match run:
        case CrossReference(target):
            return f"[](#{target})"
        case ClaimValue():
            return f"{{{run.claim}{run.modifiers}}}"
        case Cite(claim):
            return f"[@{claim}]"
        case other:
            raise AssertionError(other)


def _format_references(references: Counter[str]) -> str:
    return ", ".join(sorted(references.elements()))
