"""Requests, which say what to build, and artifacts, which are built."""

from collections.abc import Callable, Iterator
from dataclasses import field
from typing import BinaryIO, Protocol

from brief.model.record import dataclass

# Called with the number of variants built so far, and the number of all variants.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class BuildSelection:
    """The selected audiences, locales and formats, by name; an empty tuple means all of them."""

    audiences: tuple[str, ...] = ()
    locales: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()


class Content(Protocol):
    """Bytes that may be anywhere; each call reads them again."""

    @property
    def size(self) -> int:
        """The number of bytes."""
        ...

    def read(self) -> bytes:
        """Returns all bytes."""
        ...

    def read_chunks(self) -> Iterator[bytes]:
        """Yields the bytes in order, in parts."""
        ...

    def open(self) -> BinaryIO:
        """Returns the bytes as a seekable file."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """A variant's bytes in one format; `pages` is known only for PDF.

    `inputs` is a digest of everything that the bytes depend on, and `sha256` a digest of the bytes themselves.
    `inspected` is true if a build searched the bytes for content that the audience may not see, and found none.
    """

    name: str
    audience: str
    locale: str
    format: str
    media_type: str
    sha256: str
    inputs: str
    pages: int | None = None
    inspected: bool = False
    content: Content = field(repr=False, compare=False)

    @property
    def data(self) -> bytes:
        """The bytes, which are read from a temporary file each time."""
        return self.content.read()
