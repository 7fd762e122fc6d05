"""Archives of packs, the same bytes for the same pack: one for each audience, or one of the whole pack."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from brief.model.artifact import Artifact
from brief.model.source_location import SourceLocation
from brief.publish.approval import Clock, get_current_time
from brief.publish.embargo import KEY as EMBARGOES
from brief.publish.embargo import parse_embargoes, require_released
from brief.publish.pack import ARCHIVE, Pack, make_artifact_path
from brief.publish.paths import MANIFEST, make_safe_stem, require_safe
from brief.store.spooled_bytes import SpooledBytes, digest_content
from brief.store.zip_writer import ZipWriter

_MEDIA_TYPE = "application/zip"
# ISO 639-2: several languages.
_LOCALE = "mul"
# Compressed already; compressing again gains nothing.
_COMPRESSED_TYPES = ("application/pdf", "application/vnd.openxmlformats", "image/")


def add_archives(pack: Pack, clock: Clock = get_current_time) -> Pack:
    """Returns the pack with the archives of `make_archives` added; raises as that does."""
    return replace(pack, artifacts=(*pack.artifacts, *make_archives(pack, clock)))


def make_archives(pack: Pack, clock: Clock = get_current_time) -> tuple[Artifact, ...]:
    """Makes an archive for every audience of the pack, in the pack's order.

    The members of an archive are in one folder, `<brief>.<audience>`: the artifacts in their order, and a manifest for
    only this audience.

    Raises:
        ContentError: an artifact's name leads out of that folder, two names are the same file on some systems, or an
            audience is under embargo.
    """
    _require_archivable_pack(pack, clock)
    audiences = dict.fromkeys(artifact.audience for artifact in pack if artifact.format != ARCHIVE)
    return tuple(_archive_audience(pack, audience) for audience in audiences)


def archive_pack(pack: Pack, clock: Clock = get_current_time) -> SpooledBytes:
    """Makes one archive of the pack, with the paths that `Pack.write` would write below `<brief>`.

    Raises:
        ContentError: a name leads out of the pack, two names are the same file on some systems, or an audience is under
            embargo.
    """
    _require_archivable_pack(pack, clock)
    types = {make_artifact_path(artifact): artifact.media_type for artifact in pack}
    with ZipWriter() as archive:
        for name, data in pack.list_files().items():
            _add(archive, f"{make_safe_stem(pack.brief)}/{name}", data, types[name])
        _add(archive, f"{make_safe_stem(pack.brief)}/{MANIFEST}", pack.make_manifest(), "application/json")
        return archive.finish()


def require_archivable(embargoes: Mapping[str, datetime], clock: Clock = get_current_time) -> None:
    """Checks that no audience is under embargo; raises a ContentError otherwise."""
    hint = "build without an archive, or make it after that time"
    require_released(embargoes, clock(), SourceLocation(MANIFEST), hint)


def _require_archivable_pack(pack: Pack, clock: Clock) -> None:
    require_archivable(parse_embargoes({EMBARGOES: dict(pack.embargoes)}), clock)


def _archive_audience(pack: Pack, audience: str) -> Artifact:
    members = [artifact for artifact in pack.select_audience(audience) if artifact.format != ARCHIVE]
    require_safe(artifact.name for artifact in members)
    audience_pack = replace(pack.select_audience(audience), artifacts=tuple(members))
    manifest = audience_pack.make_manifest(lambda artifact: artifact.name)
    stem = make_safe_stem(f"{pack.brief}.{audience}")
    with ZipWriter() as archive:
        for artifact in members:
            _add(archive, f"{stem}/{artifact.name}", artifact.data, artifact.media_type)
        _add(archive, f"{stem}/{MANIFEST}", manifest, "application/json")
        content = archive.finish()
    return Artifact(
        name=f"{stem}.zip",
        audience=audience,
        locale=_LOCALE,
        format=ARCHIVE,
        media_type=_MEDIA_TYPE,
        sha256=digest_content(content),
        inputs=hashlib.sha256(manifest).hexdigest(),
        inspected=all(artifact.inspected for artifact in members),
        content=content,
    )


def _add(archive: ZipWriter, name: str, data: bytes, media_type: str) -> None:
    archive.add(name, data, compress=not media_type.startswith(_COMPRESSED_TYPES), level=9)
