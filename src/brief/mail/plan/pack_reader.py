"""Reads the pack to be mailed: its contents, and whether it may be sent."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from brief.mail.plan.plan import PackFiles
from brief.model.artifact import Artifact
from brief.model.diagnostics import ContentError, Diagnostic, Severity
from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.publish.approval import find_approval, report_not_approved
from brief.publish.copy_files import Copy
from brief.publish.paths import MANIFEST
from brief.publish.regular_files import read_regular_file
from brief.publish.verify import verify_pack
from brief.store import spool


@dataclass(frozen=True, slots=True)
class VerifiedPack:
    """A pack on disk that matches its manifest.

    `folder` is its real path, `display_path` the path that the user named. `manifest` is the SHA-256 of the manifest,
    `artifacts` the list in it. `copies` is keyed by the recipient's name, the audience, the locale and the copy number.
    """

    folder: Path
    display_path: str
    brief: str
    date: str
    manifest: str
    artifacts: tuple[dict[str, Any], ...]
    copies: Mapping[tuple[str, str, str, int | None], Copy]
    diagnostics: tuple[Diagnostic, ...]

    def find_artifact(self, audience: str, locale: str, format_name: str) -> tuple[str, Artifact] | None:
        """Returns an artifact's path in the pack, and the artifact without its bytes; None if the pack lacks it."""
        for entry in self.artifacts:
            if (entry["audience"], entry["locale"], entry["format"]) == (audience, locale, format_name):
                names = ("audience", "locale", "format", "media_type", "sha256", "inputs", "pages")
                values = {name: entry.get(name) for name in names}
                return entry["path"], Artifact(name=entry["path"].rpartition("/")[2], **values, content=spool())  # type: ignore[arg-type]
        return None

    def find_copy(self, name: str, audience: str, locale: str, number: int | None) -> Copy | None:
        """Returns the copy for exactly this person, variant and number, or None."""
        return self.copies.get((name, audience, locale, number))

    def read(self, path: str, digest: str) -> bytes:
        """Reads a file; raises ContentError if it does not have this SHA-256."""
        return PackFiles(self.folder).read(path, digest)


def open_pack(folder: Path, brief: str, date: str, *, trial: bool = False) -> VerifiedPack:
    """Opens and verifies the pack in `folder`.

    The `diagnostics` of the result say whether its brief or date differs from the arguments, or else whether it is not
    approved, which is a warning in a `trial`.

    Raises:
        ContentError: the pack does not match its manifest; each difference is one diagnostic.
    """
    # The link is resolved once, because a build may switch it to another pack at any time.
    resolved = Path(os.path.realpath(folder))
    verdict = verify_pack(resolved)
    if not verdict.is_consistent:
        raise ContentError(_locate(folder, diagnostic) for diagnostic in verdict.diagnostics)
    document = json.loads(read_regular_file(resolved / MANIFEST))
    copies = [Copy(**copy) for copy in document.get("copies", ())]
    verified = VerifiedPack(
        folder=resolved,
        display_path=folder.as_posix(),
        brief=document["brief"],
        date=document["date"],
        manifest=verdict.digest,
        artifacts=tuple(document["artifacts"]),
        copies={(c.recipient, c.audience, c.locale, c.number): c for c in copies},
        diagnostics=(),
    )
    approved = find_approval(resolved, verdict) is not None
    return replace(verified, diagnostics=tuple(_check(verified, folder, brief, date, approved, trial)))


def _check(
    verified: VerifiedPack, folder: Path, brief: str, date: str, approved: bool, trial: bool
) -> Iterator[Diagnostic]:
    location = SourceLocation(folder.as_posix())
    if (verified.brief, verified.date) != (brief, date):
        message = f"the pack is '{verified.brief}' of {verified.date}, but the project is '{brief}' of {date}"
        yield Diagnostic("other-pack", message, location, "build it again, or name another one with --pack")
    elif not approved:
        yield report_not_approved(folder, Severity.WARNING if trial else Severity.ERROR)


def _locate(folder: Path, diagnostic: Diagnostic) -> Diagnostic:
    return replace(
        diagnostic, location=replace(diagnostic.location, file=(folder / diagnostic.location.file).as_posix())
    )
