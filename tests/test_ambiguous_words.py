"""The list of words by which wrong conversions are found is the one that OpenCC's dictionaries give now."""

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_list_is_current() -> None:
    tool = runpy.run_path(str(ROOT / "tools/ambiguous_words.py"))
    written = (ROOT / "src/brief/ambiguous_words.txt").read_text("utf-8")
    assert written == tool["make_text"](), "run `python tools/ambiguous_words.py`"
