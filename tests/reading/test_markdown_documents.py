"""Markdown documents are read whole: no word is lost without a message, in any markup."""

import re

import pytest
import yaml
from fuzzing import EXAMPLES
from hypothesis import given, settings
from hypothesis import strategies as st
from word_samples import png

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import Diagnostic, has_errors
from brief.reading.documents.arrange import ArrangedDocument, Arrangement, arrange_document
from brief.reading.documents.document import LossReport
from brief.reading.documents.markdown import read_markdown
from brief.reading.documents.theme_writer import Origin, write_theme

NAME = "report.md"


def read_beside(name: str) -> bytes:
    if name != "a.png":
        raise ValueError("there is no such file")
    return png()


def read(text: str, into: str | None = None) -> tuple[ArrangedDocument | None, list[Diagnostic]]:
    sink = DiagnosticSink()
    report = LossReport(sink)
    document = read_markdown(NAME, text.encode(), report, read_beside)
    return arrange_document(document, Arrangement("report", into), report) if document else None, sink.found


def import_text(text: str) -> str:
    arranged, found = read(text)
    assert arranged is not None
    assert not has_errors(found), found
    return "\n".join(write_theme(theme, "en", Origin(NAME)) for theme in arranged.themes)


def text_of(markdown: str) -> str:
    """The text of the only block that the Markdown makes below a summary."""
    theme = yaml.safe_load(import_text(f"# Theme\n\nSummary.\n\n{markdown}\n"))
    (block,) = theme["blocks"]
    return str(block["text"]["en"])


def messages(text: str) -> list[str]:
    return [f"{each.location}: {each.message}" for each in read(text)[1]]


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("**「重点」**所在", "**「重点」**所在"),
        ("__a__ *b* `c*d`", "**a** *b* `c*d`"),
        ("<sup>2</sup> H<sub>2</sub>O <b>b</b> <em>i</em>", "^2^ H~2~O **b** *i*"),
        ("a {b/c} [@d] [x]", "a \\{b/c} \\[@d\\] \\[x\\]"),
        ("US$5 and US$6", "US$5 and US$6"),
        ("<https://example.org/x>", "[https://example.org/x](<https://example.org/x>)"),
        ("[a](mailto:a@example.org)", "[a](<mailto:a@example.org>)"),
        ("1\\. no list", "1\\. no list"),
        ("\\# no heading", "\\# no heading"),
        ("a&nbsp;b &lt;c&gt;", "a\xa0b \\<c>"),
        ("snake_case_name and 2 * 3", "snake_case_name and 2 \\* 3"),
    ],
)
def test_inline_markup_becomes_that_of_content(typed: str, wanted: str) -> None:
    assert text_of(typed) in (wanted, wanted.replace("US$", "US\\$"))


def test_lists_quotations_and_code_nest() -> None:
    text = "1. a\n   - b\n     > c\n2. d\n\n   ```\n   e\n   ```\n"
    assert text_of(text) == "1. a\n\n   - b\n\n     > c\n\n2. d\n\n   ```\n   e\n   ```"


def test_a_pipe_in_code_is_escaped_only_in_tables() -> None:
    assert text_of("Run `a|b`.\n\n- Then\n\n  `c|d`.") == "Run `a|b`.\n\n- Then\n\n  `c|d`."
    assert "`a\\|b`" in text_of("Run\n\n| one | two |\n|---|---|\n| `a\\|b` | 2 |")


def test_footnotes_are_kept_where_content_can_have_them() -> None:
    assert text_of("a[^x] b^[inline]\n\n[^x]: The *note*.\n\n    More.") == (
        "a[^1] b[^2]\n\n[^1]: The *note*.\n\n    More.\n\n[^2]: inline"
    )
    assert any("nothing refers to" in each and "'lost words'" in each for each in messages("a\n\n[^x]: lost words"))


def test_headings_make_themes_blocks_and_headings_of_texts() -> None:
    text = "# Report\n\n## One\n\nLead.\n\n### Part\n\nText.\n\n##### Deep\n\nMore.\n\n## Two\n\nLead.\n"
    one, two = (yaml.safe_load(each) for each in re.split(r"(?m)^(?=# Imported)", import_text(text)) if each)
    assert (one["title"], two["title"]) == ({"en": "One"}, {"en": "Two"})
    (block,) = one["blocks"]
    assert block["heading"] == {"en": "Part"}
    assert block["text"] == {"en": "Text.\n\n# Deep\n\nMore."}
    assert any("title of the document is left out: 'Report'" in each for each in messages(text))


def test_a_number_sign_at_the_end_of_a_heading_within_text_is_kept() -> None:
    text = "# Report\n\n## One\n\nLead.\n\n### Part\n\nText.\n\n##### Learning C \\#\n\nMore.\n\n## Two\n\nLead.\n"
    one, _ = (yaml.safe_load(each) for each in re.split(r"(?m)^(?=# Imported)", import_text(text)) if each)
    assert one["blocks"][0]["text"] == {"en": "Text.\n\n# Learning C \\#\n\nMore."}


def test_alerts_are_callouts_and_captions_make_tables_and_figures() -> None:
    text = "# A\n\nLead.\n\n> [!TIP]\n> Do **this**.\n\n**Table 3.** Loads\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n![What it shows](a.png)\n"
    callout, table, figure = yaml.safe_load(import_text(text))["blocks"]
    assert (callout["tone"], callout["text"]) == ("insight", {"en": "Do **this**."})
    assert (table["title"], table["columns"][1]["align"]) == ({"en": "Loads"}, "end")
    assert (figure["image"], figure["description"]) == ("report/a.png", {"en": "What it shows"})


@pytest.mark.parametrize(
    ("typed", "place", "words"),
    [
        ("a <span>b</span>", "3:3", "<span>"),
        ("<div>\nraw words\n</div>", "3:1", "raw words"),
        ("a <!-- secret words -->", "3:3", "secret words"),
        ("a ~~b~~", "3:3", "strikethrough is not kept"),
        ("![alt words](https://example.org/x.png)", "3:1", "alt words"),
        ("![alt words](../x.png)", "3:1", "alt words"),
        ("[a](other.md)", "3:1", "other.md"),
        ("a\n\n---", "5:1", "a thematic break"),
        ("a[^9]", "3:2", "no such footnote"),
        ("$\\undefined{x}$", "3:1", "is kept as code"),
        ('[a](https://example.org "title words")', "3:26", "title words"),
    ],
)
def test_what_has_no_counterpart_is_reported_at_its_location(typed: str, place: str, words: str) -> None:
    found = [each for each in messages(f"# A\n\n{typed}\n") if words in each]
    assert found, messages(f"# A\n\n{typed}\n")
    assert found[0].startswith(f"{NAME}:{place}: ")


@pytest.mark.parametrize(
    ("headings", "titles"),
    [
        ("# 1. Demand\n\nA.\n\n# 2. Supply\n\nB.\n", ["Demand", "Supply"]),
        ("# 1 Demand\n\nA.\n\n# 2 Supply\n\nB.\n", ["Demand", "Supply"]),
        ("# Summary\n\nA.\n\n# 1 Demand\n\nB.\n\n# 2 Supply\n\nC.\n", ["Summary", "Demand", "Supply"]),
        ("# Chapter 1: Demand\n\nA.\n\n# Chapter 2: Supply\n\nB.\n", ["Demand", "Supply"]),
        ("# IV. Demand\n\nA.\n\n# V. Supply\n\nB.\n", ["IV. Demand", "V. Supply"]),
        ("# I. Demand\n\nA.\n\n# II. Supply\n\nB.\n", ["Demand", "Supply"]),
        ("# 第一章 需求\n\nA.\n\n# 第二章 供给\n\nB.\n", ["需求", "供给"]),
        ("# 一、需求\n\nA.\n\n# 二、供给\n\nB.\n", ["需求", "供给"]),
        ("# 1.需求\n\nA.\n\n# 2.供给\n\nB.\n", ["需求", "供给"]),
        ("# 제1장 수요\n\nA.\n\n# 제2장 공급\n\nB.\n", ["수요", "공급"]),
        ("# 1 ferry was lost\n\nA.\n\n# Supply\n\nB.\n", ["1 ferry was lost", "Supply"]),
        ("# 2024 in figures\n\nA.\n\n# 2025 in figures\n\nB.\n", ["2024 in figures", "2025 in figures"]),
        ("# 1 Demand\n\nA.\n\n# 3 Supply\n\nB.\n", ["1 Demand", "3 Supply"]),
    ],
)
def test_typed_numbers_of_chapters_are_removed_and_reported(headings: str, titles: list[str]) -> None:
    arranged, _ = read(headings)
    assert arranged is not None
    assert [
        yaml.safe_load(write_theme(theme, "en", Origin(NAME)))["title"]["en"] for theme in arranged.themes
    ] == titles
    removed = sum("the typed number" in each for each in messages(headings))
    assert removed == sum(f"# {title}\n" not in headings for title in titles)


def test_numbers_of_headings_within_chapters_are_removed_if_they_belong_to_them() -> None:
    text = "# 1 Demand\n\nA.\n\n## 1.1 Homes\n\nB.\n\n## 1.2 Shops\n\nC.\n\n# 2 Supply\n\nD.\n\n## 2.1. Wind\n\nE.\n\n# 3 Use\n\nF.\n\n## 3.5 tonnes each\n\nG.\n"
    arranged, _ = read(text)
    assert arranged is not None
    blocks = [yaml.safe_load(write_theme(theme, "en", Origin(NAME)))["blocks"] for theme in arranged.themes]
    assert [each["heading"]["en"] for theme in blocks for each in theme] == [
        "Homes",
        "Shops",
        "Wind",
        "3.5 tonnes each",
    ]
    assert any("the typed number '2.1.' is removed" in each for each in messages(text))


@pytest.mark.parametrize(
    ("typed", "wanted", "said"),
    [
        ("a [b c]{.smallcaps} d", "a b c d", "3:3: identifiers and classes of Pandoc are not kept"),
        ('a [b](https://example.org){rel="next page"} c', "a [b](<https://example.org>) c", "next page"),
        ("a `b`{.python} and `{.python}`", "a `b` and `{.python}`", "3:6: identifiers"),
        ("```\n[a]{.b} {.c}\n::: d\n```", "```\n[a]{.b} {.c}\n::: d\n```", ""),
        ("$$ a $$ {#eq:a}", "$$\na\n$$", "3:9: identifiers"),
        ("::: warning\nIn the div.\n:::", "In the div.", "3:1: a div 'warning' is kept as its content"),
        ('```{.python caption="All words"}\na\n```', "```\na\n```", "All words"),
        ("a\n\n\\newpage\n\nb", "a\n\nb", "5:1: a page break '\\newpage' is left out"),
        ("a [@smith2020, p. 5] b", "a \\[@smith2020, p. 5\\] b", "3:3: citations of Pandoc are kept as typed"),
        ("Term\n:   One\n\n    Two", "- **Term**\n\n  One\n\n  Two", "3:1: a definition list is kept as a list"),
        ("a {b} and {c, d} and 2{x}", "a \\{b} and \\{c, d} and 2\\{x}", ""),
    ],
)
def test_what_pandoc_adds_is_not_printed(typed: str, wanted: str, said: str) -> None:
    assert text_of(typed) == wanted
    found = messages(f"# A\n\n{typed}\n")
    assert any(said in each for each in found) if said else not any("Pandoc" in each or "div" in each for each in found)


def test_front_matter_gives_the_title_and_the_rest_is_reported() -> None:
    text = "---\ntitle: The report\nauthor: Ann Lee\n---\n\nText.\n\nMore.\n"
    assert yaml.safe_load(import_text(text))["title"] == {"en": "The report"}
    assert any("author: Ann Lee" in each for each in messages(text))


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("title: >-\n  A long title\n  of two lines\nauthor: Ann Lee", "A long title of two lines"),
        ("author: Ann Lee\ntitle: 'It''s: *new*' # checked", "It's: *new*"),
        ('title: "A \\"good\\" year"\nauthor: Ann Lee', 'A "good" year'),
    ],
)
def test_a_title_in_front_matter_is_read_as_yaml_and_not_reported_as_lost(typed: str, title: str) -> None:
    text = f"---\n{typed}\n---\n\nText.\n\nMore.\n"
    assert yaml.safe_load(import_text(text))["title"] == {"en": title}
    (said,) = (each for each in messages(text) if "front matter" in each)
    assert said.endswith("the front matter is left out: 'author: Ann Lee'")


def test_a_first_heading_that_repeats_the_title_is_no_chapter() -> None:
    arranged, _ = read("---\ntitle: The *Report*\n---\n\n# The report\n\n## One\n\nText.\n\n## Two\n\nMore.\n")
    assert arranged is not None
    assert [theme.id for theme in arranged.themes] == ["one", "two"]
    other, _ = read("---\ntitle: Annual review\n---\n\n# The report\n\n## One\n\nText.\n")
    assert other is not None
    assert [theme.id for theme in other.themes] == ["the-report"]


GRID = """\
# A

Lead.

Table: Loads by month

+--------+------------------+------+
| 月份   | Reason           | Load |
+========+==================+=====:+
| 一月   | **Cold** and     | 1    |
|        | wet[^1]          |      |
+--------+------------------+------+
| 二月   | - heat pumps     | 2    |
|        | - data centres   |      |
+--------+------------------+------+

[^1]: Below zero.
"""


def test_grid_tables_of_pandoc_are_tables() -> None:
    (block,) = yaml.safe_load(import_text(GRID))["blocks"]
    assert (block["kind"], block["title"]) == ("table", {"en": "Loads by month"})
    cells = [[str(cell["en"]) for cell in row] for row in block["rows"]]
    assert [row[0] for row in cells] == ["一月", "二月"]
    assert cells[0][1].startswith("**Cold** and wet")
    assert cells[1][1:] == ["heat pumps data centres", "2"]
    assert [column.get("align") for column in block["columns"]] == [None, None, "end"]
    assert any(
        each.startswith(f"{NAME}:13:1: several paragraphs or another block in a table cell") for each in messages(GRID)
    )
    assert any("Below zero" in each for each in (*messages(GRID), cells[0][1]))


def test_two_head_rows_group_columns() -> None:
    rows = ["| Route | Riders | Riders |", "|       | 2025   | 2026   |", "| 7     | 12     | 15     |"]
    line = "+-------+--------+--------+"
    grid = "\n".join((line, rows[0], line, rows[1], line.replace("-", "="), rows[2], line))
    (block,) = yaml.safe_load(import_text(f"# A\n\nLead.\n\nTable: Riders\n\n{grid}\n"))["blocks"]
    assert [str(each["title"]["en"]) for each in block["columns"]] == ["Route", "2025", "2026"]
    assert [each.get("group") for each in block["columns"]] == [None, {"en": "Riders"}, {"en": "Riders"}]
    assert len(block["rows"]) == 1
    within = import_text("# A\n\nLead.\n\n" + "\n".join(f"> {each}" for each in grid.split("\n")))
    assert all(word in within for word in ("Riders", "2025", "15"))


@pytest.mark.parametrize(
    ("typed", "wanted", "said"),
    [
        ("So:\na. one\ngoes on\nb. two", "So:\\\na. one goes on\\\nb. two", "marked 'a.' is kept as lines"),
        ("(i) one\n(ii) two", "(i) one\\\n(ii) two", "marked '(i)' is kept as lines"),
        ("#. one\n#. two", "#. one\\\n#. two", "marked '#.' is kept as lines"),
        ("1. x\n    A. one\n    B. two", "1. x\\\n   A. one\\\n   B. two", "marked 'A.' is kept as lines"),
        ("| Roses\n|   Violets\n  blue", "Roses\\\nViolets blue", "indentation of a line block"),
        ("| a | b |\n| 1 | 2 |", "\\| a \\| b \\|\\\n\\| 1 \\| 2 \\|", "without a delimiter row"),
        ("| Roses\n| Violets", "Roses\\\nViolets", ""),
        ("I. think\nso", "I. think so", ""),
        ("as (a) said\n(b) knows", "as (a) said (b) knows", ""),
    ],
)
def test_lists_and_line_blocks_of_pandoc_keep_their_lines(typed: str, wanted: str, said: str) -> None:
    assert text_of(typed).strip() == wanted
    found = messages(f"# A\n\nLead.\n\n{typed}\n")
    assert any(said in each for each in found) if said else not found


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("+---+---+\n| a | b |\n+---+---+\n| c     |\n+-------+\n", "a table with merged cells"),
        ("  Year   Load\n------ ------\n  2025     12\n", "a table without bars"),
    ],
)
def test_tables_that_are_not_read_are_reported_and_kept_as_text(typed: str, said: str) -> None:
    text = f"# A\n\nLead.\n\n{typed}"
    assert any(said in each for each in messages(text))
    for word in re.findall(r"\w+", typed):
        assert word in import_text(text)


def test_a_document_as_one_theme() -> None:
    arranged, _ = read("# Report\n\nLead.\n\n## One\n\nText.\n\n## Two\n\nText.\n", "demand")
    assert arranged is not None
    (theme,) = arranged.themes
    assert theme.id == "demand"
    blocks = theme.fields["blocks"]
    assert isinstance(blocks, list)
    assert [block["id"] for block in blocks] == ["one", "two"]


def test_a_file_that_is_not_utf_8_is_refused() -> None:
    sink = DiagnosticSink()
    assert read_markdown(NAME, "需求".encode("gb18030"), LossReport(sink), lambda _: b"") is None
    assert [each.code for each in sink.found] == ["encoding"]


def test_long_text_is_divided() -> None:
    paragraphs = "\n\n".join(f"Paragraph {number} " + "word " * 200 for number in range(60))
    blocks = yaml.safe_load(import_text(f"# A\n\nLead.\n\n{paragraphs}\n"))["blocks"]
    assert len(blocks) > 2
    assert sum(block["text"]["en"].count("Paragraph") for block in blocks) == 60


def test_long_lists_and_tables_are_divided_or_become_blocks() -> None:
    entries = "\n".join(f"{number}. entry {number} " + "word " * 20 for number in range(1, 401))
    rows = "\n".join(f"| row {number} | {'word ' * 10} |" for number in range(500))
    text = f"# A\n\nLead.\n\nBefore.\n\n{entries}\n\n| a | b |\n|---|---|\n{rows}\n"
    *lists, table = yaml.safe_load(import_text(text))["blocks"]
    assert len(lists) > 1
    assert "\n400. entry 400" in lists[-1]["text"]["en"]
    assert (table["kind"], len(table["rows"])) == ("table", 500)


# Pieces of documents; each word is numbered so that none can hide behind another.
_INLINE = ("{}", "**{}**", "*{}*", "***{}***", "`{}`", "~~{}~~", "[{}](https://example.org)", "<b>{}</b>", "^{}^", "~{}~",
           "**{}", "{}_", "\\*{}", "<i>{}", "[{}]", "{{{}}}", "$x_{}$", "![{}](a.png)", "**{}**，", "（*{}*）", "<u>{}</u>")  # fmt: skip
_BLOCKS = ("{}", "# {}", "## {}", "#### {}", "- {}", "1. {}", "  - {}", "> {}", "> - {}", "| {} | b |\n|---|---|\n| c | d |",
           "```\n{}\n```", "    {}", "{}\n---", "Table: {}", "> [!NOTE]\n> {}", "<p>{}</p>", "a[^1]\n\n[^1]: {}", "$$\n{}\n$$",
           "*{}*\n{}", "{}  \nb", "- a\n\n  {}", "3) {}", "+ {}", "[^2]: {}", "^[{}]")  # fmt: skip


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(_BLOCKS), st.lists(st.sampled_from(_INLINE), min_size=1, max_size=4)), max_size=10
    )
)
def test_every_word_is_in_the_content_or_in_a_message(pieces: list[tuple[str, list[str]]]) -> None:
    number = 0
    blocks = []
    for form, inline in pieces:
        texts = []
        for each in inline:
            number += 1
            texts.append(each.format(f"w{number}x"))
        blocks.append(form.replace("{}", " ".join(texts)))
    text = "\n\n".join(blocks)
    arranged, found = read(text or "a")
    assert arranged is not None
    if has_errors(found):
        # Refused, with what cannot be written: nothing is lost.
        assert {each.code for each in found if each.severity == "error"} == {"import-unwritable"}
        return
    said = "".join(write_theme(theme, "en", Origin(NAME)) for theme in arranged.themes)
    said += "\n".join(f"{each.message} {each.hint}" for each in found)
    assert [word for word in re.findall(r"w\d+x", text) if word not in said] == []


def test_cells_beyond_the_last_column_are_reported() -> None:
    table = "# A\n\nb\n\n| c | d |\n|---|---|\n| 1 | 2 | lost |\n| `x|y` | gone |\n| e \\| f | g |\n| h | i | |\n"
    found = [message for message in messages(table) if "beyond the last column" in message]
    assert [message.partition(":")[2].partition(":")[0] for message in found] == ["7", "8"]
    assert ["'lost'" in found[0], "'gone'" in found[1]] == [True, True]


def test_digits_above_or_below_the_line_stay_so_in_cells() -> None:
    """10^6^ in a cell, a title or a heading is never 106."""
    table = "Table: Yield per 10^3^ t\n\n| a | b |\n|---|---|\n| 10^6^ | 3 × 10^−5^ |\n| CO~2~ | x^th^ |\n"
    text = f"# Theme\n\nSummary of m^2^.\n\n{table}"
    made = import_text(text)
    assert "Yield per 10³ t" in made
    for cell in ("10⁶", "3 × 10⁻⁵", "CO₂", "xth"):
        assert cell in made
    assert [message for message in messages(text) if "superscript" in message] == [
        "report.md:7:1: 'th' in a cell is not kept as a superscript or subscript"
    ]


def test_attributes_of_headings_are_not_printed() -> None:
    text = "# Demand {#sec:demand}\n\nA.\n\n## Homes {.unnumbered}\n\nB.\n\n# Supply\n\nC.\n"
    found = import_text(text)
    assert "title: {en: Demand}" in found
    assert "heading: {en: Homes}" in found
    assert f"{NAME}:1:10: identifiers and classes of Pandoc are not kept (2 places; this is the first)" in messages(
        text
    )


def test_a_table_with_joined_cells_is_kept_as_it_is_drawn() -> None:
    drawn = "+---+-------+\n| a | b     |\n+   +---+---+\n|   | c | d |\n+===+===+===+\n| 1 | 2 | 3 |\n+---+---+---+"
    assert text_of(drawn) == f"```\n{drawn}\n```"


@pytest.mark.parametrize("caption", ["Tabelle 1: Losses", "Table 1. Losses", "表1 Losses", "**Table 1** Losses"])
def test_a_labelled_line_beside_a_table_is_its_caption(caption: str) -> None:
    theme = yaml.safe_load(import_text(f"# A\n\nLead.\n\n{caption}\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"))
    assert [block["title"] for block in theme["blocks"]] == [{"en": "Losses"}]


_TABLE, _PICTURE = "| {0} | b |\n|---|---|\n| 1 | 2 |", "![{0}](a.png)"
_FIRST_TABLE, _SECOND_TABLE, _FIRST_PICTURE, _SECOND_PICTURE = (
    part.format(name) for part in (_TABLE, _PICTURE) for name in ("first", "second")
)


@pytest.mark.parametrize(
    ("parts", "titles"),
    [
        ((_FIRST_TABLE, "{} One", _SECOND_TABLE, "{} Two"), ["One", "Two"]),
        (("{} One", _FIRST_TABLE, "{} Two", _SECOND_TABLE), ["One", "Two"]),
        ((_FIRST_TABLE, "{} One", _FIRST_PICTURE), ["One", "first"]),
        ((_FIRST_PICTURE, "{} One", _FIRST_TABLE), ["first", "One"]),
        (("{} One", _FIRST_TABLE, _FIRST_PICTURE), ["One", "first"]),
    ],
)
@pytest.mark.parametrize("label", ["Table 1:", "表1：", "Table:", "**Tabelle 1.**"])
def test_each_table_has_the_caption_above_or_below_it(parts: tuple[str, ...], titles: list[str], label: str) -> None:
    text = "\n\n".join(part.format(label) for part in parts)
    theme = yaml.safe_load(import_text(f"# A\n\nLead.\n\n{text}\n"))
    assert [block["title"]["en"] for block in theme["blocks"]] == titles


def test_a_caption_after_a_colon_is_of_the_table_above_it() -> None:
    text = "\n\n".join((_FIRST_TABLE, ": One", _SECOND_TABLE, ": Two", _FIRST_PICTURE))
    first, second, picture = yaml.safe_load(import_text(f"# A\n\nLead.\n\n{text}\n"))["blocks"]
    assert [first["title"], second["title"], picture["title"]] == [{"en": "One"}, {"en": "Two"}, {"en": "first"}]


@pytest.mark.parametrize(
    ("parts", "titles"),
    [
        ((_FIRST_PICTURE, "Figure 1: One", _SECOND_PICTURE, "Figure 2: Two"), ["One", "Two"]),
        (("Figure 1: One", _FIRST_PICTURE, "Figure 2: Two", _SECOND_PICTURE), ["One", "Two"]),
        ((_FIRST_PICTURE, "Figure 1: One", "Table 1: Two", _SECOND_TABLE), ["One", "Two"]),
        ((_FIRST_PICTURE, "Figure 1: One", _SECOND_PICTURE), ["One", "second"]),
    ],
)
def test_each_picture_has_the_caption_above_or_below_it(parts: tuple[str, ...], titles: list[str]) -> None:
    theme = yaml.safe_load(import_text("# A\n\nLead.\n\n" + "\n\n".join(parts) + "\n"))
    assert [block["title"]["en"] for block in theme["blocks"]] == titles


@pytest.mark.parametrize("line", ["Table 1 shows the losses.", "Table 1: Losses. They rose.", "表1显示损耗"])
def test_a_sentence_about_a_table_is_no_caption(line: str) -> None:
    assert line in import_text(f"# A\n\nLead.\n\n{line}\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")


def test_a_table_without_a_caption_is_called_by_the_heading_above_it() -> None:
    wide = f"|{'a|' * 8}\n|{'---|' * 8}\n|{'1|' * 8}\n"
    document = f"# A\n\nLead.\n\n# Losses\n\nLead.\n\nText.\n\n{wide}\n## By year\n\nText.\n\n{wide}"
    theme = yaml.safe_load(
        import_text(document).partition("# Imported")[2].partition("# Imported")[2].partition("\n")[2]
    )
    titles = [block["title"]["en"] for block in theme["blocks"] if block["kind"] == "table"]
    assert titles == ["Losses", "By year"]
