"""Selecting for an audience only ever removes: what is left is exactly what its clearance, depth and name allow."""

from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brief.model import blocks
from brief.model.access import DEFAULT_CLEARANCES, Depth
from brief.model.assets import Image
from brief.model.brief import Audience, Brief, Glossary, Settings, Term, TermKind, Theme, ThemeChoice
from brief.model.evidence import Claim, Source
from brief.model.figures.quantity import Period
from brief.model.inline import Text
from brief.model.source_location import LocaleTag, Ref, Sha256, Slug
from brief.model.text import EVERY_LOCALE, LocalisedText, Phrase
from brief.resolve import walk
from brief.resolve.select import select

AUDIENCES = ("open", "client", "staff")
CLEARANCES = st.sampled_from(DEFAULT_CLEARANCES)
TOKENS = count()


def text() -> LocalisedText:
    """A unique text."""
    token = f"token {next(TOKENS)}"
    return LocalisedText(phrases={EVERY_LOCALE: Phrase(token, (Text(token),))})


def tokens(value: Any) -> set[str]:
    return {phrase.source for words in walk.walk_texts(value) for phrase in words}


@st.composite
def made_blocks(draw: st.DrawFn) -> blocks.Block:
    common: dict[str, Any] = {
        "id": Slug(f"block-{next(TOKENS)}"),
        "heading": draw(st.sampled_from([None, text()])),
        "clearance": draw(CLEARANCES),
        "depth": draw(st.sampled_from(Depth)),
        "audiences": tuple(Ref(name) for name in draw(st.lists(st.sampled_from(AUDIENCES), unique=True, max_size=2))),
    }
    levels = draw(st.lists(CLEARANCES, min_size=1, max_size=4))
    match draw(st.integers(0, 5)):
        case 0:
            return blocks.Paragraph(**common, text=text())
        case 1:
            items = tuple(blocks.Item(text=text(), clearance=level) for level in levels)
            return blocks.ListBlock(**common, items=items)
        case 2:
            columns = tuple(blocks.Column(title=text(), clearance=level) for level in levels)
            rows = tuple(
                blocks.Row(cells=tuple(text() for _ in columns), clearance=level)
                for level in draw(st.lists(CLEARANCES, min_size=1, max_size=4))
            )
            return blocks.Table(**common, title=text(), columns=columns, rows=rows)
        case 3:
            events = tuple(blocks.Event(claim=Ref("s/c"), text=text(), clearance=level) for level in levels)
            return blocks.Timeline(**common, title=text(), events=events)
        case 4:
            metrics = tuple(blocks.Metric(claim=Ref("s/c"), label=text(), clearance=level) for level in levels)
            return blocks.Metrics(**common, metrics=metrics)
        case _:
            image = Ref(f"picture-{next(TOKENS)}.png")
            return blocks.Figure(**common, image=image, title=text(), description=text())


@st.composite
def made_briefs(draw: st.DrawFn) -> Brief:
    themes = {
        name: Theme(
            id=Slug(name),
            title=text(),
            summary=text(),
            takeaways=(blocks.Item(text=text()),),
            clearance=draw(CLEARANCES),
            blocks=tuple(draw(st.lists(made_blocks(), max_size=4))),
        )
        for name in ("one", "two", "three")
    }
    audiences = {
        name: Audience(
            id=Slug(name),
            title=text(),
            clearance=clearance,
            depth=draw(st.sampled_from(Depth)),
            themes=tuple(
                ThemeChoice(theme=Ref(theme), depth=draw(st.sampled_from([None, *Depth])))
                for theme in draw(st.lists(st.sampled_from(sorted(themes)), unique=True))
            ),
            formats=(Ref("html"),),
        )
        for name, clearance in zip(AUDIENCES, DEFAULT_CLEARANCES, strict=True)
    }
    sources = {
        name: Source(
            id=Slug(name),
            title=text(),
            publisher=text(),
            date=Period.parse("2025"),
            language=LocaleTag("en"),
            sha256=Sha256("0" * 64),
            clearance=draw(CLEARANCES),
            claims=tuple(
                Claim(id=Slug(f"c{number}"), says=text(), clearance=level)
                for number, level in enumerate(draw(st.lists(CLEARANCES, max_size=3)))
            ),
        )
        for name in ("s", "t")
    }
    terms = tuple(
        Term(id=Slug(f"term-{number}"), kind=TermKind.PRODUCT, name=text(), says=text(), clearance=level)
        for number, level in enumerate(draw(st.lists(CLEARANCES, max_size=3)))
    )
    figures = [block for theme in themes.values() for block in theme.blocks if isinstance(block, blocks.Figure)]
    images = {f.image.name: Image(f.image.name, "image/png", 9, 9, "0" * 64, b"") for f in figures}
    chosen = Settings(
        id=Slug("brief"),
        title=text(),
        publisher=text(),
        date=date(2026, 3, 31),
        locales=(Ref("en"),),
        source_locale=LocaleTag("en"),
        themes=tuple(map(Ref, themes)),
        audiences=tuple(map(Ref, audiences)),
    )
    return Brief(
        settings=chosen,
        themes=themes,
        audiences=audiences,
        sources=sources,
        glossary=Glossary(terms=terms),
        catalogues={},
        images=images,
    )


def list_allowed_texts(block: blocks.Block, audience: Audience, depth: Depth) -> set[str]:
    """The texts of a block that the audience may see, worked out text by text."""
    level = audience.clearance
    meant = not block.audiences or audience.id in {ref.name for ref in block.audiences}
    if not meant or block.clearance > level or block.depth > depth:
        return set()
    opening = tokens((block.heading,))
    match block:
        case blocks.ListBlock(items=parts) | blocks.Timeline(events=parts) | blocks.Metrics(metrics=parts):
            seen = tokens(tuple(part for part in parts if part.clearance <= level))
            opening |= tokens((getattr(block, "title", None),))
            return opening | seen if seen else set()
        case blocks.Table():
            columns = [column for column in block.columns if column.clearance <= level]
            rows = [row for row in block.rows if row.clearance <= level]
            cells = [
                cell
                for row in rows
                for cell, column in zip(row.cells, block.columns, strict=True)
                if column.clearance <= level
            ]
            return opening | tokens((block.title, *columns, *cells)) if columns and rows else set()
        case _:
            return tokens(block)


@settings(max_examples=150, deadline=None)
@given(made_briefs(), st.sampled_from(AUDIENCES))
def test_an_audience_gets_what_it_may_see_and_nothing_else(brief: Brief, name: str) -> None:
    seen = select(brief, name)
    audience = brief.audiences[name]
    chosen = [choice for choice in audience.themes if brief.themes[choice.theme.name].clearance <= audience.clearance]
    assert list(seen.themes) == [choice.theme.name for choice in chosen]
    for choice in chosen:
        theme, cut = brief.themes[choice.theme.name], seen.themes[choice.theme.name]
        depth = audience.depth if choice.depth is None else choice.depth
        wanted = [list_allowed_texts(block, audience, depth) for block in theme.blocks]
        assert [tokens(block) for block in cut.blocks] == [words for words in wanted if words]
        assert tokens(replace(cut, blocks=())) == tokens(replace(theme, blocks=()))
    assert tokens(tuple(seen.sources.values())) == tokens(
        tuple(
            replace(source, claims=tuple(c for c in source.claims if c.clearance <= audience.clearance))
            for source in brief.sources.values()
            if source.clearance <= audience.clearance
        )
    )
    terms = tuple(term for term in brief.glossary.terms if term.clearance <= audience.clearance)
    assert seen.glossary.terms == terms
    assert list(seen.audiences) == [name]
    figures = {b.image.name for theme in seen.themes.values() for b in theme.blocks if isinstance(b, blocks.Figure)}
    assert set(seen.images) == figures


@settings(max_examples=60, deadline=None)
@given(made_briefs(), st.sampled_from(AUDIENCES))
def test_nothing_empty_is_left_and_tables_stay_rectangular(brief: Brief, name: str) -> None:
    for theme in select(brief, name).themes.values():
        for block in theme.blocks:
            match block:
                case blocks.ListBlock(items=parts) | blocks.Timeline(events=parts) | blocks.Metrics(metrics=parts):
                    assert parts
                case blocks.Table():
                    assert block.columns
                    assert block.rows
                    assert {len(row.cells) for row in block.rows} == {len(block.columns)}


@settings(max_examples=60, deadline=None)
@given(made_briefs(), st.sampled_from(AUDIENCES))
def test_selecting_again_changes_nothing(brief: Brief, name: str) -> None:
    once = select(brief, name)
    assert select(once, name) == once


@settings(max_examples=5, deadline=None)
@given(made_briefs())
def test_an_unknown_audience_is_never_everybody(brief: Brief) -> None:
    with pytest.raises(KeyError):
        select(brief, "cleint")
