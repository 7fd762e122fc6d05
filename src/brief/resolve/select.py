"""Reduces a brief to what one audience may see and has chosen. Selection only removes."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Protocol, TypeVar, assert_never

from brief.model.access import Clearance, Depth
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
    Row,
    Table,
    Timeline,
    Vega,
)
from brief.model.brief import Audience, Brief, Glossary, Theme
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import Diagnostic
from brief.model.evidence import Claim, Source
from brief.model.figures.quantity import Derived, FullQuantity
from brief.model.text import LocalisedText
from brief.resolve.datasets.access import restrict_definition, restrict_tables
from brief.resolve.datasets.blocks import expand_dataset_blocks
from brief.resolve.figures import derive
from brief.resolve.figures.operands import DerivationError


class _HasClearance(Protocol):
    @property
    def clearance(self) -> Clearance: ...


T = TypeVar("T", bound=_HasClearance)


class Selections:
    """The selections of a brief by audience, each computed when it is first needed."""

    def __init__(self, brief: Brief) -> None:
        self.brief = brief
        self._selected: dict[str, tuple[Brief, DiagnosticSink]] = {}

    def __getitem__(self, audience: str) -> Brief:
        return self._select(audience)[0]

    def list_reports(self, audience: str) -> list[Diagnostic]:
        """Returns what `select` reports for the audience."""
        return self._select(audience)[1].found

    def _select(self, audience: str) -> tuple[Brief, DiagnosticSink]:
        if audience not in self._selected:
            reports = DiagnosticSink()
            self._selected[audience] = select(self.brief, audience, reports), reports
        return self._selected[audience]


def select(brief: Brief, audience_id: str, reports: DiagnosticSink | None = None) -> Brief:
    """Returns the brief without everything that the audience may not see, with the themes in the audience's order.

    `reports` receives warnings about blocks that would mislead the audience without what is removed (see
    `expand_dataset_blocks`).

    Raises:
        KeyError: the brief has no such audience.
    """
    audience = brief.audiences[audience_id]
    themes = {}
    for choice in audience.themes:
        theme = brief.themes.get(choice.theme.name)
        if theme is not None and theme.clearance <= audience.clearance:
            depth = audience.depth if choice.depth is None else choice.depth
            themes[str(theme.id)] = _select_theme(theme, audience, depth)
    results: dict[str, FullQuantity] = {}
    sources = {
        str(source.id): replace(
            source,
            claims=tuple(_select_claims(brief, source, audience, results)),
            datasets=tuple(
                restrict_definition(dataset, audience.clearance) for dataset in _keep_cleared(source.datasets, audience)
            ),
        )
        for source in _keep_cleared(brief.sources.values(), audience)
    }
    terms = _keep_cleared(brief.glossary.terms, audience)
    blocks = [block for theme in themes.values() for block in theme.blocks]
    specifications = {block.specification.name for block in blocks if isinstance(block, Vega)}
    images = {block.image.name for block in blocks if isinstance(block, Figure)}
    selected = replace(
        brief,
        settings=replace(
            brief.settings,
            themes=tuple(ref for ref in brief.settings.themes if ref.name in themes),
            audiences=tuple(ref for ref in brief.settings.audiences if ref.name == audience_id),
        ),
        themes=themes,
        audiences={audience_id: audience},
        sources=sources,
        glossary=Glossary(terms=terms),
        images={name: image for name, image in brief.images.items() if name in images},
        specifications={name: each for name, each in brief.specifications.items() if name in specifications},
        datasets=restrict_tables(brief.datasets, audience.clearance),
        cells={name: cell for name, cell in brief.cells.items() if cell.clearance <= audience.clearance},
        results={
            name: replace(full, sources=tuple(source for source in full.sources if source in sources))
            for name, full in results.items()
        },
    )
    return expand_dataset_blocks(selected, reports=reports)


def _select_claims(
    brief: Brief, source: Source, audience: Audience, results: dict[str, FullQuantity]
) -> Iterator[Claim]:
    """Yields the claims that the audience may see. Derived claims lose their inputs; their results are added to `results`."""
    for claim in _keep_cleared(source.claims, audience):
        if claim.quantity is None or claim.quantity.derived is None:
            yield claim
            continue
        name = f"{source.id}/{claim.id}"
        try:
            full = derive.compute_quantity(brief, name)
        except DerivationError:
            # The checks report why the claim cannot be computed. Without a result, it discloses none of its inputs.
            yield claim
            continue
        if full.clearance <= audience.clearance:
            visible_inputs = (
                claim_name
                for claim_name in full.inputs
                if derive.compute_quantity(brief, claim_name).clearance <= audience.clearance
            )
            results[name] = replace(full, inputs=tuple(visible_inputs))
            yield replace(claim, quantity=replace(claim.quantity, derived=Derived()))


def _select_theme(theme: Theme, audience: Audience, depth: Depth) -> Theme:
    blocks = (_trim_block(block, audience) for block in theme.blocks if _is_visible(block, audience, depth))
    return replace(
        theme,
        takeaways=_keep_cleared(theme.takeaways, audience),
        blocks=tuple(block for block in blocks if block is not None),
    )


def _is_visible(block: Block, audience: Audience, depth: Depth) -> bool:
    is_addressed = not block.audiences or any(ref.name == audience.id for ref in block.audiences)
    return is_addressed and block.clearance <= audience.clearance and block.depth <= depth


def _trim_block(block: Block, audience: Audience) -> Block | None:
    """Returns the block without its withheld parts; None if nothing is left.

    A Vega-Lite chart of which a column, or all rows of a data set, are withheld is left out as a whole.
    """
    match block:
        case ListBlock():
            items = _keep_cleared(block.items, audience)
            return replace(block, items=items) if items else None
        case Table():
            columns = _keep_cleared(block.columns, audience)
            rows = tuple(
                replace(row, cells=_select_cells(row, block, audience)) for row in _keep_cleared(block.rows, audience)
            )
            return replace(block, columns=columns, rows=rows) if columns and (rows or block.from_) else None
        case Timeline():
            events = _keep_cleared(block.events, audience)
            return replace(block, events=events) if events else None
        case Metrics():
            metrics = _keep_cleared(block.metrics, audience)
            return replace(block, metrics=metrics) if metrics else None
        case Vega():
            trimmed = [replace(data, rows=_keep_cleared(data.rows, audience)) for data in block.data]
            can_be_drawn = all(
                _keep_cleared(data.columns, audience) == data.columns and (rest.rows or not data.rows)
                for data, rest in zip(block.data, trimmed, strict=True)
            )
            return replace(block, data=tuple(trimmed)) if can_be_drawn else None
        case Chart():
            return replace(block, annotations=_keep_cleared(block.annotations, audience))
        case Paragraph() | Prose() | Callout() | Quote() | Figure():
            return block
        case other:
            assert_never(other)


def _select_cells(row: Row, table: Table, audience: Audience) -> tuple[LocalisedText, ...]:
    # A row of the wrong length has its own diagnostic and must not hide other problems.
    paired = zip(row.cells, table.columns, strict=False)
    return tuple(cell for cell, column in paired if column.clearance <= audience.clearance)


def _keep_cleared(records: Iterable[T], audience: Audience) -> tuple[T, ...]:
    return tuple(record for record in records if record.clearance <= audience.clearance)
