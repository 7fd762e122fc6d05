"""Removes the parts of a file that are not valid YAML, so that the rest can still be read and checked.

The parts are the top-level entries of the file and, within an entry that does not parse, the entries of its list and
their keys. Each is parsed separately, so that an unclosed quote or bracket affects only its own part. Parts that do not
parse become empty lines, so that all locations remain valid.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain

import yaml

from brief.model.record import dataclass
from brief.reading.text_file import TextFile, make_text_file

_Loader = getattr(yaml, "CLoader", yaml.Loader)
# The start of a part: a key at the start of a line, quoted or not, or a bracket.
_PART_START = re.compile(r"[^\s#\-\]}]|-(?!\s|--)")
_KEY = re.compile(r"(?P<key>[A-Za-z_][A-Za-z0-9_-]*)\s*:(?:\s|$)")
_ENTRY = re.compile(r"(?P<indent> *)- +")
# A limit for the time that this takes: each part is parsed once or twice.
_MAX_PARTS = 5_000

# The keys of which mappings have lost the value or a part of it, by the line and column at which what is left of them begins.
LostKeys = dict[tuple[int, int], frozenset[str]]


@dataclass(frozen=True, slots=True)
class RecoveredText:
    """The file without the parts that are not YAML, and what is wrong with each part.

    `lost` has the top-level keys of these parts, and `lost_within` the keys of entries of lists.
    """

    file: TextFile
    lost: frozenset[str]
    lost_within: LostKeys
    problems: tuple[yaml.MarkedYAMLError, ...]


def recover_text(file: TextFile) -> RecoveredText | None:
    """Removes the parts that do not parse; returns None if no part of the file parses."""
    lines = file.text.split("\n")
    parts = list(_split(_find_part_starts(lines), len(lines)))
    # Lines after the end of a document are not part of it.
    if not 1 <= len(parts) <= _MAX_PARTS or any(line.startswith(("...", "---")) for line in lines):
        return None
    lost: set[str] = set()
    lost_within: LostKeys = {}
    problems: list[yaml.MarkedYAMLError] = []
    for start, stop in parts:
        problem = _find_problem(lines, start, stop)
        if problem is None:
            continue
        removed = _repair(lines, start, stop, lost_within)
        if removed is None:
            lost.update(_list_keys(lines[start:stop]))
            lines[start:stop] = [""] * (stop - start)
            removed = [problem]
        problems += removed
    rest = "\n".join(lines)
    if not rest.strip() or _find_problem(lines, 0, len(lines)) is not None:
        return None
    return RecoveredText(make_text_file(file.name, rest), frozenset(lost), lost_within, tuple(problems))


def _find_part_starts(lines: Sequence[str]) -> Iterator[int]:
    return (number for number, line in enumerate(lines) if _PART_START.match(line))


def _split(starts: Iterator[int], end: int) -> Iterator[tuple[int, int]]:
    """Divides the lines at the starts."""
    known = list(starts)
    yield from zip(known, [*known[1:], end], strict=False)


def _find_problem(lines: Sequence[str], start: int, stop: int) -> yaml.MarkedYAMLError | None:
    """Parses these lines separately, and returns the problem at its location in the file."""
    text = "\n" * start + "\n".join(lines[start:stop]) + "\n"
    try:
        events = list(yaml.parse(text, Loader=_Loader))
    except yaml.MarkedYAMLError as problem:
        return problem
    except yaml.YAMLError:
        return yaml.MarkedYAMLError(problem="cannot be read")
    # A text without a key would continue the entry before it.
    is_mapping = any(isinstance(event, yaml.MappingStartEvent) for event in events[:3])
    return None if is_mapping or not "".join(lines[start:stop]).strip() else yaml.MarkedYAMLError(problem="no key")


def _repair(lines: list[str], start: int, stop: int, lost: LostKeys) -> list[yaml.MarkedYAMLError] | None:
    """Removes the parts of an entry that do not parse, and returns their problems; None if the rest does not parse either.

    The parts are the keys of an entry of a list, or the entries of the list that a key has.
    """
    kept = list(lines)
    lost_here: LostKeys = {}
    problems: list[yaml.MarkedYAMLError] = []
    broken: list[tuple[int, int]] = []
    removed: list[tuple[int, int]] = []
    item = _ENTRY.match(lines[start])
    parts = list(_split(_find_keys(lines, start, stop) if item else _find_entries(lines, start, stop), stop))
    for begin, end in parts:
        problem = _parse(lines[begin:end], begin)
        if problem is None:
            continue
        broken.append((begin, end))
        repaired = _repair(kept, begin, end, lost_here) if end - begin < stop - start else None
        if repaired is None:
            removed.append((begin, end))
            # Without its first key, the entry begins with the second one.
            kept[begin:end] = [f"{item['indent']}-" if item and begin == start else "", *[""] * (end - begin - 1)]
            repaired = [problem]
        problems += repaired
    if not problems or len(removed) == len(parts) or _parse(kept[start:stop], start) is not None:
        return None
    # After a key with a wrong indentation, other entries of the list may be those of that key.
    if lines[start].startswith(" ") and not item and any(_has_outdented_key(lines, *each) for each in removed):
        return None
    if item:
        column = len(item[0])
        first = next(begin for begin, end in parts if (begin, end) not in removed)
        keys = (_list_keys([lines[begin][column:], *lines[begin + 1 : end]]) for begin, end in broken)
        lost_here[first + 1, column + 1] = frozenset(chain.from_iterable(keys))
    lines[start:stop] = kept[start:stop]
    lost.update(lost_here)
    return problems


def _has_outdented_key(lines: Sequence[str], start: int, stop: int) -> bool:
    """Returns whether an entry of a list has a key that is not indented like the first one."""
    entry = _ENTRY.match(lines[start])
    indent = " " * len(entry[0]) if entry else ""
    return any(_KEY.match(line.lstrip()) and not line.startswith(indent) for line in lines[start + 1 : stop])


def _list_keys(lines: Sequence[str]) -> Iterator[str]:
    """Yields the key of a part, "" if it has none, and what may be other keys with a wrong indentation."""
    first = _KEY.match(lines[0])
    yield first["key"] if first else ""
    yield from (key["key"] for line in lines[1:] if (key := _KEY.match(line.lstrip())))


def _find_entries(lines: Sequence[str], start: int, stop: int) -> Iterator[int]:
    """Yields the starts of the entries of a list below the first line."""
    first = next((match for line in lines[start + 1 : stop] if (match := _ENTRY.match(line))), None)
    if first is not None:
        yield from (number for number in range(start + 1, stop) if lines[number].startswith(f"{first['indent']}- "))


def _find_keys(lines: Sequence[str], start: int, stop: int) -> Iterator[int]:
    """Yields the starts of the keys of an entry of a list, which begins in the first line."""
    entry = _ENTRY.match(lines[start])
    if entry is not None:
        yield start
        indent = " " * len(entry[0])
        yield from (
            number
            for number in range(start + 1, stop)
            if lines[number].startswith(indent) and _PART_START.match(lines[number][len(indent) :])
        )


def _parse(lines: Sequence[str], start: int) -> yaml.MarkedYAMLError | None:
    """Parses the lines as a document with its indentation unchanged, and returns the problem at its location in the file."""
    try:
        for _ in yaml.parse("\n" * start + "\n".join(lines) + "\n", Loader=_Loader):
            pass
    except yaml.MarkedYAMLError as problem:
        return problem
    except yaml.YAMLError:
        return yaml.MarkedYAMLError(problem="cannot be read")
    return None
