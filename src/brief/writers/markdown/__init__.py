"""Writes Markdown: the variant as a single file in CommonMark, with the tables of GitHub Flavored Markdown."""

from collections.abc import Iterator, Sequence
from typing import assert_never

from brief.charts.text_alternative import format_figure, name_series
from brief.model.align import Align
from brief.model.assets import Image
from brief.model.blocks import Tone
from brief.model.inline import Runs, Strong, Text
from brief.model.variant import (
    Block,
    Callout,
    Chart,
    Figure,
    ListBlock,
    Metrics,
    Paragraph,
    Prose,
    Quote,
    Section,
    SourceEntry,
    Table,
    TermEntry,
    Timeline,
    Variant,
    Vega,
)
from brief.store import spool
from brief.templating.plain import to_plain
from brief.templating.template_set import TemplateSet
from brief.writers.markdown.inline import escape, write_heading, write_line, write_runs
from brief.writers.markdown.prose import write_prose, write_table
from brief.writers.result import WriterResult

_TONES = {Tone.NOTE: "Note", Tone.INSIGHT: "Insight", Tone.WARNING: "Warning", Tone.QUESTION: "Question"}


def write(variant: Variant, template_set: TemplateSet) -> WriterResult:  # noqa: ARG001
    """Writes the variant as a single, self-contained Markdown file in UTF-8: pictures are data: URIs at its end."""
    parts = list(_MarkdownComposer(variant).compose())
    return WriterResult(spool(("\n\n".join(parts) + "\n").encode()))


class _MarkdownComposer:
    """Composes the blocks of one variant, each as a string."""

    def __init__(self, variant: Variant) -> None:
        self.variant = variant
        self.catalogue = variant.catalogue
        self.pictures: dict[str, Image] = {}

    def compose(self) -> Iterator[str]:
        variant = self.variant
        yield write_heading(1, escape(variant.title))
        if variant.subtitle:
            yield write_line((Text(variant.subtitle),))
        if variant.marking:
            yield f"**{escape(variant.marking)}**"
        details = (variant.publisher, variant.audience_title, variant.date_text, variant.cut_off_text)
        yield write_line((Text(" · ".join(filter(None, details))),))
        if variant.introduction:
            yield write_line(variant.introduction)
        if variant.changes:
            yield f"**{escape(variant.changes.title)}**"
            yield _write_list(variant.changes.entries)
        for section in variant.sections:
            yield from self._compose_section(section)
        if variant.terms:
            yield write_heading(2, escape(self.catalogue.get("Who is who")))
            yield "\n".join(f"- {self._compose_term(term)}" for term in variant.terms)
        if variant.sources:
            yield write_heading(2, escape(self.catalogue.get("Sources")))
            yield "\n".join(map(_write_source, variant.sources))
        if variant.rounding:
            yield write_line((Text(variant.rounding),))
        for name, image in self.pictures.items():
            plain = to_plain(image)
            if isinstance(plain, dict):
                yield f"[{name}]: {plain['uri']}"

    def _compose_section(self, section: Section) -> Iterator[str]:
        yield write_heading(2, f"{section.ordinal}. {write_runs(section.title)}")
        yield write_line(section.summary)
        if section.takeaways:
            yield f"**{escape(self.catalogue.get('Key takeaways'))}**"
            yield _write_list(section.takeaways)
        for block in section.blocks:
            if block.heading is not None:
                yield write_heading(3, write_runs(block.heading))
            yield from self._compose_block(block)

    def _compose_block(self, block: Block) -> Iterator[str]:
        match block:
            case Paragraph():
                yield write_line(block.text)
            case Prose():
                yield from write_prose(block.parts)
            case ListBlock():
                yield _write_list(block.items, is_ordered=block.ordered)
            case Table():
                yield _write_caption(block.label, block.title)
                yield _write_table(block)
                yield from _write_note(block.note)
            case Chart():
                yield from self._compose_chart(block)
            case Vega():
                yield _write_caption(block.label, block.title)
                yield write_line((Text(block.description),))
                yield from map(_write_table, block.tables)
                yield from self._compose_credit(block.citation, block.note)
            case Callout():
                word = escape(self.catalogue.get(_TONES[block.tone]))
                title = f"{word} · {write_runs(block.title)}" if block.title else word
                yield f"> **{title}**\n>\n> {write_line(block.text)}"
            case Quote():
                yield f"> {write_line(block.text)}\n>\n> — {write_runs(block.attribution)}"
            case Timeline():
                yield _write_caption(block.label, block.title)
                yield "\n".join(f"- **{escape(event.when)}** {write_runs(event.text)}" for event in block.events)
            case Metrics():
                yield "\n".join(f"- **{escape(metric.value)}** {write_runs(metric.label)}" for metric in block.metrics)
            case Figure():
                yield _write_caption(block.label, block.title)
                self.pictures[block.id] = block.image
                yield f"![{escape(block.description)}][{block.id}]"
                yield from _write_note(block.note)
            case _:
                assert_never(block)

    def _compose_chart(self, block: Chart) -> Iterator[str]:
        """Yields the author's description of a chart, and its figures as a table with one row for each category."""
        yield _write_caption(block.label, block.title)
        if block.subtitle:
            yield write_line((Text(block.subtitle),))
        yield write_line((Text(block.description),))
        headers = [name_series(series, series.unit or block.unit, self.catalogue) for series in block.series]
        rows = [
            (category, *(format_figure(series.points[index], block, self.catalogue) for series in block.series))
            for index, category in enumerate(block.categories)
        ]
        yield write_table(
            [_make_runs(self.catalogue.get("Category")), *map(_make_runs, headers)],
            [Align.START, *[Align.END] * len(headers)],
            [tuple(map(_make_runs, row)) for row in rows],
        )
        yield from self._compose_credit(block.citation, block.note)

    def _compose_credit(self, citation: Runs, note: Runs | None) -> Iterator[str]:
        if citation or note:
            source = f"{escape(self.catalogue.get('Source: ', 'chart'))}{write_runs(citation)}" if citation else ""
            yield " ".join(filter(None, (source.strip(), write_runs(note or ()))))

    def _compose_term(self, term: TermEntry) -> str:
        owner = f" ({escape(term.owner)})" if term.owner else ""
        return f"**{escape(term.name)}**{owner} — {write_runs(term.says)}"


def _write_source(source: SourceEntry) -> str:
    details = "".join(f" · {escape(detail)}" for detail in (source.author, source.publisher, source.date) if detail)
    lines = [f"{source.number}. {write_runs(source.title)}{details}"]
    # Notes and links are a nested list, indented to the start of the entry's text (CommonMark 0.31, 5.2).
    indent = " " * len(f"{source.number}. ")
    lines += [f"{indent}- {write_runs(detail)}" for detail in (*source.notes, *source.links)]
    return "\n".join(lines)


def _write_list(items: Sequence[Runs], *, is_ordered: bool = False) -> str:
    markers = (f"{number}." if is_ordered else "-" for number in range(1, len(items) + 1))
    return "\n".join(f"{marker} {write_line(item)}" for marker, item in zip(markers, items, strict=False))


def _write_caption(label: str | None, title: Runs) -> str:
    return f"**{escape(label)}** {write_runs(title)}" if label else f"**{write_runs(title)}**"


def _write_note(note: Runs | None) -> Iterator[str]:
    if note:
        yield write_line(note)


def _write_table(block: Table) -> str:
    """Returns the Markdown of a table. Markdown has only one header row and no spans: group headers are repeated in
    each column, and cells that span rows in each row. Totals are bold.
    """
    headers = [column.title for column in block.columns]
    for group in block.groups:
        for index in range(group.column, group.column + group.columns):
            if group.title:
                headers[index] = (*group.title, Text(" · "), *headers[index])
    rows = [list(row) for row in block.rows]
    for span in block.spans:
        for index in range(span.row + 1, span.row + span.rows):
            rows[index][span.column] = rows[span.row][span.column]
    for index in block.totals:
        rows[index] = [_embolden(cell) for cell in rows[index]]
    return write_table(headers, [column.align for column in block.columns], rows)


def _embolden(cell: Runs) -> Runs:
    is_bold = not cell or (len(cell) == 1 and isinstance(cell[0], Strong))
    return cell if is_bold else (Strong(cell),)


def _make_runs(text: str) -> Runs:
    return (Text(text),) if text else ()
