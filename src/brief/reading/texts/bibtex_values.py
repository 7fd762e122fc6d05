"""The values of BibTeX fields: joined parts, fields of a cross-referenced entry, and digits above or below the line."""

import re
from collections.abc import Iterator, Mapping, MutableMapping

from brief.reading.texts.raised_digits import raise_or_lower_digits

# A formula in a title that only raises or lowers figures: CO$_2$, $^{13}$C.
_SCRIPT = re.compile(r"\$([_^])(?:\{([0-9+\-]+)\}|([0-9]))\$")
# Fields in which the entry that is referred to describes itself and not its parts.
_NOT_INHERITED = frozenset(("title", "crossref", "url", "doi", "pages", "ids", "key"))


def join_parts(value: str, strings: Mapping[str, str]) -> str:
    """Joins the parts of a value, `"Part " # jan # {x}`, to a single value in braces; returns a value of one part
    unchanged.

    `strings` maps names in lower case to the raw values that `@string` gives them.
    """
    parts = list(_split_parts(value))
    if len(parts) < 2:
        return value
    return "{" + "".join(_unwrap(part, strings) for part in parts) + "}"


def _split_parts(value: str) -> Iterator[str]:
    """Splits a value at each `#` that is in neither braces nor quotes."""
    depth, is_quoted, start = 0, False, 0
    for at, character in enumerate(value):
        if at and value[at - 1] == "\\":
            continue
        if character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
        elif character == '"' and not depth:
            is_quoted = not is_quoted
        elif character == "#" and not depth and not is_quoted:
            yield value[start:at].strip()
            start = at + 1
    yield value[start:].strip()


def _unwrap(part: str, strings: Mapping[str, str]) -> str:
    raw = strings.get(part.lower(), part)
    return raw[1:-1] if raw[:1] in ("{", '"') and len(raw) > 1 else raw


def inherit_fields(fields: MutableMapping[str, str], parent: Mapping[str, str]) -> None:
    """Adds the fields of the entry that `crossref` names, unless the entry has them; its title is the title of the book."""
    for name, value in parent.items():
        if name not in _NOT_INHERITED:
            fields.setdefault(name, value)
    if "title" in parent:
        fields.setdefault("booktitle", parent["title"])


def set_scripts(text: str) -> str:
    """Replaces formulas that contain only raised or lowered digits with the characters for these: `CO$_2$` becomes CO₂."""
    return _SCRIPT.sub(lambda match: raise_or_lower_digits(match[2] or match[3], is_raised=match[1] == "^") or "", text)
