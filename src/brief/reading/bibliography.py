"""Reads reference lists as parts of source records: BibTeX with bibtexparser, and CSL-JSON (CSL 1.0.2 data schema)."""

import json
import logging
import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from brief.model.diagnostic_sink import DiagnosticSink, suggest_name
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.reading import text_file, values
from brief.reading.texts import bibtex_values
from brief.reading.texts.raised_digits import raise_or_lower_digits
from brief.reading.texts.stated_languages import find_language, join_name

if TYPE_CHECKING:
    from bibtexparser.library import Library

# Types of entries in BibTeX and BibLaTeX (manual, 2.1), and in CSL. The fields of other types may have other meanings.
_BIBTEX_TYPES = frozenset(
    [
        "article",
        "artwork",
        "book",
        "bookinbook",
        "booklet",
        "collection",
        "conference",
        "dataset",
        "inbook",
        "incollection",
        "inproceedings",
        "manual",
        "mastersthesis",
        "misc",
        "mvbook",
        "mvcollection",
        "online",
        "patent",
        "periodical",
        "phdthesis",
        "proceedings",
        "reference",
        "report",
        "software",
        "standard",
        "suppbook",
        "techreport",
        "thesis",
        "unpublished",
        "video",
        "www",
    ]
)
_CSL_TYPES = frozenset(
    [
        "article",
        "article-journal",
        "article-magazine",
        "article-newspaper",
        "bill",
        "book",
        "broadcast",
        "chapter",
        "classic",
        "collection",
        "dataset",
        "document",
        "entry",
        "entry-dictionary",
        "entry-encyclopedia",
        "event",
        "figure",
        "graphic",
        "hearing",
        "interview",
        "legal_case",
        "legislation",
        "manuscript",
        "map",
        "motion_picture",
        "musical_score",
        "pamphlet",
        "paper-conference",
        "patent",
        "performance",
        "periodical",
        "personal_communication",
        "post",
        "post-weblog",
        "regulation",
        "report",
        "review",
        "review-book",
        "software",
        "song",
        "speech",
        "standard",
        "thesis",
        "treaty",
        "webpage",
    ]
)
# Fields that name the publisher, most specific first.
_BIBTEX_PUBLISHER = ("journal", "journaltitle", "booktitle", "publisher", "institution", "school", "organization")
_CSL_PUBLISHER = ("container-title", "publisher", "archive")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_AND = re.compile(r"\s+and\s+")
_BARE_PERCENT = re.compile(r"(?<!\\)%")
# Characters that are escaped in LaTeX but not in URLs.
_ESCAPED = re.compile(r"\\([%_#&~{}$])")
_URL_FIELDS = ("url", "howpublished", "note")
_URL_COMMAND = re.compile(r"\\url\s*\{\s*(https?://[^{}]+)\}|(?<!\S)(https?://[^\s{}]+)")
# Emphasis in titles of CSL-JSON, which is removed.
_CSL_EMPHASIS = re.compile(r"</?(?:i|b|span)(?: [^<>]*)?>")
_CSL_SCRIPT = re.compile(r"<(su[bp])>([0-9+\-]+)</\1>")
_SAFE_IN_URL = "!#$%&'()*+,-./:;=?@[]_~"


@dataclass(frozen=True, slots=True)
class BibliographyEntry:
    """The entry of one work. `id` is a slug of its key; fields without a usable value are empty."""

    id: str
    title: str
    publisher: str
    author: str
    date: str
    url: str
    doi: str
    language: str
    location: SourceLocation


def read_bibliography(name: str, data: bytes, sink: DiagnosticSink) -> tuple[BibliographyEntry, ...]:
    """Returns the entries that can be read in a file: CSL-JSON if its name ends in `.json`, otherwise BibTeX.

    Everything that is wrong is reported to `sink`, also if there are no entries.
    """
    file = text_file.decode_text(name, data, sink)
    if file is None:
        return ()
    read = _read_csl if PurePosixPath(name).suffix.lower() == ".json" else _read_bibtex
    entries = tuple(read(name, file.text, sink))
    if not entries and not sink.found:
        sink.add_error("bibliography", SourceLocation(name), "the file has no entries", "export it again")
    seen: dict[str, BibliographyEntry] = {}
    for entry in entries:
        if entry.id in seen:
            message = f"two entries have the id '{entry.id}'"
            sink.add_error("import-collision", entry.location, message, "rename one of them", seen[entry.id].location)
        seen.setdefault(entry.id, entry)
    return entries


def make_slug(text: str) -> str:
    """Makes an id of the letters and digits of a text, without accents; empty if it has none in Latin script."""
    ascii_text = unicodedata.normalize("NFKD", text.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall("[a-z0-9]+", ascii_text))


def _read_bibtex(name: str, text: str, sink: DiagnosticSink) -> Iterator[BibliographyEntry]:
    library = _parse_bibtex(text)
    fields_by_key = {
        entry.key.lower(): {field.key.lower(): " ".join(str(field.value).split()) for field in entry.fields}
        for entry in library.entries
    }
    addresses = _read_addresses(text)
    for block in library.failed_blocks:
        location = SourceLocation(name, (block.start_line or 0) + 1, 1)
        problem = str(block.error).partition(" Note:")[0].strip() or "the entry never ends"
        sink.add_error("bibliography", location, f"an entry cannot be read: {problem}", "correct or remove it")
    for entry in library.entries:
        location = SourceLocation(name, (entry.start_line or 0) + 1, 1)
        fields = dict(fields_by_key[entry.key.lower()])
        bibtex_values.inherit_fields(fields, fields_by_key.get(fields.get("crossref", "").lower(), {}))
        if not _check_kind("@" + entry.entry_type.lower(), {f"@{kind}" for kind in _BIBTEX_TYPES}, location, sink):
            continue
        authors = fields.get("author") or fields.get("editor") or ""
        yield _build_entry(
            entry.key,
            {
                "title": bibtex_values.replace_script_formulas(fields.get("title", "")),
                "publisher": next((fields[key] for key in _BIBTEX_PUBLISHER if fields.get(key)), ""),
                "author": ", ".join(_order_name(author) for author in _AND.split(authors) if author),
                "date": fields.get("date") or _join_date(fields.get("year", ""), fields.get("month", "")),
                "url": next((url for name in _URL_FIELDS if (url := addresses.get((entry.key, name)))), ""),
                "doi": addresses.get((entry.key, "doi"), ""),
                "language": fields.get("langid") or fields.get("language", ""),
            },
            location,
            sink,
        )


def _parse_bibtex(text: str) -> "Library":
    """Parses a list, and resolves the strings, `#`, braces and LaTeX in its values."""
    # Imported on use, because few commands read a list.
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.middlewares import (
        LatexDecodingMiddleware,
        RemoveEnclosingMiddleware,
        ResolveStringReferencesMiddleware,
    )

    # Its log duplicates the failed blocks.
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
    # In LaTeX, a bare % begins a comment, so that the rest of a title would be lost.
    library = parse_string(_BARE_PERCENT.sub(r"\\%", text), parse_stack=[])
    strings: dict[str, str] = {}
    for string in library.strings:
        strings[string.key.lower()] = string.value = bibtex_values.join_parts(string.value, strings)
    for entry in library.entries:
        for field in entry.fields:
            field.value = bibtex_values.join_parts(str(field.value), strings)
    for middleware in (ResolveStringReferencesMiddleware(), RemoveEnclosingMiddleware(), LatexDecodingMiddleware()):
        library = middleware.transform(library)
    return library


def _read_addresses(text: str) -> dict[tuple[str, str], str]:
    """Returns the URLs and DOIs, without decoding LaTeX, by the key of their entry and the name of their field."""
    from bibtexparser.entrypoint import parse_string

    addresses = {}
    for entry in parse_string(text).entries:
        for field in entry.fields:
            name, value = field.key.lower(), str(field.value)
            if name in ("howpublished", "note"):
                # Where BibTeX files have addresses without the field `url`.
                address = _URL_COMMAND.search(value)
                value = (address[1] or address[2]).strip() if address else ""
            if name in (*_URL_FIELDS, "doi") and value:
                addresses[entry.key, name] = _ESCAPED.sub(r"\1", value)
    return addresses


def _read_csl(name: str, text: str, sink: DiagnosticSink) -> Iterator[BibliographyEntry]:
    try:
        items = json.loads(text)
    except (ValueError, RecursionError) as problem:
        location, reason = (
            SourceLocation(name, 1, 1),
            "it contains a number with too many digits, or is nested too deeply",
        )
        if isinstance(problem, json.JSONDecodeError):
            location, reason = SourceLocation(name, problem.lineno, problem.colno), problem.msg
        sink.add_error("bibliography", location, f"the file is not JSON: {reason}", "export it again")
        return
    for number, item in enumerate(items if isinstance(items, list) else [items], 1):
        location = SourceLocation(f"{name} entry {number}")
        if not isinstance(item, dict) or not item.get("id"):
            sink.add_error(
                "bibliography", location, "an entry of CSL-JSON must be a mapping with an 'id'", "export it again"
            )
            continue
        if not _check_kind(str(item.get("type", "")), _CSL_TYPES, location, sink):
            continue
        yield _build_entry(
            str(item["id"]),
            {
                "title": _read_csl_markup(str(item.get("title", ""))),
                "publisher": next((str(item[key]) for key in _CSL_PUBLISHER if item.get(key)), ""),
                "author": ", ".join(
                    filter(None, map(_format_csl_name, item.get("author") or item.get("editor") or []))
                ),
                "date": _format_csl_date(item.get("issued")),
                "url": str(item.get("URL", "")),
                "doi": str(item.get("DOI", "")),
                "language": str(item.get("language", "")),
            },
            location,
            sink,
        )


def _check_kind(kind: str, known: frozenset[str] | set[str], location: SourceLocation, sink: DiagnosticSink) -> bool:
    """Returns whether a type of entry is known; otherwise reports it."""
    if kind in known:
        return True
    sink.add_error("unknown-entry", location, f"unknown type of entry '{kind}'", suggest_name(kind, sorted(known)))
    return False


def _build_entry(
    key: str, parts: Mapping[str, str], location: SourceLocation, sink: DiagnosticSink
) -> BibliographyEntry:
    """Makes an entry; reports an invalid address, DOI or key, and leaves out a date that is not a period."""
    parsed = {**parts, "language": find_language(parts["language"], parts["title"])}
    for name, parse in (("url", values.parse_url), ("doi", values.parse_doi)):
        try:
            parsed[name] = (
                parse(quote(parsed[name], safe=_SAFE_IN_URL) if name == "url" else parsed[name]) if parsed[name] else ""
            )
        except values.BadValueError as problem:
            sink.add_error(f"bad-{name}", location, problem.message, problem.hint)
    try:
        values.parse_period(parsed["date"])
    except values.BadValueError:
        parsed["date"] = ""
    slug = make_slug(key)
    if not slug:
        sink.add_error(
            "bad-id", location, f"the key '{key}' cannot be used as an id", "rename it with ASCII letters or digits"
        )
    return BibliographyEntry(id=slug, location=location, **parsed)


def _order_name(name: str) -> str:
    """Returns a name in reading order: `Müller, Anna` becomes `Anna Müller`, and `others` becomes "et al."."""
    if name.strip() == "others":
        return "et al."
    last, comma, first = name.strip().partition(",")
    return join_name(first.strip(), last.strip()) if comma else name.strip()


def _join_date(year: str, month: str) -> str:
    """Returns `2026-03` for a year and the number or English name of a month; the year alone without a known month."""
    number = (
        int(month)
        if month.isdecimal()
        else next((index for index, name in enumerate(_MONTHS, 1) if month.lower().startswith(name)), 0)
    )
    return f"{year}-{number:02}" if year and 1 <= number <= 12 else year


def _format_csl_name(name: Any) -> str:
    if not isinstance(name, dict):
        return ""
    return str(name.get("literal") or join_name(str(name.get("given") or ""), str(name.get("family") or "")))


def _read_csl_markup(title: str) -> str:
    raised = _CSL_SCRIPT.sub(
        lambda match: raise_or_lower_digits(match[2], is_raised=match[1] == "sup") or match[0], title
    )
    return _CSL_EMPHASIS.sub("", raised)


def _format_csl_date(issued: Any) -> str:
    parts = issued.get("date-parts") if isinstance(issued, dict) else None
    if not parts or not isinstance(parts, list) or not isinstance(parts[0], list):
        return str(issued.get("raw", "")) if isinstance(issued, dict) else ""
    return "-".join(str(part).zfill(4 if index == 0 else 2) for index, part in enumerate(parts[0]) if part)
