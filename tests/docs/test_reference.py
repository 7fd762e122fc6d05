"""The generated pages are those that the program would generate now, and the pictures are of today's samples."""

import hashlib
import json
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
from PIL import Image

from brief.model import blocks

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs/reference"
TOOL = runpy.run_path(str(ROOT / "tools/reference.py"))
_MAKE = "import json, runpy, sys; json.dump(runpy.run_path(sys.argv[1])['make_pages'](), sys.stdout)"
KINDS = [kind.KIND for kind in get_args(blocks.Block)]
PICTURES = [f"blocks/{kind}.png" for kind in KINDS]
WRITTEN = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    """Every page by its name, made in a new process: commands that ran in this one remember how help was asked for."""
    command = [sys.executable, "-c", _MAKE, str(ROOT / "tools/reference.py")]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    made: dict[str, str] = json.loads(ran.stdout)
    return made


@pytest.mark.parametrize("name", [name for name in WRITTEN if name not in PICTURES])
def test_a_page_is_current(pages: dict[str, str], name: str) -> None:
    assert (FOLDER / name).read_text("utf-8") == pages.get(name), "run `python tools/reference.py`"


@pytest.mark.parametrize("kind", KINDS)
def test_the_picture_of_a_kind_is_of_its_sample(kind: str) -> None:
    sample = hashlib.sha256(TOOL["read_sample"](kind).encode()).hexdigest()
    assert (FOLDER / f"blocks/{kind}.png").exists(), "run `python tools/block_pictures.py`"
    with Image.open(FOLDER / f"blocks/{kind}.png") as picture:
        assert picture.info["Sample"] == sample, "run `python tools/block_pictures.py`"
        assert len(picture.convert("RGB").getcolors(1 << 16) or ()) > 8


def test_the_tools_that_draw_pages_find_the_browser_that_setup_installs() -> None:
    (packages,) = re.findall("^test_packages='([^']*)'", (ROOT / "run").read_text("utf-8"), re.MULTILINE)
    browsers = runpy.run_path(str(ROOT / "tools/browser.py"))["BROWSERS"]
    assert [package for package in packages.split() if "chromium" in package] == [browsers[0]]
    tools = [path for path in (ROOT / "tools").glob("*.py") if path.name != "browser.py"]
    assert [path.name for path in tools if '"chromium' in path.read_text("utf-8")] == []


def test_no_page_is_left_over(pages: dict[str, str]) -> None:
    assert set(WRITTEN) - {*pages, *PICTURES} == set(), "remove it"
    assert {*pages, *PICTURES} - set(WRITTEN) == set(), "run `python tools/reference.py` and `tools/block_pictures.py`"
