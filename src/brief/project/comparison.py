"""Compares two project folders or two packs."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from brief.diff import compare
from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.difference import ArtifactChange, Change, ContentDifference, PackDifference, SettingChange
from brief.model.source_location import SourceLocation
from brief.project.project import Project
from brief.project.revisions import ComparisonSide
from brief.publish.pack import MANIFEST


def compare_projects(old: Project, new: Project, names: tuple[str, str]) -> ContentDifference:
    """Compares the content and the projects' own template files; `names` are those of the two sides in the result."""
    return compare.compare_briefs(old.brief, new.brief, names, _compare_templates(old.root, new.root))


def compare_packs(old: ComparisonSide, new: ComparisonSide) -> PackDifference:
    """Compares the manifests of two packs. The files themselves are not read.

    Raises:
        ContentError: a file is not the manifest of a pack (`bad-manifest`).
    """
    was, now = _read_manifest(old.folder), _read_manifest(new.folder)
    before, after = _index_artifacts(was), _index_artifacts(now)
    changes = [
        change
        for path in dict.fromkeys((*after, *before))
        if (change := _compare_artifact(path, before.get(path), after.get(path))) is not None
    ]
    return PackDifference(
        old=old.name,
        new=new.name,
        title=str(now.get("brief", "")),
        settings=tuple(_compare_settings(*({key: side.get(key) for key in ("brief", "date")} for side in (was, now)))),
        versions=tuple(_compare_settings(was.get("versions", {}), now.get("versions", {}))),
        fonts=tuple(_compare_settings(was.get("fonts", {}), now.get("fonts", {}))),
        artifacts=tuple(changes),
        unchanged_artifacts=len({*before, *after}) - len(changes),
    )


def _compare_templates(old: Path, new: Path) -> tuple[SettingChange, ...]:
    return tuple(
        _compare_settings(
            *({f"templates/{name}": sha for name, sha in _digest_files(root).items()} for root in (old, new))
        )
    )


def _digest_files(root: Path) -> dict[str, str]:
    folder = root / "templates"
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:12] for path in paths}


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text("utf-8"))
        if not all(isinstance(entry["path"], str) for entry in manifest["artifacts"]):
            raise TypeError
        if not all(isinstance(manifest.get(key, {}), dict) for key in ("versions", "fonts")):
            raise TypeError
    except (ValueError, KeyError, TypeError, RecursionError):
        problem = Diagnostic(
            "bad-manifest", "this is not the manifest of a pack", SourceLocation(str(path)), "build the pack again"
        )
        raise ContentError([problem]) from None
    return dict(manifest)


def _index_artifacts(manifest: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {entry["path"]: entry for entry in manifest["artifacts"]}


def _compare_artifact(path: str, old: dict[str, Any] | None, new: dict[str, Any] | None) -> ArtifactChange | None:
    before, after = old or {}, new or {}
    if old is not None and new is not None and before.get("sha256") == after.get("sha256"):
        return None
    change = Change.ADDED if old is None else Change.REMOVED if new is None else Change.CHANGED
    cause = "inputs" if before.get("inputs") != after.get("inputs") else "bytes"
    return ArtifactChange(
        path=path,
        change=change,
        cause=cause if change is Change.CHANGED else "",
        old_bytes=before.get("bytes"),
        new_bytes=after.get("bytes"),
        old_pages=before.get("pages"),
        new_pages=after.get("pages"),
    )


def _compare_settings(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[SettingChange]:
    return [
        SettingChange(name, _to_text(old.get(name)), _to_text(new.get(name)))
        for name in dict.fromkeys((*new, *old))
        if old.get(name) != new.get(name)
    ]


def _to_text(value: Any) -> str | None:
    return None if value is None else str(value)
