"""Measures the live preview in Chromium: the time from a saved file until the page in the browser shows the edit.

    python benchmarks/live_preview.py [--audience council] [--edits 8]

Prints JSON: seconds of each edit and their median, for blocks in one locale, in two locales, and for the pages of the PDF.
The project is a new one from a starter; its caches are off.
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

# Notes when the watched text, or the address of the watched picture, differs from what it was.
_WATCH = """([id, attribute]) => {
  const read = () => {
    const found = document.getElementById(id);
    return found && (attribute ? found.getAttribute(attribute) : found.innerText);
  };
  let before = read();
  window.seen = 0;
  new MutationObserver(() => {
    const now = read();
    if (now && now !== before) { before = now; window.seen = Date.now(); }
  }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
}"""
_FIGURE = re.compile(r"\b2_6\d\d_000\b")
_SEED = "seeds/reader-survey.yaml"
_PATIENCE = 60  # seconds


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--audience", default="council")
    parser.add_argument("--edits", type=int, default=8)
    given = parser.parse_args()
    program = [sys.executable, "-c", "from brief.cli import main; main()"]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        root = Path(folder, "project")
        subprocess.run([*program, "new", str(root), "--starter", "research"], check=True, stdout=subprocess.DEVNULL)
        settings = {**os.environ, "BRIEF_CACHE_DIR": "off"}
        serve = [*program, "serve", "--no-browser", "-C", str(root)]
        with subprocess.Popen(serve, env=settings, stdout=subprocess.PIPE, text=True) as server:
            try:
                address = (server.stdout.readline() if server.stdout else "").partition("  ")[0].strip()
                browser = playwright.chromium.launch(
                    executable_path=shutil.which("chromium") or "/usr/bin/chromium", args=["--no-sandbox"]
                )
                page = browser.new_page(viewport={"width": 1280, "height": 800})
                live = f"{address}en/live/{given.audience}?locale=en"
                found = {}
                for name, query, target in (
                    ("blocks in one locale", "", ("row-headline", None)),
                    ("blocks in two locales", "&locale=zh-Hant", ("row-headline", None)),
                    ("pages of the PDF", "&view=pdf", ("sheet-en-2", "src")),
                ):
                    page.goto(live + query, timeout=_PATIENCE * 1000)
                    page.wait_for_selector("#status[data-now=following]", timeout=_PATIENCE * 1000)
                    times = [measure(page, root / _SEED, target) for _ in range(given.edits)]
                    found[name] = {"median": statistics.median(times), "seconds": times}
                browser.close()
                print(json.dumps(found, indent=1))
            finally:
                server.terminate()


def measure(page: Page, file: Path, target: tuple[str, str | None]) -> float:
    """Edits a figure and returns the seconds until the page shows it."""
    page.evaluate(_WATCH, list(target))
    text = file.read_text("utf-8")
    (figure,) = set(_FIGURE.findall(text))
    edited = text.replace(figure, f"2_6{(int(figure[3:5]) + 1) % 100:02}_000")
    # A moment for what the last edit left to do.
    time.sleep(0.5)
    began = time.time()
    file.write_text(edited, "utf-8")
    while not (seen := page.evaluate("window.seen")):
        if time.time() - began > _PATIENCE:
            raise SystemExit("the edit did not show")
        time.sleep(0.02)
    return round(seen / 1000 - began, 3)


if __name__ == "__main__":
    main()
