"""Checks whether a pack matches its manifest: every listed file, and no others."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import datetime
from pathlib import Path
from typing import Any

from brief.model.counts import format_count
from brief.model.diagnostics import Diagnostic
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.publish import paths
from brief.publish.copy_files import Copy
from brief.publish.embargo import parse_embargoes
from brief.publish.paths import MANIFEST, MANIFEST_SCHEMA
from brief.publish.regular_files import read_regular_file

_HEADER: dict[str, type] = {
    "schema": int,
    "brief": str,
    "date": str,
    "versions": dict,
    "fonts": dict,
    "artifacts": list,
}
_ENTRY_FIELDS: dict[str, type] = {
    "path": str,
    "audience": str,
    "locale": str,
    "format": str,
    "media_type": str,
    "bytes": int,
    "sha256": str,
}
_COPY_FIELDS: dict[str, type] = {"of": str, "recipient": str, "number": int}
_BLOCK = 1 << 20
_ATTEMPTS = 20


class _NewerError(ValueError):
    """The manifest was written by a later release."""


@dataclass(frozen=True, slots=True)
class PackVerdict:
    """The result of comparing a pack with its manifest.

    `brief` is empty if the manifest cannot be used. `digest` is the SHA-256 of the manifest; it is empty if the file
    cannot be read. `files` counts the files that the manifest lists.
    """

    brief: str
    digest: str
    files: int
    diagnostics: tuple[Diagnostic, ...]
    embargoes: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def is_consistent(self) -> bool:
        return not self.diagnostics


def verify_pack(folder: str | Path) -> PackVerdict:
    """Compares the pack in `folder` with its manifest; every difference is one diagnostic.

    Links inside the pack are not followed. Codes: `pack-manifest`, `pack-missing`, `pack-changed`, `pack-extra`.
    """
    for _ in range(_ATTEMPTS):
        # Resolved once, so that a build that switches the link meanwhile does not make this read two packs.
        real = Path(os.path.realpath(folder))
        verdict = _verify_folder(real)
        if verdict.is_consistent or Path(os.path.realpath(folder)) == real:
            return verdict
    return verdict


def _verify_folder(folder: Path) -> PackVerdict:
    try:
        data = read_regular_file(folder / MANIFEST, os.O_NOFOLLOW)
    except OSError as problem:
        message = "there is no manifest" if isinstance(problem, FileNotFoundError) else f"{problem.strerror}"
        nested = sorted(path.parent.name for path in folder.glob(f"[!.]*/{MANIFEST}"))
        hint = f"did you mean {folder.name}/{nested[0]}?" if nested else None
        return PackVerdict("", "", 0, (Diagnostic("pack-manifest", message, SourceLocation(MANIFEST), hint),))
    digest = hashlib.sha256(data).hexdigest()
    try:
        document = _parse_manifest(data)
    except _NewerError as problem:
        hint = "use the release of brief that built the pack, or a later one"
        return PackVerdict("", digest, 0, (Diagnostic("pack-manifest", str(problem), SourceLocation(MANIFEST), hint),))
    except ValueError as problem:
        hint = "the file was cut short or changed; build again"
        return PackVerdict("", digest, 0, (Diagnostic("pack-manifest", str(problem), SourceLocation(MANIFEST), hint),))
    entries = {entry["path"]: entry for entry in _list_entries(document)}
    try:
        diagnostics = tuple(_compare_files(folder, entries))
    except OSError as problem:
        diagnostics = (Diagnostic("pack-missing", f"{problem.filename}: {problem.strerror}", SourceLocation(MANIFEST)),)
    return PackVerdict(document["brief"], digest, len(entries), diagnostics, parse_embargoes(document))


def _parse_manifest(data: bytes) -> dict[str, Any]:
    """Parses the manifest.

    Raises:
        ValueError: it is not a manifest, or lists a path that no pack may have; the message says why.
        _NewerError: a later release wrote it.
    """
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        raise ValueError("the manifest is not valid JSON") from None
    if isinstance(document, dict) and isinstance(schema := document.get("schema"), int) and schema > MANIFEST_SCHEMA:
        raise _NewerError(f"the manifest has schema {schema}, and this release of brief reads schema {MANIFEST_SCHEMA}")
    _require(document, _HEADER, "the manifest")
    parse_embargoes(document)
    _check_copies(document.get("copies", []))
    listed: set[str] = set()
    for entry in _list_entries(document):
        _require(entry, _ENTRY_FIELDS, "an entry of the manifest")
        path = entry["path"]
        path_problem = paths.find_path_problem(path) or ("it is listed twice" if path in listed else None)
        if path_problem:
            raise ValueError(f"the manifest lists '{path}': {path_problem}")
        listed.add(path)
    return dict(document)


def _list_entries(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Returns the entries of artifacts, and of personal copies if the pack has any."""
    return [*document["artifacts"], *document.get("copies", ())]


def _check_copies(copies: object) -> None:
    """Checks that the copies in a manifest can be read as `Copy`; raises ValueError if not. Their paths are not checked."""
    if not isinstance(copies, list):
        raise ValueError("the manifest needs 'copies' as a list")
    for copy in copies:
        _require(copy, _ENTRY_FIELDS | _COPY_FIELDS, "a copy in the manifest")
        try:
            Copy(**copy)
        except TypeError:
            raise ValueError("a copy in the manifest lacks a field, or has an unknown one") from None


def _require(value: object, fields: dict[str, type], value_name: str) -> None:
    for name, kind in fields.items():
        if not isinstance(value, dict) or not isinstance(value.get(name), kind):
            raise ValueError(f"{value_name} lacks '{name}', or it has the wrong type")


def _compare_files(folder: Path, listed: dict[str, dict[str, Any]]) -> Iterator[Diagnostic]:
    entries = dict(_walk_entries(folder))
    for path, entry in sorted(listed.items()):
        kind = entries.pop(path, "missing")
        if kind == "missing":
            yield Diagnostic("pack-missing", "the file is missing", SourceLocation(path), "build again")
        elif kind != "file":
            yield Diagnostic(
                "pack-changed", f"there is a {kind} where the file was", SourceLocation(path), "build again"
            )
        else:
            difference = _find_difference(folder / path, entry)
            if difference:
                yield Diagnostic("pack-changed", difference, SourceLocation(path), "build again")
    entries.pop(MANIFEST, None)
    for path, kind in sorted(entries.items()):
        yield Diagnostic("pack-extra", f"the manifest does not list this {kind}", SourceLocation(path), "remove it")


def _walk_entries(folder: Path, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yields the path and kind of every file, link and empty folder below `prefix`, as ("a/b.pdf", "file").

    `prefix` is a folder in the pack with a slash at its end; empty for the whole pack.
    """
    with os.scandir(folder / prefix) as entries:
        for entry in entries:
            path = f"{prefix}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                children = list(_walk_entries(folder, f"{path}/"))
                yield from children or [(path, "folder")]
            else:
                yield path, "link" if entry.is_symlink() else "file" if entry.is_file() else "special file"


def _find_difference(path: Path, entry: dict[str, Any]) -> str | None:
    """Returns how a file differs from its entry in the manifest, as a sentence; None if it does not."""
    try:
        size, digest = _read_size_and_digest(path)
    except OSError as problem:
        return f"the file cannot be read: {problem.strerror}"
    if size != entry["bytes"]:
        return f"the file has {format_count(size, 'byte')} instead of {entry['bytes']:,}"
    return None if digest == entry["sha256"] else "the bytes differ from the manifest's digest"


def _read_size_and_digest(path: Path) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            size += len(block)
    return size, digest.hexdigest()
