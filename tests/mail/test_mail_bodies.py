"""Bodies in a real browser, as wide as a phone and as a desktop's reading pane, in the light and in the dark."""

from base64 import b64encode
from pathlib import Path

import pytest
from axe import violations
from playwright.sync_api import Browser
from projects import ProjectCopy

from brief import Letter, Project, compose_letter
from brief.mail.compose.letter import RECIPIENT

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("chromium")]

NAMES = {"en": "Wolfeschlegelsteinhausenbergerdorff", "zh-Hans": "李小明", "zh-Hant": "陳憲龍"}


@pytest.fixture(scope="module")
def letters(briefing_project: Project) -> dict[str, Letter]:
    template_set = briefing_project.template_set
    return {locale: compose_letter(briefing_project.make_variant("investor", locale), template_set) for locale in NAMES}


def page_of(letter: Letter, name: str) -> str:
    """The page as a mail client shows it, with the pictures that came along."""
    page = letter.html.replace(RECIPIENT, name)
    for picture in letter.pictures:
        page = page.replace(f"cid:{picture.cid}", f"data:image/png;base64,{b64encode(picture.data).decode()}")
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 680])
@pytest.mark.parametrize("locale", NAMES)
def test_a_body_fits_its_window_is_legible_and_asks_for_nothing(
    browser: Browser, letters: dict[str, Letter], locale: str, width: int, scheme: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    asked, complaints = list[str](), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.set_content(page_of(letters[locale], NAMES[locale]))
    assert [url for url in asked if not url.startswith("data:")] == []
    assert complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.querySelector('.sheet').offsetWidth") <= 600
    assert page.evaluate("document.images[0].naturalWidth") >= 1000
    assert page.evaluate("document.documentElement.lang") == locale
    low = page.evaluate(_CONTRASTS)
    assert low == [], "WCAG 2.2, 1.4.3: text has 4.5 to 1 against its ground"
    context.close()


@pytest.mark.parametrize("locale", NAMES)
def test_a_body_is_legible_without_its_style_sheet(browser: Browser, letters: dict[str, Letter], locale: str) -> None:
    """Many clients drop it: every colour and size must be in the tags."""
    page = browser.new_page(viewport={"width": 680, "height": 900})
    page.set_content(page_of(letters[locale], NAMES[locale]))
    before = page.evaluate(_LOOKS)
    page.evaluate("document.querySelectorAll('style').forEach(each => each.remove())")
    assert page.evaluate(_LOOKS) == before
    assert len(before) > 30
    page.close()


@pytest.mark.parametrize("locale", NAMES)
def test_a_body_reads_well_aloud(browser: Browser, letters: dict[str, Letter], locale: str) -> None:
    page = browser.new_page(viewport={"width": 680, "height": 900})
    page.set_content(page_of(letters[locale], NAMES[locale]))
    assert violations(page) == []
    page.close()


@pytest.mark.parametrize("locale", NAMES)
def test_a_body_is_small_enough_not_to_be_clipped(letters: dict[str, Letter], locale: str) -> None:
    # Gmail shows the first 102 kB of a body, and a link to the rest.
    assert len(letters[locale].html.encode()) < 60_000
    assert letters[locale].html.count(RECIPIENT) == letters[locale].text.count(RECIPIENT) == 1


@pytest.mark.parametrize("brand", ["#12355b", "#ffd800", "#5b2a86", "#eef3f7"])
def test_a_body_is_legible_in_any_colours_of_a_brand(browser: Browser, tmp_path: Path, brand: str) -> None:
    project = ProjectCopy(tmp_path / "project")
    project.write("templates/own/set.yaml", f'extends: base\ncolours: {{brand: "{brand}", accent: "{brand}"}}\n')
    project.replace("content/brief.yaml", "template_set: base", "template_set: own")
    loaded = Project.load(project.root)
    letter = compose_letter(loaded.make_variant("council", "en"), loaded.template_set)
    for scheme in ("light", "dark"):
        page = browser.new_page(viewport={"width": 680, "height": 900}, color_scheme=scheme)
        page.set_content(page_of(letter, "Ann"))
        assert page.evaluate(_CONTRASTS) == []
        page.close()


_LOOKS = """[...document.querySelectorAll('.sheet *')].map(each => {
  const style = getComputedStyle(each);
  return [style.color, style.backgroundColor, style.fontSize, style.padding, style.margin, style.fontFamily].join(' ');
})"""

# Each element that has words of its own, if their contrast with the background is too low.
_CONTRASTS = """(() => {
  const channel = part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => 0.2126 * channel(r / 255) + 0.7152 * channel(g / 255) + 0.0722 * channel(b / 255);
  const ground = each => {
    for (; each; each = each.parentElement) {
      const colour = numbers(getComputedStyle(each).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const worded = [...document.querySelectorAll('body *')].filter(each =>
    getComputedStyle(each).display !== 'none' && each.offsetHeight > 0 &&
    [...each.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()));
  return worded.map(each => {
    const [one, other] = [light(numbers(getComputedStyle(each).color)), light(ground(each))].sort((a, b) => b - a);
    return [each.className, (one + 0.05) / (other + 0.05)];
  }).filter(([, contrast]) => contrast < 4.5);
})()"""
