"""Removes the parts of a file that are not valid YAML, so that the rest can still be read and checked.

The parts are the top-level entries of the file and, within an entry that does not parse, the entries of its list and
their keys. Each is parsed separately, so that an unclosed quote or bracket affects only its own part. Parts that do not
parse become empty lines, so that all locations remain valid.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

import yaml

from brief.model.record import dataclass
from brief.reading.text_file import TextFile, make_text_file

_Loader = getattr(yaml, "CLoader", yaml.Loader)
# The start of a part: a key at the start of a line, quoted or not, or a bracket.
_PART_START = re.compile(r"[^\s#\-\]}]|-(?!\s|--)")
_KEY = re.compile(r"(?P<key>[A-Za-z_][A-Za-z0-9_-]*)\s*:(?:\s|$)")
_ENTRY = re.compile(r"(?P<indent> *)- +")
# Limits the time that recovery takes, because each part is parsed once or twice.
_MAX_PARTS = 5_000

# The keys that mappings have lost, or whose values have lost a part, by the line and column, from 1, at which the rest
# of the mapping begins.
LostKeys = dict[tuple[int, int], frozenset[str]]


@dataclass(frozen=True, slots=True)
class RecoveredText:
    """The file without the parts that are not valid YAML, and the problem of each part.

    `lost` has the top-level keys of these parts, and "" for a part without a key; `lost_within` has keys in entries of
    lists.
    """

    file: TextFile
    lost: frozenset[str]
    lost_within: LostKeys
    problems: tuple[yaml.MarkedYAMLError, ...]


def recover_text(file: TextFile) -> RecoveredText | None:
    """Returns the file without the parts that do not parse; None if no part parses, or if there are too many."""
    lines = file.text.split("\n")
    parts = list(_split(_find_part_starts(lines), len(lines)))
    # Lines after the end of a document would not be part of it.
    if not 1 <= len(parts) <= _MAX_PARTS or any(line.startswith(("...", "---")) for line in lines):
        return None
    lost: set[str] = set()
    lost_within: LostKeys = {}
    problems: list[yaml.MarkedYAMLError] = []
    for start, stop in parts:
        problem = _find_problem(lines, start, stop)
        if problem is None:
            continue
        part_problems = _repair(lines, start, stop, lost_within)
        if part_problems is None:
            lost.update(_list_keys(lines[start:stop]))
            lines[start:stop] = [""] * (stop - start)
            part_problems = [problem]
        problems += part_problems
    rest = "\n".join(lines)
    if not rest.strip() or _find_problem(lines, 0, len(lines)) is not None:
        return None
    return RecoveredText(make_text_file(file.name, rest), frozenset(lost), lost_within, tuple(problems))


def _find_part_starts(lines: Sequence[str]) -> Iterator[int]:
    return (number for number, line in enumerate(lines) if _PART_START.match(line))


def _split(starts: Iterator[int], end: int) -> Iterator[tuple[int, int]]:
    """Yields the start and end of each part, given the starts and the end of the last one."""
    boundaries = [*starts, end]
    yield from pairwise(boundaries)


def _find_problem(lines: Sequence[str], start: int, stop: int) -> yaml.MarkedYAMLError | None:
    """Parses these lines separately; returns the problem at its location in the file, or None.

    Lines without a mapping are also a problem.
    """
    text = "\n" * start + "\n".join(lines[start:stop]) + "\n"
    try:
        events = list(yaml.parse(text, Loader=_Loader))
    except yaml.MarkedYAMLError as problem:
        return problem
    except yaml.YAMLError:
        return yaml.MarkedYAMLError(problem="cannot be read")
    # A text without a key would become part of the entry before it.
    is_mapping = any(isinstance(event, yaml.MappingStartEvent) for event in events[:3])
    return None if is_mapping or not "".join(lines[start:stop]).strip() else yaml.MarkedYAMLError(problem="no key")


def _repair(lines: list[str], start: int, stop: int, lost: LostKeys) -> list[yaml.MarkedYAMLError] | None:
    """Empties the lines of an entry's parts that do not parse, in place, and returns their problems.

    The parts are the keys of an entry of a list, or the entries of the list of a key. Adds the lost keys to `lost`.
    Changes nothing, and returns None, if the rest does not parse either.
    """
    repaired_lines = list(lines)
    lost_in_parts: LostKeys = {}
    problems: list[yaml.MarkedYAMLError] = []
    broken_parts: list[tuple[int, int]] = []
    removed_parts: list[tuple[int, int]] = []
    item = _ENTRY.match(lines[start])
    parts = list(_split(_find_keys(lines, start, stop) if item else _find_entries(lines, start, stop), stop))
    for begin, end in parts:
        problem = _parse(lines[begin:end], begin)
        if problem is None:
            continue
        broken_parts.append((begin, end))
        repaired = _repair(repaired_lines, begin, end, lost_in_parts) if end - begin < stop - start else None
        if repaired is None:
            removed_parts.append((begin, end))
            # Without its first key, the entry begins with the second one.
            repaired_lines[begin:end] = [
                f"{item['indent']}-" if item and begin == start else "",
                *[""] * (end - begin - 1),
            ]
            repaired = [problem]
        problems += repaired
    if not problems or len(removed_parts) == len(parts) or _parse(repaired_lines[start:stop], start) is not None:
        return None
    # After a key with a wrong indentation, the next entries may belong to the list of that key.
    if lines[start].startswith(" ") and not item and any(_has_outdented_key(lines, *part) for part in removed_parts):
        return None
    if item:
        column = len(item[0])
        first = next(begin for begin, end in parts if (begin, end) not in removed_parts)
        keys = (_list_keys([lines[begin][column:], *lines[begin + 1 : end]]) for begin, end in broken_parts)
        lost_in_parts[first + 1, column + 1] = frozenset(chain.from_iterable(keys))
    lines[start:stop] = repaired_lines[start:stop]
    lost.update(lost_in_parts)
    return problems


def _has_outdented_key(lines: Sequence[str], start: int, stop: int) -> bool:
    """Returns whether an entry of a list has a key that is indented less than its first one."""
    entry = _ENTRY.match(lines[start])
    indent = " " * len(entry[0]) if entry else ""
    return any(_KEY.match(line.lstrip()) and not line.startswith(indent) for line in lines[start + 1 : stop])


def _list_keys(lines: Sequence[str]) -> Iterator[str]:
    """Yields the key of a part, or "" if it has none, and the words that may be other keys with a wrong indentation."""
    first = _KEY.match(lines[0])
    yield first["key"] if first else ""
    yield from (key["key"] for line in lines[1:] if (key := _KEY.match(line.lstrip())))


def _find_entries(lines: Sequence[str], start: int, stop: int) -> Iterator[int]:
    """Yields the lines at which the entries of the list below the first line start."""
    first = next((match for line in lines[start + 1 : stop] if (match := _ENTRY.match(line))), None)
    if first is not None:
        yield from (number for number in range(start + 1, stop) if lines[number].startswith(f"{first['indent']}- "))


def _find_keys(lines: Sequence[str], start: int, stop: int) -> Iterator[int]:
    """Yields the lines at which the keys of an entry of a list start; the entry begins in the first line."""
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
    """Parses the lines with their indentation; returns the problem at its location in the file, or None."""
    try:
        for _ in yaml.parse("\n" * start + "\n".join(lines) + "\n", Loader=_Loader):
            pass
    except yaml.MarkedYAMLError as problem:
        return problem
    except yaml.YAMLError:
        return yaml.MarkedYAMLError(problem="cannot be read")
    return None
