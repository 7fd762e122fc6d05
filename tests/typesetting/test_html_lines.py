"""Rules of Chinese typesetting in HTML, each held against where Chromium puts the characters."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from typesetting_rules import MEETING, OPENED, SCRIPTS, sheet

from brief.templating.template_set import find_template_set
from brief.writers.html import write

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("chromium")]

# The characters of a block with their boxes, in CSS pixels.
BOXES = """id => {
  const walker = document.createTreeWalker(document.getElementById(id), NodeFilter.SHOW_TEXT), found = []
  while (walker.nextNode())
    for (let at = 0; at < walker.currentNode.length; at++) {
      const range = document.createRange()
      range.setStart(walker.currentNode, at); range.setEnd(walker.currentNode, at + 1)
      const box = range.getClientRects()[0]
      if (box) found.push([walker.currentNode.data[at], box.left, box.right, Math.round(box.top / 8)])
    }
  return found
}"""
Box = tuple[str, float, float, int]


@pytest.fixture(scope="module", params=SCRIPTS)
def script(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def page(browser: Browser, script: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    file = tmp_path_factory.mktemp("html") / "sheet.html"
    file.write_bytes(write(sheet(script), find_template_set("base")).data)
    page = browser.new_page(viewport={"width": 820, "height": 900})
    page.goto(file.as_uri())
    yield page
    page.close()


def boxes(page: Page, block: str) -> list[Box]:
    return [tuple(box) for box in page.evaluate(BOXES, block)]


def size(page: Page, block: str) -> float:
    return float(page.evaluate("id => parseFloat(getComputedStyle(document.getElementById(id)).fontSize)", block))


def by_lines(found: list[Box]) -> list[list[Box]]:
    lines: dict[int, list[Box]] = {}
    for box in found:
        near = next((top for top in lines if abs(top - box[3]) <= 1), box[3])
        lines.setdefault(near, []).append(box)
    return [lines[top] for top in sorted(lines)]


def test_an_eighth_of_an_em_is_added_between_han_and_latin(page: Page) -> None:
    """Advances tell: Chromium adds the room to the character before it."""
    em = size(page, "gap")
    found = boxes(page, "gap")
    han = {box[0]: box[2] - box[1] for box in found if box[0] in "用算好"}
    assert han["用"] - han["好"] == pytest.approx(0.125 * em, abs=0.06 * em)
    assert han["算"] - han["好"] == pytest.approx(0.125 * em, abs=0.06 * em)


def test_a_number_and_its_unit_are_on_one_line(page: Page) -> None:
    for width in (380, 500, 620, 820):
        page.set_viewport_size({"width": width, "height": 900})
        for room in range(30, 46):
            for block, number in ((f"slide-{room}", "2.5亿元"), (f"typed-{room}", "30个")):
                found = boxes(page, block)
                at = "".join(box[0] for box in found).index(number)
                tops = {box[3] for box in found[at : at + len(number)]}
                assert max(tops) - min(tops) <= 1, (width, block)
    page.set_viewport_size({"width": 820, "height": 900})


def test_marks_that_meet_share_a_square(page: Page, script: str) -> None:
    found = boxes(page, "meeting")
    widths = (found[-1][2] - found[0][1]) / size(page, "meeting")
    assert len(MEETING[script]) - widths == pytest.approx({"zh-Hans": 2.5, "zh-Hant": 2.0}[script], abs=0.55)


def test_a_mark_that_opens_a_line_takes_half_a_square(page: Page, script: str) -> None:
    found = boxes(page, "opened")
    assert found[0][0] == OPENED[script][0]
    assert found[0][2] - found[0][1] == pytest.approx(0.5 * size(page, "opened"), abs=1)


def test_a_closing_mark_takes_half_a_square_before_a_citation(page: Page) -> None:
    lefts = {box[0]: box[1] for box in boxes(page, "cited")}
    assert lefts["["] - lefts["）"] == pytest.approx(0.5 * size(page, "cited"), abs=0.15 * size(page, "cited"))


def test_full_lines_are_flush(page: Page) -> None:
    edge = page.evaluate("document.getElementById('body').getBoundingClientRect().right")
    full = by_lines(boxes(page, "body"))[:-1]
    assert len(full) > 5
    for line in full:
        assert max(box[2] for box in line) == pytest.approx(edge, abs=10), "".join(box[0] for box in line)


def test_no_line_starts_or_ends_with_what_may_not(page: Page) -> None:
    for line in by_lines(boxes(page, "body")):
        assert line[0][0] not in "，。、；：！？）》」』”’"
        assert line[-1][0] not in "（《「『“‘"


def test_emphasis_is_by_dots_and_upright(page: Page) -> None:
    style = page.evaluate(
        "(() => { const s = getComputedStyle(document.querySelector('#emphasis em'));"
        " return [s.fontStyle, s.textEmphasisStyle] })()"
    )
    assert style[0] == "normal"
    assert "dot" in style[1]


def test_figures_stand_on_the_decimal_point(page: Page) -> None:
    found = page.evaluate(
        "[...document.querySelectorAll('#figures td')].map(cell => {"
        " const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT); walker.nextNode();"
        " const node = walker.currentNode, range = document.createRange();"
        " const at = node.data.search(/[^0-9]|$/); range.setStart(node, at - 1); range.setEnd(node, at);"
        # The right edge takes in the room before a unit.
        " return range.getBoundingClientRect().left })"
    )
    assert len(found) == 4
    assert max(found) - min(found) < 0.6


def test_what_is_read_from_the_page_is_what_was_written(page: Page) -> None:
    text = page.evaluate("document.getElementById('typed').innerText")
    assert text == "甲GPU乙3亿元丙a 甲 b"


def test_the_file_itself_holds_no_marks(script: str) -> None:
    markup = write(sheet(script), find_template_set("base")).data.decode()
    assert not any(mark in markup for mark in "\u200b\ufeff")
    assert "3亿元" in markup
