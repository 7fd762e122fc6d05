"""Resolves blocks: one case for each kind."""

import re
from typing import Any, assert_never

from brief.model import blocks as authored
from brief.model import variant as resolved
from brief.model.inline import ClaimValue, to_plain_text
from brief.model.prose import ProseParagraph
from brief.model.record import dataclass
from brief.resolve import charts, vega, walk
from brief.resolve.block_labels import LABELS
from brief.resolve.column_decimals import align_column_decimals
from brief.resolve.figures import derive
from brief.resolve.localise.chart_words import compose_subtitle, describe_chart
from brief.resolve.localise.texts import TextLocaliser, capitalise
from brief.resolve.prose import resolve_parts
from brief.resolve.tables import resolve_table

# A tile is too narrow for a number beside a word of many letters, at the size of a headline.
_BEFORE_LONG_WORD = re.compile(r"\u00a0(?=[^\W\d_]{6})")


@dataclass(slots=True)
class BlockLocaliser:
    """Resolves the blocks of one variant; `texts` resolves their texts."""

    texts: TextLocaliser

    def localise(self, block: authored.Block) -> resolved.Block:
        """Resolves a block, and numbers the sources that it cites.

        Raises:
            ValueError: a figure cannot be computed or drawn, which the checks report.
        """
        common: dict[str, Any] = {
            "id": block.id,
            "heading": self.texts.localise_heading(block.heading) if block.heading else None,
            "label": self.texts.labels.get(block.id) if type(block) in LABELS else None,
            "page_break": block.page_break is not None,
        }
        match block:
            case authored.Paragraph():
                return resolved.Paragraph(**common, text=self.texts.localise(block.text))
            case authored.Prose():
                phrase, mark = self.texts.gates.admit(block.text)
                parts = resolve_parts(phrase.parts if phrase else (), self.texts.resolve_sentences)
                if mark:
                    # Not ProseParagraph[Run](...): Python 3.11 makes no instances of a subscripted generic dataclass that
                    # is frozen and has slots.
                    parts = (*parts, ProseParagraph(mark))
                return resolved.Prose(**common, parts=parts)
            case authored.ListBlock():
                items = tuple(self.texts.localise(item.text) for item in block.items)
                return resolved.ListBlock(**common, ordered=block.ordered, items=items)
            case authored.Table():
                return resolve_table(
                    align_column_decimals(block, self.texts.brief, self.texts.locale), common, self.texts.localise
                )
            case authored.Chart():
                return self._localise_chart(block, common)
            case authored.Callout():
                title = self.texts.localise_heading(block.title) if block.title else None
                return resolved.Callout(**common, tone=block.tone, title=title, text=self.texts.localise(block.text))
            case authored.Quote():
                return resolved.Quote(
                    **common, text=self.texts.localise(block.text), attribution=self.texts.localise(block.attribution)
                )
            case authored.Timeline():
                title = self.texts.localise(block.title)
                return resolved.Timeline(
                    **common, title=title, events=tuple(self._localise_event(e) for e in block.events)
                )
            case authored.Metrics():
                return resolved.Metrics(**common, metrics=tuple(self._localise_metric(m) for m in block.metrics))
            case authored.Figure():
                return resolved.Figure(
                    **common,
                    image=self.texts.brief.images[block.image.name],
                    title=self.texts.localise(block.title),
                    description=self.texts.localise_plain(block.description),
                    note=self.texts.localise_optional(block.note),
                )
            case authored.Vega():
                return self._localise_vega(block, common)
            case other:
                assert_never(other)

    def _localise_vega(self, block: authored.Vega, common: dict[str, Any]) -> resolved.Vega:
        claims = [ref.name for ref in walk.walk_claims(block.data)]
        self.texts.source_numbers.printed_claims.update(claims)
        return resolved.Vega(
            **common,
            title=self.texts.localise(block.title),
            description=self.texts.localise_plain(block.description),
            specification=vega.fill_specification(
                self.texts.brief.specifications[block.specification.name],
                block.data,
                self.texts.brief,
                self.texts.catalogue,
                self.texts.localise_plain,
            ),
            formats=vega.write_formats(self.texts.catalogue),
            tables=tuple(
                vega.build_table(block, data, self.texts.brief, self.texts.locale, self.texts.localise_heading)
                for data in block.data
            ),
            location=block.location,
            citation=tuple(self.texts.list_credits(claims)),
            note=self.texts.localise_optional(block.note),
        )

    def _localise_chart(self, block: authored.Chart, common: dict[str, Any]) -> resolved.Chart:
        title = self.texts.localise(block.title)
        self.texts.source_numbers.printed_claims.update(
            ref.name for series in block.series for ref in series.drawn_claims
        )
        rows = [
            [
                None if ref.name == authored.NO_FIGURE else derive.derive_quantity(self.texts.brief, ref.name)
                for ref in series.claims
            ]
            for series in block.series
        ]
        exact = [
            [
                quantity is not None and derive.is_exact(self.texts.brief, ref.name, quantity)
                for ref, quantity in zip(series.claims, row, strict=True)
            ]
            for series, row in zip(block.series, rows, strict=True)
        ]
        plot = charts.build_chart_plot(block, rows, self.texts.catalogue, exact)
        titles = [self.texts.localise_drawn(series.title) for series in block.series]
        measure = self.texts.localise_drawn(block.measure) if block.measure else titles[0] if len(titles) == 1 else ""
        categories = tuple(self.texts.localise_drawn(category) for category in block.categories)
        texts = [self.texts.localise_drawn(annotation.text) for annotation in block.annotations]
        annotations = charts.build_annotations(block, texts, categories, titles, self.texts.catalogue)
        plain_title = to_plain_text(title)
        # A drawing cannot show the marks of its texts, so its title does.
        title = (*title, *(mark for mark in self.texts.take_drawn_marks() if mark not in title))
        return resolved.Chart(
            **common,
            title=title,
            chart_kind=block.chart,
            description=describe_chart(
                block.chart,
                plain_title,
                plot,
                self.texts.localise_plain(block.description),
                self.texts.catalogue,
                annotations,
                titles,
            ),
            unit=plot.unit,
            categories=categories,
            series=charts.build_series(block, titles, plot),
            subtitle=compose_subtitle(block.chart, measure, plain_title, plot, self.texts.catalogue),
            ticks=plot.ticks,
            projection=self.texts.catalogue.get("projection", "chart")
            if block.projected_from or block.projected
            else "",
            annotations=annotations,
            is_hero=block.hero,
            is_upright=charts.are_few_periods(block.chart, categories, rows)
            if block.upright is None
            else block.upright,
            location=block.location,
            citation=tuple(self.texts.list_credits(ref.name for series in block.series for ref in series.drawn_claims)),
            note=self.texts.localise_optional(block.note),
        )

    def _localise_event(self, event: authored.Event) -> resolved.Event:
        when = capitalise(self.texts.format_value(ClaimValue(event.claim, "period")))
        return resolved.Event(when=when, text=self.texts.localise(event.text, also=event.claim.name))

    def _localise_metric(self, metric: authored.Metric) -> resolved.Metric:
        figure = ClaimValue(metric.claim)
        value = _BEFORE_LONG_WORD.sub(" ", self.texts.format_value(figure))
        label = self.texts.localise(metric.label, also=metric.claim.name)
        return resolved.Metric(
            value=capitalise(value),
            quantity=self.texts.get_printed_quantity(figure),
            label=(*label, *self.texts.grading.make_marks(metric.claim.name)),
        )
