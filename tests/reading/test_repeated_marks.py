"""Marks repeated many times are read in a time that grows with their number, or refused."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import pytest

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.source_location import SourceLocation
from brief.reading.documents.arrange import Arrangement, arrange_document
from brief.reading.documents.document import LossReport
from brief.reading.documents.markdown import read_markdown
from brief.reading.documents.theme_writer import Origin, write_theme
from brief.reading.texts import markup, prose

HERE = SourceLocation("a.md", 1, 1)
USUAL = ("`", "[", "*", "<", "|", ">", "_", "~", "$")
MARKS = (*USUAL, "{", "(", "![", "\\", ":", "- ", "# ", "^", "&")
# Many marks in succession, divided by letters or ends of lines, and in ever longer runs.
SHAPES: dict[str, Callable[[str, int], str]] = {
    "in succession": lambda mark, number: mark * number,
    "before an angle": lambda mark, number: f"<<{mark * number}{' ' * number}x{'<' * number}",
    "with letters": lambda mark, number: f"{mark}a" * number,
    "in lines": lambda mark, number: f"{mark} a\n" * number,
    "in longer and longer runs": lambda mark, number: "a".join(mark * length for length in range(int((2 * number) ** 0.5))),
}  # fmt: skip
OTHERS: dict[str, Callable[[int], str]] = {
    "nested lists": lambda number: "".join(f"{'  ' * level}- a\n" for level in range(int(number**0.5))),
    "lists in a line": lambda number: "- " * number + "a",
    "quotations in a line": lambda number: "> " * number + "a",
    "cells": lambda number: "|a" * number + "\n" + "|-" * number + "\n" + "|b" * number,
    "classes": lambda number: f"[a]{{{'.a' * number}!",
    "values": lambda number: f'[a]{{{"a=" * number}"',
    "a div with spaces": lambda number: f":::{' ' * number}!",
    "spaces after classes": lambda number: f"a {{.b}}{' ' * number}x",
    "citations": lambda number: "[" + "@a " * number,
    "comments": lambda number: "<!--" * number,
    "addresses": lambda number: "[a](<" * number,
    "notes": lambda number: "[^a]" * number,
    "definitions": lambda number: "".join(f"[a{at}]: b\n" for at in range(number)),
}


class TooSlowError(Exception):
    pass


@contextmanager
def limit(seconds: float) -> Iterator[None]:
    """Ends what takes longer in time of the processor, regular expressions included."""

    def stop(_: int, __: FrameType | None) -> None:
        raise TooSlowError

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def read_document(text: str) -> None:
    report = LossReport(DiagnosticSink())
    document = read_markdown("a.md", text.encode(), report, lambda _: b"")
    arranged = arrange_document(document, Arrangement("a"), report) if document else None
    for theme in arranged.themes if arranged else ():
        write_theme(theme, "en", Origin("a.md"))


def read_content(text: str) -> None:
    prose.parse_prose(text, HERE, lambda: lambda _: HERE, DiagnosticSink())
    markup.parse(text, HERE, lambda _: HERE, DiagnosticSink())


@pytest.mark.parametrize("read", [read_document, read_content])
@pytest.mark.parametrize(
    "write",
    [
        *(
            pytest.param(lambda number, shape=shape, mark=mark: SHAPES[shape](mark, number), id=f"{mark} {shape}")
            for mark in MARKS
            for shape in SHAPES
        ),
        *(pytest.param(write, id=name) for name, write in OTHERS.items()),
    ],
)
def test_time_grows_with_the_number_of_marks(write: Callable[[int], str], read: Callable[[str], None]) -> None:
    for number, seconds in ((2_000, 4), (8_000, 12)):
        with limit(seconds):
            read(write(number))


@pytest.mark.parametrize("read", [read_document, read_content])
@pytest.mark.parametrize("mark", USUAL)
def test_very_many_marks_are_read(mark: str, read: Callable[[str], None]) -> None:
    with limit(20):
        read(mark * 50_000)
