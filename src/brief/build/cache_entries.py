"""The format of artifacts and packs in the store: a line of JSON, followed for an artifact by its bytes."""

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from brief.build import fingerprint
from brief.model.artifact import Artifact
from brief.model.diagnostics import Diagnostic
from brief.publish.pack import Pack
from brief.store import Store, digest
from brief.store.spooled_bytes import SpooledBytes

_STORED_FIELDS = ("name", "audience", "locale", "media_type", "sha256", "pages")


def find_artifact(
    store: Store, origin: str, format_name: str, machine: str
) -> tuple[Artifact, tuple[Diagnostic, ...]] | None:
    """Returns the stored artifact in the format `format_name` from inputs with the digest `origin`, and its warnings.

    `machine` is the digest of the program and the fonts that it was made with. Returns None if there is no such
    artifact.
    """
    entry = store.get_spooled(digest("artifact", origin, format_name, machine))
    if entry is None:
        return None
    line = _read_line(entry)
    record = json.loads(line)
    artifact = Artifact(**record["artifact"], inputs=origin, format=format_name, content=entry.skip(len(line)))
    return artifact, _read_diagnostics(record["diagnostics"])


def keep_artifact(store: Store, artifact: Artifact, diagnostics: Iterable[Diagnostic], machine: str) -> None:
    """Stores an artifact that was made with the program and fonts with the digest `machine`."""
    fields = {name: getattr(artifact, name) for name in _STORED_FIELDS}
    record = {"artifact": fields, "diagnostics": [each.to_json() for each in diagnostics]}
    key = digest("artifact", artifact.inputs, artifact.format, machine)
    store.put(key, json.dumps(record).encode() + b"\n", artifact.content)


def find_pack(store: Store, key: str) -> tuple[Pack, tuple[Diagnostic, ...]] | None:
    """Returns the pack stored under the key, and the warnings of its checks; None if there is no pack or one of its
    artifacts is missing.
    """
    entry = store.get(key)
    if entry is None:
        return None
    record = json.loads(entry)
    artifacts = []
    machine = fingerprint.fingerprint_machine()
    for listed in record["artifacts"]:
        found = find_artifact(store, listed["inputs"], listed["format"], machine)
        if found is None or found[0].sha256 != listed["sha256"]:
            return None
        artifacts.append(replace(found[0], inspected=listed["inspected"]))
    pack = Pack(
        **record["pack"],
        artifacts=tuple(artifacts),
        diagnostics=_read_diagnostics(record["diagnostics"]),
        reused=len(artifacts),
    )
    return pack, _read_diagnostics(record["checks"])


def keep_pack(store: Store, key: str, pack: Pack, checks: Iterable[Diagnostic]) -> None:
    """Stores a pack and the warnings of its checks under the key; its artifacts are already in the store."""
    artifacts = [
        {name: getattr(artifact, name) for name in ("inputs", "format", "sha256", "inspected")} for artifact in pack
    ]
    record = {
        "pack": {
            "brief": pack.brief,
            "date": pack.date,
            "versions": dict(pack.versions),
            "fonts": dict(pack.fonts),
            "embargoes": dict(pack.embargoes),
        },
        "artifacts": artifacts,
        "diagnostics": [each.to_json() for each in pack.diagnostics],
        "checks": [each.to_json() for each in checks],
    }
    store.put(key, json.dumps(record).encode())


def _read_line(entry: SpooledBytes) -> bytes:
    """Returns the first line of an entry, with its end."""
    line = b""
    for chunk in entry.read_chunks():
        start, end, _ = chunk.partition(b"\n")
        line += start + end
        if end:
            break
    return line


def _read_diagnostics(records: Iterable[dict[str, Any]]) -> tuple[Diagnostic, ...]:
    return tuple(map(Diagnostic.from_json, records))
