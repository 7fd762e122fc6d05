"""Numbers sources, and places citation marks at the end of a clause, each mark once in a sentence."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import field, fields, is_dataclass, replace
from functools import cache
from operator import is_
from typing import Any, cast

from brief.model.assets import Image
from brief.model.inline import (
    Citation,
    Emphasis,
    Footnote,
    Link,
    Number,
    Reference,
    Run,
    Runs,
    Strong,
    Text,
    to_plain_text,
)
from brief.model.prose import ProseTable
from brief.model.record import dataclass
from brief.model.variant import Column, Section

_SENTENCE_END = re.compile(r"[.!?](\s|$)|[。！？；;]")
# The positions of marks: before the punctuation that ends a clause, never between a number and its noun.
_CLAUSE_END = re.compile(r"[.,;:!?](?=\s|$)|[，。；：！？、（）()—]|\s[–—]\s")
_FULL_STOP = re.compile(r"\.(?=\s|$)")
_FINAL_PUNCTUATION = re.compile(r"[.!?。！？]$")


@dataclass(slots=True)
class SourceNumbers:
    """Numbers sources from 1 in `order` of first citation, and records the `claims` that were used and those that were
    `printed_claims`.
    """

    order: list[str] = field(default_factory=list)
    claims: set[str] = field(default_factory=set)
    printed_claims: set[str] = field(default_factory=set)

    def cite(self, claim: str, sources: Iterable[str] = ()) -> Citation:
        """Records that the claim `source/claim` is used, and returns its citation mark, which cites `sources` or, without
        these, the claim's own source.
        """
        self.claims.add(claim)
        return Citation(tuple(sorted({self.get_number(source) for source in sources or (claim.partition("/")[0],)})))

    def get_number(self, source: str) -> int:
        """Returns the number of a source, which is added to the list if necessary."""
        if source not in self.order:
            self.order.append(source)
        return self.order.index(source) + 1


def arrange_citations(runs: Runs, final: Citation | None = None) -> Runs:
    """Returns the runs with the marks of printed numbers at the ends of their clauses, and without repeated marks in a
    sentence.

    `final` is the mark of a text as a whole. It is put at the end, unless the text cites all of its sources already.
    """
    arranged = _move_marks(runs)
    if final is not None and not set(final.numbers) <= _collect_numbers(arranged):
        arranged = _append_mark(arranged, final)
    return tuple(_drop_double_stops(list(_drop_repeated_marks(arranged))))


def mark_introductions(section: Section) -> Section:
    """Returns the section, in which `introduced` of each citation mark lists the sources that it is the first to cite.

    Headers of table columns are skipped, because they are repeated on every page of the table. Footnotes are also
    skipped, because a note cannot have a note.
    """
    return cast(Section, _mark_introduced(section, set()))


def _mark_introduced(value: object, seen: set[int]) -> object:
    """Returns the value, or a copy of it if it has marks that are the first to cite a source."""
    match value:
        case str() | Column() | Footnote():
            return value
        case Citation(numbers):
            new = tuple(number for number in numbers if number not in seen)
            seen.update(numbers)
            return replace(value, introduced=new) if new else value
        case tuple():
            items = tuple([_mark_introduced(item, seen) for item in value])
            return value if all(map(is_, items, value)) else items
        case ProseTable(aligns, heads, rows):
            return ProseTable(aligns, heads, cast(Any, _mark_introduced(rows, seen)))
        case _:
            kind: type = type(value)
            parts = ((name, getattr(value, name)) for name in _list_parts(kind))
            changed = {name: marked for name, part in parts if (marked := _mark_introduced(part, seen)) is not part}
            return replace(cast(Any, value), **changed) if changed else value


def find_introduced(value: object) -> set[int]:
    """Returns the numbers of the sources that a section, or a part of it, is the first to cite."""
    return set(_walk_introduced(value))


def _walk_introduced(value: object) -> Iterator[int]:
    match value:
        case str():
            pass
        case Citation():
            yield from value.introduced
        case tuple():
            for item in value:
                yield from _walk_introduced(item)
        case _:
            kind: type = type(value)
            for name in _list_parts(kind):
                yield from _walk_introduced(getattr(value, name))


@cache
def _list_parts(kind: type) -> tuple[str, ...]:
    """Returns the fields of a record class that can have citation marks, and nothing for other classes."""
    return tuple(part.name for part in fields(kind)) if is_dataclass(kind) and kind is not Image else ()


def strip_citations(runs: Runs) -> Runs:
    """Removes citation marks and grades, for headings, labels and text that is repeated elsewhere."""
    return tuple(_strip_run(run) for run in runs if not isinstance(run, Citation) and not is_grade(run))


def is_grade(run: Run | None) -> bool:
    """Returns whether the run is the mark of a grade, which follows its figure."""
    return isinstance(run, Reference) and run.name != ""


def _strip_run(run: Run) -> Run:
    match run:
        case Strong(children) | Emphasis(children) | Link(_, children):
            return replace(run, children=strip_citations(children))
        case _:
            return run


def _move_marks(runs: Runs) -> list[Run]:
    """Moves marks that follow a number to the end of its clause, and joins adjacent marks."""
    placed: list[Run] = []
    # The sources of numbers in the clause whose end is not reached yet.
    waiting: set[int] = set()
    for previous, run in zip((None, *runs), runs, strict=False):
        if isinstance(run, Citation) and (isinstance(previous, Number) or is_grade(previous)):
            waiting.update(run.numbers)
        elif isinstance(run, Citation):
            _add_mark(placed, waiting.union(run.numbers))
            waiting = set()
        elif waiting and isinstance(run, Text) and (end := _CLAUSE_END.search(run.text)):
            clause = run.text[: end.start()].rstrip()
            placed += [replace(run, text=clause)] if clause else []
            _add_mark(placed, waiting)
            placed.append(replace(run, text=run.text[len(clause) :]))
            waiting = set()
        else:
            placed.append(run)
    _add_mark(placed, waiting)
    return placed


def _add_mark(placed: list[Run], numbers: Iterable[int]) -> None:
    """Appends a mark to `placed`, or joins it to a mark at the end."""
    all_numbers = set(numbers)
    if placed and isinstance(last := placed[-1], Citation):
        all_numbers.update(last.numbers)
        placed.pop()
    if all_numbers:
        placed.append(Citation(tuple(sorted(all_numbers))))


def _append_mark(runs: list[Run], mark: Citation) -> list[Run]:
    """Returns the runs with the mark at the end, but before a final punctuation mark. May modify `runs`."""
    last = runs[-1] if runs else None
    stop = _FINAL_PUNCTUATION.search(last.text) if isinstance(last, Text) else None
    if isinstance(last, Text) and stop:
        before = last.text[: stop.start()]
        sentence = [*runs[:-1], replace(last, text=before)] if before else runs[:-1]
        _add_mark(sentence, mark.numbers)
        return [*sentence, Text(stop[0])]
    _add_mark(runs, mark.numbers)
    return runs


def _drop_repeated_marks(runs: list[Run]) -> Iterable[Run]:
    """Yields the runs without sources that a later mark of the same sentence cites."""
    for index, run in enumerate(runs):
        if not isinstance(run, Citation):
            yield run
        elif numbers := [n for n in run.numbers if n not in _find_sentence_citations(runs[index + 1 :])]:
            yield Citation(tuple(numbers))


def _find_sentence_citations(runs: list[Run]) -> set[int]:
    """Returns the numbers of the sources that are cited before the first end of a sentence."""
    numbers: set[int] = set()
    for run in runs:
        if isinstance(run, Citation):
            numbers.update(run.numbers)
        # The full stop of an abbreviated figure ("9,5 Mio.") ends no sentence.
        elif not isinstance(run, Number) and _SENTENCE_END.search(to_plain_text((run,))):
            break
    return numbers


def _drop_double_stops(runs: list[Run]) -> Iterator[Run]:
    """Yields the runs without a full stop that follows the full stop of an abbreviated figure ("9,5 Mio.")."""
    last: Run | None = None
    for run in runs:
        if isinstance(run, Text) and _ends_with_stop(last) and _FULL_STOP.match(run.text):
            run = replace(run, text=run.text[1:])
        if run != Text(""):
            yield run
        last = last if isinstance(run, Citation) else run


def _ends_with_stop(run: Run | None) -> bool:
    match run:
        case Number(text):
            return text.endswith(".")
        case Strong(children) | Emphasis(children) if children:
            return _ends_with_stop(children[-1])
        case _:
            return False


def _collect_numbers(runs: Iterable[Run]) -> set[int]:
    return {number for run in runs if isinstance(run, Citation) for number in run.numbers}
