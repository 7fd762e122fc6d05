"""The files of numbered copies in a pack."""

import tempfile
from collections.abc import Iterator, Mapping

from brief.model.record import dataclass

# Copies are made of files in this format.
COPIED_FORMAT = "pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One recipient's file. `path` is its path in the pack, `of` that of the artifact it is a copy of.

    `inspected` is true if its own bytes were searched for content that its audience may not see, and had none.
    """

    path: str
    of: str
    recipient: str
    number: int
    audience: str
    locale: str
    format: str
    media_type: str
    bytes: int
    sha256: str
    pages: int | None
    inspected: bool = False


class Copies(Mapping[str, bytes]):
    """The files of copies by path, kept in a temporary file: a thousand of them would not fit in memory."""

    def __init__(self) -> None:
        self.listed: list[Copy] = []
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  # deleted with its owner
        self._places: dict[str, tuple[int, int]] = {}

    def add(self, copy: Copy, data: bytes) -> None:
        self._places[copy.path] = (self._file.seek(0, 2), len(data))
        self._file.write(data)
        self.listed.append(copy)

    def __getitem__(self, path: str) -> bytes:
        start, length = self._places[path]
        self._file.seek(start)
        return self._file.read(length)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
