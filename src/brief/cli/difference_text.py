"""Formats a difference for a terminal: with colours, or with marks as in `git diff --word-diff`."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

from brief.cli.diagnostics import escape_controls
from brief.model.counts import format_count
from brief.model.difference import (
    ArtifactChange,
    Change,
    ContentDifference,
    DriftKind,
    LocaleDrift,
    PackDifference,
    QuantityChange,
    RecordChange,
    SettingChange,
    SpanKind,
    VariantDifference,
    WordingChange,
    WordingSpan,
)
from brief.model.record import dataclass

_CONTEXT = 40  # unchanged characters on each side of a change
_SIGNS = {Change.ADDED: "+", Change.REMOVED: "-", Change.CHANGED: "~"}
_COLOURS = {Change.ADDED: "green", Change.REMOVED: "red", Change.CHANGED: "yellow"}


@dataclass(frozen=True, slots=True)
class Terminal:
    """Formats text for a terminal: with ANSI colours or, without `colour`, with marks. Escapes control characters."""

    colour: bool

    def apply_style(self, text: str, **style: Any) -> str:
        text = escape_controls(text)
        return click.style(text, **style) if self.colour else text

    def format_heading(self, text: str) -> str:
        return self.apply_style(text, bold=True)

    def format_spans(self, spans: Sequence[WordingSpan]) -> str:
        return "".join(self.format_span(span, n > 0, n < len(spans) - 1) for n, span in enumerate(spans))

    def format_span(self, span: WordingSpan, after_change: bool, before_change: bool) -> str:
        """Formats a span; an unchanged one is cut to the context of the changes before and after it."""
        text = span.text.replace("\n", " ")
        match span.mark:
            case SpanKind.SAME:
                return escape_controls(_shorten(text, after_change, before_change))
            case SpanKind.REMOVED:
                return (
                    self.apply_style(text, fg="red", strikethrough=True)
                    if self.colour
                    else f"[-{escape_controls(text)}-]"
                )
            case SpanKind.ADDED:
                return (
                    self.apply_style(text, fg="green", underline=True)
                    if self.colour
                    else f"{{+{escape_controls(text)}+}}"
                )


def format_content(difference: ContentDifference, terminal: Terminal) -> Iterator[str]:
    """Yields the lines that describe changes in the content, most important first: figures, texts, sources and so on."""
    if difference.is_empty:
        yield "Nothing changed."
        return

    def format_section(title: str, lines: Iterator[str]) -> Iterator[str]:
        first = next(lines, None)
        if first is not None:
            yield from ("", terminal.format_heading(title), first, *lines)

    locale = difference.source_locale
    yield f"{escape_controls(difference.old)} -> {escape_controls(difference.new)}"
    yield from format_section("Figures", _format_figures(difference.figures, terminal))
    yield from format_section(
        "Brief and audiences", _format_records(difference.records, ("brief", "audience"), locale, terminal)
    )
    yield from format_section(
        "Themes and blocks", _format_records(difference.records, ("theme", "block"), locale, terminal)
    )
    yield from format_section(
        "Sources and claims", _format_records(difference.records, ("source", "claim", "dataset"), locale, terminal)
    )
    yield from format_section("Glossary", _format_records(difference.records, ("term",), locale, terminal))
    yield from format_section("Interface words", _format_records(difference.records, ("catalogue",), locale, terminal))
    yield from format_section("Templates", _format_settings(difference.templates, terminal))
    yield from format_section("Translations out of step with the source", _format_outdated(difference.drifts, terminal))
    yield from format_section("Variants", _format_variants(difference, terminal))


def format_pack(difference: PackDifference, terminal: Terminal) -> Iterator[str]:
    """Yields the lines that describe the changes between two packs."""
    if difference.is_empty:
        yield "Nothing changed."
        return
    yield f"{escape_controls(difference.old)} -> {escape_controls(difference.new)}"
    groups = (("Brief", difference.settings), ("Versions", difference.versions), ("Fonts", difference.fonts))
    for title, settings in groups:
        if settings:
            yield from ("", terminal.format_heading(title), *_format_settings(settings, terminal))
    yield from ("", terminal.format_heading("Files"))
    for artifact in difference.artifacts:
        yield _format_sign(artifact.change, terminal) + escape_controls(f"{artifact.path}{_format_sizes(artifact)}")
    yield f"  {difference.unchanged_artifacts} unchanged"


def _format_figures(figures: Sequence[QuantityChange], terminal: Terminal) -> Iterator[str]:
    for figure in figures:
        derived = " (derived)" if figure.derived else ""
        yield _format_sign(Change.CHANGED, terminal) + escape_controls(f"{figure.claim}{derived}")
        for locale in dict.fromkeys((*figure.new, *figure.old)):
            old, new = (_get_text(side, locale) for side in (figure.old, figure.new))
            if old != new:
                yield f"    {locale}: {terminal.apply_style(old, fg='red')} -> {terminal.apply_style(new, fg='green')}"
        users = (*figure.themes, *figure.blocks)
        use = f"used in: {', '.join(users)}" if users else "not used"
        yield escape_controls(f"    {use}{_format_audiences(figure.audiences)}")


def _get_text(texts: Mapping[str, str], locale: str) -> str:
    return texts.get(locale) or "none"


def _format_records(
    records: Sequence[RecordChange], kinds: tuple[str, ...], locale: str, terminal: Terminal
) -> Iterator[str]:
    for record in (record for record in records if record.kind in kinds):
        yield from _format_record(record, locale, terminal)


def _format_record(record: RecordChange, locale: str, terminal: Terminal) -> Iterator[str]:
    kind = record.detail or record.kind
    title = f" “{record.title}”" if record.title else ""
    yield _format_sign(record.change, terminal) + escape_controls(
        f"{kind} {record.name}{title}{_format_audiences(record.audiences)}"
    )
    if record.renamed:
        yield escape_controls(f"    was called {record.renamed}")
    if record.moved:
        yield escape_controls(f"    moved: {record.moved.old} -> {record.moved.new}")
    if record.change is Change.REMOVED:
        return
    for setting in record.settings:
        yield f"    {_format_setting(setting, terminal)}"
    wordings = record.wordings
    if record.change is Change.ADDED:
        wordings = tuple(wording for wording in wordings if wording.locale in (locale, "*"))
    for wording in wordings:
        yield f"    {_format_wording(wording, terminal)}"


def _format_wording(wording: WordingChange, terminal: Terminal) -> str:
    locale = "" if wording.locale == "*" else f" {wording.locale}"
    return f"{terminal.apply_style(wording.part + locale, dim=True)}: {terminal.format_spans(wording.spans)}"


def _format_settings(settings: Sequence[SettingChange], terminal: Terminal) -> Iterator[str]:
    for setting in settings:
        change = Change.ADDED if setting.old is None else Change.REMOVED if setting.new is None else Change.CHANGED
        yield _format_sign(change, terminal) + _format_setting(setting, terminal)


def _format_setting(setting: SettingChange, terminal: Terminal) -> str:
    if setting.old is None:
        return f"{escape_controls(setting.part)}: {terminal.apply_style(setting.new or 'none', fg='green')}"
    old, new = setting.old, setting.new or "none"
    return f"{escape_controls(setting.part)}: {terminal.apply_style(old, fg='red')} -> {terminal.apply_style(new, fg='green')}"


def _format_outdated(drifts: Sequence[LocaleDrift], terminal: Terminal) -> Iterator[str]:
    for text in drifts:
        if text.drift is DriftKind.BEHIND:
            location = terminal.apply_style(str(text.location), dim=True)
            yield escape_controls(f"! {text.name} {text.part}: {', '.join(text.unchanged)} did not follow ") + location
    counts = Counter(locale for text in drifts if text.drift is DriftKind.ALONE for locale in text.changed)
    for locale, count in counts.items():
        yield f"  {locale}: {format_count(count, 'text')} changed where the source text did not"


def _format_variants(difference: ContentDifference, terminal: Terminal) -> Iterator[str]:
    for audience in dict.fromkeys(variant.audience for variant in difference.variants):
        for variant in difference.variants:
            if variant.audience == audience:
                yield _format_sign(variant.change, terminal) + escape_controls(
                    f"{audience} {variant.locale}{_format_blocks(variant)}"
                )
    yield f"  {format_count(difference.unchanged_variants, 'reads', 'read')} as before"


def _format_blocks(variant: VariantDifference) -> str:
    if variant.change is not Change.CHANGED:
        return ""
    return f": {format_count(len(variant.blocks), 'block')}" if variant.blocks else ": outside the blocks"


def _format_sizes(artifact: ArtifactChange) -> str:
    match artifact.change:
        case Change.ADDED:
            return f" ({format_count(artifact.new_bytes, 'byte')})" if artifact.new_bytes is not None else ""
        case Change.REMOVED:
            return ""
        case Change.CHANGED:
            sizes = f"{artifact.old_bytes:,} -> {format_count(artifact.new_bytes or 0, 'byte')}"
            pages = (
                f", {artifact.old_pages} -> {format_count(artifact.new_pages, 'page')}" if artifact.new_pages else ""
            )
            cause = "" if artifact.cause == "inputs" else ", from the same inputs"
            return f" ({sizes}{pages}{cause})"


def _format_sign(change: Change, terminal: Terminal) -> str:
    return terminal.apply_style(_SIGNS[change], fg=_COLOURS[change], bold=True) + " "


def _format_audiences(audiences: Sequence[str]) -> str:
    return f" [{', '.join(audiences)}]" if audiences else " [no variant]"


def _shorten(text: str, after_change: bool, before_change: bool) -> str:
    head = text[:_CONTEXT] if after_change else ""
    tail = text[-_CONTEXT:] if before_change else ""
    return text if len(text) <= len(head) + len(tail) + 1 else f"{head}…{tail}"
