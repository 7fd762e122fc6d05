"""Writes a difference as a single HTML page that can be passed on: self-contained, without script or network, in light
and dark mode.
"""

from collections.abc import Sequence
from itertools import groupby

from markupsafe import Markup

from brief.model.access import Clearance
from brief.model.catalogue import Catalogue
from brief.model.difference import (
    ArtifactChange,
    ContentDifference,
    DriftKind,
    PackDifference,
    QuantityChange,
    RecordChange,
    SettingChange,
)
from brief.templating.plain import Plain, record_to_plain, to_plain
from brief.templating.sandbox import render
from brief.templating.template_set import TemplateSet, find_template_set
from brief.writers.html import build_screen_stylesheet

_PAGE = "difference/page.html.j2"
_STYLES = ("screen.css", "difference/page.css")
_RECORDS = (
    ("settings", "Brief and audiences", ("brief", "audience")),
    ("blocks", "Themes and blocks", ("theme", "block")),
    ("evidence", "Sources and claims", ("source", "claim", "dataset")),
    ("names", "Glossary", ("term",)),
    ("interface", "Interface words", ("catalogue",)),
)


def render_difference_page(
    difference: ContentDifference | PackDifference, template_set: TemplateSet | None = None
) -> bytes:
    """Returns the page in UTF-8, in the look of `template_set`, or of `base` if that set has no such page.

    Raises:
        ContentError: a template of the set has errors.
    """
    chosen = (
        template_set if template_set is not None and _PAGE in template_set.list_names() else find_template_set("base")
    )
    parts = _describe_content(difference) if isinstance(difference, ContentDifference) else _describe_pack(difference)
    context: dict[str, Plain] = {
        "title": difference.title,
        "old": difference.old,
        "new": difference.new,
        "notice": _write_notice(difference),
        "parts": [part for part in parts if part["entries"]],
        "stylesheet": Markup(build_screen_stylesheet("en", chosen, *_STYLES)),  # noqa: S704
    }
    return render(chosen, _PAGE, context, Catalogue("en")).encode()


def _write_notice(difference: ContentDifference | PackDifference) -> str | None:
    if not isinstance(difference, ContentDifference) or difference.clearance == Clearance.PUBLIC:
        return None
    return f"For editors only: contains content with clearance up to “{difference.clearance.name}”"


def _describe_content(difference: ContentDifference) -> list[dict[str, Plain]]:
    parts = [_make_part("figures", "Figures", "figures", [_describe_figure(figure) for figure in difference.figures])]
    for name, title, kinds in _RECORDS:
        entries = [_describe_record(record) for record in difference.records if record.kind in kinds]
        parts.append(_make_part(name, title, "records", entries))
    parts.append(_make_table("templates", "Templates", ("File", "Before", "After"), _list_rows(difference.templates)))
    rows: list[Plain] = [
        [f"{text.name}: {text.part}", ", ".join(text.changed), ", ".join(text.unchanged), str(text.location)]
        for text in sorted(difference.drifts, key=lambda text: text.drift is DriftKind.ALONE)
    ]
    headers = ("Text", "Changed", "Not changed", "Where")
    parts.append(_make_table("translations", "Translations out of step with the source", headers, rows))
    variants: list[Plain] = [
        [f"{variant.audience} {variant.locale}", str(variant.change), ", ".join(variant.blocks) or "–"]
        for variant in difference.variants
    ]
    unchanged = f"Unchanged variants: {difference.unchanged_variants}"
    parts.append(_make_table("variants", "Variants", ("Variant", "Change", "Blocks that changed"), variants, unchanged))
    return parts


def _describe_pack(difference: PackDifference) -> list[dict[str, Plain]]:
    headers = ("", "Before", "After")
    files: list[Plain] = [_describe_file(artifact) for artifact in difference.artifacts]
    unchanged = f"Unchanged files: {difference.unchanged_artifacts}"
    return [
        _make_table("brief", "Brief", headers, _list_rows(difference.settings)),
        _make_table("versions", "Versions", headers, _list_rows(difference.versions)),
        _make_table("fonts", "Fonts", headers, _list_rows(difference.fonts)),
        _make_table("files", "Files", ("File", "Change", "Bytes", "Pages", "Cause"), files, unchanged),
    ]


def _make_part(name: str, title: str, kind: str, entries: list[Plain]) -> dict[str, Plain]:
    return {"id": name, "title": title, "kind": kind, "entries": entries, "count": len(entries)}


def _make_table(
    name: str, title: str, columns: Sequence[str], rows: list[Plain], note: str | None = None
) -> dict[str, Plain]:
    return _make_part(name, title, "table", rows) | {"columns": list(columns), "note": note}


def _describe_record(record: RecordChange) -> Plain:
    texts: list[Plain] = [
        {"part": part, "wordings": [to_plain(wording) for wording in wordings]}
        for part, wordings in groupby(record.wordings, lambda wording: wording.part)
    ]
    return record_to_plain(record) | {"texts": texts}


def _describe_figure(figure: QuantityChange) -> Plain:
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


def _list_rows(settings: Sequence[SettingChange]) -> list[Plain]:
    return [[setting.part, setting.old or "none", setting.new or "none"] for setting in settings]


def _describe_file(artifact: ArtifactChange) -> Plain:
    return [
        artifact.path,
        str(artifact.change),
        _format_change(artifact.old_bytes, artifact.new_bytes),
        _format_change(artifact.old_pages, artifact.new_pages),
        {"inputs": "inputs changed", "bytes": "same inputs, different bytes"}.get(artifact.cause, "–"),
    ]


def _format_change(old: int | None, new: int | None) -> str:
    numbers = [f"{number:,}" for number in dict.fromkeys((old, new)) if number is not None]
    return " → ".join(numbers) or "–"
