"""Parts of long text: what the CommonMark of a `prose` block consists of, with authored or with resolved runs."""

from collections.abc import Iterator
from typing import ClassVar, Generic

from brief.model.align import Align
from brief.model.inline import R
from brief.model.record import dataclass


@dataclass(frozen=True, slots=True)
class ProseParagraph(Generic[R]):
    """A paragraph of a prose block."""

    KIND: ClassVar = "paragraph"
    text: tuple[R, ...]


@dataclass(frozen=True, slots=True)
class ProseHeading(Generic[R]):
    """A heading on a level below the block's heading; `level` counts from 1."""

    KIND: ClassVar = "heading"
    level: int
    text: tuple[R, ...]


@dataclass(frozen=True, slots=True)
class ProseList(Generic[R]):
    """A list; each entry may contain several parts. An ordered list counts from `start`."""

    KIND: ClassVar = "list"
    is_ordered: bool
    start: int
    entries: "tuple[tuple[ProsePart[R], ...], ...]"


@dataclass(frozen=True, slots=True)
class ProseQuotation(Generic[R]):
    """A block quotation: parts of prose, set in."""

    KIND: ClassVar = "quotation"
    parts: "tuple[ProsePart[R], ...]"


@dataclass(frozen=True, slots=True)
class ProseCode(Generic[R]):
    """A block of code, whose lines are one run."""

    KIND: ClassVar = "code"
    text: tuple[R, ...]


@dataclass(frozen=True, slots=True)
class ProseFormula(Generic[R]):
    """A formula on lines of its own, as one run."""

    KIND: ClassVar = "formula"
    text: tuple[R, ...]


@dataclass(frozen=True, slots=True)
class ProseTable(Generic[R]):
    """A table that is not numbered. `heads` is its header row; every row has one cell for each column."""

    KIND: ClassVar = "table"
    aligns: tuple[Align, ...]
    heads: tuple[tuple[R, ...], ...]
    rows: tuple[tuple[tuple[R, ...], ...], ...]


ProsePart = (
    ProseParagraph[R]
    | ProseHeading[R]
    | ProseList[R]
    | ProseQuotation[R]
    | ProseCode[R]
    | ProseFormula[R]
    | ProseTable[R]
)
ProseParts = tuple[ProsePart[R], ...]


def list_texts(parts: ProseParts[R]) -> Iterator[tuple[R, ...]]:
    """Yields the runs of every paragraph, heading, cell and other text of the parts, in reading order."""
    for part in parts:
        match part:
            case ProseList(entries=entries):
                for entry in entries:
                    yield from list_texts(entry)
            case ProseQuotation(parts=inner):
                yield from list_texts(inner)
            case ProseTable(heads=heads, rows=rows):
                yield from heads
                for row in rows:
                    yield from row
            case _:
                yield part.text
