"""Long text is read into parts; what it cannot hold is reported where it is typed."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.inline import AuthoredRun, Code, Footnote, Formula, LineBreak, ShiftedText, Text
from brief.model.prose import ProseCode, ProseHeading, ProseList, ProseParagraph, ProseParts, ProseTable
from brief.model.source_location import SourceLocation
from brief.reading.text_file import make_text_file
from brief.reading.texts.formula_width import estimate_width
from brief.reading.texts.formulas import FormulaError, read_formula
from brief.reading.texts.prose import join_texts, parse_prose
from brief.templating.formulas import draw_formula, mark_up_formula

FIRST = SourceLocation("f", 1, 1)


def parse(source: str) -> tuple[ProseParts[AuthoredRun], list[tuple[str, int]]]:
    file, sink = make_text_file("f", source), DiagnosticSink()
    parts = parse_prose(source, FIRST, lambda: file.make_locator(0, FIRST), sink)
    return parts, [(found.code, found.location.line) for found in sink.found]


def only(source: str) -> tuple[AuthoredRun, ...]:
    (part,), found = parse(source)
    assert isinstance(part, ProseParagraph)
    assert found == []
    return part.text


def test_chemical_and_mathematical_signs_are_raised_and_lowered() -> None:
    assert only("CO~2~ in m^2^") == (
        *(Text("CO"), ShiftedText("2", is_raised=False), Text(" in m"), ShiftedText("2", is_raised=True)),
    )


def test_lines_are_joined_but_where_a_break_is_typed() -> None:
    assert only("one\ntwo\\\nthree  \nfour") == (
        *(Text("one two"), LineBreak(), Text("three"), LineBreak(), Text("four")),
    )
    assert only("中文\n换行") == (Text("中文换行"),)


def test_nested_lists_hold_several_paragraphs() -> None:
    (part,), _ = parse("3. a\n   - b\n\n   c\n4. d")
    assert isinstance(part, ProseList)
    assert (part.is_ordered, part.start, len(part.entries)) == (True, 3, 2)
    assert [type(inner) for inner in part.entries[0]] == [ProseParagraph, ProseList, ProseParagraph]


def test_headings_count_from_the_highest_that_is_used() -> None:
    parts, found = parse("## A\n\nText.\n\n### B\n\nText.\n\n## C")
    assert [part.level for part in parts if isinstance(part, ProseHeading)] == [1, 2, 1]
    assert found == []


def test_code_keeps_its_lines_and_placeholders() -> None:
    (part,), _ = parse("```\nx = {a/b}\n  y\n```")
    assert part == ProseCode((Code("x = {a/b}\n  y"),))


def test_footnotes_are_where_their_marks_are() -> None:
    (part,), found = parse("Text[^a].\n\n[^a]: One.\n\n    Two.")
    assert isinstance(part, ProseParagraph)
    assert part.text == (Text("Text"), Footnote(((Text("One."),), (Text("Two."),))), Text("."))
    assert found == []
    assert "Two." in str(join_texts((part,)))


@pytest.mark.parametrize(
    ("source", "code", "line"),
    [
        ("a\n\nb[^x]", "footnote", 3),
        ("a\n\n[^x]: never marked", "footnote", 3),
        ("a[^x] b[^x]\n\n[^x]: twice", "footnote", 1),
        ("a[^x]\n\n[^x]: - a list", "footnote", 1),
        ("a[^x]\n\n[^x]: # a heading", "footnote", 1),
        ("a[^x]\n\n[^x]: b[^y]\n\n[^y]: c", "footnote", 3),
        ("# A[^x]\n\n[^x]: b", "footnote", 1),
        ("**a[^x]**\n\n[^x]: b", "footnote", 1),
        ("# A\n\n### B\n\n## C", "heading-level", 3),
        ("# A\n\n## B\n\n### C\n\n#### D", "heading-level", 1),
        ("a\n\n---\n\nb", "unsupported-markup", 3),
        ("a\n\n~~b~~", "unsupported-markup", 3),
        ("a\n\nH<sub>2</sub>O", "unsupported-markup", 3),
        ("a\n\n![b](c.png)", "image-in-text", 3),
        ("a\n\n$\\frac{a$", "formula", 3),
        ("a\n\n$$\n\\foo\n$$", "formula", 3),
        ("|" + "a|" * 7 + "\n|" + "-|" * 7, "wide-prose-table", 1),
        ("> " * 20 + "a", "markup-nesting", 1),
        ("a\n\n{b}", "bad-placeholder", 3),
    ],
)
def test_unsupported_markup_in_prose_is_reported_at_its_location(source: str, code: str, line: int) -> None:
    assert (code, line) in parse(source)[1]


@pytest.mark.parametrize(
    ("cells", "is_refused"), [(("x", "y + z"), False), (("long", "x"), False), (("long", "**long**"), True)]
)
def test_formulas_that_do_not_fit_the_columns_of_a_table_are_refused(cells: tuple[str, ...], is_refused: bool) -> None:
    long = "$" + "+".join("abcdefghijklm") + "$"
    row = "|".join(cell.replace("long", long) if "long" in cell else f"${cell}$" for cell in cells)
    _, found = parse(f"Text.\n\n|a|b|\n|-|-|\n|{row}|\n")
    assert found == ([("formula", 3)] if is_refused else [])


@pytest.mark.parametrize("source", ["US$5 and HK$6", "from $5 to $6", "a ~ b ~~ c", "1^", "[^ x]", "`$x$` and `~~a~~`"])
def test_plain_text_is_not_taken_for_markup(source: str) -> None:
    assert not any(isinstance(run, Formula | ShiftedText | Footnote) for run in only(source))


@pytest.mark.parametrize(
    "tex", [r"x^2", r"\sum_{i=1}^n \frac{x_i}{n}", r"10\,\text{kWh}", r"\begin{cases}a & b\\ c & d\end{cases}"]
)
def test_formulas_become_mathml(tex: str) -> None:
    assert read_formula(tex, is_display=False).mathml.startswith("<math xmlns=")


@pytest.mark.parametrize(
    "tex",
    [
        "",
        "5 and HK",
        r"\foo",
        r"\frac{a",
        r"\frac{a}",
        "x^",
        r"x % y",
        r"\href{http://a}{b}",
        r"\text{成本}",
        "}{",
        r"\color{red}x",
    ],
)
def test_a_formula_that_cannot_be_set_is_refused(tex: str) -> None:
    with pytest.raises(FormulaError):
        read_formula(tex, is_display=False)


LONG = " + ".join(f"x_{{{number}}}" for number in range(1, 30))


def test_a_formula_that_would_be_shrunk_too_much_is_refused() -> None:
    with pytest.raises(FormulaError, match=r"about 6\d ems wide") as caught:
        read_formula(LONG, is_display=True)
    assert caught.value.hint
    broken = LONG.replace("x_{15}", r"\\ &\quad x_{15}")
    assert read_formula(rf"\begin{{align*}} &{broken} \end{{align*}}", is_display=True)


def test_a_formula_within_a_line_is_refused_sooner() -> None:
    tex = LONG.partition(" + x_{16}")[0]
    assert read_formula(tex, is_display=True)
    with pytest.raises(FormulaError, match="within a line"):
        read_formula(tex, is_display=False)
    assert read_formula(LONG.partition(" + x_{11}")[0], is_display=False)


@pytest.mark.parametrize(
    "tex",
    [
        *(
            "a+b",
            LONG.partition(" + x_{9}")[0],
            r"\bar{s} = \sum_{i=1}^{n} \frac{r_i}{n_i}",
            r"f(x, y) = \alpha x + \sqrt{\beta y}",
            r"a \to b \to c \to d",
            r"\vec{v} + \hat{w} + \tilde{x} + \dot{y}",
        ),
        r"\text{Cost per kilometre} = \frac{\text{fuel} + \text{wages} + \text{depreciation}}{\text{kilometres}}",
        r"\prod_{k=1}^{n} (1 + g_k) = 1.0452 \cdot 1.0231",
    ],
)
def test_the_width_of_a_formula_is_estimated_well(tex: str) -> None:
    formula = read_formula(tex, is_display=True)
    (drawn,) = re.findall(r"width: ([\d.]+)em", draw_formula(str(mark_up_formula(formula))))
    read = ElementTree.fromstring(re.sub(r' xmlns="[^"]*"', "", formula.mathml))  # noqa: S314 - our own
    assert estimate_width(read) == pytest.approx(float(drawn), rel=0.15)


def test_tables_keep_their_alignment() -> None:
    (part,), _ = parse("| a | b |\n|---|--:|\n| c | 1 |")
    assert isinstance(part, ProseTable)
    assert [align.value for align in part.aligns] == ["start", "end"]


@settings(max_examples=150, deadline=3_000)
@given(
    st.lists(
        st.sampled_from(
            [
                "# ",
                "- ",
                "1. ",
                "> ",
                "```\n",
                "$",
                "$$",
                "~",
                "^",
                "[^a]",
                "[^a]: ",
                "|",
                "**",
                "\n",
                "\n\n",
                "    ",
                "{a/b}",
                "字",
                "a ",
            ]
        ),
        max_size=200,
    )
)
@example(["[^a]: ", "- ", "[^a]: ", "```\n", "[^a]"])
def test_any_text_is_parsed(pieces: list[str]) -> None:
    parse("".join(pieces))
