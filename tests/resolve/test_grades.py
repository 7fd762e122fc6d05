"""Grades beside figures and in an appendix, as an audience asks for them."""

import re
from dataclasses import replace

import pytest
from projects import ProjectCopy
from readback import docx_parts, html_text, pdf_text
from sample_projects import copy_sample_project

from brief import Project
from brief.model.brief import Brief
from brief.model.evidence import GradeDisplay
from brief.model.inline import Citation, Number, Reference, to_plain_text
from brief.model.source_location import Ref
from brief.model.variant import Table, Variant
from brief.resolve.citations import is_grade
from brief.resolve.grade_appendix import GRADES
from brief.resolve.localise import localise
from brief.resolve.select import select
from brief.templating.template_set import find_template_set
from brief.writers import docx, html, pdf


@pytest.fixture(scope="module")
def brief(tmp_path_factory: pytest.TempPathFactory) -> Brief:
    return Project.load(copy_sample_project("energy", tmp_path_factory.mktemp("energy") / "project").root).brief


def variant(brief: Brief, display: GradeDisplay, locale: str = "de") -> Variant:
    graded = replace(brief, audiences={"board": replace(brief.audiences["board"], grades=display)})
    return localise(select(graded, "board"), locale)


def test_by_default_nothing_says_a_grade(brief: Brief) -> None:
    assert brief.audiences["board"].grades is GradeDisplay.NONE
    made = variant(brief, GradeDisplay.NONE)
    assert GRADES not in [section.id for section in made.sections]
    assert not any(is_grade(run) for run in made.sections[0].summary)


def test_each_figure_has_its_grade_beside_it(brief: Brief) -> None:
    summary = variant(brief, GradeDisplay.FIGURES).sections[0].summary
    figures = [at for at, run in enumerate(summary) if isinstance(run, Number) and "MWh" in run.text]
    assert figures
    for at in figures:
        assert summary[at + 1] == Reference(GRADES, "C", "eigene Berechnung")
    # The mark is no part of the sentence.
    assert "MWhC" not in to_plain_text(summary)


def test_the_appendix_leads_from_each_figure_to_its_source(brief: Brief) -> None:
    made = variant(brief, GradeDisplay.APPENDIX)
    last = made.sections[-1]
    assert (last.id, last.letter) == (GRADES, "A")
    (table,) = last.blocks
    assert isinstance(table, Table)
    assert table.label not in [block.label for section in made.sections[:-1] for block in section.blocks]
    rows = {to_plain_text(row[0]): row for row in table.rows}
    assert len(rows) > 50
    assert to_plain_text(rows["1\u00a0Windrad"][2]) == "B"
    numbers = {source.number for source in made.sources}
    assert all(set(run.numbers) <= numbers for row in table.rows for run in row[3])  # type: ignore[union-attr]
    assert not any(is_grade(run) for run in made.sections[0].summary)


def test_agreement_and_disagreement_are_graded(brief: Brief) -> None:
    sources = dict(brief.sources)
    first, second, *_ = (name for name in sources if len(sources[name].claims) > 3)
    one, two, three = sources[first].claims[:3]
    other = sources[second].claims[0]
    sources[first] = replace(
        sources[first],
        claims=(
            replace(one, corroborates=(Ref(f"{second}/{other.id}"),)),
            replace(two, contradicts=(Ref(f"{first}/{three.id}"),)),
            *sources[first].claims[2:],
        ),
    )
    (table,) = variant(replace(brief, sources=sources), GradeDisplay.APPENDIX).sections[-1].blocks
    assert isinstance(table, Table)
    assert {to_plain_text(row[2]) for row in table.rows} == {"A", "B", "C", "D"}


@pytest.mark.parametrize("locale", ["de", "zh-Hant"])
def test_every_format_prints_grades_and_says_what_they_are(brief: Brief, locale: str) -> None:
    made, base = variant(brief, GradeDisplay.FIGURES, locale), find_template_set("base")
    name = {"de": "eigene Berechnung", "zh-Hant": "自行計算"}[locale]
    page = html.write(made, base).data.decode()
    assert re.search(f'<a class="citation grade" href="#{GRADES}" aria-label="[^"]+ C[:：] {name}">C</a></span>', page)
    assert f'id="{GRADES}"' in page
    body = docx_parts(docx.write(made, base).data)["word/document.xml"].decode()
    assert f'w:tooltip="{name}"' in body
    printed = pdf.write(made, base)
    assert printed.diagnostics == ()
    assert name in pdf_text(printed.data)
    assert name in html_text(page.encode())


def test_a_corroborated_figure_leads_to_both_sources_and_only_to_those_that_the_reader_may_see(
    project: ProjectCopy,
) -> None:
    seed = project.read("seeds/reader-survey.yaml")
    other = seed.replace("id: reader-survey", "id: second-survey", 1).replace("0000", "1111")
    project.write(
        "seeds/second-survey.yaml", re.sub(r"quantity: \{derived.*", "quantity: {value: 47, unit: percent}", other)
    )
    project.write(
        "seeds/reader-survey.yaml",
        seed.replace("id: riders-after\n", "id: riders-after\n    corroborates: [second-survey/riders-after]\n", 1),
    )
    audience = "content/audiences/public.yaml"
    project.write(audience, project.read(audience) + "grades: appendix\n")

    def find_row() -> tuple[str, tuple[int, ...]]:
        made = localise(select(Project.load(project.root).brief, "public"), "en")
        (table,) = made.sections[-1].blocks
        assert isinstance(table, Table)
        (row,) = [row for row in table.rows if to_plain_text(row[0]).startswith("2.65")]
        (mark,) = row[3]
        assert isinstance(mark, Citation)
        assert max(mark.numbers) <= len(made.sources)
        return to_plain_text(row[2]), mark.numbers

    assert find_row() == ("A", (1, 2))
    claim = "id: riders-after\n"
    withheld = project.read("seeds/second-survey.yaml").replace(claim, f"{claim}    clearance: internal\n")
    project.write("seeds/second-survey.yaml", withheld)
    assert find_row() == ("B", (1,))
