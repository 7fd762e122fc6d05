"""Tables with heads of two rows, spans, totals and sources cited once; appendices and page breaks; right-to-left text."""

import pytest
from projects import SETTINGS, THEME, ProjectCopy
from readback import docx_body

from brief import Project
from brief.model.inline import Citation, to_plain_text
from brief.model.variant import CellSpan, Table
from brief.templating.template_set import find_template_set
from brief.writers import docx
from brief.writers.html.document import render_markup

TABLE = """\
  - kind: table
    id: stops
    page_break: before
    title: {en: Stops, zh-Hans: 车站, zh-Hant: 車站}
    columns:
      - {title: {en: Line, zh-Hans: 线路, zh-Hant: 路線}, merge: true}
      - {en: Stop, zh-Hans: 车站, zh-Hant: 車站}
      - title: {en: Riders, zh-Hans: 乘客, zh-Hant: 乘客}
        group: {en: By day, zh-Hans: 日间, zh-Hant: 日間}
        align: end
        cite_in_head: true
      - {title: {en: Seats, zh-Hans: 座位, zh-Hant: 座位}, group: {en: By day, zh-Hans: 日间, zh-Hant: 日間}, align: end}
    rows:
      - [N1, A, "{reader-survey/riders-after}", "9"]
      - [N1, B, "7[@reader-survey/wait]", "8"]
      - cells: ["2", <, "{reader-survey/riders-after}", "17"]
        total: true
"""


@pytest.fixture
def table(project: ProjectCopy) -> ProjectCopy:
    project.write(THEME, project.read(THEME).rstrip("\n") + "\n" + TABLE)
    return project


def resolve_block(project: ProjectCopy) -> Table:
    variant = Project.load(project.root).make_variant("council", "en")
    (found,) = (block for section in variant.sections for block in section.blocks if block.id == "stops")
    assert isinstance(found, Table)
    return found


def test_a_table_is_resolved_into_spans_groups_and_totals(table: ProjectCopy) -> None:
    found = resolve_block(table)
    assert [(group.column, group.columns, to_plain_text(group.title or ())) for group in found.groups] == [
        *((0, 2, ""), (2, 2, "By day")),
    ]
    assert set(found.spans) == {CellSpan(row=0, column=0, rows=2), CellSpan(row=2, column=0, columns=2)}
    assert found.totals == (2,)
    assert found.rows[1][0] == ()


def test_sources_of_a_column_are_cited_once_in_its_head(table: ProjectCopy) -> None:
    found = resolve_block(table)
    assert any(isinstance(run, Citation) for run in found.columns[2].title)
    assert not any(isinstance(run, Citation) for row in found.rows for run in row[2])


def test_spans_and_heads_are_those_of_each_format(table: ProjectCopy) -> None:
    variant = Project.load(table.root).make_variant("council", "en")
    look = find_template_set("base")
    page = render_markup(variant, look, "screen.html.j2", medium="screen")
    assert 'scope="colgroup" colspan="2"' in page
    assert 'rowspan="2">N1' in page
    assert '<tr class="total">' in page
    body = docx_body(docx.write(variant, look).data)
    assert 'w:vMerge w:val="restart"' in body
    assert body.count("w:gridSpan") == 3
    assert "w:pageBreakBefore" in body


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('cells: ["2", <,', 'cells: [<, "2",'),
        ('cells: ["2", <,', 'cells: ["2", {en: <, zh-Hans: 站, zh-Hant: 站},'),
        ("      - {en: Stop,", "      - clearance: internal\n        title: {en: Stop,"),
    ],
)
def test_a_cell_that_has_none_on_its_left_is_refused(table: ProjectCopy, old: str, new: str) -> None:
    table.write(THEME, table.read(THEME).replace(old, new))
    assert "spanned-cell" in {found.code for found in table.check()[1]}


def add_appendix(project: ProjectCopy, themes: str) -> None:
    appendix = (
        "id: method\nappendix: true\nclearance: public\ntitle: {en: Method, zh-Hans: 方法, zh-Hant: 方法}\n"
        "summary: {en: How., zh-Hans: 怎么做。, zh-Hant: 怎麼做。}\ntakeaways: []\nblocks: []\n"
    )
    project.write("content/themes/method.yaml", appendix)
    for name in (SETTINGS, "content/audiences/council.yaml", "content/audiences/public.yaml"):
        project.write(name, project.read(name).replace("themes: [ridership]", f"themes: {themes}"))


def test_appendices_are_lettered(project: ProjectCopy) -> None:
    add_appendix(project, "[ridership, method]")
    variant = Project.load(project.root).make_variant("council", "zh-Hans")
    assert [section.ordinal for section in variant.sections] == ["1", "A"]
    page = render_markup(variant, find_template_set("base"), "screen.html.j2", medium="screen")
    assert page.count('<span class="ordinal">A</span>') == 2


def test_a_theme_after_an_appendix_is_refused(project: ProjectCopy) -> None:
    add_appendix(project, "[method, ridership]")
    assert "appendix-order" in {found.code for found in project.check()[1]}


@pytest.mark.parametrize("words", ["The Hebrew שלום greets.", "Arabic مرحبا too."])
def test_text_from_right_to_left_is_refused(project: ProjectCopy, words: str) -> None:
    project.replace(THEME, "The trial has found its public.", words)
    assert {found.code for found in project.check()[1]} == {"right-to-left"}


def test_a_locale_from_right_to_left_is_refused(project: ProjectCopy) -> None:
    project.replace(SETTINGS, "zh-Hant]", "zh-Hant, ar]")
    assert "right-to-left" in {found.code for found in project.check()[1]}
