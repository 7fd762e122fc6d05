"""The words of Vega-Lite specifications go to translators, are counted, and come back into the JSON."""

import json
from typing import Any

import pytest
from po_files import bring_back, export_catalogue, fill, messages
from projects import THEME, ProjectCopy

from brief import Project
from brief.model.diagnostics import BriefError
from brief.project.translations import Translations
from brief.translate.file_formats import TranslationFormat

SPECIFICATION = "content/vega/own.json"
BLOCK = """\
  - kind: vega
    id: own
    depth: summary
    title: {en: Own, zh-Hans: 自, zh-Hant: 自}
    specification: own.json
    description: {en: Own., zh-Hans: 自。, zh-Hant: 自。}
    data:
      - name: riders
        columns:
          - {column: year, title: {en: Year, zh-Hans: 年, zh-Hant: 年}}
          - {column: riders, title: {en: Riders, zh-Hans: 乘客, zh-Hant: 乘客}, align: end}
        rows: [["2024", "{reader-survey/riders-before}"], ["2025", "{reader-survey/riders-after}"]]
"""
# Typed as people type, with a brace in a string, and a text of which a locale is missing.
JSON = """\
{ "data": {"name": "riders"},
  "title": {"en": "All \\"night\\" riders {x", "zh-Hans": "全部夜间乘客",  "zh-Hant":"全部夜間乘客"},
  "layer": [
\t{"mark": "bar"},
    {"mark": {"type": "text", "text": {"zh-Hans": "最多", "en": "Most"}}}],
  "encoding": {"x": {"field": "year"}, "y": {"field": "riders", "type": "quantitative"}}
}
"""
TITLE, MOST = "vega/own/title", "vega/own/layer/2/mark/text"


@pytest.fixture
def drawn(project: ProjectCopy) -> ProjectCopy:
    project.write(SPECIFICATION, JSON)
    project.write(THEME, project.read(THEME).rstrip("\n") + "\n" + BLOCK)
    for audience in ("public", "council"):
        project.replace(f"content/audiences/{audience}.yaml", "[html, pdf, docx]", "[html]")
    return project


def specification(project: ProjectCopy) -> dict[str, Any]:
    return dict(json.loads(project.read(SPECIFICATION)))


def test_a_missing_text_is_reported_at_its_line_and_is_not_the_only_diagnostic(drawn: ProjectCopy) -> None:
    drawn.replace(SPECIFICATION, ',  "zh-Hant":"全部夜間乘客"', "")
    found = [each for each in drawn.check()[1] if each.code == "missing-translation"]
    assert [(each.file, each.line, each.column) for each in found] == [(SPECIFICATION, 2, 12), (SPECIFICATION, 5, 39)]
    assert all("brief translate export -l zh-Hant" in str(each.hint) for each in found)


def test_its_words_are_exported_and_written_back_and_nothing_else(drawn: ProjectCopy) -> None:
    out = export_catalogue(drawn, "zh-Hant")
    assert {TITLE, MOST} & set(messages(out)) == {MOST}
    fill(drawn, out, {MOST: "最多「乘客」"})
    assert bring_back(drawn)[0] == 0
    before = JSON.replace(
        '"zh-Hans": "最多", "en": "Most"', '"zh-Hans": "最多", "zh-Hant": "最多「乘客」", "en": "Most"'
    )
    assert drawn.read(SPECIFICATION) == before
    assert drawn.check()[0] == 0
    page = Project.load(drawn.root).build(["public"], ["zh-Hant"], ["html"], jobs=1)
    assert "最多「乘客」" in page["public", "zh-Hant", "html"].data.decode()


@pytest.mark.parametrize(("mark", "end"), [("\ufeff", "\n"), ("", "\r\n"), ("\ufeff", "\r\n")])
def test_marks_and_line_ends_of_the_file_stay(drawn: ProjectCopy, mark: str, end: str) -> None:
    drawn.write(SPECIFICATION, (mark + JSON.replace("\n", end)).encode())
    out = export_catalogue(drawn, "zh-Hans", "--all")
    fill(drawn, out, {TITLE: "全部", MOST: "*最多{的"})
    status, _, said = bring_back(drawn)
    assert status == 0, said
    expected = JSON.replace("全部夜间乘客", "全部").replace('"最多"', '"*最多{的"')
    assert (drawn.root / SPECIFICATION).read_bytes() == (mark + expected.replace("\n", end)).encode()


def test_a_changed_source_text_makes_its_translation_stale(drawn: ProjectCopy) -> None:
    drawn.replace(SPECIFICATION, '"en": "Most"', '"en": "Most", "zh-Hant": "最多"')
    assert drawn.run("translate", "accept").status == 0
    drawn.replace(SPECIFICATION, '"en": "Most"', '"en": "Most of all"')
    assert MOST in drawn.run("translate", "status", "-l", "zh-Hans", "--json").stdout
    assert MOST in messages(export_catalogue(drawn, "zh-Hans"))


def test_xliff_has_them_too(drawn: ProjectCopy) -> None:
    data, number = Translations.load(drawn.root).export("zh-Hant", file_format=TranslationFormat.XLIFF)
    assert f'name="{MOST}"' in data.decode()
    assert number >= 1


def test_a_withheld_chart_keeps_its_words(drawn: ProjectCopy) -> None:
    """An outside translator gets no words of a chart beyond the clearance."""
    drawn.replace(THEME, "    id: own\n", "    id: own\n    clearance: client\n")
    assert MOST not in messages(export_catalogue(drawn, "zh-Hant", "--clearance", "public"))
    assert MOST in messages(export_catalogue(drawn, "zh-Hant", "--clearance", "client"))


def test_a_specification_that_was_edited_meanwhile_is_not_written_over(drawn: ProjectCopy) -> None:
    read = Translations.load(drawn.root)
    out = export_catalogue(drawn, "zh-Hant")
    path = fill(drawn, out, {MOST: "最多"})
    drawn.write(SPECIFICATION, JSON.replace('"bar"', '"point"'))
    with pytest.raises(BriefError, match=r"own\.json"):
        read.import_file(path)
    assert specification(drawn)["layer"][0] == {"mark": "point"}
    assert [path.name for path in (drawn.root / "content/vega").iterdir()] == ["own.json"]


@pytest.mark.parametrize("number", ["1" * 5_000, "1e" + "9" * 30])
def test_numbers_out_of_reach_are_refused_or_read(drawn: ProjectCopy, number: str) -> None:
    drawn.write(SPECIFICATION, JSON.replace('"mark": "bar"', f'"mark": "bar", "height": {number}'))
    assert "Traceback" not in drawn.run("check").stderr
    assert drawn.check()[0] == 1
