"""The quick HTML parser calls the same handlers as the standard library's, whatever it reads."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brief import Pack
from brief.inspection.extract.html_parser import QuickHtmlParser
from brief.templating.html_parser import LenientHtmlParser

PIECES = (
    *("<p>", "</p>", "<P CLASS=A>", "</P >", '<a href="#b&amp;c">', "<a href='#b'>", "<br/>", "<br />", "<img alt>"),
    *(
        '<img alt="a>b" title="&lt;"',
        ">",
        "<",
        "</",
        "<!",
        "<!--",
        "-->",
        "<!-- a -->",
        "<?php a ?>",
        "<![CDATA[",
        "]]>",
    ),
    *(
        "<script>",
        "</script>",
        "<style>",
        "</style>",
        "<title>",
        "</title>",
        "<textarea>",
        "</textarea>",
        "<svg:a b:c='d'>",
    ),
    *(
        "a",
        " ",
        "\n",
        "&amp;",
        "&#105;",
        "&",
        "&unknown;",
        "字",
        '"',
        "'",
        "=",
        "/",
        '<p a="1"b="2">',
        '<p a = "1">',
        "<p/a>",
    ),
)


def read(parser: type[HTMLParser], written: str) -> list[tuple[object, ...]]:
    seen: list[tuple[object, ...]] = []

    class Listener(parser):  # type: ignore[misc, valid-type]
        def handle_starttag(self, *found: object) -> None:
            seen.append(("start", *found))

        def handle_startendtag(self, *found: object) -> None:
            seen.append(("empty", *found))

        def handle_endtag(self, *found: object) -> None:
            seen.append(("end", *found))

        def handle_data(self, *found: object) -> None:
            seen.append(("text", *found))

        def handle_comment(self, *found: object) -> None:
            seen.append(("comment", *found))

        def handle_decl(self, *found: object) -> None:
            seen.append(("declaration", *found))

        def handle_pi(self, *found: object) -> None:
            seen.append(("instruction", *found))

        def unknown_decl(self, *found: object) -> None:
            seen.append(("unknown", *found))

    listener = Listener(convert_charrefs=True)
    listener.feed(written)
    listener.close()
    return seen


@given(st.lists(st.sampled_from(PIECES), max_size=24).map("".join))
def test_tag_soup_is_read_alike(written: str) -> None:
    assert read(QuickHtmlParser, written) == read(LenientHtmlParser, written)


@pytest.mark.parametrize("locale", ["en", "zh-Hant"])
def test_our_pages_are_read_alike(starter_pack: Pack, locale: str) -> None:
    page = starter_pack["council", locale, "html"].data.decode()
    assert read(QuickHtmlParser, page) == read(LenientHtmlParser, page)
