"""Public class names are used once, files and packages stay small, and the map names what there is."""

import ast
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import brief

PACKAGE = Path(brief.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
# The authored and the resolved form of a block have the same name on purpose.
PAIRED = {PACKAGE / "model" / "blocks.py", PACKAGE / "model" / "variant.py"}
MAX_LINES = 400
MAX_MODULES = 25


@cache
def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def test_no_public_class_name_is_used_twice() -> None:
    found = defaultdict(list)
    for path in set(MODULES) - PAIRED:
        for node in ast.walk(parse(path)):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(path.relative_to(PACKAGE).as_posix())
    assert len(found) > 100
    assert {name: paths for name, paths in found.items() if len(paths) > 1} == {}


def test_a_function_named_as_a_question_reports_nothing() -> None:
    """A reader skips such a call, or leaves it out when the answer is known."""
    asking = re.compile(r"_*(is|has|can|are|may|needs|fits|looks|reads)(_|$)")
    found = []
    for path in MODULES:
        for node in ast.walk(parse(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and asking.match(node.name):
                calls = {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}
                if calls & {"add_error", "add_warning"}:
                    found.append(f"{path.relative_to(PACKAGE).as_posix()}: {node.name}")
    assert found == [], "name it check_... or report_..."


def test_no_function_is_named_by_a_participle() -> None:
    """A function is named for what it does, not for what it leaves behind: `write`, not `written`."""
    irregular = "built|chosen|cut|done|drawn|found|given|held|kept|laid|left|lost|made|meant|sent|shown|told|said|seen|taken|written"
    participle = re.compile(rf"_*([a-z]+(ed|ing)|{irregular})(_|$)")
    verbs = re.compile(r"_*(cut|embed|need|exceed|string|bring)(_|$)|__missing__$")
    found = []
    for path in MODULES:
        for node in ast.walk(parse(path)):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or verbs.match(node.name):
                continue
            is_property = any("property" in ast.unparse(decorator) for decorator in node.decorator_list)
            if participle.match(node.name) and not is_property:
                found.append(f"{path.relative_to(PACKAGE).as_posix()}: {node.name}")
    assert found == []


def test_no_file_is_too_long() -> None:
    lengths = {path.relative_to(PACKAGE).as_posix(): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert {path: lines for path, lines in lengths.items() if lines > MAX_LINES} == {}


def test_no_package_has_too_many_modules() -> None:
    counts: dict[str, int] = defaultdict(int)
    for path in MODULES:
        if path.name != "__init__.py":
            counts[path.parent.relative_to(PACKAGE).as_posix()] += 1
    assert {package: count for package, count in counts.items() if count > MAX_MODULES} == {}


def test_the_map_names_files_that_exist() -> None:
    written = (PACKAGE / "README.md").read_text("utf-8")
    named = {name for name in re.findall(r"`([\w./-]+)`", written) if name.endswith((".py", "/"))}
    roots = (PACKAGE, PACKAGE.parents[1])
    assert len(named) > 100
    # A module named without its folder is beside one that is named with it.
    assert {name for name in named if "/" in name and not any((root / name).exists() for root in roots)} == set()
