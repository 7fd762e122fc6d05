"""Brief to brief: what one audience may and wants to see. Selecting only ever removes."""

from collections.abc import Iterable
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
    Quote,
    Table,
    Timeline,
)
from brief.model.brief import Audience, Brief, Glossary, Theme


class _Cleared(Protocol):
    @property
    def clearance(self) -> Clearance: ...


T = TypeVar("T", bound=_Cleared)


def select(brief: Brief, audience_id: str) -> Brief:
    """The brief with nothing left that the audience may not see, and its themes in the audience's order.

    Raises:
        KeyError: the brief has no such audience.
    """
    audience = brief.audiences[audience_id]
    themes = {}
    for choice in audience.themes:
        theme = brief.themes.get(choice.theme.name)
        if theme is not None and theme.clearance <= audience.clearance:
            depth = audience.depth if choice.depth is None else choice.depth
            themes[str(theme.id)] = _theme(theme, audience, depth)
    sources = {
        str(source.id): replace(source, claims=_cleared(source.claims, audience))
        for source in _cleared(brief.sources.values(), audience)
    }
    terms = _cleared(brief.glossary.terms, audience)
    shown = {block.image.name for theme in themes.values() for block in theme.blocks if isinstance(block, Figure)}
    return replace(
        brief,
        themes=themes,
        audiences={audience_id: audience},
        sources=sources,
        glossary=Glossary(terms=terms),
        images={name: image for name, image in brief.images.items() if name in shown},
    )


def _theme(theme: Theme, audience: Audience, depth: Depth) -> Theme:
    seen = (_trimmed(block, audience) for block in theme.blocks if _sees(block, audience, depth))
    return replace(theme, blocks=tuple(block for block in seen if block is not None))


def _sees(block: Block, audience: Audience, depth: Depth) -> bool:
    meant = not block.audiences or any(ref.name == audience.id for ref in block.audiences)
    return meant and block.clearance <= audience.clearance and block.depth <= depth


def _trimmed(block: Block, audience: Audience) -> Block | None:
    """The block without its withheld parts; None where nothing of it is left."""
    match block:
        case ListBlock():
            items = _cleared(block.items, audience)
            return replace(block, items=items) if items else None
        case Table():
            keep = [i for i, column in enumerate(block.columns) if column.clearance <= audience.clearance]
            rows = tuple(
                replace(row, cells=tuple(row.cells[i] for i in keep)) for row in _cleared(block.rows, audience)
            )
            columns = tuple(block.columns[i] for i in keep)
            return replace(block, columns=columns, rows=rows) if columns and rows else None
        case Timeline():
            events = _cleared(block.events, audience)
            return replace(block, events=events) if events else None
        case Metrics():
            metrics = _cleared(block.metrics, audience)
            return replace(block, metrics=metrics) if metrics else None
        case Paragraph() | Chart() | Callout() | Quote() | Figure():
            return block
        case other:
            assert_never(other)


def _cleared(things: Iterable[T], audience: Audience) -> tuple[T, ...]:
    return tuple(thing for thing in things if thing.clearance <= audience.clearance)
