"""Extracts the strings of JSON and Markdown files from our own writers."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from brief.inspection.extract.markup import extract_data_uris
from brief.inspection.extract.part import Part, join_strings, read_binary

# Keys of a variant as JSON whose values are for programs. `description`, `text` and the like are words.
_CODE_KEYS = frozenset(("id", "anchor", "target", "url", "uri", "kind", "brief", "audience", "language", "locale"))
# Keys that may belong to the schema; all other keys are inspected as words.
_PLAIN_KEY = re.compile("[a-z_]{1,20}")
# A link or picture, the definition of one, a tag, and the markers of emphasis, code and lists.
_LINK = re.compile(r"(?<!\\)!?\[((?:[^\[\]\\]|\\.)*)\][(\[]([^()\[\]]*)[)\]]")
_DEFINITION = re.compile(r"\[[^\]]*\]:\s*(\S+)")
_TAG = re.compile(r"</?(?:strong|em|code)>")
_MARK = re.compile(r"(?<!\\)[*`]+|^\s*(?:[-+>#]+|\d+\.)\s+", re.M)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_CELL = re.compile(r"(?<!\\)\|")
_RUN_KEYS = frozenset(("kind", "text", "language", "children", "url", "target", "numbers", "introduced", "quantity"))


def extract_json(name: str, data: bytes) -> Iterator[Part]:
    """Extracts the strings of a JSON document; the runs of one text are one string. Invalid JSON is treated as binary."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        yield read_binary(name, data)
        return
    words: list[str] = []
    code: list[str] = []
    _collect_strings(document, "", words, code)
    yield Part(name, join_strings(words), join_strings(code))
    yield from extract_data_uris(name, code)


def extract_markdown(name: str, data: bytes) -> Iterator[Part]:
    """Extracts the lines of a Markdown file and the cells of its tables, without markup, and the targets of its links."""
    words: list[str] = []
    code: list[str] = []
    for line in data.decode("utf-8", "replace").splitlines():
        defined = _DEFINITION.fullmatch(line)
        if defined:
            code.append(defined[1])
            continue
        for _, target in _LINK.findall(line):
            code += [target, unquote(target)]
        line = _TAG.sub("", _LINK.sub(r"\1", line))
        words += [html.unescape(_ESCAPE.sub(r"\1", _MARK.sub("", cell))) for cell in _CELL.split(line)]
    yield Part(name, join_strings(words), join_strings(code))
    yield from extract_data_uris(name, code)


def _collect_strings(value: Any, key: str, words: list[str], code: list[str]) -> None:
    """Adds the strings and numbers of a JSON value, which has this key, to `words` or `code`."""
    match value:
        case str():
            (code if key in _CODE_KEYS else words).append(value)
        case list() if any(isinstance(item, dict) and "kind" in item and _is_run(item) for item in value):
            words.append("".join(_read_run(item, words, code) for item in value))
        case list():
            for item in value:
                _collect_strings(item, key, words, code)
        case dict() if key == "quantity":
            # Each number is inspected with its unit.
            words += [f"{item} {value.get('unit', '')}" for name, item in value.items() if name != "unit" and item]
        case dict():
            for name, item in value.items():
                if not _PLAIN_KEY.fullmatch(name):
                    words.append(name)
                _collect_strings(item, name, words, code)
        case int() | float():
            words.append(str(value))


def _is_run(item: dict[str, Any]) -> bool:
    # A paragraph has its runs as "text".
    return set(item) <= _RUN_KEYS and isinstance(item.get("text", ""), str)


def _read_run(item: Any, words: list[str], code: list[str]) -> str:
    """Returns the text of a run; adds its other strings, such as the paragraphs of a footnote, to `words` and `code`."""
    if not isinstance(item, dict):
        return str(item)
    for name, other in item.items():
        if name not in _RUN_KEYS or name == "quantity" or (name == "text" and not isinstance(other, str)):
            _collect_strings(other, name, words, code)
    code += [str(item[name]) for name in ("url", "target") if name in item]
    children = item.get("children")
    inner = "".join(_read_run(child, words, code) for child in children) if isinstance(children, list) else ""
    text = item.get("text")
    return (text if isinstance(text, str) else "") + inner
