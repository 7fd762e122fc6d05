"""Markup and text that would be lost or printed as typed is reported, and no text makes the parser run away."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from projects import THEME, ProjectCopy

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.inline import AuthoredRuns, LineBreak, Text
from brief.model.source_location import SourceLocation
from brief.model.text import Phrase
from brief.reading.texts import markup, prose, unsupported_markup
from brief.resolve.checks.parity import describe_mismatch
from brief.resolve.checks.wording import find_foreign_characters

ENGLISH = "The trial has found its public."


def parse(text: str) -> tuple[AuthoredRuns, list[str]]:
    sink = DiagnosticSink()
    runs = markup.parse(text, SourceLocation("f"), lambda _: SourceLocation("f"), sink)
    return runs, [found.code for found in sink.found]


FOREIGN = [
    "H<sub>2</sub>O",
    "<div>a",
    '<span class="x" id=y>a',
    "a <!-- for us --> b",
    "<!-- never closed",
    "~~old~~",
    "==new==",
    "[[A page]]",
    "[ ] to do",
    "[x] done",
    "[!NOTE] a",
    "a note[^1]",
    "a^[a note]",
    ":::warning",
    "a :smile: b",
    "a \\newpage b",
    "\\textbf",
    r"\(E = mc^2\)",
    r"so \[ x_1 \] is",
    "Term\n: what it is",
]


@pytest.mark.parametrize(
    "text", [*FOREIGN, "10^3^ t", "CO~2~ and H~2~O", "{a/b}^p^", "$x^2$", "```", "line\\\nline", "a  \nb"]
)
def test_markup_that_is_not_supported_is_reported(text: str) -> None:
    assert set(parse(text)[1]) == {"unsupported-markup"}


@pytest.mark.parametrize("text", FOREIGN)
def test_markup_that_long_text_does_not_support_is_reported(text: str) -> None:
    sink = DiagnosticSink()
    place = SourceLocation("f")
    prose.parse_prose(f"First.\n\n{text}", place, lambda: lambda _: place, sink)
    assert {found.code for found in sink.found} <= {"unsupported-markup", "footnote"}
    assert sink.found


PLAIN = [
    "US$5 to US$6",
    "a ~ b ~~ c",
    "`~~old~~`",
    "[1] and x < y",
    "$5, not $6",
    "a\nb",
    "x <a and b> y",
    "if a == b or c == d",
    "10:30:45",
    "[[1, 2], [3]]",
    "[x]",
    "C:\\news",
    r"\(a\) and \[1\]",
    r"`\(x^2\)`",
    "I <3 you",
    "9:16:9 or a:b:c",
    "^_^",
    "3~5~7 h",
    "2^10 and 2^20",
    "A ~5% B~ C",
    "3. September 2026",
    "2. Quartal 2026",
    "1. und 2. Halbjahr",
    "3. 9. 2026",
    "Es begann am\n3. September.",
    "> 65 Jahre",
    "+ 3,2 %",
    "- 12,5 €",
    "- €5",
]


@pytest.mark.parametrize("text", PLAIN)
def test_plain_text_is_not_taken_for_markup(text: str) -> None:
    assert parse(text)[1] == []


def test_a_list_on_the_second_line_is_reported() -> None:
    assert parse("First:\n- one")[1] == ["block-markup"]


def test_a_line_break_between_han_characters_leaves_no_backslash() -> None:
    (run,), _ = parse("港湾道12号\\\n邮政信箱34")
    assert "\\" not in str(run)


@pytest.mark.parametrize("text", ["港湾道12号\\\n邮政信箱34", "港湾道12号  \n邮政信箱34"])
def test_a_text_that_may_have_lines_keeps_them(text: str) -> None:
    sink = DiagnosticSink()
    runs = markup.parse(text, SourceLocation("f"), lambda _: SourceLocation("f"), sink, keep_hard_breaks=True)
    assert runs == (Text("港湾道12号"), LineBreak(), Text("邮政信箱34"))
    assert not sink.found


@pytest.mark.parametrize("text", ["*" * 2_000, "**a*" * 9_999, "_" * 40_000, "**_" * 300 + "a" + "_**" * 300])
def test_many_markers_are_refused_quickly(text: str) -> None:
    start = time.process_time()
    runs, codes = parse(text)
    assert time.process_time() - start < 2
    assert (runs, "markup-nesting" in codes) == ((), True)


@pytest.mark.parametrize(
    "piece", ["<", "<a ", '<a b="', "<!--", "==a", "^[", "[[", "\\(^", "\\[_", "`", "~~~", ":a", "$"]
)
def test_markup_is_looked_for_in_bounded_time(piece: str) -> None:
    words = piece * (40_000 // len(piece))
    start = time.process_time()
    list(unsupported_markup.find_in_words(words))
    unsupported_markup.warn_lost(words, SourceLocation("f"), DiagnosticSink())
    assert time.process_time() - start < 2


@settings(max_examples=150, deadline=2_000)
@given(
    st.lists(
        st.sampled_from(["**", "*", "_", "[", "](#a)", "{a/b}", "`", "<", ">", "\\", "\n", "a", "字"]), max_size=600
    )
)
def test_any_text_is_parsed_in_bounded_time(pieces: list[str]) -> None:
    parse("".join(pieces))


@pytest.mark.parametrize("hidden", ["`{a/b}`", "<https://example.org/{a/b}>", "\\{a/b}"])
def test_a_placeholder_that_is_not_printed_is_missing(hidden: str) -> None:
    def phrase(text: str) -> Phrase:
        return Phrase(text, parse(text)[0], SourceLocation("f"))

    assert describe_mismatch(phrase("{a/b}"), phrase(hidden), {"a/b"}, set()) == "lacks {a/b}"
    assert describe_mismatch(phrase(hidden), phrase("\\\\{a/b}"), {"a/b"}, set()) == "also has {a/b}"


@pytest.mark.parametrize(
    "typed",
    [
        "The C ▸#4 trial",
        "The C\t▸#4 trial",
        "{reader-survey/riders-after} in all ▸#4",
        "C# and F ▸#",
        "Line one\n      and two ▸#4 trial",
        "https://example.org/a#b ▸#c",
        "字 ▸#四",
    ],
)
def test_text_after_a_hash_is_reported_at_the_hash(project: ProjectCopy, typed: str) -> None:
    if typed.startswith("{"):
        typed = f"Had {typed}"
    place = project.replace(THEME, f"en: {ENGLISH}", f"en: {typed}")
    assert place in [each.where for each in project.check()[1] if each.code == "comment-after-text"]


@pytest.mark.parametrize(
    "typed", ['"The C #4 trial"', "'The C #4 trial'", ">-\n        The C #4\n        trial", "C#4"]
)
def test_a_hash_that_is_printed_is_no_comment(project: ProjectCopy, typed: str) -> None:
    project.replace(THEME, f"en: {ENGLISH}", f"en: {typed}")
    assert "comment-after-text" not in {each.code for each in project.check()[1]}


def test_each_piece_of_markup_is_reported_where_it_is(project: ProjectCopy) -> None:
    typed = "H<sub>2</sub>O, ~~old~~, $x^2$ and a note[^1]"
    file, line, column = project.replace(THEME, f"en: {ENGLISH}\n    zh-Hans: ", f"en: ▸{typed}\n    zh-Hans: H<sub>2")
    found = [each.where for each in project.check()[1] if each.code == "unsupported-markup"]
    pieces = ("<sub>", "</sub>", "~~old~~", "$x^2$", "[^1]")
    assert [place for place in found if place[1] == line] == [
        (file, line, column + typed.index(piece)) for piece in pieces
    ]


def test_a_piece_that_is_not_found_is_not_sought_in_the_next_text(project: ProjectCopy) -> None:
    place = project.replace(
        THEME,
        f"en: {ENGLISH}\n    zh-Hans: ",
        'en: ▸"The ~~trial has\n      found~~"\n    zh-Hans: ~~trial has found~~',
    )
    found = [each.where for each in project.check()[1] if each.code == "unsupported-markup"]
    assert found == [place, (place[0], place[1] + 2, 14)]


def test_variants_kept_for_names_are_not_of_the_wrong_script() -> None:
    assert find_foreign_characters("毕昇、日昇昌、祕先生、周迺", "Hans") == []
    assert find_foreign_characters("車站", "Hans") == ["車"]
