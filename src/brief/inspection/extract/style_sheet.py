"""Reads the rules of a style sheet, with those in at-rules and nested ones."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import tinycss2

# At-rules whose rules may apply.
_GROUPS = ("media", "layer", "supports")
# Brackets and ends of statements, after what may have such characters in it: comments, strings, addresses and escapes.
_MARK = re.compile(
    r"/\*.*?\*/|\"(?:[^\"\\\n\r\f]|\\.)*\"|'(?:[^'\\\n\r\f]|\\.)*'|\\.|url\(\s*[^\s\"'()\\]*\s*\)|[{}();]|[][]"
    r"|(?P<unclear>/\*|[\"']|url\((?!\s*[\"'])|<!--|-->)",
    re.DOTALL | re.IGNORECASE,
)
_AT_RULE = re.compile(r"(?:\s|/\*.*?\*/)*@", re.DOTALL)
_CLOSED_BY: Mapping[str, str] = {"{": "}", "(": ")", "[": "]"}


class WrittenRule(NamedTuple):
    """A rule as it is written: its selector, its declarations, and the at-rules it is in, by name and prelude."""

    selector: str
    declarations: Mapping[str, tuple[str, bool]]
    conditions: tuple[tuple[str, str], ...]


@lru_cache(maxsize=16)
def read_rules(sheet: str) -> tuple[WrittenRule, ...]:
    """Reads the rules of a style sheet that apply on some surface, in order."""
    return tuple(rule for statement in _split_sheet(sheet) for rule in _read_statement(statement))


@lru_cache(maxsize=4_000)
def _read_statement(written: str) -> tuple[WrittenRule, ...]:
    return tuple(_walk_rules(tinycss2.parse_stylesheet(written, skip_comments=True, skip_whitespace=True), "", ()))


def _split_sheet(sheet: str) -> tuple[str, ...]:
    """Divides a style sheet into its rules (CSS Syntax 3, 5.4.1); one that is not well-formed is left as it is."""
    found: list[str] = []
    inside: list[str] = []
    start = 0
    for match in _MARK.finditer(sheet):
        mark = match[0]
        if match.lastgroup == "unclear":
            return (sheet,)
        if mark in _CLOSED_BY:
            inside.append(_CLOSED_BY[mark])
        elif mark in "}])" and (not inside or inside.pop() != mark):
            return (sheet,)
        if mark == ";" and not inside and not _AT_RULE.match(sheet, start):
            return (sheet,)
        if mark in "};" and not inside:
            found.append(sheet[start : match.end()])
            start = match.end()
    return (*found, sheet[start:]) if not inside else (sheet,)


def _walk_rules(nodes: Iterable[Any], parent: str, conditions: tuple[tuple[str, str], ...]) -> Iterator[WrittenRule]:
    for node in nodes:
        if node.type == "qualified-rule":
            selector = _nest(tinycss2.serialize(node.prelude).strip(), parent)
            inside = tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
            yield WrittenRule(selector, read_declarations(inside), conditions)
            yield from _walk_rules(inside, selector, conditions)
        elif node.type == "at-rule" and node.content is not None and node.lower_at_keyword in _GROUPS:
            condition = node.lower_at_keyword, tinycss2.serialize(node.prelude).strip().lower()
            within = (*conditions, condition)
            if parent:
                inside = tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
                yield WrittenRule(parent, read_declarations(inside), within)
            else:
                inside = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
            yield from _walk_rules(inside, parent, within)


def _nest(selector: str, parent: str) -> str:
    if not parent:
        return selector
    return selector.replace("&", f":is({parent})") if "&" in selector else f":is({parent}) {selector}"


def read_declarations(nodes: Iterable[Any]) -> dict[str, tuple[str, bool]]:
    return {
        (node.name if node.name.startswith("--") else node.lower_name): (
            " ".join(tinycss2.serialize(node.value).lower().split()),
            node.important,
        )
        for node in nodes
        if node.type == "declaration"
    }
