"""Texts are fixed at the exact characters of their YAML scalars, in every style, and every other byte stays."""

import os

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import Replacement, TextFix
from brief.model.source_location import SourceLocation
from brief.reading import yaml_nodes
from brief.reading.edits.scalar_spans import find_scalars, locate_scalar
from brief.reading.edits.text_fixes import fix_file
from brief.reading.text_file import decode_text, make_text_file

EXAMPLES = int(os.environ.get("BRIEF_FUZZ_EXAMPLES", "100"))

STYLES = {
    "plain": b"a: 1  # one\ntext:   the old, word\nb: 2\n",
    "plain on lines": b"text: the\n  old,\n\n  word # not this\nb: 2\n",
    "single": b"text: 'it''s the old, word'  # kept\n",
    "double": b'text: "say \\"the old, word\\" \\u00e9 \\\n   twice"\n',
    "literal": b"text: |  # kept\n\n    the old, word\n      indented\n    more\n\n\nb: 2\n",
    "literal, stripped": b"text: |-\n  the old, word\n",
    "literal, kept": b"text: |+\n  the old, word\n\n\nb: 2\n",
    "literal, indented": b"text: |2\n    the old, word\n",
    "folded": b"text: >\n  the\n  old, word\n\n  next\n    indented\n  last\nb: 2\n",
    "folded, stripped": b"text: >-\n  some, more\n  the old, word\n",
    "flow": b"{text: 'the old, word', b: [1, 2]}\n",
    "anchor": b"text: &name the old, word\nb: *name\n",
    "windows": b"\xef\xbb\xbfa: 1\r\ntext: the old, word\r\nb: 2\r\n",
    "wide": "a: 漢字\ntext: '𠀀 the old, word'\n".encode(),
}


def scalar_of(data: bytes) -> tuple[SourceLocation, str]:
    file = decode_text("a.yaml", data, DiagnosticSink())
    assert file is not None
    node = yaml_nodes.parse(file, DiagnosticSink())
    assert node is not None
    value = {key.text: value for key, value in node.entries}["text"]
    assert isinstance(value, yaml_nodes.ScalarNode)
    return value.location, value.text


@pytest.mark.parametrize("style", STYLES)
def test_a_word_is_replaced_and_nothing_else(style: str) -> None:
    data = STYLES[style]
    location, text = scalar_of(data)
    start = text.index("old,") + 3
    fixed = fix_file("a.yaml", data, [TextFix(location, (Replacement(start, start + 1, "，"),))])
    assert (len(fixed.applied), fixed.failed) == (1, ())
    at = data.index(b"old,") + 3
    assert fixed.data == data[:at] + "，".encode() + data[at + 1 :]
    assert scalar_of(fixed.data)[1] == text[:start] + "，" + text[start + 1 :]


@pytest.mark.parametrize(
    ("data", "right", "written"),
    [
        (b"text: 'old'\n", "it's", b"text: 'it''s'\n"),
        (b'text: "old"\n', 'a "b" \\', b'text: "a \\"b\\" \\\\"\n'),
    ],
)
def test_what_a_style_escapes_is_escaped(data: bytes, right: str, written: bytes) -> None:
    location, _ = scalar_of(data)
    assert fix_file("a.yaml", data, [TextFix(location, (Replacement(0, 3, right),))]).data == written


@pytest.mark.parametrize("right", ["a: b", "x #y", "- a", "{x}", "*a"])
def test_a_plain_text_that_would_read_as_something_else_is_left(right: str) -> None:
    location, _ = scalar_of(b"text: old\n")
    fixed = fix_file("a.yaml", b"text: old\n", [TextFix(location, (Replacement(0, 3, right),))])
    assert (fixed.data, fixed.applied) == (b"text: old\n", ())
    assert len(fixed.failed) == 1


def test_a_text_in_decomposed_letters_is_left() -> None:
    data = "text: cafe\u0301, old\n".encode()
    location, _ = scalar_of(data)
    fixed = fix_file("a.yaml", data, [TextFix(location, (Replacement(4, 5, ";"),))])
    assert (fixed.data, len(fixed.failed)) == (data, 1)


def test_a_file_that_is_not_all_yaml_is_left() -> None:
    data = b"text: old, word\nb: [1\n"
    fixed = fix_file("a.yaml", data, [TextFix(SourceLocation("a.yaml", 1, 7), (Replacement(3, 4, ";"),))])
    assert (fixed.data, len(fixed.failed)) == (data, 1)


def test_of_two_fixes_of_the_same_characters_the_first_is_made() -> None:
    location, _ = scalar_of(b"text: old word\n")
    fixes = [TextFix(location, (Replacement(0, 3, right),)) for right in ("new", "late")]
    fixed = fix_file("a.yaml", b"text: old word\n", fixes)
    assert (fixed.data, fixed.applied, fixed.failed) == (b"text: new word\n", (fixes[0],), ())


WORDS = st.text(st.sampled_from("ab,;'\"\\ \n\t漢字，#:-{}[]é𠀀"), max_size=40)


@settings(max_examples=EXAMPLES, deadline=None)
@given(WORDS, st.sampled_from(["'", '"', "|", ">", None]), st.integers(20, 200))
def test_every_character_is_located(words: str, style: str | None, width: int) -> None:
    """In any style that PyYAML writes, located characters are written there, and the rest of the file is not touched."""
    written = yaml.dump({"text": words}, default_style=style, allow_unicode=True, width=width)
    file = make_text_file("a.yaml", written)
    for event in find_scalars(file).values():
        spans = locate_scalar(file, event)
        if not event.value.strip():
            continue
        assert spans is not None
        assert spans.value == event.value
        for number, character in enumerate(spans.value):
            start, end = spans.find_span(number, number + 1)
            assert start <= end
            if character not in " \n\t'\"\\\x85" and end - start == 1:
                assert file.text[start] == character
