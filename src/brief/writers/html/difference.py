"""A difference as one page that can be sent round: self-contained, without script or network, light and dark."""

from collections.abc import Sequence
from itertools import groupby

from markupsafe import Markup

from brief.model.access import Clearance
from brief.model.catalogue import Catalogue
from brief.model.difference import (
    ArtifactChange,
    ContentDifference,
    FigureChange,
    Follow,
    PackDifference,
    Record,
    Setting,
)
from brief.templating.plain import Plain, plain, plain_record
from brief.templating.sandbox import render
from brief.templating.template_set import TemplateSet, find_set
from brief.writers.html import stylesheet

_PAGE = "difference/page.html.j2"
_STYLES = ("screen.css", "difference/page.css")
_RECORDS = (
    ("settings", "Brief and audiences", ("brief", "audience")),
    ("blocks", "Themes and blocks", ("theme", "block")),
    ("evidence", "Sources and claims", ("source", "claim")),
    ("names", "Names", ("term",)),
    ("interface", "Interface words", ("catalogue",)),
)


def difference_page(difference: ContentDifference | PackDifference, look_set: TemplateSet | None = None) -> bytes:
    """The page in UTF-8, in the look of `look_set`; where that has no such page, in that of `base`.

    Raises:
        ContentError: a template of the set is faulty.
    """
    chosen = look_set if look_set is not None and _PAGE in look_set.names() else find_set("base")
    parts = _content(difference) if isinstance(difference, ContentDifference) else _pack(difference)
    context: dict[str, Plain] = {
        "title": difference.title,
        "old": difference.old,
        "new": difference.new,
        "notice": _notice(difference),
        "parts": [part for part in parts if part["entries"]],
        "stylesheet": Markup(stylesheet("en", chosen, *_STYLES)),  # noqa: S704
    }
    return render(chosen, _PAGE, context, Catalogue("en")).encode()


def _notice(difference: ContentDifference | PackDifference) -> str | None:
    if not isinstance(difference, ContentDifference) or difference.clearance is Clearance.PUBLIC:
        return None
    return f"For the editors: holds content of clearance “{difference.clearance.name.lower()}”"


def _content(difference: ContentDifference) -> list[dict[str, Plain]]:
    parts = [_part("figures", "Figures", "figures", [_figure(figure) for figure in difference.figures])]
    for name, title, kinds in _RECORDS:
        entries = [_record(record) for record in difference.records if record.kind in kinds]
        parts.append(_part(name, title, "records", entries))
    parts.append(_table("templates", "Templates", ("File", "Before", "After"), _rows(difference.templates)))
    late: list[Plain] = [
        [f"{text.name}: {text.part}", ", ".join(text.changed), ", ".join(text.unchanged), str(text.place)]
        for text in sorted(difference.unfollowed, key=lambda text: text.follow is Follow.ALONE)
    ]
    heads = ("Text", "Changed", "Not changed", "Where")
    parts.append(_table("translations", "Translations that did not follow", heads, late))
    editions: list[Plain] = [
        [f"{edition.audience} {edition.locale}", str(edition.change), ", ".join(edition.blocks) or "–"]
        for edition in difference.editions
    ]
    unchanged = f"{difference.unchanged_editions} editions read as before."
    parts.append(
        _table("editions", "Editions", ("Edition", "Change", "Blocks that read otherwise"), editions, unchanged)
    )
    return parts


def _pack(difference: PackDifference) -> list[dict[str, Plain]]:
    heads = ("", "Before", "After")
    files: list[Plain] = [_file(artifact) for artifact in difference.artifacts]
    unchanged = f"{difference.unchanged_artifacts} files are unchanged."
    return [
        _table("brief", "Brief", heads, _rows(difference.settings)),
        _table("versions", "Versions", heads, _rows(difference.versions)),
        _table("fonts", "Fonts", heads, _rows(difference.fonts)),
        _table("files", "Files", ("File", "Change", "Bytes", "Pages", "Cause"), files, unchanged),
    ]


def _part(name: str, title: str, kind: str, entries: list[Plain]) -> dict[str, Plain]:
    return {"id": name, "title": title, "kind": kind, "entries": entries, "count": len(entries)}


def _table(
    name: str, title: str, columns: Sequence[str], rows: list[Plain], note: str | None = None
) -> dict[str, Plain]:
    return _part(name, title, "table", rows) | {"columns": list(columns), "note": note}


def _record(record: Record) -> Plain:
    texts: list[Plain] = [
        {"part": part, "wordings": [plain(wording) for wording in wordings]}
        for part, wordings in groupby(record.wordings, lambda wording: wording.part)
    ]
    return plain_record(record) | {"texts": texts}


def _figure(figure: FigureChange) -> Plain:
    locales = dict.fromkeys((*figure.new, *figure.old))
    return {
        "claim": figure.claim,
        "derived": figure.derived,
        "printed": [*figure.themes, *figure.blocks],
        "audiences": list(figure.audiences),
        "words": [
            {"locale": tag, "old": old, "new": new}
            for tag in locales
            if (old := figure.old.get(tag)) != (new := figure.new.get(tag))
        ],
    }


def _rows(settings: Sequence[Setting]) -> list[Plain]:
    return [[setting.part, setting.old or "none", setting.new or "none"] for setting in settings]


def _file(artifact: ArtifactChange) -> Plain:
    return [
        artifact.path,
        str(artifact.change),
        _change(artifact.old_bytes, artifact.new_bytes),
        _change(artifact.old_pages, artifact.new_pages),
        {"inputs": "other inputs", "bytes": "same inputs, other bytes"}.get(artifact.cause, "–"),
    ]


def _change(old: int | None, new: int | None) -> str:
    told = [f"{number:,}" for number in dict.fromkeys((old, new)) if number is not None]
    return " → ".join(told) or "–"
