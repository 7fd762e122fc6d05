"""Random briefs with a token in every field that can hold content, and who may see each token.

Records are walked by their fields, so a new kind of content is covered without changes here. Who may see a token is
computed here from the records around it, independently of the program.
"""

import dataclasses
import random
import re
import string
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from projects import ProjectCopy

from brief import Project
from brief.model.access import DEFAULT_CLEARANCES, Clearance, Depth
from brief.model.blocks import BlockBase, Row, Table, Timeline, Vega
from brief.model.brief import Audience, Brief, Settings, Theme, ThemeChoice
from brief.model.diagnostics import Severity
from brief.model.inline import AuthoredRun, CrossReference, Text
from brief.model.prose import ProseParagraph, ProseParts
from brief.model.source_location import Ref, SourceLocation
from brief.model.text import LocalisedText, Phrase
from brief.resolve.checks import CheckInput, check_brief
from brief.resolve.checks.clean_texts import CleanTexts

SAMPLES = Path(__file__).parents[1] / "kinds"
AUDIENCES = ("board", "client", "press", "staff")
THEMES = ("alpha", "beta", "gamma")
SOURCES = ("reader-survey", "second-survey")

_THEME = """\
id: theme-{0}
title: Theme {0}
summary: "Summary of {0} with {{reader-survey/wait}}."
takeaways: ["First takeaway.", "Second, at {{reader-survey/yearly-cost}}."]
blocks:
"""
_AUDIENCE = """\
id: {0}
title: Edition for {0}
introduction: Introduction for {0}.
marking: Marking for {0}
themes: [theme-alpha]
formats: [html, pdf, docx]
"""
_TERM = """\
  - id: term-{0}
    kind: institution
    name: Name of {0}
    says: What {0} is.
    also: ["{1}"]
"""


@dataclass(frozen=True)
class PlantedToken:
    """A token, the records that contain it from the outermost on, and its locale."""

    token: str
    around: tuple[Any, ...]
    locale: str


def project(root: Path) -> Project:
    """The starter project enlarged to: three themes with every kind of block, four audiences, two sources, three names."""
    copy = ProjectCopy(root)
    for path in (*(SAMPLES / "assets").iterdir(), *(SAMPLES / "vega").iterdir()):
        copy.write(f"content/{path.parent.name}/{path.name}", path.read_bytes())
    paths = sorted(SAMPLES.glob("*.yaml"))
    samples = [path.read_text("utf-8") for path in paths]
    for theme in THEMES:
        body = "".join(
            re.sub(r"(?<=id: )(?=sample)|(?<=\(#)(?=sample)", f"{theme}-{number}-", sample)
            for number, sample in enumerate(samples)
        )
        indented = "".join(f"  {line}" for line in body.splitlines(keepends=True))
        source = SOURCES[THEMES.index(theme) % 2]
        copy.write(f"content/themes/theme-{theme}.yaml", _THEME.format(theme) + indented.replace(SOURCES[0], source))
    (root / "content/themes/ridership.yaml").unlink()
    for name in ("public", "council"):
        (root / f"content/audiences/{name}.yaml").unlink()
    for name in AUDIENCES:
        copy.write(f"content/audiences/{name}.yaml", _AUDIENCE.format(name))
    copy.replace("content/brief.yaml", "[ridership]", f"[{', '.join(f'theme-{theme}' for theme in THEMES)}]")
    copy.replace("content/brief.yaml", "[public, council]", f"[{', '.join(AUDIENCES)}]")
    seed = copy.read("seeds/reader-survey.yaml") + (SAMPLES / "claims/reader-survey.yaml").read_text("utf-8")
    copy.write("seeds/reader-survey.yaml", seed)
    copy.write("seeds/second-survey.yaml", seed.replace("id: reader-survey", "id: second-survey").replace("42_", "43_"))
    terms = "".join(_TERM.format(name, form) for name, form in (("bus", "bus"), ("tram", "tram"), ("ferry", "ferry")))
    copy.write("content/glossary.yaml", f"terms:\n{terms}")
    return Project.load(root)


def plant_tokens(brief: Brief, source: random.Random) -> tuple[Brief, tuple[PlantedToken, ...]]:
    """Makes a valid brief with random clearances, depths and audiences, and tokens everywhere."""
    scattered = _scatter_access(brief, source)
    for _ in range(12):
        errors = _find_errors(scattered)
        if not errors:
            break
        scattered = _fix(scattered, errors)
    else:
        raise AssertionError(errors)
    found: list[PlantedToken] = []
    return _plant(scattered, (), source, found), tuple(found)


# All briefs have the same words until tokens are planted, so that their spelling need be checked once.
_clean = CleanTexts()


def _find_errors(brief: Brief) -> set[str]:
    """Returns the messages of the errors in a brief."""
    global _clean
    found = check_brief(CheckInput(brief, ("html", "pdf", "docx"), clean=_clean))
    _clean = _clean.make_next()
    return {diagnostic.message for diagnostic in found if diagnostic.severity is Severity.ERROR}


def _scatter_access(value: Any, source: random.Random) -> Any:
    """Gives every record with a clearance, a depth or audiences random ones."""
    if isinstance(value, tuple):
        return tuple(_scatter_access(item, source) for item in value)
    if isinstance(value, Mapping):
        return {name: _scatter_access(item, source) for name, item in value.items()}
    if not dataclasses.is_dataclass(value) or isinstance(value, type | LocalisedText | Settings):
        return value
    names = [field.name for field in dataclasses.fields(value)]
    changes = {name: _scatter_access(getattr(value, name), source) for name in names}
    if "clearance" in names:
        changes["clearance"] = source.choices(DEFAULT_CLEARANCES, (6, 3, 2))[0]
    if isinstance(value, BlockBase):
        changes["depth"] = source.choice(tuple(Depth))
        some = source.sample(AUDIENCES, source.randint(1, 3))
        changes["audiences"] = tuple(Ref(name) for name in some) if source.random() < 0.3 else ()
    if isinstance(value, Audience):
        changes["depth"] = source.choice(tuple(Depth))
        themes = source.sample(THEMES, source.randint(1, 3))
        depths = (None, None, *Depth)
        changes["themes"] = tuple(ThemeChoice(theme=Ref(f"theme-{t}"), depth=source.choice(depths)) for t in themes)
    return replace(value, **changes)


def _fix(brief: Brief, messages: set[str]) -> Brief:
    """Makes what a diagnostic names public, and removes references to withheld blocks."""
    said = " ".join(messages)
    claims = set(re.findall(r"(?:claim|computed from) '([^']+/[^']+)'", said))
    sources = {
        name: replace(
            source,
            clearance=Clearance.PUBLIC if any(claim.startswith(f"{name}/") for claim in claims) else source.clearance,
            claims=tuple(
                replace(claim, clearance=Clearance.PUBLIC) if f"{name}/{claim.id}" in claims else claim
                for claim in source.claims
            ),
        )
        for name, source in brief.sources.items()
    }
    named = set(re.findall(r"term '([^']+)'", said))
    terms = tuple(
        replace(term, clearance=Clearance.PUBLIC) if term.id in named else term for term in brief.glossary.terms
    )
    blocks = set(re.findall(r"block '([^']+)'", said))
    return replace(
        brief,
        sources=sources,
        glossary=replace(brief.glossary, terms=terms),
        themes=_without_mentions(brief.themes, blocks) if blocks else brief.themes,
    )


def _without_mentions(value: Any, blocks: set[str]) -> Any:
    if isinstance(value, tuple):
        return tuple(
            _without_mentions(item, blocks)
            for item in value
            if not (isinstance(item, CrossReference) and item.target.name in blocks)
        )
    if isinstance(value, Mapping):
        return {name: _without_mentions(item, blocks) for name, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, Ref | SourceLocation | type):
        parts = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
        kept = {name: _without_mentions(part, blocks) for name, part in parts.items()}
        return replace(value, **kept) if kept != parts else value
    return value


def token(source: random.Random) -> str:
    """Makes a unique word that no hyphenation or case changes."""
    return "q" + "".join(source.choices(string.ascii_lowercase + string.digits, k=11)) + "7"


def _plant(value: Any, around: tuple[Any, ...], source: random.Random, found: list[PlantedToken]) -> Any:
    if isinstance(value, LocalisedText):
        phrases = {}
        for locale in ("en", "zh-Hans", "zh-Hant"):
            phrase = value.find_phrase(locale)
            assert phrase is not None
            word = token(source)
            found.append(PlantedToken(word, around, locale))
            told: ProseParts[AuthoredRun] = (ProseParagraph((Text(f" {word}"),)),)
            parts = (*phrase.parts, *told) if phrase.parts else ()
            phrases[locale] = replace(
                phrase, source=f"{phrase.source} {word}", runs=(*phrase.runs, Text(f" {word}")), parts=parts
            )
        return replace(value, phrases=phrases)
    if isinstance(value, Row):
        table = around[-1]
        cells = tuple(
            _plant(cell, (*around, value, column), source, found)
            for cell, column in zip(value.cells, table.columns, strict=True)
        )
        return replace(value, cells=cells)
    if isinstance(value, tuple):
        return tuple(_plant(item, around, source, found) for item in value)
    if isinstance(value, Mapping):
        return {name: _plant(item, around, source, found) for name, item in value.items()}
    if isinstance(value, Brief):
        records = {name: _plant(getattr(value, name), (), source, found) for name in _PLANTED}
        return replace(value, **records)
    if not dataclasses.is_dataclass(value) or isinstance(value, Ref | type):
        return value
    changes = {
        field.name: _plant(getattr(value, field.name), (*around, value), source, found)
        for field in dataclasses.fields(value)
        # Further forms of a name are how it is found in a text; they are not printed themselves.
        if field.name not in ("location", "also", "avoid", "quantity")
    }
    return replace(value, **changes)


_PLANTED = ("settings", "themes", "audiences", "sources", "glossary")


def may_see(audience: Audience, around: tuple[Any, ...]) -> bool:
    """Whether the audience may see the content of these records: none above its clearance, none for other audiences."""
    if any(getattr(record, "clearance", Clearance.PUBLIC) > audience.clearance for record in around[_own(around) :]):
        return False
    outermost = around[0]
    if isinstance(outermost, Audience):
        return bool(outermost.id == audience.id)
    if not isinstance(outermost, Theme):
        return True
    chosen = [choice for choice in audience.themes if choice.theme.name == outermost.id]
    if not chosen:
        return False
    depth = audience.depth if chosen[0].depth is None else chosen[0].depth
    return all(
        record.depth <= depth and (not record.audiences or audience.id in {ref.name for ref in record.audiences})
        for record in around
        if isinstance(record, BlockBase)
    )


def _own(around: tuple[Any, ...]) -> int:
    # An audience's clearance says what it may see, not who may see it.
    return 1 if isinstance(around[0], Audience) else 0


def must_show(audience: Audience, around: tuple[Any, ...]) -> bool:
    """Whether a variant that may see these records prints them: sources and names it prints as needed.

    A table without rows or columns is left out, and so are a timeline without events and a specification without rows or
    without one of its columns.
    """
    tables = [record for record in around if isinstance(record, Table)]
    lines = [record for record in around if isinstance(record, Timeline)]
    parts = [part for table in tables for part in (table.columns, table.rows)] + [line.events for line in lines]
    whole = all(any(part.clearance <= audience.clearance for part in some) for some in parts)
    data = [each for record in around if isinstance(record, Vega) for each in record.data]
    whole = whole and all(any(row.clearance <= audience.clearance for row in each.rows) for each in data)
    whole = whole and all(column.clearance <= audience.clearance for each in data for column in each.columns)
    return isinstance(around[0], Settings | Audience | Theme) and whole


def replace_tokens(value: Any, secret: set[str], source: random.Random) -> Any:
    """Replaces the `secret` tokens in a brief, or a part of one, by other words."""
    if isinstance(value, Phrase):
        word = value.source.rpartition(" ")[2]
        if word not in secret:
            return value
        other = token(source)
        text = Text(f" other {other}")
        told: ProseParts[AuthoredRun] = (ProseParagraph((text,)),)
        runs, kept = list(value.runs), list(value.parts)
        parts = (*kept[:-1], *told) if kept else ()
        return replace(value, source=f"Other {other}", runs=(*runs[:-1], text), parts=parts)
    if isinstance(value, tuple):
        return tuple(replace_tokens(item, secret, source) for item in value)
    if isinstance(value, Mapping):
        return {name: replace_tokens(item, secret, source) for name, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, Ref | type):
        return replace(
            value,
            **{f.name: replace_tokens(getattr(value, f.name), secret, source) for f in dataclasses.fields(value)},
        )
    return value
