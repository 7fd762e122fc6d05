"""Writes the variant as data for `print.typ`: a JSON document and pictures. Content is never evaluated as code.

`docs/template-sets.md` describes the document.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from itertools import pairwise
from typing import Any, TypeAlias

from brief.charts.draw import draw_svg
from brief.charts.parts import split_chart, take_part
from brief.charts.text_alternative import describe_chart_data
from brief.charts.vega.draw import draw_vega
from brief.charts.vega.short_tables import shorten_tables
from brief.model.appearance.look import Faces, Look
from brief.model.assets import Image
from brief.model.han import EAST_ASIAN, LATIN_LETTERS, SCRIPT_BOUNDARY, WORD_JOINER
from brief.model.inline import to_plain_text
from brief.model.locale import get_primary_language, split_subtags
from brief.model.record import dataclass
from brief.model.scripts import find_han_region
from brief.model.variant import Block, Chart, Figure, Metrics, Section, Table, Variant, Vega
from brief.resolve.typesetting import insert_word_joiners, join_headline
from brief.templating.plain import record_to_plain, variant_to_plain
from brief.writers.front_matter import fills_front_page
from brief.writers.landscape import find_landscape_blocks, has_text_after
from brief.writers.pdf.typst.drawings import assign_faces, draw_inline_formula
from brief.writers.pdf.typst.faces import list_used_families
from brief.writers.table_layout import TableFit, describe_row, divide_on_pages, fit_table, needs_landscape

# Interface words that pages print, with their context in the catalogue.
_INTERFACE_WORDS = (
    ("Contents", None),
    ("Tables and figures", None),
    ("Who is who", None),
    ("Sources", None),
    ("Key takeaways", None),
    ("Name", None),
    ("What it is", None),
    ("Mentioned in", None),
    ("Insight", None),
    ("Warning", None),
    ("Question", None),
    ("Note", None),
    ("Page %(page)s of %(pages)s", None),
    ("Source: ", "chart"),
    ("{label} (continued)", "label"),
    (", ", "list"),
)
# The fields of a chart that are printed around its drawing.
_CHART_FIELDS = ("kind", "id", "heading", "label", "page_break", "title", "citation", "note")
_PICTURES = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/svg+xml": "svg"}

# A JSON object.
Data: TypeAlias = dict[str, Any]

_SIZE = re.compile(r'\s(?:width|height)="([\d.]+)(?:px)?"')
_ROOM = re.compile(SCRIPT_BOUNDARY)
# Where a long word without break opportunities may be broken, so that it stays in its column.
_LONG_WORD = re.compile(rf"[^\s{EAST_ASIAN}\u00a0\u2060]{{24,}}")
_ANYWHERE = "\u200b"
# A word of letters, perhaps with punctuation before and after it, without what no language has: three equal letters, or
# nine consonants, in a row.
_COMPOUND = re.compile(r"(?!.*(.)\1\1)(?!.*[bcdfghjklmnpqrstvwxz]{9})\W*[^\W\d_]+\W*", re.IGNORECASE)
_LATIN = f"{LATIN_LETTERS}\u1e00-\u1eff"
# Long words, which are hyphenated although others are not, and Latin words with a dot or an apostrophe inside.
_COMPOUNDS = re.compile(rf"[^\W\d_{EAST_ASIAN}]{{16,}}")
# Without a second try from within a word, in a third of the time.
_MARKED_LATIN = re.compile(rf"(?<![{_LATIN}])[{_LATIN}]++(?:[·’][{_LATIN}]+)+")
# Languages for which the engine has no hyphenation.
_WITHOUT_HYPHENS = frozenset(("ja", "ko", "zh"))


@dataclass(frozen=True, slots=True)
class DocumentData:
    """The text of `variant.json`, the pictures that it names, and whether it has tables for landscape pages."""

    text: str
    pictures: Mapping[str, bytes]
    has_wide_tables: bool


def build_data(variant: Variant, look: Look) -> DocumentData:
    """Builds the data of a variant in a look.

    Raises:
        ContentError: a chart cannot be drawn.
    """
    faces = look.find_faces(variant.locale)
    pictures: dict[str, bytes] = {}
    record: Data = variant_to_plain(replace(variant, sections=())) | {
        "layout": "compact" if variant.is_compact and look.has_compact else "full",
        "keywords": [to_plain_text(section.title).replace(WORD_JOINER, "") for section in variant.sections],
        "footnotes": look.has_footnotes,
        "fills_front_page": fills_front_page(variant, lists_exhibits=not look.has_footnotes),
        "language": get_primary_language(variant.locale),
        "region": _choose_region(variant.locale),
        "colours": dict(look.colours),
        "logo": _add_picture(look.logo, pictures) if look.logo else None,
        # As runs, which have the space between Han and Western text.
        "shown": {name: _make_run(getattr(variant, name) or "") for name in ("title", "subtitle", "audience_title")},
        "terms": [record_to_plain(term) | {"shown": _make_run(term.name)} for term in variant.terms],
        "exhibits": [{**exhibit._asdict(), "title": _make_run(exhibit.title)} for exhibit in variant.list_exhibits()],
        "words": {word: variant.catalogue.get(word, context) for word, context in _INTERFACE_WORDS},
        "sections": [
            record_to_plain(replace(section, blocks=()))
            | {
                "blocks": [
                    _describe_block(block, section, variant, look, faces, pictures) | {"landscape": landscape}
                    for block, landscape in zip(
                        section.blocks, find_landscape_blocks(section.blocks, needs_landscape), strict=True
                    )
                ]
            }
            for section in variant.sections
        ],
    }
    finished = _finish_record(record, language=get_primary_language(variant.locale))
    text = json.dumps(finished, ensure_ascii=False)
    # The engine warns of each missing family, such as a Han face in a document without Han characters.
    used = list_used_families(faces, text)
    families_by_kind = {
        name: [family for family in getattr(faces, name) if family in used] for name in ("serif", "sans", "mono")
    }
    has_wide = any(block["landscape"] for section in record["sections"] for block in section["blocks"])
    is_chinese = get_primary_language(variant.locale) == "zh"
    added_fields = families_by_kind | {
        "long_words": _list_words(_COMPOUNDS, text),
        "marked_words": _list_words(_MARKED_LATIN, text) if is_chinese else [],
    }
    added_text = json.dumps(added_fields, ensure_ascii=False)
    return DocumentData(f"{text[:-1]}, {added_text[1:]}", pictures, has_wide)


def _list_words(pattern: re.Pattern[str], text: str) -> list[str]:
    """Returns the words that match the pattern, the longest first, so that a word comes before the words that begin it."""
    return sorted(set(pattern.findall(text)), key=lambda word: (-len(word), word))


def _choose_region(locale: str) -> str | None:
    """Returns the region whose rules the engine applies to punctuation."""
    return split_subtags(locale)[2] or (find_han_region(locale) if get_primary_language(locale) == "zh" else None)


def _describe_block(
    block: Block, section: Section, variant: Variant, look: Look, faces: Faces, pictures: dict[str, bytes]
) -> Data:
    match block:
        case Chart():
            at_end = not has_text_after(section.blocks, block)
            return _pick_fields(block, *_CHART_FIELDS, "is_hero") | {
                "drawings": list(_draw_parts(block, variant, look, faces, at_end=at_end))
            }
        case Vega():
            block = shorten_tables(block, variant.catalogue)
            svg = assign_faces(draw_vega(block, variant.locale, look), faces, variant.locale)
            return _pick_fields(block, *_CHART_FIELDS) | {
                "drawings": [_describe_drawing(svg, block.description)],
                "tables": [
                    record_to_plain(table) | {"widths": _list_widths(fit_table(table))} for table in block.tables
                ],
            }
        case Table():
            fit = fit_table(block)
            divided, kept_rows = divide_on_pages(block, fit, variant.catalogue, is_landscape=look.is_landscape)
            return record_to_plain(block) | {
                "fit": fit.classes.split(),
                "widths": _list_widths(fit),
                "rows": [describe_row(divided, index, kept_rows) for index in range(len(block.rows))],
            }
        case Figure():
            return record_to_plain(block) | {"image": _add_picture(block.image, pictures)}
        case Metrics():
            return record_to_plain(block) | {
                "metrics": [
                    record_to_plain(metric) | {"value": _make_run(join_headline(metric.value))}
                    for metric in block.metrics
                ]
            }
        case _:
            return record_to_plain(block)


def _make_run(text: str) -> list[Data]:
    """Returns a plain text as runs."""
    return [{"kind": "text", "text": text, "language": None}]


def _list_widths(fit: TableFit) -> list[float]:
    """Returns the widths of columns in percent."""
    return [round(width, 3) for width in fit.widths]


def _pick_fields(block: Block, *names: str) -> Data:
    described = record_to_plain(block)
    return {name: described[name] for name in names}


def _draw_parts(chart: Chart, variant: Variant, look: Look, faces: Faces, *, at_end: bool) -> Iterator[Data]:
    """Yields the chart in parts that fit a page, each with its figures as alternative text."""
    for part in split_chart(chart, look, ends_section=at_end):
        svg = draw_svg(replace(chart, description=""), variant.locale, look, part)
        alternative = describe_chart_data(take_part(chart, part), variant.catalogue)
        yield _describe_drawing(assign_faces(svg, faces, variant.locale), alternative)


def _describe_drawing(svg: str, alternative: str) -> Data:
    """Returns a drawing with its alternative text, and its width and height in pixels of CSS."""
    width, height = (float(number) for number in _SIZE.findall(svg[: svg.index(">")]))
    return {"svg": svg, "alternative": alternative, "width": width, "height": height}


def _add_picture(image: Image, pictures: dict[str, bytes]) -> Data:
    name = f"pictures/{image.sha256}.{_PICTURES[image.media_type]}"
    pictures[name] = image.data
    return {"file": f"/{name}", "width": image.width, "height": image.height}


def _finish(value: Any, *, language: str) -> Any:
    """Returns the data with its texts prepared for line breaking: no breaks in numbers, break opportunities in long
    words, and marks for the space between Han and Western text.
    """
    if isinstance(value, list):
        if language == "zh":
            _mark_script_changes(value)
        parts: list[Any] = []
        for item in value:
            if isinstance(item, dict) and item.get("kind") in ("text", "number"):
                parts += _divide_text(item, language=language)
            else:
                parts.append(_finish(item, language=language))
        return parts
    if not isinstance(value, dict):
        return value
    if value.get("kind") == "formula" and "markup" in value:
        markup = str(value["markup"])
        drawn = {"kind": "formula", "tex": _read_tex(markup), "room": bool(value.get("room"))}
        return asdict(draw_inline_formula(markup)) | drawn
    return _finish_record(value, language=language)


def _finish_record(record: Data, *, language: str) -> Data:
    return {name: _finish(item, language=language) for name, item in record.items()}


def _mark_script_changes(runs: list[Any]) -> None:
    """Marks each run at whose end Han and Western text meet."""
    for first, second in pairwise(runs):
        if (
            isinstance(first, dict)
            and isinstance(second, dict)
            and _ROOM.search(_collect_text(first)[-1:] + _collect_text(second)[:1])
        ):
            first["room"] = True


def _collect_text(run: Data) -> str:
    """Returns the text of a run: a Latin letter for a formula, which is spaced like one; empty for runs without text, such as
    citations.
    """
    if run.get("kind") == "formula":
        return "x"
    if isinstance(children := run.get("children"), list):
        return "".join(_collect_text(child) for child in children if isinstance(child, dict))
    return str(run["text"]) if run.get("kind") in ("text", "number", "code", "reference", "script") else ""


def _divide_text(run: Data, *, language: str) -> Iterator[Data]:
    """Yields the parts of the run between which Han and Western text meet. `room` says that space follows a part."""
    text = str(run["text"])
    # By default the engine lets a line begin with this mark, against CLREQ, 3.2.1.
    pieces = _ROOM.split(text.replace("～", f"{WORD_JOINER}～")) if language == "zh" else [text]
    is_number = run["kind"] == "number"
    for index, piece in enumerate(pieces):
        if is_number:
            prepared = (WORD_JOINER if index else "") + insert_word_joiners(piece)
        else:
            prepared = _LONG_WORD.sub(_keep_compound if language not in _WITHOUT_HYPHENS else _make_breakable, piece)
        yield run | {"text": prepared, "room": index < len(pieces) - 1 or bool(run.get("room"))}


def _keep_compound(word: re.Match[str]) -> str:
    """Returns a word unchanged if the engine can hyphenate it; otherwise returns what `_make_breakable` makes of it."""
    return word[0] if _COMPOUND.fullmatch(word[0]) else _make_breakable(word)


def _make_breakable(word: re.Match[str]) -> str:
    return _ANYWHERE.join(word[0])


def _read_tex(markup: str) -> str:
    match = re.search(r"<annotation[^>]*>([^<]*)</annotation>", markup)
    return match[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") if match else ""
