"""Measures the live preview in Chromium: the time from a saved file until the page in the browser shows the edit.

    python benchmarks/live_preview.py [PROJECT] [--audience NAME] [--edits 8]

Prints JSON for each audience that is shown the edited sentence, or for the one that is named: seconds of each edit and their
median, for blocks in one locale, in two locales, and for the pages of the PDF. The first edit comes five seconds after the
page has opened. The project must be written in Traditional Chinese and English; without one, a new one from a starter is
measured. Its caches are off.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from briefing import Sentence, copy, sentences
from playwright.sync_api import Browser, Page, sync_playwright

# Notes when the text of a block, or the address of a page's picture, differs from what it was.
_WATCH = """() => {
  const read = () => [
    document.getElementById("rows")?.innerText,
    ...Array.from(document.querySelectorAll(".sheet img"), (each) => each.getAttribute("src")),
  ].join();
  let before = read();
  window.seen = 0;
  new MutationObserver(() => {
    const now = read();
    if (now !== before) { before = now; window.last = Date.now(); window.seen ||= window.last; }
  }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
}"""
_VIEWS = {
    "blocks in one locale": "",
    "blocks in two locales": "&locale=en",
    "pages of the PDF": "&view=pdf",
}
_PATIENCE, _QUIET, _READING = 60, 2, 5  # seconds
_PROGRAM = [sys.executable, "-c", "from brief.cli import main; main()"]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("project", nargs="?", type=Path)
    parser.add_argument("--audience")
    parser.add_argument("--edits", type=int, default=8)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        root = Path(folder, "project")
        if given.project:
            copy(given.project, root)
        else:
            new = [*_PROGRAM, "new", str(root), "--starter", "research"]
            subprocess.run(new, check=True, stdout=subprocess.DEVNULL)
        sentence = sentences(root)[1]
        settings = {**os.environ, "BRIEF_CACHE_DIR": "off"}
        serve = [*_PROGRAM, "serve", "--no-browser", "-C", str(root)]
        with subprocess.Popen(serve, env=settings, stdout=subprocess.PIPE, text=True) as server:
            try:
                address = (server.stdout.readline() if server.stdout else "").partition("  ")[0].strip()
                browser = playwright.chromium.launch(
                    executable_path=shutil.which("chromium-headless-shell") or shutil.which("chromium"),
                    args=["--no-sandbox"],
                )
                for audience in [given.audience] if given.audience else sentence.audiences:
                    live = f"{address}en/live/{audience}?locale=zh-Hant"
                    print(json.dumps({audience: measure_views(browser, live, sentence, given.edits)}), flush=True)
                browser.close()
            finally:
                server.terminate()


def measure_views(browser: Browser, live: str, sentence: Sentence, edits: int) -> dict[str, dict[str, object]]:
    """Edits the sentence in each view of the page at the address `live`."""
    found: dict[str, dict[str, object]] = {}
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    for name, query in _VIEWS.items():
        page.goto(live + query, timeout=_PATIENCE * 1000)
        page.wait_for_selector("#status[data-now=following]", timeout=_PATIENCE * 1000)
        # The first view of a page is drawn, inspected and prepared for edits while its author reads.
        time.sleep(_READING)
        times = [measure(page, sentence, f"此句已改{number}次。") for number in range(edits)]
        found[name] = {"median": statistics.median(times), "seconds": times}
    page.close()
    return found


def measure(page: Page, sentence: Sentence, added: str) -> float:
    """Adds to the sentence and returns the seconds until the page shows it; afterwards takes the addition away."""
    page.evaluate(_WATCH)
    file = Path(sentence.file)
    text = file.read_text("utf-8")
    began = time.time()
    file.write_text(text.replace(sentence.text, sentence.text + added, 1), "utf-8")
    seen = wait_for_edit(page)
    page.evaluate(_WATCH)
    file.write_text(text, "utf-8")
    wait_for_edit(page)
    return round(seen / 1000 - began, 3)


def wait_for_edit(page: Page) -> float:
    """Waits until the page shows an edit, and returns when it began to, in milliseconds.

    The pictures of a PDF's pages are exchanged one after the other.
    """
    began = time.time()
    while not (seen := page.evaluate("window.seen")):
        if time.time() - began > _PATIENCE:
            raise SystemExit("the edit did not show")
        time.sleep(0.02)
    while page.evaluate("Date.now() - window.last") < _QUIET * 1000:
        time.sleep(0.1)
    return float(seen)


if __name__ == "__main__":
    main()
