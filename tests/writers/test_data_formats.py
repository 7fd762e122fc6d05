"""The variant as JSON and as Markdown: complete, valid, deterministic, and inspected like any other format."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from projects import ProjectCopy
from sample_projects import copy_sample_project
from variant_samples import WORDS, pixel, sample, text

from brief import Project
from brief.inspection.extract import extract_parts
from brief.inspection.extract.part import BREAK
from brief.model.align import Align
from brief.model.diagnostics import ContentError
from brief.model.inline import (
    Code,
    DigitPadding,
    Emphasis,
    Footnote,
    Link,
    Number,
    Run,
    Runs,
    Strong,
    Text,
    to_plain_text,
)
from brief.model.prose import ProseCode, ProseHeading, ProseList, ProseParagraph, ProseParts
from brief.model.variant import CellSpan, Column, HeadGroup, Paragraph, Prose, Table, Variant
from brief.templating.template_set import find_template_set
from brief.writers.formats import FORMATS
from brief.writers.json.schema import build_schema

BASE = find_template_set("base")
PARSER = MarkdownIt("commonmark").enable("table")


def as_json(variant: Variant) -> Any:
    return json.loads(FORMATS["json"].write(variant, BASE).data)


def as_markdown(variant: Variant) -> str:
    return FORMATS["md"].write(variant, BASE).data.decode()


def words_of(markdown: str) -> Iterator[str]:
    """The text that a reader of Markdown sees, one string for each paragraph or cell."""
    for token in PARSER.parse(markdown):
        if token.type == "inline":
            yield "".join(
                child.content
                for child in token.children or ()
                if child.type in ("text", "code_inline", "softbreak", "image")
            )


def find_quantities(value: Any) -> Iterator[Any]:
    """Yields the figures in a document, as data."""
    match value:
        case {"quantity": dict(quantity)}:
            yield quantity
        case dict():
            for item in value.values():
                yield from find_quantities(item)
        case list():
            for item in value:
                yield from find_quantities(item)


@pytest.fixture(scope="module")
def variants(starter: Project, tmp_path_factory: pytest.TempPathFactory) -> list[Variant]:
    """Variants of three projects, in five locales, with charts among them."""
    folder = tmp_path_factory.mktemp("samples")
    projects = [
        starter,
        *(Project.load(copy_sample_project(name, folder / name).root) for name in ("energy", "finance")),
    ]
    return [
        project.make_variant(next(iter(project.brief.audiences)), locale)
        for project in projects
        for locale in project.brief.locales
    ]


class TestJson:
    def test_what_is_written_is_what_the_schema_says(self, variants: list[Variant]) -> None:
        schema = build_schema()
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema)
        assert {"de", "ja", "zh-Hant"} <= {variant.locale for variant in variants}
        for variant in (sample(), sample("zh-Hans"), *variants):
            validator.validate(as_json(variant))

    def test_the_schema_refuses_what_is_never_written(self) -> None:
        validator = jsonschema.Draft202012Validator(build_schema())
        good = as_json(sample())
        wrongs: tuple[dict[str, object], ...] = ({"version": 2}, {"sections": [{}]}, {"more": 1}, {"date": None})
        for wrong in wrongs:
            assert not validator.is_valid({**good, **wrong})

    def test_every_word_of_a_page_is_in_it(self, variants: list[Variant]) -> None:
        for variant in variants:
            written = json.dumps(as_json(variant), ensure_ascii=False)
            for section in variant.sections:
                for block in section.blocks:
                    assert json.dumps(block.id) in written
            assert all(json.dumps(source.publisher, ensure_ascii=False) in written for source in variant.sources)

    def test_parts_of_long_text_are_in_the_schema(self) -> None:
        words: Runs = (Text("x"), Footnote(((Text("y"),),), "a"))
        parts: ProseParts[Run] = (
            ProseParagraph(words),
            ProseList(False, 1, ((ProseParagraph(words),),)),
            ProseCode((Code("z"),)),
        )
        section = replace(sample().sections[0], blocks=(Prose(id="long", parts=parts),))
        jsonschema.validate(as_json(replace(sample(), sections=(section,))), build_schema())

    def test_printed_figures_are_data_too_the_same_in_every_locale(self, variants: list[Variant]) -> None:
        by_block: dict[tuple[str, str], dict[str, list[str]]] = {}
        for variant in variants:
            for section in as_json(variant)["sections"]:
                for block in section["blocks"]:
                    found = sorted(json.dumps(each, sort_keys=True) for each in find_quantities(block))
                    by_block.setdefault((variant.brief, block["id"]), {})[variant.locale] = found
        assert sum(len(found) for locales in by_block.values() for found in locales.values()) > 300
        for block, locales in by_block.items():
            assert len(set(map(tuple, locales.values()))) == 1, block

    def test_a_figure_is_as_exact_in_data_as_in_print(self, project: ProjectCopy) -> None:
        theme = "content/themes/ridership.yaml"
        written = project.read(theme)
        project.write(theme, written.replace("{reader-survey/riders-growth}", "{reader-survey/riders-after:round(2)}"))
        (summary,) = [
            s["summary"] for s in as_json(Project.load(project.root).make_variant("public", "en"))["sections"]
        ]
        (number,) = [run for run in summary if run["kind"] == "number"]
        assert number["text"].replace("\u00a0", " ") == "2.7 million"
        assert number["quantity"] == {
            "unit": "count",
            "value": "2700000",
            "low": None,
            "high": None,
            "qualifier": "exact",
        }

    def test_values_of_charts_keep_every_digit(self, variants: list[Variant]) -> None:
        points = [
            point
            for variant in variants
            for section in as_json(variant)["sections"]
            for block in section["blocks"]
            if block["kind"] == "chart"
            for series in block["series"]
            for point in series["points"]
        ]
        assert len(points) > 10
        assert all(point["value"] is None or isinstance(point["value"], str) for point in points)

    def test_nothing_of_our_own_layout_is_in_it(self, variants: list[Variant]) -> None:
        padded = replace(sample(), introduction=(DigitPadding("00"), Text("x")))
        assert as_json(padded)["introduction"] == [{"kind": "text", "text": "x", "language": None}]
        for variant in variants:
            written = FORMATS["json"].write(variant, BASE).data.decode()
            assert '"location"' not in written
            assert '"template_set"' not in written
            assert ".yaml" not in written

    def test_the_same_variant_is_the_same_bytes(self, starter: Project) -> None:
        for name in ("json", "md"):
            first, second = (
                FORMATS[name].write(starter.make_variant("council", "zh-Hant"), BASE).data for _ in range(2)
            )
            assert first == second


class TestMarkdown:
    def test_a_reader_of_it_sees_every_paragraph(self, variants: list[Variant]) -> None:
        for variant in variants:
            seen = list(words_of(as_markdown(variant)))
            for section in variant.sections:
                assert f"{section.number}. {to_plain_text(section.title)}" in seen
                for block in section.blocks:
                    if isinstance(block, Paragraph):
                        assert any(_letters(to_plain_text(block.text)) in _letters(each) for each in seen), block.id

    def test_it_says_that_figures_are_rounded(self) -> None:
        assert "\n\nRounded to 3 digits.\n" in as_markdown(replace(sample(), rounding="Rounded to 3 digits."))

    def test_heads_of_two_rows_and_merged_cells_are_reported_in_each(self) -> None:
        def words(text: str) -> tuple[Text, ...]:
            return (Text(text),)

        table = Table(
            id="lines",
            title=words("Lines"),
            columns=tuple(Column(title=words(title), align=Align.START) for title in ("Line", "Riders", "Riders")),
            rows=((words("N1"), words("5"), words("6")), ((), words("7"), words("8"))),
            note=None,
            groups=(
                HeadGroup(column=0, columns=1, title=None),
                HeadGroup(column=1, columns=1, title=words("By day")),
                HeadGroup(column=2, columns=1, title=words("By night")),
            ),
            spans=(CellSpan(row=0, column=0, rows=2),),
            totals=(1,),
        )
        section = replace(sample().sections[0], blocks=(table,))
        written = as_markdown(replace(sample(), sections=(section,)))
        assert "| Line | By day · Riders | By night · Riders |\n" in written
        assert "| N1 | 5 | 6 |\n| **N1** | **7** | **8** |\n" in written

    @pytest.mark.parametrize("title", ["Learning C #", "Channel ##", "#", "Rank #1", "C#"])
    def test_a_number_sign_at_the_end_of_a_heading_is_printed(self, title: str) -> None:
        block = replace(sample().sections[0].blocks[0], heading=(Text(title),))
        prose = Prose(id="prose", parts=(ProseHeading(1, (Text(title),)),))
        section = replace(sample().sections[0], title=(Text(title),), blocks=(block, prose))
        tokens = PARSER.parse(as_markdown(replace(sample(), title=title, sections=(section,))))
        headings = [
            tokens[at + 1].content.replace("\\", "") for at, each in enumerate(tokens) if each.type == "heading_open"
        ]
        assert [title, f"{section.ordinal}. {title}", title, title] == headings[:4]

    def test_tables_and_charts_are_tables(self, variants: list[Variant]) -> None:
        for variant in (sample(), *variants):
            blocks = [block for section in variant.sections for block in section.blocks]
            expected = sum(block.KIND in ("table", "chart") for block in blocks)
            tokens = PARSER.parse(as_markdown(variant))
            assert sum(token.type == "table_open" for token in tokens) == expected

    def test_a_picture_travels_with_it(self) -> None:
        page = PARSER.render(as_markdown(sample()))
        assert re.search(r'<img src="data:image/png;base64,[^"]+" alt="Red"', page)

    @pytest.mark.parametrize("locale", WORDS)
    def test_kinds_of_runs(self, locale: str) -> None:
        page = PARSER.render(as_markdown(sample(locale)))
        assert "<strong>strong<em>both</em></strong>" in page
        assert "<code>fp8</code>" in page
        assert '<a href="https://example.org/?a=1&amp;b=2">link</a>' in page
        assert "&lt;b&gt;&amp;amp;" in page
        assert "RMB 2.5 million[1, 2]Table 1" in page

    @settings(max_examples=50, deadline=None)
    @given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40))
    def test_any_text_is_read_as_itself(self, words: str) -> None:
        variant = sample(blocks=(Paragraph(id="p", text=text(words)), Paragraph(id="q", text=(Number(words),))))
        seen = [_letters(each) for each in words_of(as_markdown(variant))]
        assert seen.count(_letters(words)) >= 2 or not words.strip()

    @settings(max_examples=50, deadline=None)
    @given(
        st.text("a 一，。（）*_`~#-+1.[]<>|&", max_size=5),
        st.text("b 二「」*_`[]", min_size=1, max_size=6),
        st.text("c 三，！*_`)", max_size=5),
    )
    def test_emphasis_is_read_as_such_beside_any_letter(self, before: str, inside: str, after: str) -> None:
        for kind, tag in ((Strong, "strong"), (Emphasis, "em")):
            runs: Runs = (Text(before), kind((Text(inside),)), Text(after))
            page = PARSER.render(as_markdown(sample(blocks=(Paragraph(id="p", text=runs),))))
            assert page.count(f"<{tag}>") == sample_count(tag) + 1, page

    def test_code_and_links_hold_any_character(self) -> None:
        runs: Runs = (Code("a `b` ``c"), Text(" "), Code("x|y"), Link("https://example.org/a_(b)|c", (Text("]("),)))
        page = PARSER.render(as_markdown(sample(blocks=(Paragraph(id="p", text=runs),))))
        assert "<code>a `b` ``c</code> <code>x|y</code>" in page
        assert '<a href="https://example.org/a_%28b%29%7Cc">](</a>' in page


def sample_count(tag: str) -> int:
    return str(PARSER.render(as_markdown(sample(blocks=())))).count(f"<{tag}>")


def _letters(words: str) -> str:
    return "".join(words.split())


class TestInspection:
    def test_runs_of_one_text_are_one_string(self) -> None:
        runs: Runs = (Text("Margins fell by "), Strong((Number("3.75 %"),)), Text(" in the north"))
        variant = sample(blocks=(Paragraph(id="p", text=runs),))
        for name in ("json", "md"):
            parts = extract_parts(f"x.{name}", FORMATS[name].write(variant, BASE).data)
            texts = [each for part in parts for each in part.words.split(BREAK)]
            assert "Margins fell by 3.75 % in the north" in texts

    def test_files_within_are_taken_apart(self) -> None:
        for name in ("json", "md"):
            parts = list(extract_parts(f"x.{name}", FORMATS[name].write(sample(), BASE).data))
            assert sha256(pixel().data).hexdigest() in {each for part in parts for each in part.digests}

    @pytest.mark.parametrize("form", ["json", "md"])
    def test_a_leak_stops_the_build(self, project: ProjectCopy, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
        audience = project.read("content/audiences/public.yaml")
        project.write("content/audiences/public.yaml", re.sub(r"formats: \[.*\]", f"formats: [{form}]", audience))
        loaded = Project.load(project.root)
        assert loaded.build(["public"], ["en"], jobs=1)["public", "en", form].inspected
        withheld = loaded.make_variant("council", "en")
        seen = loaded.make_variant("public", "en")
        hidden = next(
            block
            for section in withheld.sections
            for block in section.blocks
            if isinstance(block, Paragraph)
            and block.id not in {each.id for part in seen.sections for each in part.blocks}
        )
        leaky = replace(seen, introduction=hidden.text)
        monkeypatch.setattr("brief.project.variant_cache.typeset", lambda _: leaky)
        # The project held open keeps the variants that it has made.
        with pytest.raises(ContentError, match="withheld-text"):
            Project.load(project.root).build(["public"], ["en"], jobs=1)


def test_they_are_built_only_if_an_audience_lists_them(project: ProjectCopy) -> None:
    names = {artifact.format for artifact in Project.load(project.root).build(["public"], ["en"], jobs=1)}
    assert names == {"html", "pdf", "docx"}
