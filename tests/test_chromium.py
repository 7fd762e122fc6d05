"""The HTML pages in a real browser."""

from pathlib import Path

import axe
import pytest
from page_geometry import boxes
from playwright.sync_api import Browser
from variant_samples import sample, text

from brief import Pack
from brief.model.align import Align
from brief.model.inline import Footnote, Run, Text
from brief.model.prose import ProseParagraph
from brief.model.variant import Block, Column, Paragraph, Prose, Table
from brief.templating.template_set import find_template_set, list_template_sets
from brief.writers.html import write

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("chromium")]

# Where the keyboard is: the link, how thick its outline is, and whether it is in the window.
FOCUSED = """(() => {
    const link = document.activeElement, box = link.getBoundingClientRect(), style = getComputedStyle(link);
    return {
        href: link.getAttribute('href'),
        outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
        inside: box.left >= 0 && box.right <= innerWidth && box.top >= 0 && box.bottom <= innerHeight,
    };
})()"""
VARIANTS = [("engineering", "en"), ("policy", "zh-Hans"), ("investor", "zh-Hant"), ("executive", "zh-Hant")]


@pytest.fixture(scope="module")
def pages(briefing_pages: Pack, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    folder = tmp_path_factory.mktemp("pages")
    for artifact in briefing_pages:
        (folder / artifact.name).write_bytes(artifact.data)
    return {(artifact.audience, artifact.locale): folder / artifact.name for artifact in briefing_pages}


# The narrowest cell with several lines, in ems without its padding; and the widest table in its room.
NARROWEST = """Math.min(...[...document.querySelectorAll('.table :is(th, td):not(.end)')].flatMap(cell => {
    const range = document.createRange(), style = getComputedStyle(cell);
    range.selectNodeContents(cell);
    if (range.getBoundingClientRect().height < 2 * parseFloat(style.lineHeight)) return [];
    const padding = parseFloat(style.paddingLeft) + parseFloat(style.paddingRight);
    return [(cell.clientWidth - padding) / parseFloat(style.fontSize)];
}))"""
SCROLLED = "Math.max(...[...document.querySelectorAll('.scroll')].map(each => each.scrollWidth - each.clientWidth))"


@pytest.mark.parametrize("variant", [("policy", "zh-Hans"), ("engineering", "zh-Hant")], ids="-".join)
def test_a_cell_has_four_han_characters_to_a_line_on_a_phone(
    browser: Browser, pages: dict[tuple[str, str], Path], variant: tuple[str, str]
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(pages[variant].as_uri())
    assert page.evaluate(NARROWEST) >= 4
    page.close()


def test_a_citation_at_the_end_of_a_row_does_not_make_its_table_scroll(
    browser: Browser, pages: dict[tuple[str, str], Path]
) -> None:
    page = browser.new_page(viewport={"width": 1200, "height": 844})
    page.goto(pages["investor", "en"].as_uri())
    assert page.evaluate(SCROLLED) == 0
    page.close()


def test_places_that_mention_a_source_stay_on_a_page_of_320_pixels(
    browser: Browser, pages: dict[tuple[str, str], Path]
) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 844})
    page.goto(pages["engineering", "en"].as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.close()


BROKEN_UNITS = """[...document.querySelectorAll('details')].flatMap(each => {
    each.open = true;
    return [...each.querySelectorAll('thead th')].flatMap(head => {
        const range = document.createRange(), walker = document.createTreeWalker(head, NodeFilter.SHOW_TEXT), found = [];
        for (let text = walker.nextNode(); text; text = walker.nextNode()) {
            const start = text.data.search(/[(（]/);
            if (start < 0) continue;
            range.setStart(text, start);
            range.setEnd(text, text.length);
            found.push([text.data, new Set([...range.getClientRects()].map(box => Math.round(box.top))).size]);
        }
        return found;
    });
})"""


@pytest.mark.parametrize("variant", [("investor", "en"), ("investor", "zh-Hant")], ids="-".join)
def test_a_phone_shows_each_unit_of_a_chart_on_one_line(
    browser: Browser, pages: dict[tuple[str, str], Path], variant: tuple[str, str]
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(pages[variant].as_uri())
    units = page.evaluate(BROKEN_UNITS)
    page.close()
    assert units
    assert [unit for unit, count in units if count > 1] == []


@pytest.mark.parametrize("variant", [("executive", "en"), ("policy", "zh-Hans"), ("investor", "zh-Hant")], ids="-".join)
def test_no_table_on_a_phone_is_scrolled_for_a_few_pixels(
    browser: Browser, pages: dict[tuple[str, str], Path], variant: tuple[str, str]
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(pages[variant].as_uri())
    hidden = page.evaluate("[...document.querySelectorAll('.scroll')].map(each => each.scrollWidth - each.clientWidth)")
    page.close()
    assert [width for width in hidden if 0 < width < 24] == []


def test_the_mark_of_a_footnote_and_the_way_back_are_targets_of_24_pixels(browser: Browser, tmp_path: Path) -> None:
    """WCAG 2.2, 2.5.8."""
    note = Footnote[Run](((Text("Counted twice."),),), "a")
    variant = sample("en", blocks=(Prose(id="p", parts=(ProseParagraph[Run]((Text("Beds."), note)),)),))
    page_file = tmp_path / "page.html"
    page_file.write_bytes(write(variant, find_template_set("base")).data)
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(page_file.as_uri())
    found = [link.bounding_box() for link in page.locator('a[href^="#footnote-"]').all()]
    copied = page.evaluate(
        "(() => { getSelection().selectAllChildren(document.body); return getSelection().toString() })()"
    )
    page.close()
    assert "Beds.a" in copied
    assert len(found) == 2
    assert all(box and box["width"] >= 24 and box["height"] >= 24 for box in found)


# The links around whose middle less than 24 pixels in width or height lead to them, and the size that does.
SMALL_TARGETS = """[...document.querySelectorAll('a[href], summary')].flatMap(link => {
    if (!link.getClientRects().length || link.closest('.skip')) return [];
    link.scrollIntoView({block: 'center', inline: 'center'});
    const box = link.getClientRects()[0], x = box.left + box.width / 2, y = box.top + box.height / 2;
    const leads = (dx, dy) => link.contains(document.elementFromPoint(x + dx, y + dy));
    const measure = (dx, dy) => { let at = 0; while (at < 40 && leads(at * dx, at * dy)) at += 0.5; return at };
    const width = measure(-1, 0) + measure(1, 0), height = measure(0, -1) + measure(0, 1);
    // Both are measured to half a pixel at each side.
    return width < 23 || height < 23 ? [[link.textContent.trim(), width, height]] : [];
})"""


@pytest.mark.parametrize("width", [390, 1200])
@pytest.mark.parametrize("variant", [("engineering", "en"), ("policy", "zh-Hant")], ids="-".join)
def test_every_link_is_a_target_of_24_pixels(
    browser: Browser, pages: dict[tuple[str, str], Path], variant: tuple[str, str], width: int
) -> None:
    """WCAG 2.2, 2.5.8, without its exceptions."""
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(pages[variant].as_uri())
    assert page.evaluate(SMALL_TARGETS) == []
    page.close()


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
    """First the link past them, then each of them in order, every one seen to be where the keyboard is."""
    page = browser.new_page()
    page.goto(pages[variant].as_uri())
    links = page.evaluate("Array.from(document.querySelectorAll('.skip, .contents a'), a => a.getAttribute('href'))")
    assert len(links) >= 3
    for link in links:
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        assert focused["href"] == link
        assert focused["outline"] >= 2
        assert focused["inside"]
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.endswith(links[-1]))
    page.close()


@pytest.mark.parametrize("audience", ["executive", "investor", "engineering", "policy"])
@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
def test_every_page_conforms_to_wcag(
    browser: Browser, pages: dict[tuple[str, str], Path], audience: str, locale: str
) -> None:
    """The rules of WCAG 2.2 AA and good practice; on a phone in the dark and on a desktop, those about what is seen.

    Locales differ in their words alone, and audiences in what they hold: one locale of each is looked at so.
    """
    page = browser.new_page(viewport={"width": 360, "height": 800}, color_scheme="dark")
    page.goto(pages[audience, locale].as_uri())
    seen = (audience, locale) in VARIANTS
    assert axe.violations(page, seen=seen) == []
    if seen:
        page.set_viewport_size({"width": 1280, "height": 800})
        page.emulate_media(color_scheme="light")
        assert axe.violations(page, axe.SEEN) == []
    page.close()


@pytest.mark.parametrize("name", list_template_sets())
def test_every_look_conforms_to_wcag(browser: Browser, name: str) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 800}, color_scheme="dark")
    page.set_content(write(sample("zh-Hant"), find_template_set(name)).data.decode())
    assert axe.violations(page) == []
    page.emulate_media(color_scheme="light")
    assert axe.violations(page, axe.SEEN) == []
    page.close()


@pytest.mark.parametrize("name", list_template_sets())
def test_a_page_is_printed_with_margins_its_marking_and_page_numbers(browser: Browser, name: str) -> None:
    heads = tuple(Column(title=text(f"Quarterly revenue {number}"), align=Align.END) for number in range(12))
    wide = Table(
        id="wide", label="Table 9", title=text("Wide"), columns=heads, rows=((text("1,234,567"),) * 12,), note=None
    )
    long = Paragraph(id="long", text=text("A sentence about buses. " * 900))
    blocks: list[Block] = [long, wide]
    variant = sample(blocks=(*blocks, *sample().sections[0].blocks), marking='Internal "</style>')
    page = browser.new_page(color_scheme="dark")
    page.set_content(write(variant, find_template_set(name)).data.decode())
    data = page.pdf(format="A4")
    page.close()
    pages = boxes(data)
    assert len(pages) > 3
    for number, ((width, height), found) in enumerate(pages, 1):
        words = [word for word, *_ in found]
        assert words[-3:] == [str(number), "/", str(len(pages))]
        assert words.count("Internal") >= 1
        for word, left, top, right, bottom in found:
            assert 40 < left < right < width - 40, word
            assert 15 < top < bottom < height - 15, word


def _lightness(colour: str) -> float:
    red, green, blue = (int(part) for part in colour[4:-1].split(",")[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
