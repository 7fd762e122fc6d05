"""Inline markup that is wrong, dangerous, or nested without end."""

import time

import pytest
from expected_diagnostics import assert_accepted, assert_refused, assert_warned
from hypothesis import given, settings
from hypothesis import strategies as st
from projects import HERE, THEME, ProjectCopy

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.inline import Text
from brief.model.source_location import UNKNOWN_LOCATION, SourceLocation
from brief.reading.texts import markup

SENTENCES = ("The trial has found its public.", "试点已有稳定客源。", "試辦已有穩定客源。")


def put(project: ProjectCopy, text: str) -> tuple[str, int, int]:
    """The text in all three locales, for they must refer to the same things; returns its place in the first."""
    for end in ("缩短候车时间。", "縮短候車時間。"):
        project.replace(THEME, end, end + text.replace(HERE, ""))
    return project.replace(THEME, "pay for shorter waits.", f"pay for shorter waits. {text}")


def once(project: ProjectCopy, text: str) -> tuple[str, int, int]:
    return project.replace(THEME, SENTENCES[0], f">-\n      The trial {text}")


def test_raw_html_is_reported_and_shown_as_text(published: ProjectCopy) -> None:
    once(published, '<script>alert(1)</script> <link rel=attachment href="file:///etc/passwd">')
    status, found = published.check()
    assert (status, {each.code for each in found}) == (0, {"unsupported-markup"})
    page = published.page()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script" not in page
    assert "<link rel=attachment" not in page


@pytest.mark.parametrize(
    "query",
    ["bcc=e@x.org", "subject=hi&bcc=e@x.org", "subject=hi&BCC=e@x.org", "%62cc=e@x.org", "body=hi", "to=e@x.org"],
)
def test_a_mail_link_sets_the_subject_only(published: ProjectCopy, query: str) -> None:
    where = once(published, f"[us]({HERE}mailto:a@example.org?{query})")
    assert_refused(published, "mailto-parameter", where, "only the subject", "remove the other parameters")


def test_a_mail_link_with_a_subject_is_accepted(published: ProjectCopy) -> None:
    put(published, "[us](mailto:a@example.org?subject=Hello%20there)")
    assert_accepted(published)


@pytest.mark.parametrize("url", ["mailto:a@example.org%0d%0abcc:e@x.org", "https://example.org/%00"])
def test_a_link_holds_no_encoded_control_character(published: ProjectCopy, url: str) -> None:
    assert_refused(published, "link-scheme", once(published, f"[us]({HERE}{url})"), "control character")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "vbscript:x",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://example.org",
        "//example.org/x",
        "other.html",
        "../brief.yaml",
    ],
)
def test_a_link_leads_to_the_web_or_to_mail(published: ProjectCopy, url: str) -> None:
    assert_refused(published, "link-scheme", once(published, f"[x]({HERE}{url})"), "use https: or mailto:")


@pytest.mark.parametrize("url", ["http://169.254.169.254/", "https://example.org/a.png", "map.png", "file:///a.png"])
def test_a_picture_in_a_text_is_refused(published: ProjectCopy, url: str) -> None:
    assert_refused(
        published,
        "image-in-text",
        once(published, f"{HERE}![x]({url})"),
        "remote pictures are not supported",
        "kind 'figure'",
    )


PLACEHOLDERS = [
    (f"{HERE}{{Reader}}", "bad-placeholder", "as in {source/claim}"),
    (f"{HERE}{{reader-survey/wait:long}}", "bad-placeholder", ":bare, :period"),
    (f"{HERE}{{reader-survey/wait", "bad-placeholder", "\\{ for a brace"),
    (f"{HERE}{{}}", "bad-placeholder", "as in {source/claim}"),
    (f"{HERE}{{{{ config }}}}", "bad-placeholder", "as in {source/claim}"),
    (f"{HERE}[@nowhere]", "bad-citation", "write [@source/claim]"),
    (f"{HERE}{{reader-survey/weight}}", "unknown-claim", "reader-survey/wait"),
    (f"{HERE}[@reader-survey/weight]", "unknown-claim", "reader-survey/wait"),
    (f"{HERE}{{readers-survey/wait}}", "unknown-claim", "reader-survey/wait"),
    (f"{HERE}{{reader-survey/riders-growth:period}}", "no-period", "add one to the claim"),
    (f"[{HERE}](#rider-chart)", "unknown-block", "did you mean 'riders-chart'?"),
    (f"[{HERE}](#headline)", "unnumbered-block", "a block with a heading"),
    (f"[see {HERE}](#riders-chart)", "reference-text", "prints its own text"),
]


@pytest.mark.parametrize(("text", "code", "advice"), PLACEHOLDERS)
def test_a_name_in_a_text_leads_somewhere(published: ProjectCopy, text: str, code: str, advice: str) -> None:
    """Reported in each of the three locales, the first with its column."""
    assert_refused(published, code, put(published, text), advice, times=3)


def test_an_escaped_brace_is_no_placeholder(published: ProjectCopy) -> None:
    once(published, "\\{x\\}")
    assert_accepted(published)
    assert "The trial {x}" in published.page()


@pytest.mark.parametrize("text", [f"{HERE}**Sora 2 Pro", f"GPT **Sora** {HERE}**Pro", f"{HERE}__Sora"])
def test_an_unclosed_mark_causes_a_warning_at_its_opening(published: ProjectCopy, text: str) -> None:
    assert_warned(published, "unclosed-markup", put(published, text), "not closed", "close it", times=3)


def test_marks_with_a_space_inside_cause_a_warning_once(published: ProjectCopy) -> None:
    where = published.replace(THEME, SENTENCES[1], f"试点{HERE}**稳定 **客源。")
    assert_warned(published, "unclosed-markup", where, "no space")


@pytest.mark.parametrize("text", ["# A heading", "- an item", "1. an item", "> a quotation", "| a | b |"])
def test_block_markup_in_a_text_causes_a_warning(published: ProjectCopy, text: str) -> None:
    where = published.replace(THEME, f"en: {SENTENCES[0]}", f'en: {HERE}"{text}"')
    assert_warned(published, "block-markup", where, "printed as typed", "corresponding kind of block")


@pytest.mark.parametrize(
    ("locale", "paragraphs"),
    [
        (f"en: {SENTENCES[0]}", "|\n      One.\n\n      Two."),
        (f"zh-Hans: {SENTENCES[1]}", "|\n      一。\n\n      二。"),
    ],
)
def test_a_text_is_one_paragraph(published: ProjectCopy, locale: str, paragraphs: str) -> None:
    where = published.replace(THEME, locale, f"{locale.partition(' ')[0]} {HERE}{paragraphs}")
    assert_refused(published, "several-paragraphs", where, "a separate block")


@pytest.mark.parametrize(
    ("columns", "row"), [("[A, B]", "[1]"), ("[A, B]", "[1, 2, 3]"), ("[A]", "[]"), ("[A, B]", "{cells: [1]}")]
)
def test_a_row_has_one_cell_a_column(published: ProjectCopy, columns: str, row: str) -> None:
    """An error, though Markdown lets it pass: a table that loses a cell says something false."""
    table = f"  - kind: table\n    id: days\n    title: T\n    columns: {columns}\n    rows:\n      - {HERE}{row}\n"
    where = published.replace(THEME, "  - kind: callout", f"{table}  - kind: callout")
    assert_refused(published, "row-length", where, "one cell for each column")


def test_markup_nested_too_deep_is_refused(published: ProjectCopy) -> None:
    published.replace(THEME, f"en: {SENTENCES[0]}", "en: " + '"' + "*a **b " * 12 + "c" + "** a*" * 12 + '"')
    status, found = published.check()
    assert status == 1
    assert {diagnostic.code for diagnostic in found} == {"markup-nesting"}


FLOODS = [
    "[",
    "![",
    "[@",
    "[](#",
    "[^",
    "[a](",
    "{",
    "{a}",
    "*",
    "**a",
    "_",
    "_a",
    "*a ",
    "a* ",
    "`",
    "<",
    "<a",
    "&",
    "\\",
    "](",
    "~",
]


@pytest.fixture(scope="module")
def plain_seconds(tmp_path_factory: pytest.TempPathFactory) -> float:
    """What a check of as many letters without a mark takes of the processor."""
    project = ProjectCopy(tmp_path_factory.mktemp("plain") / "project")
    once(project, "a " * 19_500)
    start = time.process_time()
    project.check()
    return time.process_time() - start


@pytest.mark.parametrize("piece", FLOODS)
def test_a_flood_of_marks_is_read_or_refused_at_once(project: ProjectCopy, plain_seconds: float, piece: str) -> None:
    """Thirteen thousand marks may each cost something, but not something for each other mark."""
    once(project, piece * (39_000 // len(piece)))
    start = time.process_time()
    status, found = project.check()
    assert time.process_time() - start < 10 * plain_seconds
    assert status in (0, 1)
    assert {diagnostic.code for diagnostic in found} <= {"markup-nesting", "unclosed-markup", "reference-mismatch"}


def test_fifty_thousand_brackets_are_refused(published: ProjectCopy) -> None:
    where = published.replace(THEME, f"en: {SENTENCES[0]}", f"en: {HERE}x{'[' * 50_000}")
    assert_refused(published, "text-too-long", where, "40,000")


@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.sampled_from([*"[](){}!#@*_`<>&\\ \n:/a中。%", "**", "http://[", "mailto:", "](#", "s/c"]), max_size=60)
)
def test_any_text_is_read_or_refused_and_never_breaks(pieces: list[str]) -> None:
    where = SourceLocation("x.yaml", 1, 1)
    markup.parse("".join(pieces), where, lambda _: where, DiagnosticSink())


@pytest.mark.parametrize(
    "typed",
    ["a" + "\n" * 39_000 + "b", "a" + " " * 39_000 + "b", "a" + " \n\t" * 13_000 + "b", "年" + "\n " * 19_000 + "b"],
)
def test_heaps_of_space_are_read_at_once(typed: str) -> None:
    began = time.process_time()
    markup.parse(typed, UNKNOWN_LOCATION, lambda _: UNKNOWN_LOCATION, DiagnosticSink())
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("年\n月", "年月"),
        ("年 月", "年月"),
        ("年\n  a", "年a"),
        ("a  \n月", "a月"),
        ("年 a", "年 a"),
        ("a\nb", "a b"),
        ("年 \n\t月 b", "年月 b"),
        ("，\n「", "，「"),
    ],
)
def test_lines_are_joined_without_a_space_beside_east_asian_characters(typed: str, printed: str) -> None:
    (run,) = markup.parse(typed, UNKNOWN_LOCATION, lambda _: UNKNOWN_LOCATION, DiagnosticSink())
    assert run == Text(printed)
