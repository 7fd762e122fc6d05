"""Removes the parts of a file that are not valid YAML, so that the rest can still be read and checked.

The parts are the top-level entries of the file and, within an entry that does not parse, the entries of its list. Each is
parsed separately, so that an unclosed quote or bracket affects only its own part. Parts that do not parse become empty
lines, so that all locations remain valid.
"""

import re
from collections.abc import Iterator, Sequence

import yaml

from brief.model.record import dataclass
from brief.reading.text_file import TextFile, make_text_file

_Loader = getattr(yaml, "CLoader", yaml.Loader)
# The start of a part: a key at the start of a line, quoted or not, or a bracket.
_PART_START = re.compile(r"[^\s#\-\]}]|-(?!\s|--)")
_KEY = re.compile(r"(?P<key>[A-Za-z_][A-Za-z0-9_-]*)\s*:(?:\s|$)")
_ENTRY = re.compile(r"(?P<indent> *)- ")
# A limit for the time that this takes: each part is parsed once or twice.
_MAX_PARTS = 5_000


@dataclass(frozen=True, slots=True)
class RecoveredText:
    """The file without the parts that are not YAML, the top-level keys of these parts, and what is wrong with each
    part.
    """

    file: TextFile
    lost: frozenset[str]
    problems: tuple[yaml.MarkedYAMLError, ...]


def recover_text(file: TextFile) -> RecoveredText | None:
    """Removes the parts that do not parse; returns None if no part of the file parses."""
    lines = file.text.split("\n")
    parts = list(_split(_find_part_starts(lines), len(lines)))
    # Lines after the end of a document are not part of it.
    if not 1 <= len(parts) <= _MAX_PARTS or any(line.startswith(("...", "---")) for line in lines):
        return None
    lost: set[str] = set()
    problems: list[yaml.MarkedYAMLError] = []
    for start, stop in parts:
        problem = _find_problem(lines, start, stop)
        if problem is None:
            continue
        removed = _remove_entries(lines, start, stop)
        if removed is None:
            key = _KEY.match(lines[start])
            lost.add(key["key"] if key else "")
            lines[start:stop] = [""] * (stop - start)
            removed = [problem]
        problems += removed
    rest = "\n".join(lines)
    if not rest.strip() or _find_problem(lines, 0, len(lines)) is not None:
        return None
    return RecoveredText(make_text_file(file.name, rest), frozenset(lost), tuple(problems))


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


def _remove_entries(lines: list[str], start: int, stop: int) -> list[yaml.MarkedYAMLError] | None:
    """Removes the entries of a list that do not parse, and returns their problems; None if the rest does not parse either."""
    first = next((match for line in lines[start + 1 : stop] if (match := _ENTRY.match(line))), None)
    if first is None:
        return None
    mark = f"{first['indent']}- "
    starts = (number for number in range(start + 1, stop) if lines[number].startswith(mark))
    kept = list(lines)
    problems = []
    entries = list(_split(starts, stop))
    for begin, end in entries:
        # Each entry of a list is parsed as a document with its indentation unchanged.
        problem = _find_entry_problem(lines, begin, end)
        if problem is not None:
            problems.append(problem)
            kept[begin:end] = [""] * (end - begin)
    if not problems or len(problems) == len(entries) or _find_problem(kept, start, stop) is not None:
        return None
    lines[start:stop] = kept[start:stop]
    return problems


def _find_entry_problem(lines: Sequence[str], start: int, stop: int) -> yaml.MarkedYAMLError | None:
    try:
        for _ in yaml.parse("\n" * start + "\n".join(lines[start:stop]) + "\n", Loader=_Loader):
            pass
    except yaml.MarkedYAMLError as problem:
        return problem
    except yaml.YAMLError:
        return yaml.MarkedYAMLError(problem="cannot be read")
    return None
