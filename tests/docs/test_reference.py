"""The generated pages are those that the program would generate now."""

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs/reference"
PAGES: dict[str, str] = runpy.run_path(str(ROOT / "tools/reference.py"))["make_pages"]()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_current(name: str) -> None:
    assert (FOLDER / name).read_text("utf-8") == PAGES[name], "run `python tools/reference.py`"


def test_no_page_is_left_over() -> None:
    written = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()}
    assert written == set(PAGES)
