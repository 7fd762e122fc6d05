"""Blocks taken out of the pages that the HTML writer makes."""

import pytest
from variant_samples import sample

from brief.templating.template_set import find_template_set
from brief.web.live.comparison import compare_block, list_sections
from brief.web.live.page_blocks import extract_text, prefix_ids, split_page
from brief.writers.html import write


@pytest.mark.parametrize("name", ["base", "paper"])
def test_every_block_of_every_kind_is_found(name: str) -> None:
    variant = sample("en")
    sections = list_sections(variant)
    page = write(variant, find_template_set(name)).data.decode()
    cut = split_page(page, sections)
    for section, blocks in sections.items():
        assert f'id="{section}-title"' in cut[section]
        for block in blocks:
            assert f'id="{block}"' in cut[block]
            assert not any(f'id="{other}"' in cut[block] for other in blocks if other != block)
            assert cut[block].count("<div") == cut[block].count("</div>")


def test_a_heading_belongs_to_the_block_below_it() -> None:
    page = (
        '<section id="t"><header><h2 id="t-title">T</h2></header><h3>One</h3><p id="a">x<br>y</p>'
        '<p id="b">z</p><h3>Three</h3><div class="own"><figure id="c"><svg><path d="M0"/></svg></figure></div></section>'
    )
    assert split_page(page, {"t": ["a", "b", "c"]}) == {
        "t": '<header><h2 id="t-title">T</h2></header>',
        "a": '<h3>One</h3><p id="a">x<br>y</p>',
        "b": '<p id="b">z</p>',
        "c": '<h3>Three</h3><div class="own"><figure id="c"><svg><path d="M0"/></svg></figure></div>',
    }


def test_what_a_look_does_not_mark_is_not_found() -> None:
    assert split_page('<section id="t"><p>x</p></section>', {"t": ["a"]}) == {"t": "<p>x</p>"}
    assert split_page("<p>x</p>", {"t": ["a"]}) == {}


def test_tags_in_comments_scripts_and_styles_are_text() -> None:
    page = (
        "<section id='t'><!-- <p id=\"a\"> --><p id='a' title=\"1 > 0\">x</p><style>p::after { content: '</p>' }</style>"
        '<P ID="b">y<script>let z = "<div>";</script></P></section>'
    )
    assert split_page(page, {"t": ["a", "b"]}) == {
        "a": "<p id='a' title=\"1 > 0\">x</p><style>p::after { content: '</p>' }</style>",
        "b": '<P ID="b">y<script>let z = "<div>";</script></P>',
    }


def test_ids_get_a_prefix_wherever_they_are_named() -> None:
    markup = (
        '<a id="x" href="#y" aria-labelledby="a b">id="x"</a><a href="https://e.org/#y">'
        '<use xlink:href="#z"/><g clip-path="url(#c)">'
    )
    assert prefix_ids(markup, "en-") == (
        '<a id="en-x" href="#en-y" aria-labelledby="en-a en-b">id="x"</a><a href="https://e.org/#y">'
        '<use xlink:href="#en-z"/><g clip-path="url(#en-c)">'
    )


def test_words_are_compared_without_drawings_and_citation_marks() -> None:
    before = '<p>It grew by 4%<a class="citation" href="#s">[1]</a>.</p><svg><text>4</text></svg>'
    words = {"a": extract_text(before)}
    assert words == {"a": "It grew by 4%."}
    assert compare_block(words, "a", before.replace("[1]", "[2]")) is None
    assert compare_block(words, "b", before) == "new"
    assert compare_block(None, "a", before) is None
    assert {"mark": "added", "text": "5"} in (compare_block(words, "a", "<p>It grew by 5%.</p>") or [])  # type: ignore[operator]
