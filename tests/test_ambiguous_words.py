"""The lists of words and characters from OpenCC are those that its dictionaries give now."""

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", ["ambiguous_words", "han_variants"])
def test_the_list_is_current(name: str) -> None:
    tool = runpy.run_path(str(ROOT / f"tools/{name}.py"))
    written = (ROOT / f"src/brief/{name}.txt").read_text("utf-8")
    assert written == tool["make_text"](), f"run `python tools/{name}.py`"
