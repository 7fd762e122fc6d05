"""The table of checks: no check is written and then forgotten."""

import ast
from pathlib import Path

import brief
from brief.resolve import checks

SOURCE = Path(brief.__file__).parent
PACKAGE = Path(checks.__file__).parent


def test_every_check_is_in_the_table_or_called_by_one_that_is() -> None:
    modules = (path.read_text("utf-8") for path in SOURCE.rglob("*.py"))
    imported = {
        (node.module.rpartition(".")[2], alias.name)
        for module in modules
        # To parse all modules takes seconds.
        if checks.__name__ in module
        for node in ast.walk(ast.parse(module))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(checks.__name__)
        for alias in node.names
    }
    trees = {path.stem: ast.parse(path.read_text("utf-8")) for path in PACKAGE.glob("*.py")}
    written = {
        (module, node.name)
        for module, tree in trees.items()
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("check_") and module != "__init__"
    }
    assert len(written) >= len(checks.CHECKS)
    forgotten = [f"{name} of {module}.py" for module, name in sorted(written - imported)]
    assert forgotten == [], "add them to CHECKS in resolve/checks/__init__.py"
