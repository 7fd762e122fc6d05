"""One locale's variant: the same parts in the same order in every language, and nothing withheld among its sources."""

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from projects import SEED, SETTINGS, THEME, ProjectCopy

from brief import Project, Variant
from brief.model.inline import Citation, Number, Reference, Runs, Strong, to_plain_text
from brief.model.source_location import Slug
from brief.model.variant import Chart, Metrics, Paragraph, Table
from brief.project.new_project import NewProject, create_project
from brief.resolve.block_labels import label_numbered_blocks

LOCALES = ("en", "zh-Hans", "zh-Hant")
COUNCIL = "content/audiences/council.yaml"
NIGHT_SURVEY = "seeds/night-survey.yaml"


def put_table(project: ProjectCopy, name: str, before: str, cell: str = "1") -> None:
    table = f"  - kind: table\n    id: {name}\n    title: T\n    columns: [A]\n    rows:\n      - ['{cell}']\n"
    project.replace(THEME, before, table + before)


def add_source(project: ProjectCopy, clearance: str = "public") -> None:
    """A second source, of the claims of the first."""
    text = project.read(SEED).replace("id: reader-survey", "id: night-survey")
    project.write(NIGHT_SURVEY, text.replace("language: en", f"language: en\nclearance: {clearance}"))


def variants(project: ProjectCopy, audience: str = "council") -> list[Variant]:
    loaded = Project.load(project.root)
    return [loaded.make_variant(audience, locale) for locale in LOCALES]


def numbers(runs: Runs) -> list[str]:
    found: list[str] = []
    for run in runs:
        if isinstance(run, Number):
            found.append(run.text)
        elif isinstance(run, Strong):
            found += numbers(run.children)
    return found


def marks(value: object) -> list[int]:
    """The numbers of all marks in order; a variant is walked as any other data."""
    if isinstance(value, Citation):
        return list(value.numbers)
    if isinstance(value, tuple):
        return [number for part in value for number in marks(part)]
    fields = getattr(type(value), "__dataclass_fields__", {})
    return [number for name in fields for number in marks(getattr(value, name))]


def test_every_locale_has_the_same_parts_in_the_same_order(project: ProjectCopy) -> None:
    english, *others = variants(project)
    for other in others:
        assert [section.id for section in other.sections] == [section.id for section in english.sections]
        for section, twin in zip(other.sections, english.sections, strict=True):
            assert [(b.id, type(b)) for b in section.blocks] == [(b.id, type(b)) for b in twin.blocks]
            assert len(section.takeaways) == len(twin.takeaways)
        assert [source.anchor for source in other.sources] == [source.anchor for source in english.sources]


def test_figures_are_printed_in_the_locale_s_own_way_and_cited(project: ProjectCopy) -> None:
    summaries = [variant.sections[0].summary for variant in variants(project)]
    assert [numbers(summary) for summary in summaries] == [["47.2%"]] * 3
    assert [marks(summary) for summary in summaries] == [[1]] * 3
    paragraphs = [next(b for b in v.sections[0].blocks if isinstance(b, Paragraph)) for v in variants(project)]
    assert [numbers(paragraph.text) for paragraph in paragraphs] == [["2.65 million"], ["265万人"], ["265萬人"]]


@pytest.mark.parametrize(
    ("part", "wanted"),
    [
        ("", ["about RMB 42 million", "约4200万元", "約人民幣4200萬元"]),
        (":bare", ["RMB 42 million", "4200万元", "人民幣4200萬元"]),
        (":period", ["2025", "2025年", "2025年"]),
    ],
)
def test_a_placeholder_prints_the_part_that_is_asked_for(project: ProjectCopy, part: str, wanted: list[str]) -> None:
    text = project.read(THEME).replace("{reader-survey/riders-growth}", f"{{reader-survey/yearly-cost{part}}}")
    project.write(THEME, text)
    sentences = ("Ridership grew by {} in the first year", "首年客流增长{}。", "首年乘客增加{}。")
    for variant, sentence, words in zip(variants(project), sentences, wanted, strict=True):
        assert to_plain_text(variant.sections[0].summary).startswith(sentence.format(words))


def test_the_cut_off_is_printed_in_the_locale_s_own_words(project: ProjectCopy) -> None:
    project.replace("content/brief.yaml", "date: ", "cut_off: 2026-05-31\ndate: ")
    found = {variant.locale: variant.cut_off_text for variant in variants(project)}
    assert found == {
        "en": "Sources to 31 May 2026",
        "zh-Hans": "资料截至2026年5月31日",
        "zh-Hant": "資料截至2026年5月31日",
    }


def test_a_bare_date_is_printed_as_its_period(project: ProjectCopy) -> None:
    project.replace(SEED, "{low: 15, high: 20, unit: minute}", "{period: 2026-03-09}")
    takeaways = [variant.sections[0].takeaways[1] for variant in variants(project)]
    # A line may break between its year, month and day.
    assert [numbers(takeaway) for takeaway in takeaways] == [["9 March 2026"], *[["2026年", "3月", "9日"]] * 2]


def test_tables_and_figures_are_numbered_by_kind_in_reading_order(project: ProjectCopy) -> None:
    put_table(project, "first", "  - kind: metrics")
    put_table(project, "second", "  - kind: callout")
    for variant, wanted in zip(
        variants(project), [("Table", "Figure", " "), ("表", "图", ""), ("表", "圖", "")], strict=True
    ):
        table, figure, space = wanted
        labelled = [block.label for block in variant.sections[0].blocks if block.label]
        assert labelled == [f"{table}{space}1", f"{figure}{space}1", f"{table}{space}2"]


def test_a_reference_prints_the_label_of_the_variant(project: ProjectCopy) -> None:
    """The council reads the table before the chart's; the number counts what it reads, not what was written."""
    chart = "  - kind: chart\n    id: hidden\n    clearance: internal\n    title: T\n    chart: bars\n    description: T\n    categories: ['1']\n    series: [{title: T, claims: [reader-survey/riders-before]}]\n"
    project.replace(THEME, "  - kind: metrics", f"{chart}  - kind: metrics")
    for variant, label in zip(variants(project), ("Figure 1", "图1", "圖1"), strict=True):
        (paragraph,) = (block for block in variant.sections[0].blocks if isinstance(block, Paragraph))
        assert [run for run in paragraph.text if isinstance(run, Reference)] == [Reference("riders-chart", label)]


def test_labels_run_through_all_themes(project: ProjectCopy) -> None:
    brief = Project.load(project.root).brief
    (theme,) = brief.themes.values()
    again = replace(theme, blocks=tuple(replace(block, id=Slug(f"{block.id}-2")) for block in theme.blocks))
    doubled = replace(brief, themes={"one": theme, "two": again})
    assert label_numbered_blocks(doubled, brief.catalogues["en"]) == {
        "riders-chart": "Figure 1",
        "riders-chart-2": "Figure 2",
    }


def test_sources_are_numbered_by_first_citation(project: ProjectCopy) -> None:
    """The second source is cited first, in the summary."""
    add_source(project)
    text = project.read(THEME).replace("{reader-survey/riders-growth}", "{night-survey/riders-growth}")
    project.write(THEME, text)
    for variant in variants(project):
        seen = list(dict.fromkeys(marks(variant.sections)))
        assert seen == [1, 2] == [source.number for source in variant.sources]
        assert marks(variant.sections[0].summary) == [1]


def test_a_source_that_is_not_cited_is_not_listed(project: ProjectCopy) -> None:
    add_source(project)
    for audience in ("public", "council"):
        for variant in variants(project, audience):
            assert len(variant.sources) == 1
            assert "night-survey" not in repr(variant)


def test_a_withheld_source_leaves_no_trace_in_another_variant(project: ProjectCopy) -> None:
    add_source(project, clearance="client")
    text = project.read(NIGHT_SURVEY).replace("How night buses are used", "Canary of the council")
    project.write(NIGHT_SURVEY, text)
    theme = project.read(THEME)
    before, callout = theme.split("  - kind: callout")
    callout = callout.replace("reader-survey", "night-survey")
    project.write(THEME, f"{before}  - kind: callout{callout}")
    assert "Canary of the council" in repr(variants(project)[0])
    assert "Canary" not in repr(variants(project, "public")[0])
    assert [len(variant.sources) for variant in variants(project, "public")] == [1, 1, 1]


def test_no_mark_between_a_number_and_its_noun(project: ProjectCopy) -> None:
    paragraph = next(b for b in variants(project)[0].sections[0].blocks if isinstance(b, Paragraph))
    after = [
        following for run, following in zip(paragraph.text, paragraph.text[1:], strict=False) if isinstance(run, Number)
    ]
    assert not any(isinstance(run, Citation) for run in after)


def test_terms_are_listed_with_the_sections_that_name_them(project: ProjectCopy) -> None:
    for variant in variants(project):
        (term,) = variant.terms
        assert (term.id, term.mentions) == ("example-city-transport", (1,))
    assert all(not variant.terms for variant in variants(project, "public"))


def test_a_term_that_the_variant_does_not_name_is_not_listed(project: ProjectCopy) -> None:
    project.replace("content/glossary.yaml", "en: Example City Transport", "en: Another Name")
    english, hans, _ = variants(project)
    assert english.terms == ()
    assert len(hans.terms) == 1


def test_chart_values_share_one_scale_and_unit(project: ProjectCopy) -> None:
    wanted = [("million", "2.65", "1.80"), ("万", "265", "180"), ("萬", "265", "180")]
    for variant, (unit, after, before) in zip(variants(project), wanted, strict=True):
        (chart,) = (block for block in variant.sections[0].blocks if isinstance(block, Chart))
        assert chart.unit == unit
        assert [point.text for point in chart.series[0].points] == [before, after]
        assert [point.value for point in chart.series[0].points] == [Decimal(before), Decimal(after)]
        assert marks(chart.citation) == [1]


def test_tiles_begin_with_a_capital(project: ProjectCopy) -> None:
    (tiles,) = (block for block in variants(project)[0].sections[0].blocks if isinstance(block, Metrics))
    assert [tile.value for tile in tiles.metrics] == ["2.65 million", "About RMB 42 million"]


def test_no_placeholder_and_no_authored_mark_is_left(project: ProjectCopy) -> None:
    put_table(project, "days", "  - kind: callout", cell="{reader-survey/wait} [@reader-survey/wait] **x**")
    project.replace(SETTINGS, "publisher:", "subtitle: 'Up {reader-survey/riders-growth}'\npublisher:")
    for variant in variants(project):
        assert not re.search(r"\{[a-z]|\[@|\*\*", repr(replace(variant, catalogue=variant.catalogue)))
        (table,) = (block for block in variant.sections[0].blocks if isinstance(block, Table))
        assert to_plain_text(table.rows[0][0]).startswith(("15–20 minutes", "15至20分"))
        assert variant.subtitle == "Up 47.2%"


def test_a_headline_figure_may_break_before_a_long_word(tmp_path: Path) -> None:
    create_project(tmp_path / "p", NewProject(locales=("en", "de")))
    seed = tmp_path / "p/seeds/reader-survey.yaml"
    text = seed.read_text("utf-8").replace("unit: CNY, qualifier: about", "unit: person, qualifier: about")
    seed.write_text(text.replace("value: 42_000_000", "value: 29_500"), "utf-8")
    variant = Project.load(tmp_path / "p").make_variant("council", "de")
    (tiles,) = (block for block in variant.sections[0].blocks if isinstance(block, Metrics))
    assert [tile.value for tile in tiles.metrics] == ["2,65\u00a0Mio.", "Etwa 29.500 Personen"]
