"""Resolves the values of BibTeX fields: concatenated parts, `crossref`, and superscripts and subscripts in formulas."""

import re
from collections.abc import Iterator, Mapping, MutableMapping

from brief.reading.texts.raised_digits import raise_or_lower_digits

# A formula that is only a superscript or subscript of digits and signs: CO$_2$, $^{13}$C.
_SCRIPT = re.compile(r"\$([_^])(?:\{([0-9+\-]+)\}|([0-9]))\$")
# Fields with which an entry describes itself and not its parts.
_NOT_INHERITED = frozenset(("title", "crossref", "url", "doi", "pages", "ids", "key"))


def join_parts(value: str, strings: Mapping[str, str]) -> str:
    """Concatenates the parts of a raw value such as `"Part " # jan # {x}` in braces; a single part is unchanged.

    `strings` maps names in lower case to the raw values that `@string` gives them. An unknown name is kept as text.
    """
    parts = list(_split_parts(value))
    if len(parts) < 2:
        return value
    return "{" + "".join(_unwrap(part, strings) for part in parts) + "}"


def _split_parts(value: str) -> Iterator[str]:
    """Splits a value at each `#` that is in neither braces nor quotes."""
    depth, is_quoted, start = 0, False, 0
    for index, character in enumerate(value):
        if index and value[index - 1] == "\\":
            continue
        if character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
        elif character == '"' and not depth:
            is_quoted = not is_quoted
        elif character == "#" and not depth and not is_quoted:
            yield value[start:index].strip()
            start = index + 1
    yield value[start:].strip()


def _unwrap(part: str, strings: Mapping[str, str]) -> str:
    """Returns the text of a part without its braces or quotes, after replacing the name of a string."""
    raw = strings.get(part.lower(), part)
    return raw[1:-1] if raw[:1] in ("{", '"') and len(raw) > 1 else raw


def inherit_fields(fields: MutableMapping[str, str], parent: Mapping[str, str]) -> None:
    """Adds the fields of the entry that `crossref` names to `fields`, in place, unless they have them already.

    The title of that entry becomes the title of the book.
    """
    for name, value in parent.items():
        if name not in _NOT_INHERITED:
            fields.setdefault(name, value)
    if "title" in parent:
        fields.setdefault("booktitle", parent["title"])


def replace_script_formulas(text: str) -> str:
    """Replaces formulas that only raise or lower digits with characters for them: `CO$_2$` becomes CO₂."""
    return _SCRIPT.sub(lambda match: raise_or_lower_digits(match[2] or match[3], is_raised=match[1] == "^") or "", text)
