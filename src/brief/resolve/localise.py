"""Turns a brief into a variant: one locale's words, numbers, labels and citations, in reading order."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, assert_never

from brief.model import blocks as authored
from brief.model import variant as resolved
from brief.model.access import Depth
from brief.model.brief import Brief, Theme
from brief.model.catalogue import Catalogue
from brief.model.evidence import Claim, Source, Standing
from brief.model.figures.quantity import Qualifier
from brief.model.inline import (
    AuthoredRun,
    AuthoredRuns,
    Citation,
    Cite,
    ClaimValue,
    Code,
    CrossReference,
    Emphasis,
    Footnote,
    Formula,
    LineBreak,
    Link,
    Number,
    ParagraphEnd,
    Reference,
    Run,
    Runs,
    Script,
    Strong,
    Text,
    plain_text,
)
from brief.model.locale import primary_language
from brief.model.prose import ProseParagraph
from brief.model.scripts import chinese_script
from brief.model.text import LocalisedText
from brief.model.variant import Section, SourceEntry, TermEntry, Variant
from brief.resolve import charts, citations, claim_words, language_spans, terms, vega, walk
from brief.resolve.block_labels import LABELS, name_headings, number_blocks
from brief.resolve.citations import SourceNumbers
from brief.resolve.collation import sort_by_name
from brief.resolve.column_decimals import align_column_decimals
from brief.resolve.figures import derive, periods
from brief.resolve.gates import TextGates
from brief.resolve.notices import format_cut_off, format_rounding
from brief.resolve.printed_words import collect_printed_words
from brief.resolve.prose import format_note_letter, letter_appendices, resolve_parts
from brief.resolve.source_links import list_source_links
from brief.resolve.tables import resolve_table


def localise(brief: Brief, locale: str) -> Variant:
    """Localises a brief that `select` has reduced to one audience. The brief must have passed the checks."""
    return localise_gated(brief, locale)[0]


def localise_gated(brief: Brief, locale: str, *, charts_alone: bool = False) -> tuple[Variant, TextGates]:
    """The variant, or its charts alone, and the gates with what they stopped, marked and left out of it."""
    gates = TextGates(brief, locale)
    return _Localiser(gates.omit(), locale, brief.catalogues[locale], gates, charts_alone).variant(), gates


@dataclass(slots=True)
class _Localiser:
    brief: Brief
    locale: str
    catalogue: Catalogue
    gates: TextGates
    charts_alone: bool = False
    numbers: SourceNumbers = field(default_factory=SourceNumbers)
    labels: dict[str, str] = field(default_factory=dict)
    footnotes: int = 0
    # The marks of texts that are drawn in a chart, which its title bears for them.
    drawn_marks: list[Text] = field(default_factory=list)

    def variant(self) -> Variant:
        settings = self.brief.settings
        (audience,) = self.brief.audiences.values()
        self.labels = name_headings(self.brief, self.gates.words, self.locale, self.catalogue)
        self.labels |= number_blocks(self.brief, self.catalogue)
        introduction = self.optional(audience.introduction)
        sections = tuple(self.section(number, theme) for number, theme in enumerate(self.brief.themes.values(), 1))
        sections = letter_appendices(
            sections, frozenset(name for name, theme in self.brief.themes.items() if theme.appendix)
        )
        names = self.terms(sections) if audience.depth is Depth.FULL and not self.charts_alone else ()
        return Variant(
            brief=settings.id,
            audience=audience.id,
            locale=self.locale,
            title=self.plain(settings.title),
            subtitle=self.plain(settings.subtitle) if settings.subtitle else None,
            publisher=self.plain(settings.publisher),
            audience_title=self.plain(audience.title),
            marking=self.plain(audience.marking) if audience.marking else None,
            date=settings.date.isoformat(),
            date_text=periods.format_day(settings.date, self.catalogue),
            cut_off_text=format_cut_off(settings, self.catalogue),
            introduction=introduction,
            sections=sections,
            terms=tuple(sort_by_name(names, lambda term: term.name, self.locale)),
            sources=() if self.charts_alone else tuple(self.sources()),
            template_set=(audience.template_set or settings.template_set).name,
            catalogue=self.catalogue,
            compact=audience.compact,
            rounding=format_rounding(settings, self.locale, self.catalogue),
        )

    def section(self, number: int, theme: Theme) -> Section:
        if self.charts_alone:
            blocks = tuple(
                self.block(each) for each in theme.blocks if isinstance(each, authored.Chart | authored.Vega)
            )
            return Section(id=theme.id, number=number, title=(), summary=(), takeaways=(), blocks=blocks)
        return citations.mark_introductions(
            Section(
                id=theme.id,
                number=number,
                title=self.heading(theme.title),
                finding=self.heading(theme.finding) if theme.finding else None,
                summary=self.text(theme.summary),
                takeaways=tuple(self.text(takeaway.text) for takeaway in theme.takeaways),
                blocks=tuple(self.block(block) for block in theme.blocks),
                page_break=theme.page_break is not None,
            )
        )

    def block(self, block: authored.Block) -> resolved.Block:
        common: dict[str, Any] = {
            "id": block.id,
            "heading": self.heading(block.heading) if block.heading else None,
            "label": self.labels.get(block.id) if type(block) in LABELS else None,
            "page_break": block.page_break is not None,
        }
        match block:
            case authored.Paragraph():
                return resolved.Paragraph(**common, text=self.text(block.text))
            case authored.Prose():
                phrase, mark = self.gates.admit(block.text)
                parts = resolve_parts(phrase.parts if phrase else (), self.sentences)
                if mark:
                    # Not ProseParagraph[Run](...): an instance with slots cannot note its parameters.
                    parts = (*parts, ProseParagraph(mark))
                return resolved.Prose(**common, parts=parts)
            case authored.ListBlock():
                items = tuple(self.text(item.text) for item in block.items)
                return resolved.ListBlock(**common, ordered=block.ordered, items=items)
            case authored.Table():
                return resolve_table(align_column_decimals(block, self.brief, self.locale), common, self.text)
            case authored.Chart():
                return self.chart(block, common)
            case authored.Callout():
                title = self.heading(block.title) if block.title else None
                return resolved.Callout(**common, tone=block.tone, title=title, text=self.text(block.text))
            case authored.Quote():
                return resolved.Quote(**common, text=self.text(block.text), attribution=self.text(block.attribution))
            case authored.Timeline():
                title = self.text(block.title)
                return resolved.Timeline(**common, title=title, events=tuple(self.event(e) for e in block.events))
            case authored.Metrics():
                return resolved.Metrics(**common, metrics=tuple(self.metric(m) for m in block.metrics))
            case authored.Figure():
                return resolved.Figure(
                    **common,
                    image=self.brief.images[block.image.name],
                    title=self.text(block.title),
                    description=self.plain(block.description),
                    note=self.optional(block.note),
                )
            case authored.Vega():
                return self.vega(block, common)
            case other:
                assert_never(other)

    def vega(self, block: authored.Vega, common: dict[str, Any]) -> resolved.Vega:
        claims = [ref.name for ref in walk.walk_claims(block.data)]
        self.numbers.printed.update(claims)
        return resolved.Vega(
            **common,
            title=self.text(block.title),
            description=self.plain(block.description),
            specification=vega.fill_specification(
                self.brief.specifications[block.specification.name], block.data, self.brief, self.catalogue, self.plain
            ),
            formats=vega.write_formats(self.catalogue),
            tables=tuple(vega.build_table(block, data, self.brief, self.locale, self.heading) for data in block.data),
            location=block.location,
            citation=tuple(self.credits(claims)),
            note=self.optional(block.note),
        )

    def chart(self, block: authored.Chart, common: dict[str, Any]) -> resolved.Chart:
        title = self.text(block.title)
        self.numbers.printed.update(ref.name for series in block.series for ref in series.drawn)
        rows = [
            [
                None if ref.name == authored.NO_FIGURE else derive.derive_quantity(self.brief, ref.name)
                for ref in series.claims
            ]
            for series in block.series
        ]
        drawn = charts.build_chart_plot(block, rows, self.catalogue)
        titles = [self.drawn(series.title) for series in block.series]
        measure = self.drawn(block.measure) if block.measure else titles[0] if len(titles) == 1 else ""
        categories = tuple(self.drawn(category) for category in block.categories)
        texts = [self.drawn(annotation.text) for annotation in block.annotations]
        annotations = charts.build_annotations(block, texts, categories, titles, self.catalogue)
        plain_title = plain_text(title)
        marks = (mark for mark in dict.fromkeys(self.drawn_marks) if mark not in title)
        title, self.drawn_marks = (*title, *marks), []
        return resolved.Chart(
            **common,
            title=title,
            chart=block.chart,
            description=charts.describe_chart(
                block.chart, plain_title, drawn, self.plain(block.description), self.catalogue, annotations
            ),
            unit=drawn.unit,
            categories=categories,
            series=charts.build_series(block, titles, drawn),
            subtitle=charts.compose_subtitle(block.chart, measure, plain_title, drawn, self.catalogue),
            ticks=drawn.ticks,
            projection=self.catalogue.get("projection", "chart") if block.projected_from or block.projected else "",
            annotations=annotations,
            location=block.location,
            citation=tuple(self.credits(ref.name for series in block.series for ref in series.drawn)),
            note=self.optional(block.note),
        )

    def event(self, event: authored.Event) -> resolved.Event:
        when = _capitalise(self.printed(ClaimValue(event.claim, "period")))
        return resolved.Event(when=when, text=self.text(event.text, also=event.claim.name))

    def metric(self, metric: authored.Metric) -> resolved.Metric:
        value = self.printed(ClaimValue(metric.claim))
        return resolved.Metric(value=_capitalise(value), label=self.text(metric.label, also=metric.claim.name))

    def terms(self, sections: tuple[Section, ...]) -> Iterator[TermEntry]:
        known = {str(term.id): term for term in self.brief.glossary.terms}
        words = {section.number: "\n".join(collect_printed_words(section)) for section in sections}
        # A name that the variant does not mention may belong to withheld content.
        for term, mentions in terms.find_mentions(known.values(), self.locale, words):
            yield TermEntry(
                id=term.id,
                kind=self.catalogue.get(term.kind.value),
                name=self.plain(term.name),
                owner=self.plain(known[term.owner.name].name) if term.owner and term.owner.name in known else None,
                says=citations.strip_citations(self.text(term.says)),
                mentions=mentions,
            )

    def sources(self) -> Iterator[SourceEntry]:
        for number, source_id in enumerate(self.numbers.order, 1):
            source = self.brief.sources[source_id]
            yield SourceEntry(
                number=number,
                anchor=f"source-{number}",
                title=self.source_title(source),
                publisher=self.plain(source.publisher),
                author=self.plain(source.author) if source.author else None,
                date=periods.format_period(source.date, self.catalogue),
                language=source.language,
                notes=tuple(self.notes(source)),
                links=tuple(list_source_links(source, self.numbers, self.brief, self.catalogue, self.heading)),
            )

    def source_title(self, source: Source) -> Runs:
        """The title for this locale; a title without locales is in its source's own language."""
        title = self.heading(source.title)
        if self.locale in source.title.phrases or primary_language(source.language) == primary_language(self.locale):
            return title
        return (Text(plain_text(title), source.language),)

    def notes(self, source: Source) -> Iterator[Runs]:
        """Notes on the source, and on those of its claims that the variant relies on, in variants of full depth."""
        (audience,) = self.brief.audiences.values()
        if audience.depth is not Depth.FULL:
            return
        if source.note:
            yield self.heading(source.note)
        for claim in source.claims:
            if claim.note is not None and self.is_contested(source, claim):
                note = self.heading(claim.note)
                if claim.says is None:
                    yield note
                    continue
                says = Text(
                    self.catalogue.get("{claim}. ", "evidence").format(claim=self.plain(claim.says).rstrip(".。"))
                )
                # Long passages of Chinese are not emphasised; a dash sets them off.
                yield (says if chinese_script(self.locale) else Emphasis((says,)), *note)

    def is_contested(self, source: Source, claim: Claim) -> bool:
        """Whether a disputed or rejected claim affects what the variant says."""
        contested = claim.standing is not Standing.USED or bool(claim.contradicts)
        name = f"{source.id}/{claim.id}"
        return contested and (
            name in self.numbers.claims or any(ref.name in self.numbers.claims for ref in claim.contradicts)
        )

    def printed(self, run: ClaimValue) -> str:
        self.numbers.printed.add(run.claim.name)
        return claim_words.format_claim_value(run, self.brief, self.catalogue)

    def is_qualified(self, run: ClaimValue) -> bool:
        return claim_words.claim_quantity(run, self.brief).qualifier is not Qualifier.EXACT

    def plain(self, text: LocalisedText) -> str:
        return plain_text(self.text(text))

    def drawn(self, text: LocalisedText) -> str:
        """The words of a text in a chart, where a mark has no room."""
        runs = self.text(text)
        marks = set(self.gates.marks)
        self.drawn_marks += [run for run in runs if isinstance(run, Text) and run in marks]
        return plain_text(tuple(run for run in runs if run not in marks))

    def heading(self, text: LocalisedText) -> Runs:
        return citations.strip_citations(self.text(text))

    def optional(self, text: LocalisedText | None) -> Runs | None:
        return self.text(text) if text is not None else None

    def text(self, text: LocalisedText, also: str | None = None) -> Runs:
        """The locale's runs; `also` is a claim that supports the text without being named in it."""
        phrase, mark = self.gates.admit(text)
        return (*self.sentences(phrase.runs if phrase else (), also), *mark)

    def sentences(self, authored_runs: AuthoredRuns, also: str | None = None) -> Runs:
        """The runs of a text or of a paragraph of one, with their citations in place."""
        runs = self.runs(authored_runs)
        if authored_runs and isinstance(authored_runs[0], ClaimValue) and isinstance(first := runs[0], Text | Number):
            runs = (replace(first, text=_capitalise(first.text)), *runs[1:])
        return citations.arrange_citations(runs, self.cite(also) if also else None)

    def cite(self, claim: str) -> Citation:
        """The mark of a claim: the numbers of its source, and of those of what it is computed from."""
        return self.numbers.cite(claim, derive.list_sources(self.brief, claim))

    def credits(self, claims: Iterable[str]) -> Iterator[Run]:
        """The publishers that the claims come from, each with its mark."""
        marks: dict[str, Citation] = {}
        for claim in claims:
            self.cite(claim)
            for source_id in derive.list_sources(self.brief, claim):
                marks.setdefault(source_id, Citation((self.numbers.number(source_id),)))
        for index, (source_id, mark) in enumerate(marks.items()):
            separator = self.catalogue.get(", ", "list") if index else ""
            yield Text(separator + self.plain(self.brief.sources[source_id].publisher))
            yield mark

    def runs(self, runs: AuthoredRuns) -> Runs:
        return tuple(resolved_run for run in runs for resolved_run in self.run(run))

    def run(self, run: AuthoredRun) -> Iterator[Run]:
        match run:
            case Text(text, language) if language:
                yield run
            case Text(text):
                yield from language_spans.split_by_language(text, self.locale, self.brief.locales)
            case Code() | Script() | LineBreak() | Formula():
                yield run
            case ParagraphEnd():
                yield LineBreak()
            case Footnote(paragraphs):
                self.footnotes += 1
                label = format_note_letter(self.footnotes)
                yield Footnote(tuple(self.sentences(paragraph) for paragraph in paragraphs), label)
            case Strong(children):
                yield Strong(self.runs(children))
            case Emphasis(children):
                yield Emphasis(self.runs(children))
            case Link(url, children):
                yield Link(url, self.runs(children))
            case ClaimValue(claim, part):
                text = self.printed(run)
                # "About" and its kin may stand on another line; the number and its unit are one word.
                bare = self.printed(replace(run, part="bare")) if part == "value" and self.is_qualified(run) else text
                if text != bare and text.endswith(bare):
                    yield Text(text.removesuffix(bare))
                    text = bare
                yield Number(text)
                mark = self.cite(claim.name)
                if run.is_cited:
                    yield mark
            case Cite(claim):
                yield self.cite(claim.name)
            case CrossReference(target):
                yield Reference(target.name, self.labels[target.name])
            case other:
                assert_never(other)


def _capitalise(text: str) -> str:
    """Capitalises the start of a cell, a tile or a sentence: "Up to 12 hours"."""
    return text[:1].upper() + text[1:]
