"""A pack: artifacts and the manifest that lists them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from brief.model.artifact import Artifact
from brief.model.diagnostics import Diagnostic

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Pack:
    """The artifacts of one order. `pack["investor", "zh-Hant", "pdf"]` is one of them.

    `diagnostics` are the warnings that came up while rendering; `reused` counts the artifacts that an earlier build
    had made from the same inputs.
    """

    brief: str
    date: str
    artifacts: tuple[Artifact, ...]
    versions: Mapping[str, str]
    fonts: Mapping[str, str] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()
    reused: int = field(default=0, compare=False)

    def __getitem__(self, key: tuple[str, str, str]) -> Artifact:
        for artifact in self.artifacts:
            if (artifact.audience, artifact.locale, artifact.format) == key:
                return artifact
        raise KeyError(key)

    def __iter__(self) -> Iterator[Artifact]:
        return iter(self.artifacts)

    def __len__(self) -> int:
        return len(self.artifacts)

    def manifest(self) -> bytes:
        """`manifest.json`: per artifact its path, digest and origin, and once what made them."""
        listed = [
            {
                "path": path(artifact),
                "audience": artifact.audience,
                "locale": artifact.locale,
                "format": artifact.format,
                "media_type": artifact.media_type,
                "bytes": len(artifact.data),
                "sha256": artifact.sha256,
                "pages": artifact.pages,
                "inputs": artifact.inputs,
            }
            for artifact in self.artifacts
        ]
        document = {
            "brief": self.brief,
            "date": self.date,
            "versions": dict(sorted(self.versions.items())),
            "fonts": dict(sorted(self.fonts.items())),
            "artifacts": listed,
        }
        return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()

    def write(self, folder: str | Path) -> Path:
        """Writes the pack to `folder/<brief>`, whole or not at all, and returns that path.

        Raises:
            MachineError: the folder cannot be written to; what was there before still stands.
            OutputLockedError: another build is writing there.
        """
        from brief.press.output import publish

        files = {path(artifact): artifact.data for artifact in self.artifacts}
        return publish(Path(folder), self.brief, files, self.manifest())


def path(artifact: Artifact) -> str:
    """Where the artifact stands inside the pack: `<audience>/<name>`."""
    return f"{artifact.audience}/{artifact.name}"
