"""A pack: artifacts and the manifest that lists them."""

import json
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, field, replace
from html import escape
from itertools import chain
from pathlib import Path

from brief.inspection.documents import list_inspections
from brief.model.artifact import Artifact, Content
from brief.model.diagnostics import Diagnostic
from brief.model.record import dataclass
from brief.publish.copy_files import Copies
from brief.publish.embargo import KEY as EMBARGOES
from brief.publish.output import ARCHIVE, FilesInParts, publish
from brief.publish.paths import MANIFEST, MANIFEST_SCHEMA, make_safe_stem, require_safe

__all__ = ["ARCHIVE", "MANIFEST", "Pack", "make_artifact_path"]

# The key under which a manifest lists the codes of the warnings with which the pack was built.
WARNINGS = "warnings"

# A notebook stores what it shows, so files larger than this are listed without a link.
_MAX_LINKED_BYTES = 2_000_000


@dataclass(frozen=True, slots=True, repr=False)
class Pack:
    """The artifacts of one request; `pack["investor", "zh-Hant", "pdf"]` is one of them.

    `embargoes` maps audiences to the times of their embargoes, in ISO 8601 (see `brief.publish.embargo`). `diagnostics`
    has the warnings of rendering; `reused` counts the artifacts that came from the cache.
    """

    brief: str
    date: str
    artifacts: tuple[Artifact, ...]
    versions: Mapping[str, str]
    fonts: Mapping[str, str] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()
    copies: Copies | None = field(default=None, repr=False)
    reused: int = field(default=0, compare=False)
    embargoes: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, key: tuple[str, str, str]) -> Artifact:
        for artifact in self.artifacts:
            if (artifact.audience, artifact.locale, artifact.format) == key:
                return artifact
        raise KeyError(key)

    def __repr__(self) -> str:
        count = len(self.artifacts)
        size = _format_size(sum(artifact.content.size for artifact in self.artifacts))
        return f"<Pack '{self.brief}' of {self.date}: {count} artifact{'' if count == 1 else 's'}, {size}>"

    def _repr_html_(self) -> str:
        """Renders a table for notebooks: each artifact with its size and, unless it is large, a link that saves it."""
        rows = ""
        for artifact in self.artifacts:
            name, pages = escape(artifact.name), artifact.pages or ""
            if artifact.content.size <= _MAX_LINKED_BYTES:
                body = b64encode(artifact.data).decode()
                address = f"data:{escape(artifact.media_type)};base64,{body}"
                name = f'<a download="{name}" href="{address}">{name}</a>'
            cells = (escape(artifact.audience), escape(artifact.locale), escape(artifact.format), name)
            size = _format_size(artifact.content.size)
            rows += f"<tr>{''.join(f'<td>{cell}</td>' for cell in (*cells, size, pages))}</tr>"
        headers = "".join(f"<th>{header}</th>" for header in ("audience", "locale", "format", "file", "size", "pages"))
        title = f"<p><strong>{escape(self.brief)}</strong>, {escape(self.date)}</p>"
        return f"{title}<table><thead><tr>{headers}</tr></thead><tbody>{rows}</tbody></table>"

    def __iter__(self) -> Iterator[Artifact]:
        return iter(self.artifacts)

    def __len__(self) -> int:
        return len(self.artifacts)

    def select_audience(self, audience: str) -> "Pack":
        """Returns what one audience gets: no other audience's artifacts, no copies and no diagnostics."""
        artifacts = tuple(artifact for artifact in self.artifacts if artifact.audience == audience)
        embargoes = {name: time for name, time in self.embargoes.items() if name == audience}
        return replace(self, artifacts=artifacts, diagnostics=(), copies=None, embargoes=embargoes)

    def list_files(self) -> Mapping[str, bytes]:
        """Returns the bytes of every artifact and copy, keyed by path inside the pack.

        Raises:
            ContentError: a name leads out of the pack, or two names are the same file on some systems.
        """
        contents = {make_artifact_path(artifact): artifact.content for artifact in self.artifacts}
        copies: Mapping[str, bytes] = self.copies or {}
        require_safe([*map(make_artifact_path, self.artifacts), *copies])
        return _Files(contents, copies)

    def make_manifest(self, location: Callable[[Artifact], str] | None = None) -> bytes:
        """Returns the bytes of `manifest.json`: the path, digest and origin of each artifact, and the versions.

        `location` returns the path of an artifact; the default is `make_artifact_path`.
        """
        entries = [
            {
                "path": (location or make_artifact_path)(artifact),
                "audience": artifact.audience,
                "locale": artifact.locale,
                "format": artifact.format,
                "media_type": artifact.media_type,
                "bytes": artifact.content.size,
                "sha256": artifact.sha256,
                "pages": artifact.pages,
                "inputs": artifact.inputs,
                "inspected": artifact.inspected,
                "inspections": list(list_inspections(artifact.format)) if artifact.inspected else [],
            }
            for artifact in self.artifacts
        ]
        document: dict[str, object] = {
            "schema": MANIFEST_SCHEMA,
            "brief": self.brief,
            "date": self.date,
            "versions": dict(sorted(self.versions.items())),
            "fonts": dict(sorted(self.fonts.items())),
            "artifacts": entries,
        }
        if self.embargoes:
            document[EMBARGOES] = dict(sorted(self.embargoes.items()))
        if self.diagnostics:
            document[WARNINGS] = sorted({each.code for each in self.diagnostics})
        if self.copies:
            document["copies"] = [asdict(copy) for copy in self.copies.records]
        return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()

    def write(self, folder: str | Path) -> Path:
        """Writes the pack to `folder/<brief>` in place of what was there, all of it or nothing, and returns that path.

        Raises:
            ContentError: a name leads out of the pack, or two names are the same file on some systems.
            RequestError: output may not be written to the folder (see `require_output_folder`).
            MachineError: the folder cannot be written to; the message says which output is in place.
            OutputLockedError: another build is writing there.
        """
        return publish(Path(folder), self.brief, self.list_files(), self.make_manifest())


def make_artifact_path(artifact: Artifact) -> str:
    """Returns the artifact's path inside the pack: `<audience>/<name>`, or the name alone for an archive."""
    return artifact.name if artifact.format == ARCHIVE else f"{make_safe_stem(artifact.audience)}/{artifact.name}"


def _format_size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB" if count >= 1_000_000 else f"{-(-count // 1000)} kB"


class _Files(FilesInParts):
    """The files of artifacts and copies: each is read on access."""

    def __init__(self, contents: Mapping[str, Content], copies: Mapping[str, bytes]) -> None:
        self._contents = contents
        self._copies = copies

    def __getitem__(self, name: str) -> bytes:
        content = self._contents.get(name)
        return self._copies[name] if content is None else content.read()

    def read_chunks(self, name: str) -> Iterator[bytes]:
        content = self._contents.get(name)
        return iter((self._copies[name],)) if content is None else content.read_chunks()

    def __iter__(self) -> Iterator[str]:
        return chain(self._contents, self._copies)

    def __len__(self) -> int:
        return len(self._contents) + len(self._copies)
