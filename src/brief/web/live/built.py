"""Finds which artifacts are in the last pack, and which of them are stale."""

import json
from pathlib import Path, PurePosixPath
from typing import Any

from brief.build.render import fingerprint_variant
from brief.project.project import Project
from brief.publish.pack import MANIFEST
from brief.publish.regular_files import read_regular_file
from brief.templating.plain import Plain

_OUTPUT = "output"
_MAX_BYTES = 20_000_000


def read_manifest(project: Project) -> tuple[Path, list[dict[str, Any]]]:
    """Returns the folder of the project's pack in `output/`, and the artifacts in its manifest.

    The list is empty if there is no such pack, or if its manifest is damaged.
    """
    folder = project.root / _OUTPUT / str(project.brief.settings.id)
    try:
        document = json.loads(read_regular_file(folder / MANIFEST)[:_MAX_BYTES])
        artifacts = document["artifacts"]
        return folder, [artifact for artifact in artifacts if isinstance(artifact, dict)]
    except (OSError, ValueError, KeyError, TypeError):
        return folder, []


def find_built_page(project: Project, audience: str, locale: str) -> bytes | None:
    """Returns the HTML of a variant in the last pack; None if the pack does not contain it."""
    folder, artifacts = read_manifest(project)
    for artifact in artifacts:
        if (artifact.get("audience"), artifact.get("locale"), artifact.get("format")) == (audience, locale, "html"):
            path = PurePosixPath(str(artifact.get("path")))
            if path.is_absolute() or ".." in path.parts:
                return None
            try:
                return (folder / path).read_bytes()
            except OSError:
                return None
    return None


def list_build_states(project: Project, audience: str) -> list[Plain]:
    """Returns a row for each locale with the state of each format of the audience: "current", "stale" or "missing"."""
    folder, artifacts = read_manifest(project)
    built = {(each.get("locale"), each.get("format")): each for each in artifacts if each.get("audience") == audience}
    template_set = project.get_template_set(audience)
    rows: list[Plain] = []
    for locale in project.brief.locales:
        inputs = fingerprint_variant(project.make_variant(audience, locale), template_set)
        states: dict[str, Plain] = {}
        for ref in project.brief.audiences[audience].formats:
            artifact = built.get((locale, ref.name))
            is_there = artifact is not None and (folder / str(artifact.get("path"))).is_file()
            is_current = artifact is not None and artifact.get("inputs") == inputs
            states[ref.name] = ("current" if is_current else "stale") if is_there else "missing"
        rows.append({"locale": locale, "states": states})
    return rows
