"""Writes zip archives whose bytes depend only on the members and their order, not on the time or the user."""

import tempfile
import zipfile
from types import TracebackType

from brief.store.spooled_bytes import CHUNK, SpooledBytes, spool_chunks

# The earliest time that the format can store (APPNOTE 4.4.6).
_TIME = (1980, 1, 1, 0, 0, 0)
_UNIX_SYSTEM = 3
_MAX_IN_MEMORY = 1 << 20
_REGULAR_FILE = 0o100644 << 16


class ZipWriter:
    """Collects the members of an archive in the order in which they are added; `finish()` returns the archive."""

    def __init__(self) -> None:
        self._buffer = tempfile.SpooledTemporaryFile(_MAX_IN_MEMORY)  # noqa: SIM115  # closed with the archive
        self._archive = zipfile.ZipFile(self._buffer, "w")

    def __enter__(self) -> "ZipWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._archive.close()
        self._buffer.close()

    def add(self, name: str, data: bytes, *, compress: bool = True, level: int | None = None) -> None:
        """Adds a member. `level` is the compression level from 0 to 9; None means zlib's default."""
        member = zipfile.ZipInfo(name, _TIME)
        member.create_system = _UNIX_SYSTEM
        member.external_attr = _REGULAR_FILE
        # zipfile itself flags a name as UTF-8 if it is not ASCII (APPNOTE 4.4.4, bit 11).
        method = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
        self._archive.writestr(member, data, method, compresslevel=level)

    def finish(self) -> SpooledBytes:
        """Closes and returns the archive; nothing can be added afterwards.

        Raises:
            MachineError: the archive cannot be spooled to disk.
        """
        self._archive.close()
        self._buffer.seek(0)
        return spool_chunks(iter(lambda: self._buffer.read(CHUNK), b""))
