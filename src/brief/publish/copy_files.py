"""The files of numbered copies in a pack."""

from collections.abc import Iterator, Mapping

from brief.model.artifact import Content
from brief.model.record import dataclass
from brief.store import spool

# Copies are made of files in this format.
COPIED_FORMAT = "pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One recipient's file. `path` is its path in the pack, and `of` the path of the artifact that it is a copy of.

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
    """Maps the path of each copy in the pack to its bytes. `records` describes the copies in the order of `add`."""

    def __init__(self) -> None:
        self.records: list[Copy] = []
        self._contents: dict[str, Content] = {}

    def add(self, copy: Copy, data: bytes) -> None:
        self._contents[copy.path] = spool(data)
        self.records.append(copy)

    def __getitem__(self, path: str) -> bytes:
        return self._contents[path].read()

    def __iter__(self) -> Iterator[str]:
        return iter(self._contents)

    def __len__(self) -> int:
        return len(self._contents)
