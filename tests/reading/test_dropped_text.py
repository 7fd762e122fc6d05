"""What an author typed and a reader would not get as typed is reported with its place."""

import pytest

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.source_location import SourceLocation
from brief.reading import markup, yaml_nodes
from brief.reading.text_file import decode_text

HERE = SourceLocation("a.yaml", 7, 3)


def found_in(text: str) -> list[tuple[str, int, int]]:
    sink = DiagnosticSink()
    file = decode_text("a.yaml", text.encode(), sink)
    assert file is not None
    assert yaml_nodes.parse(file, sink) is not None
    return [(each.code, each.location.line, each.location.column) for each in sink.found]


@pytest.mark.parametrize(
    ("line", "column"),
    [("en: The C #4 trial", 11), ("en: The result # from June", 16), ("zh-Hans: 试点 #4 有客源", 13)],
)
def test_a_text_that_a_comment_cuts_is_reported(line: str, column: int) -> None:
    assert found_in(f"takeaways:\n  - {line}\n") == [("text-after-hash", 2, column + 4)]


@pytest.mark.parametrize(
    "line",
    [
        'en: "The C #4 trial"',
        "en: The C#4 trial",
        "id: costs  # of one clip",
        "value: 500 # CNY",
        "en: 'One' # said twice",
    ],
)
def test_other_comments_are_not_reported(line: str) -> None:
    assert found_in(f"a: 1\n{line}\n") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("H<sub>2</sub>O", ["<sub>", "</sub>"]),
        ("~~old~~ and new", ["~~old~~"]),
        ("the law $x^2$ holds", ["$x^2$"]),
        ("a note[^1].", ["[^1]"]),
        ("12 Harbour Road\\\nHong Kong", ["a line break"]),
        ("12 Harbour Road  \nHong Kong", ["a line break"]),
    ],
)
def test_markup_of_other_dialects_is_reported(text: str, said: list[str]) -> None:
    sink = DiagnosticSink()
    markup.parse(text, HERE, lambda _: HERE, sink)
    assert [each.code for each in sink.found] == ["unsupported-markup"] * len(said)
    assert all(part in each.message for part, each in zip(said, sink.found, strict=True))


@pytest.mark.parametrize(
    "text",
    ["<https://example.org/a>", "between $5 and $6", "`<sub>` and `~~`", "a < b and c > d", "US$5 to US$9", "~5~"],
)
def test_what_looks_like_it_is_not(text: str) -> None:
    sink = DiagnosticSink()
    markup.parse(text, HERE, lambda _: HERE, sink)
    assert sink.found == []
