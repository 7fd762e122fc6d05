"""Finds the texts that style sheets print: strings, and the values of counters, variables and attributes between them."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

# CSS Syntax 3, 4.3.7: hexadecimal digits, a line that is continued, or any other character.
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(\r?\n)|(.))", re.S)
# Strings in a style sheet, which `content` prints; several in a row are printed as one text.
_STRINGS = re.compile(r"(?:(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')\s*)+", re.S)
_STRING = re.compile(r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'", re.S)
_COMMENT = re.compile(r"(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')|/\*.*?\*/", re.S)
# What prints the value of something else, and where counters and variables get their values.
_PRINTED = re.compile(r"\b(counters?|var|attr)\(\s*([\w-]+)[^()]*\)", re.I)
_ATTRIBUTE = re.compile(r"\battr\(\s*([\w-]+)", re.I)
_COUNTERS = re.compile(r"\bcounter-(?:reset|set|increment)\s*:([^;{}]*)", re.I)
_COUNTER = re.compile(r"([A-Za-z_-][\w-]*)\s+[+]?(\d+)")
_VARIABLE = re.compile(r"(--[\w-]+)\s*:\s*(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[+]?\d+)")
# Numbers without a unit, from a size on that no layout has.
_LARGE = re.compile(r"(?<![\w#.-])[+]?(\d{5,})(?![\w.%])")
_QUOTED = re.compile(r"[\"\\]")
# Addresses are searched as such.
_ADDRESSES = frozenset(("href", "src", "cite", "id", "class"))


# Most pages of a pack have the same style sheets.
@lru_cache(maxsize=64)
def find_printed_texts(rules: str) -> tuple[str, ...]:
    """Returns the texts that style rules print; consecutive strings, counters and variables are one text."""
    return tuple(_find_texts(rules))


def _find_texts(rules: str) -> Iterator[str]:
    plain = _COMMENT.sub(lambda match: match[1] or " ", rules) if "/*" in rules else rules
    yield from _LARGE.findall(plain)
    plain = _insert_values(plain) if "(" in plain else plain
    for strings in _STRINGS.findall(plain) if '"' in plain or "'" in plain else ():
        yield decode_css_escapes("".join(one or other for one, other in _STRING.findall(strings)))


def _insert_values(rules: str) -> str:
    """Replaces the counters and variables that rules print by their values, and attributes by nothing."""
    values = collect_values(rules)
    return _PRINTED.sub(lambda match: values.get(match[2], " "), rules)


@lru_cache(maxsize=64)
def collect_values(rules: str) -> Mapping[str, str]:
    """Returns the value of each counter and variable that rules set, as a string of CSS."""
    values = {name: f"'{value}'" for listed in _COUNTERS.findall(rules) for name, value in _COUNTER.findall(listed)}
    for name, value in _VARIABLE.findall(rules):
        values[name] = value if value[0] in "\"'" else f"'{value}'"
    return values


def print_content(content: str, values: Mapping[str, str], attributes: Mapping[str, str]) -> str:
    """Returns the text that a value of `content` prints, without quotation marks. `values` has those of counters and
    variables, `attributes` those of the element.
    """

    def insert(match: re.Match[str]) -> str:
        if match[1].lower() == "attr":
            return f'"{_QUOTED.sub(_escape, attributes.get(match[2].lower(), ""))}"'
        return values.get(match[2], " ")

    inserted = _PRINTED.sub(insert, content) if "(" in content else content
    return decode_css_escapes("".join(one or other for one, other in _STRING.findall(inserted)))


def _escape(match: re.Match[str]) -> str:
    return f"\\{match[0]}"


@lru_cache(maxsize=64)
def find_printed_attributes(rules: str) -> frozenset[str]:
    """Returns the names of the attributes that style rules print, in lower case."""
    if "attr(" not in rules:
        return frozenset()
    return frozenset(map(str.lower, _ATTRIBUTE.findall(rules))) - _ADDRESSES


def decode_css_escapes(css: str) -> str:
    """Replaces the escapes in a style sheet by the characters that they write."""
    return _ESCAPE.sub(_decode_escape, css) if "\\" in css else css


def _decode_escape(match: re.Match[str]) -> str:
    if match[1] is None:
        return match[3] or ""
    # Surrogates and values beyond Unicode become U+FFFD.
    code = int(match[1], 16)
    return "\ufffd" if 0xD800 <= code < 0xE000 or code > 0x10FFFF else chr(code)
