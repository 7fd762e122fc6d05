"""What is the same in many places is inspected once: with the same result as if it were inspected in each."""

import io
from base64 import b64encode
from pathlib import Path

import cssselect2
import pytest

from brief.inspection.elements import PreparedPart
from brief.inspection.extract.hiding import wrap_elements
from brief.inspection.extract.markup import extract_html
from brief.inspection.extract.part import BREAK, Part
from brief.inspection.extract.selector_matcher import SelectorMatcher
from brief.inspection.extract.styled.styled_text import PageEvent, _build_tree
from brief.inspection.seeds import SeedTable, choose_limits
from brief.templating.packaged import PACKAGED

_SELECTORS = (
    "p",
    ".note",
    ".list .note",
    ".list > .note",
    "#first .note",
    "ul li",
    "li:first-child",
    "li + li",
    ".list ~ p",
    "[lang=de]",
    ":root p",
    "*",
    "p::before",
    "li:not(.note)",
    ".note:empty",
    "div > p.note, ul .item",
    "Li.ITEM",
)


def _start(tag: str, *attributes: tuple[str, str | None]) -> PageEvent:
    return "start", tag, attributes


def _end(tag: str) -> PageEvent:
    return "end", tag, ()


_EVENTS: list[PageEvent] = [
    _start("html", ("lang", "en")),
    *(
        event
        for name in ("first", "second", "first")
        for event in (
            _start("div", ("class", "list"), ("id", name)),
            _start("p", ("class", "note")),
            ("text", "one", ()),
            _end("p"),
            _start("p", ("class", "note"), ("lang", "de")),
            _end("p"),
            _end("div"),
            _start("p", ("class", "note extra")),
            _end("p"),
            _start("ul"),
            _start("li", ("class", "item")),
            _end("li"),
            _start("li", ("class", "item")),
            _end("li"),
            _start("li", ("class", "note item")),
            _end("li"),
            _end("ul"),
        )
    ),
]


def test_elements_with_the_same_names_have_the_same_matches() -> None:
    root = _build_tree(_EVENTS)
    assert root is not None
    plain, matcher = cssselect2.Matcher(), SelectorMatcher()
    for written in _SELECTORS:
        for selector in cssselect2.compile_selector_list(written):
            plain.add_selector(selector, written)
            matcher.add(selector, written, written)
    found = list(matcher.match(wrap_elements(root)))
    assert len({number for _, number, *_ in found}) < len(found)
    for wrapper, _, by_names, by_place in found:
        expected = sorted((pseudo or "", written) for _, _, pseudo, written in plain.match(wrapper))
        assert sorted((pseudo or "", written) for _, _, pseudo, written in (*by_names, *by_place)) == expected


@pytest.mark.parametrize(
    "script", ["the quick brown fox jumps over the lazy dog", "中國研究團隊發表影片生成模型的路徑成本與變現考驗"]
)
def test_pieces_are_looked_up_as_each_is(script: str) -> None:
    letters = script.replace(" ", "")
    table = SeedTable((letters, letters[::-1]), choose_limits(letters))
    pieces = ["", letters[:3], letters, f"xx{letters[4:]}", letters[::-1] + letters, "nothing of it", letters[2:]]
    expected = [(index, *hit) for index, piece in enumerate(pieces) for hit in table.look_up(piece)]
    assert list(table.look_up_pieces(pieces)) == expected
    assert expected


def _read_words(body: str, sheet: str) -> list[str]:
    page = f"<html><head><style>{sheet}</style></head><body>{body}</body></html>"
    return [part.words for part in extract_html("page", io.BytesIO(page.encode()))]


def _read_packaged_sheet() -> str:
    (path,) = (root / "base" / "screen.css" for root in PACKAGED if (root / "base" / "screen.css").is_file())
    return Path(path).read_text("utf-8")


@pytest.mark.parametrize(
    ("before", "is_divided"),
    [
        ("abc", True),
        ("abc<wbr>", True),
        ("abc<!-- -->", True),
        ("<b>abc", True),
        ("abc ", False),
        ("<b>abc</b>", False),
    ],
)
def test_a_packaged_line_break_is_read_where_it_divides_a_word(before: str, is_divided: bool) -> None:
    body = f'<div class="sources"><p>{before}<span class="imprint">def</span></p></div>'
    (words,) = _read_words(body, _read_packaged_sheet())
    assert ("abc\ndef" in words) is is_divided
    # The same rule of another set is read in any case.
    (own,) = _read_words(body, '.other .imprint::before { content: "\\a" } .imprint::before { content: "\\a" }')
    assert own.count("def") > 1


def test_surfaces_that_are_arranged_alike_have_one_text() -> None:
    body = '<p class="a">one</p><p class="b">two</p>'
    sheet = '.a::after { content: "three" } @media (max-width: 500px) { .b { left: 0 } .c { order: 2 } }'
    (words,) = _read_words(body, sheet)
    assert words.count("one") == 2
    (moved,) = _read_words(body, sheet.replace(".c", ".a"))
    assert moved.count("one") == 3


def test_texts_are_decoded_three_times_at_most() -> None:
    sentence = "The council meets on 30 June"
    encoded = [sentence]
    for _ in range(4):
        encoded.append(b64encode(encoded[-1].encode()).decode())
    for count, text in enumerate(encoded):
        prepared = PreparedPart.from_part(Part("", f"before{BREAK}{text}"))
        assert (sentence in prepared.written) is (count <= 3)
