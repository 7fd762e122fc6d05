"""A new block kind is handled everywhere, or the type checker says where it is not."""

import ast
from pathlib import Path
from typing import get_args

import brief
from brief.model import blocks

PACKAGE = Path(brief.__file__).parent
KINDS = {kind.__name__ for kind in get_args(blocks.Block)}
# It makes plain data of the other kinds, whatever their fields are.
GENERIC = {("writers/pdf/typst/data.py", "_describe_block")}


def test_no_match_over_block_kinds_has_a_default() -> None:
    found = set()
    matched = 0
    for path in PACKAGE.rglob("*.py"):
        text = path.read_text("utf-8")
        if "match " not in text:
            continue
        for function in ast.walk(ast.parse(text)):
            if not isinstance(function, ast.FunctionDef):
                continue
            for node in ast.walk(function):
                if isinstance(node, ast.Match) and len(list_classes(node) & KINDS) > 1:
                    matched += 1
                    if "assert_never" not in ast.unparse(node.cases[-1]):
                        found.add((path.relative_to(PACKAGE).as_posix(), function.name))
    assert matched > 8
    assert found == GENERIC


def list_classes(match: ast.Match) -> set[str]:
    """Lists the names of the classes in the patterns of a match."""
    patterns = (node for case in match.cases for node in ast.walk(case.pattern))
    return {ast.unparse(node.cls).rpartition(".")[2] for node in patterns if isinstance(node, ast.MatchClass)}
