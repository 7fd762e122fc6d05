"""Zip archives of packs, the same bytes for the same pack: one per audience with only its files, or one of the whole pack."""

import hashlib
import io
import zipfile

from brief.model.artifact import Artifact
from brief.publish.pack import ARCHIVE, Pack, artifact_path
from brief.publish.paths import MANIFEST, require_safe, safe_stem

_MEDIA_TYPE = "application/zip"
# ISO 639-2: several languages.
_LOCALE = "mul"
# The earliest time that the format can record (APPNOTE 4.4.6).
_MOMENT = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_MODE = 0o100644 << 16
# These are compressed already; compressing them again gains nothing.
_PACKED = ("application/pdf", "application/vnd.openxmlformats", "image/")


def make_archives(pack: Pack) -> tuple[Artifact, ...]:
    """Makes an archive for every audience of the pack, in the pack's order.

    Its members are in one folder, `<brief>.<audience>`: the artifacts in their order, and a manifest of this audience's
    files only.

    Raises:
        ContentError: an artifact's name leads out of that folder.
    """
    audiences = dict.fromkeys(artifact.audience for artifact in pack if artifact.format != ARCHIVE)
    return tuple(_archive_audience(pack, audience) for audience in audiences)


def archive_pack(pack: Pack) -> bytes:
    """Makes one archive of the whole pack: the files that `Pack.write` would write, under one folder.

    Raises:
        ContentError: a name leads out of that folder.
    """
    types = {artifact_path(artifact): artifact.media_type for artifact in pack}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in pack.files().items():
            _add(archive, f"{safe_stem(pack.brief)}/{name}", data, types[name])
        _add(archive, f"{safe_stem(pack.brief)}/{MANIFEST}", pack.manifest(), "application/json")
    return buffer.getvalue()


def _archive_audience(pack: Pack, audience: str) -> Artifact:
    own = [artifact for artifact in pack.only(audience) if artifact.format != ARCHIVE]
    require_safe(artifact.name for artifact in own)
    manifest = Pack(pack.brief, pack.date, tuple(own), pack.versions, pack.fonts).manifest(lambda one: one.name)
    stem = safe_stem(f"{pack.brief}.{audience}")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for artifact in own:
            _add(archive, f"{stem}/{artifact.name}", artifact.data, artifact.media_type)
        _add(archive, f"{stem}/{MANIFEST}", manifest, "application/json")
    data = buffer.getvalue()
    return Artifact(
        name=f"{stem}.zip",
        audience=audience,
        locale=_LOCALE,
        format=ARCHIVE,
        media_type=_MEDIA_TYPE,
        sha256=hashlib.sha256(data).hexdigest(),
        inputs=hashlib.sha256(manifest).hexdigest(),
        inspected=all(artifact.inspected for artifact in own),
        data=data,
    )


def _add(archive: zipfile.ZipFile, name: str, data: bytes, media_type: str) -> None:
    member = zipfile.ZipInfo(name, _MOMENT)
    member.create_system = _UNIX
    member.external_attr = _MODE
    packed = media_type.startswith(_PACKED)
    # zipfile itself sets general purpose bit 11 (UTF-8) for a name that is not ASCII (APPNOTE 4.4.4).
    archive.writestr(member, data, zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED, compresslevel=9)
