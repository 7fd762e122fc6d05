"""Checks evidence: blocks without a claim, claims that are too old, sources dated after the cut-off, and sources that
contradict each other.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import assert_never

from brief.model.blocks import (
    Block,
    Callout,
    Chart,
    Figure,
    ListBlock,
    Metrics,
    Paragraph,
    Prose,
    Quote,
    Table,
    Timeline,
    Vega,
)
from brief.model.brief import Brief
from brief.model.counts import format_count
from brief.model.diagnostic_sink import DiagnosticSink, suggest_name
from brief.model.diagnostics import Diagnostic
from brief.model.evidence import Claim, Source
from brief.model.inline import AuthoredRun, AuthoredRuns, CrossReference, Footnote
from brief.model.prose import ProseCode, ProseFormula, ProseHeading, ProseParagraph, ProseParts, list_texts
from brief.reading.layout import IncompleteFiles
from brief.resolve import terms, walk
from brief.resolve.checks.clean_texts import CleanTexts
from brief.resolve.figures import derive, periods
from brief.resolve.select import Selections

# How many characters of a statement a diagnostic shows.
_QUOTED_LENGTH = 40
# References to claims, exhibits and footnotes, which support the sentence that they are in, and the character that replaces
# each.
_REFERENCE, _SUPPORT = re.compile(r"\{[^{}\s]+\}|\[@[^\]]+\]|\[\]\(#[^)]*\)|\[\^[^\]\s]+\](?!:)"), "\ufffc"
_CODE = re.compile("`[^`]*`")
_SENTENCE_END = re.compile(
    rf"(?<=[.!?][\s{_SUPPORT}])\s*|(?<=[。！？])(?!{_SUPPORT})|(?<=[。！？]{_SUPPORT})|\n\s*\n|\n(?=[-*|])"
)


def check_evidence(
    brief: Brief, selections: Selections, incomplete: IncompleteFiles, clean: CleanTexts
) -> list[Diagnostic]:
    """Warns about violations of the project's rules of evidence, and reports unknown claims and impossible dates."""
    sink = DiagnosticSink()
    if brief.settings.require_claims:
        _require_claims(brief, sink)
        _require_claims_of_figures(brief, clean, sink)
    _check_days(brief, sink)
    _check_ages(brief, selections, sink)
    _check_corroboration(brief, incomplete, sink)
    return sink.found


def check_cut_off(brief: Brief) -> Iterator[Diagnostic]:
    """Reports a cut-off later than the brief itself, and sources that are dated after it."""
    settings = brief.settings
    day = settings.cut_off
    if day is None:
        return
    if day > settings.date:
        message = f"the cut-off {day} is later than the date of the brief, {settings.date}"
        yield Diagnostic("cut-off", message, settings.location, "correct 'cut_off:' or 'date:'")
    for source in brief.sources.values():
        first, _ = periods.find_bounds(source.date)
        if first > day:
            message = f"source '{source.id}' is dated after the cut-off {day}"
            hint = "move 'cut_off:' in content/brief.yaml to a later day, or leave the source out"
            yield Diagnostic("cut-off", message, source.location, hint, related=settings.location)


def _check_days(brief: Brief, sink: DiagnosticSink) -> None:
    """Reports impossible days: a check after the date of the brief or before its source was published, and, as a warning, a
    source that is published after the brief.
    """
    today = brief.settings.date
    for source in brief.sources.values():
        published, _ = periods.find_bounds(source.date)
        if today != date.min and published > today:
            message = f"source '{source.id}' is dated {published}, after the brief of {today}"
            sink.add_warning("impossible-date", source.location, message, "correct its 'date:', or that of the brief")
        records = [(f"source '{source.id}'", source.checked, source.location)]
        records += [(f"claim '{source.id}/{claim.id}'", claim.checked, claim.location) for claim in source.claims]
        for name, checked, location in records:
            if checked is None:
                continue
            if today != date.min and checked > today:
                message = f"{name} was checked on {checked}, after the date of the brief, {today}"
                hint = "correct 'checked:', or 'date:' in content/brief.yaml"
                sink.add_error("impossible-date", location, message, hint)
            elif checked < published:
                message = f"{name} was checked on {checked}, before its source was published on {published}"
                sink.add_error("impossible-date", location, message, "correct 'checked:', or the 'date:' of the source")


def _require_claims(brief: Brief, sink: DiagnosticSink) -> None:
    """Warns about blocks, and parts of prose blocks, that draw on no claim and are not marked as `judgement`."""
    for theme in brief.themes.values():
        for block in theme.blocks:
            if not _states_something(block) or block.judgement:
                continue
            if next(walk.walk_claims(block), None) is None:
                sink.add_warning(
                    "unsupported-block",
                    block.location,
                    f"block '{block.id}' draws on no claim",
                    "cite one with [@source/claim], or write 'judgement: true' if it is our own view",
                )
            elif isinstance(block, Prose):
                phrase = block.text.find_phrase(str(brief.settings.source_locale))
                for statement in _find_unsupported(phrase.parts) if phrase is not None else ():
                    sink.add_warning(
                        "unsupported-block",
                        phrase.location if phrase is not None else block.location,
                        f"'{statement}' in block '{block.id}' draws on no claim",
                        "cite one with [@source/claim], or move our own view to a block with 'judgement: true'",
                    )


def _require_claims_of_figures(brief: Brief, clean: CleanTexts, sink: DiagnosticSink) -> None:
    """Warns about each figure in words whose sentence has no reference to a claim, an exhibit or a footnote.

    Only the text in the source language is examined. Texts without findings are added to `clean`.
    """
    locale = str(brief.settings.source_locale)
    rule = clean.for_rule("spelled-figures", locale)
    for theme in brief.themes.values():
        blocks = [block for block in theme.blocks if isinstance(block, Paragraph | Prose | ListBlock | Callout)]
        texts = [block.items if isinstance(block, ListBlock) else block.text for block in blocks if not block.judgement]
        for text in walk.walk_texts((theme.summary, theme.takeaways, *texts)):
            phrase = text.find_phrase(locale)
            if phrase is None or rule.recall(phrase.source):
                continue
            from brief.resolve.numerals.spelled_figures import (
                find_spelled_figures,
            )  # rarely needed: `clean` knows most texts

            figures = [
                figure
                for sentence in _divide_sentences(phrase.source)
                if _SUPPORT not in sentence
                for figure in find_spelled_figures(sentence, locale)
            ]
            for figure in figures:
                sink.add_warning(
                    "unsupported-figure",
                    phrase.location,
                    f"'{figure}' is a figure in words, in a sentence that draws on no claim",
                    "cite its claim with [@source/claim], or print the figure with {source/claim}",
                )
            if not figures:
                rule.add(phrase.source)


def _divide_sentences(source: str) -> list[str]:
    """Divides a text into sentences, with `_SUPPORT` instead of each reference and without code. A reference after the full
    stop belongs to the sentence before it.
    """
    return _SENTENCE_END.split(_CODE.sub(" ", _REFERENCE.sub(_SUPPORT, source)))


def _states_something(block: Block) -> bool:
    """Returns whether a block states something in words. Charts, timelines and headline figures always have claims."""
    match block:
        case Paragraph() | Prose() | ListBlock() | Callout() | Quote():
            return True
        case Table():
            return block.from_ is None
        case Chart() | Timeline() | Metrics() | Figure() | Vega():
            return False
        case other:
            assert_never(other)


def _find_unsupported(parts: ProseParts[AuthoredRun]) -> Iterator[str]:
    """Yields the beginning of each paragraph, list, quotation and table without a claim.

    A paragraph that ends with a colon belongs to the next part. Headings, formulas and code state nothing.
    """
    lead: tuple[AuthoredRuns, ...] = ()
    for part in parts:
        if isinstance(part, ProseHeading | ProseCode | ProseFormula):
            continue
        texts = (*lead, *list_texts((part,)))
        if isinstance(part, ProseParagraph) and terms.extract_typed_text(part.text).rstrip().endswith((":", "：")):
            lead = texts
            continue
        lead = ()
        if not any(map(_draws_on_claim, texts)):
            statement = " ".join(terms.extract_typed_text(texts[0]).split())
            yield statement if len(statement) <= _QUOTED_LENGTH else f"{statement[:_QUOTED_LENGTH].rstrip()}…"


def _draws_on_claim(runs: AuthoredRuns) -> bool:
    notes = (paragraph for run in runs if isinstance(run, Footnote) for paragraph in run.paragraphs)
    references = (run for text in (runs, *notes) for run in walk.walk_run_references(text))
    return any(not isinstance(run, CrossReference) for run in references)


def _check_ages(brief: Brief, selections: Selections, sink: DiagnosticSink) -> None:
    """Warns about claims that variants draw on after they expired, or whose last check is older than an audience
    allows.
    """
    today = brief.settings.date
    limits = {name: audience.max_age for name, audience in brief.audiences.items() if audience.max_age is not None}
    has_ends = any(claim.valid_until is not None for _, claim in brief.claims.values())
    if not (limits or has_ends) or today == date.min:
        return
    expired: dict[str, list[str]] = {}
    old: dict[str, list[str]] = {}
    for audience in brief.audiences:
        limit = limits.get(audience)
        for name in _list_used(brief, selections[audience]):
            source, claim = brief.claims[name]
            if claim.valid_until is not None and claim.valid_until < today:
                expired.setdefault(name, []).append(audience)
            elif limit is not None and _find_last_check(source, claim) < today - timedelta(days=limit):
                old.setdefault(name, []).append(audience)
    for name, readers in expired.items():
        _, claim = brief.claims[name]
        message = (
            f"claim '{name}' expired on {claim.valid_until}, but the brief of {today} uses it for {_join(readers)}"
        )
        sink.add_warning("expired-claim", claim.location, message, "replace it with a newer claim, or remove it")
    for name, readers in old.items():
        source, claim = brief.claims[name]
        checked = _find_last_check(source, claim)
        message = f"claim '{name}' was last checked on {checked}, {format_count((today - checked).days, 'day')} before the brief, which is too old for {_join(readers)}"
        hint = "compare it with its source and write the day as 'checked', or raise 'max_age' of the audience"
        sink.add_warning("old-claim", claim.location, message, hint)


def _join(readers: list[str]) -> str:
    return ", ".join(f"'{name}'" for name in readers)


def _find_last_check(source: Source, claim: Claim) -> date:
    """Returns the day on which the claim or its source was last checked or, if neither was, the last day of the period in
    which the source was published.
    """
    published = (source.date.end or source.date.start).day_after - timedelta(days=1)
    return claim.checked or source.checked or published


def _list_used(brief: Brief, seen: Brief) -> Iterator[str]:
    """Yields the claims that an audience's variants draw on, and the claims from which these are computed. `seen` is the
    brief as selected for the audience.
    """
    used: dict[str, None] = {}
    waiting = [
        ref.name for record in (*seen.themes.values(), *seen.audiences.values()) for ref in walk.walk_claims(record)
    ]
    while waiting:
        name = waiting.pop()
        if name in used or name not in brief.claims:
            continue
        used[name] = None
        _, claim = brief.claims[name]
        if claim.quantity is not None and claim.quantity.derived is not None:
            operations = derive.list_operations(claim.quantity.derived)
            waiting += (name for inputs in operations.values() for name in inputs)
    yield from used


def _check_corroboration(brief: Brief, incomplete: IncompleteFiles, sink: DiagnosticSink) -> None:
    """Reports unknown claims in `corroborates`, and warns about claims of the same source or with another quantity."""
    for name, (source, claim) in brief.claims.items():
        for ref in claim.corroborates:
            if ref.name not in brief.claims:
                if not incomplete.may_define("claim", ref.name):
                    hint = suggest_name(ref.name, brief.claims)
                    sink.add_error("unknown-claim", ref.location, f"unknown claim '{ref}'", hint)
                continue
            other_source, other = brief.claims[ref.name]
            if other_source.id == source.id:
                message = f"'{name}' and '{ref}' come from the same source, which cannot corroborate itself"
                sink.add_warning("no-corroboration", ref.location, message, "name a claim of another source")
            elif _differ(claim, other):
                message = f"'{name}' and '{ref}' disagree: their quantities differ"
                hint = "write 'contradicts:' with a note instead, or correct one of them"
                sink.add_warning("no-corroboration", ref.location, message, hint, related=other.location)


def _differ(claim: Claim, other: Claim) -> bool:
    """Returns whether both claims state a quantity, and these differ; computed quantities are not compared."""
    first, second = claim.quantity, other.quantity
    if first is None or second is None or first.derived is not None or second.derived is not None:
        return False
    return (first.unit, first.value, first.low, first.high, first.period) != (
        second.unit,
        second.value,
        second.low,
        second.high,
        second.period,
    )
