"""Third-party libraries: each is imported in one room that `.importlinter` names, and counts in the cache if it shapes bytes."""

import ast
import configparser
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

from brief.build.fingerprint import list_dependency_versions

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src/brief"

# These run, transport or watch; none of them affects the bytes of an artifact or the findings of a check.
RUNNERS = {
    "bibtexparser", "click", "css_inline", "dask", "distributed", "h11", "hypercorn", "idna", "keyring", "narwhals", "psutil",
    "rich", "starlette", "watchfiles",
}  # fmt: skip


def list_imports() -> Iterator[str]:
    """Yields the top-level name of every third-party module that the program imports, also in functions."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.partition(".")[0]


@pytest.fixture(scope="module")
def libraries() -> set[str]:
    return {name for name in list_imports() if name not in sys.stdlib_module_names} - {"brief"}


def test_import_contracts_name_every_library(libraries: set[str]) -> None:
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter", "utf-8")
    named = {
        module.partition(".")[0]
        for section in contracts.sections()
        for key in ("protected_modules", "forbidden_modules")
        for module in contracts[section].get(key, "").split()
    }
    assert sorted(libraries - named) == []


def test_an_upgrade_of_a_library_that_shapes_files_invalidates_the_cache(libraries: set[str]) -> None:
    distributions = metadata.packages_distributions()
    counted = {name.lower().replace("_", "-") for name in list_dependency_versions()}
    missing = {
        library
        for library in libraries - RUNNERS
        if not {name.lower().replace("_", "-") for name in distributions.get(library, [])} & counted
    }
    assert sorted(missing) == []


def test_every_dependency_that_counts_in_the_cache_is_found_by_its_name() -> None:
    assert [name for name, version in list_dependency_versions().items() if not version] == []
