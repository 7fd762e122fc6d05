"""The HTML pages in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from brief import Project

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("chromium")]

ROOT = Path(__file__).parents[1]
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
VARIANTS = [("engineering", "en"), ("policy", "zh-Hans"), ("investor", "zh-Hant"), ("executive", "zh-Hant")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    folder = tmp_path_factory.mktemp("pages")
    pack = Project.load(ROOT).build(formats=["html"], jobs=1)
    for artifact in pack:
        (folder / artifact.name).write_bytes(artifact.data)
    return {(artifact.audience, artifact.locale): folder / artifact.name for artifact in pack}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("variant", VARIANTS, ids="-".join)
def test_a_page_asks_for_nothing_and_fits_its_window(
    browser: Browser, pages: dict[tuple[str, str], Path], variant: tuple[str, str], width: int, scheme: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    asked, complaints = list[str](), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(pages[variant].as_uri())
    assert [url for url in asked if not url.startswith("data:")] == [pages[variant].as_uri()]
    assert complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    ink, paper = (
        page.evaluate(f"getComputedStyle(document.documentElement).{property}")
        for property in ("color", "backgroundColor")
    )
    assert (_lightness(ink) < _lightness(paper)) == (scheme == "light")
    context.close()


@pytest.mark.parametrize("variant", VARIANTS, ids="-".join)
def test_the_contents_are_reached_and_followed_by_keyboard(
    browser: Browser, pages: dict[tuple[str, str], Path], variant: tuple[str, str]
) -> None:
    page = browser.new_page()
    page.goto(pages[variant].as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')").startswith("#")
    page.keyboard.press("Tab")
    target = page.evaluate("document.activeElement.getAttribute('href')")
    page.keyboard.press("Enter")
    assert page.url.endswith(target)
    page.close()


def _lightness(colour: str) -> float:
    red, green, blue = (int(part) for part in colour[4:-1].split(",")[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
