"""Draws a picture of each kind of block for `docs/reference/blocks.md`: `python tools/block_pictures.py`. Needs Chromium.

Each picture is of the first sample in `tests/kinds/`, on the page that readers get. It holds the digest of the sample, by which
a test finds pictures of samples that have changed since; only these are drawn again, because other versions of Chromium
draw other pixels. `--all` draws all, such as after a change of the style sheet.
"""

import argparse
import hashlib
import io
import shutil
import tempfile
from pathlib import Path
from typing import get_args

from browser import find_browser
from PIL import Image, PngImagePlugin
from playwright.sync_api import Browser, sync_playwright
from reference import SAMPLES, read_sample

from brief import Project
from brief.model import blocks
from brief.project.new_project import NewProject, create_project

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs/reference/blocks"
KINDS = tuple(kind.KIND for kind in get_args(blocks.Block))
DIGEST = "Sample"
_THEME = "content/themes/ridership.yaml"
_HEAD = "id: ridership\ntitle: {same: Sample}\nsummary: {same: One kind.}\ntakeaways: []\nblocks:\n"
_COLOURS = 64


def digest(kind: str) -> str:
    """Returns the digest of the sample of a kind."""
    return hashlib.sha256(read_sample(kind).encode()).hexdigest()


def main() -> None:
    """Writes the pictures that are missing or out of date."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--all", action="store_true", help="draw all pictures")
    draws_all = parser.parse_args().all
    kinds = [kind for kind in KINDS if draws_all or not _is_current(kind)]
    if not kinds:
        return
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        for kind in kinds:
            page = _build_page(kind, Path(folder, kind))
            (FOLDER / f"{kind}.png").write_bytes(_compress(_draw(browser, page), digest(kind)))
        browser.close()


def _is_current(kind: str) -> bool:
    path = FOLDER / f"{kind}.png"
    if not path.exists():
        return False
    with Image.open(path) as picture:
        return bool(picture.info.get(DIGEST) == digest(kind))


def _build_page(kind: str, root: Path) -> str:
    create_project(root, NewProject())
    for name in ("assets", "vega"):
        shutil.copytree(SAMPLES / name, root / "content" / name)
    with (root / "seeds/reader-survey.yaml").open("a", encoding="utf-8") as source:
        source.write((SAMPLES / "claims/reader-survey.yaml").read_text("utf-8"))
    settings = root / "content/brief.yaml"
    settings.write_text(settings.read_text("utf-8").replace("explicit_clearance: true\n", ""), "utf-8")
    (root / _THEME).write_text(_HEAD + read_sample(kind) + "\n", "utf-8")
    data = Project.load(root).build(["council"], ["en"], ["html"], jobs=1)["council", "en", "html"].data
    return data.decode()


def _draw(browser: Browser, markup: str) -> bytes:
    page = browser.new_page(viewport={"width": 760, "height": 900})
    page.set_content(markup)
    page.add_style_tag(content="body { background: white }")
    data = page.locator("[id^=sample]").first.screenshot()
    page.close()
    return data


def _compress(data: bytes, sample: str) -> bytes:
    picture = Image.open(io.BytesIO(data)).convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
    notes = PngImagePlugin.PngInfo()
    notes.add_text(DIGEST, sample)
    stream = io.BytesIO()
    picture.save(stream, "PNG", optimize=True, pnginfo=notes)
    return stream.getvalue()


if __name__ == "__main__":
    main()
