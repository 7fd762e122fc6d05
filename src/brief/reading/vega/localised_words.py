"""Finds and rewrites the localised texts of a Vega-Lite specification, and leaves every other byte unchanged."""

import json
import re
from collections.abc import Mapping, Sequence

from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.reading.rewriting import Rewrite, UnwritableError

_STRING = r'"(?:[^"\\]|\\.)*"'
_OBJECT_OR_STRING = re.compile(rf"{_STRING}|(\{{)")
_PAIR = re.compile(rf"\s*({_STRING})\s*:\s*({_STRING})\s*([,}}])")
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class ObjectPlace:
    """The position of an object's start, and the positions of its values if all of them are strings; otherwise `values`
    is empty.
    """

    location: SourceLocation
    values: Mapping[str, tuple[int, int]]


def locate_objects(name: str, text: str) -> list[ObjectPlace]:
    """Locates every object of a JSON text, in order of their starts."""
    lines = [0, *(end.end() for end in _LINE_END.finditer(text))]
    found, line = [], 0
    for match in _OBJECT_OR_STRING.finditer(text):
        if match[1]:
            while line + 1 < len(lines) and lines[line + 1] <= match.start():
                line += 1
            location = SourceLocation(name, line + 1, match.start() - lines[line] + 1)
            found.append(ObjectPlace(location, _read_values(text, match.end())))
    return found


def _read_values(text: str, at: int) -> dict[str, tuple[int, int]]:
    values: dict[str, tuple[int, int]] = {}
    while match := _PAIR.match(text, at):
        values[json.loads(match[1])] = match.span(2)
        at = match.end()
        if match[3] == "}":
            return values
    return {}


def rewrite_specification(name: str, data: bytes, rewrites: Sequence[Rewrite]) -> bytes:
    """Applies `rewrites`, at most one for each text, to the bytes of the specification `name`.

    Raises:
        UnwritableError: no localised text begins at the location of some of the rewrites; lists them.
    """
    text = data.decode("utf-8")
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    text = text.removeprefix(mark)
    places = {place.location: place.values for place in locate_objects(name, text) if place.values}
    failing = [rewrite for rewrite in rewrites if rewrite.text not in places]
    if failing:
        raise UnwritableError(failing)
    edits: list[tuple[int, int, str]] = []
    for rewrite in rewrites:
        values, words = places[rewrite.text], json.dumps(rewrite.words, ensure_ascii=False)
        if rewrite.locale in values:
            edits.append((*values[rewrite.locale], words))
            continue
        neighbour = next((tag for tag in reversed(rewrite.preceding_locales) if tag in values), next(iter(values)))
        _, end = values[neighbour]
        edits.append((end, end, f", {json.dumps(rewrite.locale)}: {words}"))
    for start, end, words in sorted(edits, reverse=True):
        text = text[:start] + words + text[end:]
    return (mark + text).encode("utf-8")
