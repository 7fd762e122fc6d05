"""Locates and rewrites the localised texts of a Vega-Lite specification, and leaves every other byte unchanged."""

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
class LocatedObject:
    """The location of a JSON object, and the spans in the text of its values, by key.

    `values` is empty unless all values are strings.
    """

    location: SourceLocation
    values: Mapping[str, tuple[int, int]]


def locate_objects(name: str, text: str) -> list[LocatedObject]:
    """Returns every object of the JSON text of the file `name`, in order of their starts."""
    lines = [0, *(end.end() for end in _LINE_END.finditer(text))]
    objects, line = [], 0
    for match in _OBJECT_OR_STRING.finditer(text):
        if match[1]:
            while line + 1 < len(lines) and lines[line + 1] <= match.start():
                line += 1
            location = SourceLocation(name, line + 1, match.start() - lines[line] + 1)
            objects.append(LocatedObject(location, _read_values(text, match.end())))
    return objects


def _read_values(text: str, position: int) -> dict[str, tuple[int, int]]:
    """Returns the spans of the values of the object whose first key is at `position`; empty unless all are strings."""
    values: dict[str, tuple[int, int]] = {}
    while match := _PAIR.match(text, position):
        values[json.loads(match[1])] = match.span(2)
        position = match.end()
        if match[3] == "}":
            return values
    return {}


def rewrite_specification(name: str, data: bytes, rewrites: Sequence[Rewrite]) -> bytes:
    """Returns the bytes of the specification `name` with `rewrites`, at most one for each text and locale.

    Raises:
        UnwritableError: no localised text begins at the location of some of the rewrites, which it has.
    """
    text = data.decode("utf-8")
    bom = "\ufeff" if text.startswith("\ufeff") else ""
    text = text.removeprefix(bom)
    texts = {item.location: item.values for item in locate_objects(name, text) if item.values}
    unwritable = [rewrite for rewrite in rewrites if rewrite.location not in texts]
    if unwritable:
        raise UnwritableError(unwritable)
    edits: list[tuple[int, int, str]] = []
    for rewrite in rewrites:
        values, encoded = texts[rewrite.location], json.dumps(rewrite.text, ensure_ascii=False)
        if rewrite.locale in values:
            edits.append((*values[rewrite.locale], encoded))
            continue
        neighbour = next((tag for tag in reversed(rewrite.preceding_locales) if tag in values), next(iter(values)))
        _, end = values[neighbour]
        edits.append((end, end, f", {json.dumps(rewrite.locale)}: {encoded}"))
    for start, end, encoded in sorted(edits, reverse=True):
        text = text[:start] + encoded + text[end:]
    return (bom + text).encode("utf-8")
