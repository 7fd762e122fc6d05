"""Misplaced and misnamed files are reported, with the place that was probably meant."""

import pytest
from expected_diagnostics import accepted, warned
from projects import ProjectCopy


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("content/glossary.yml", "rename it to content/glossary.yaml"),
        ("content/glosary.yaml", "did you mean content/glossary.yaml?"),
        ("content/glossary-of-terms.yaml", "move it to"),
        ("content/costs.yaml", "move it to"),
        ("content/demand.yaml", "move it to"),
        ("content/people.yaml", "move it to"),
        ("content/theme/fleet.yaml", "did you mean content/themes/fleet.yaml?"),
        ("content/themes/more/fleet.yaml", "did you mean content/themes/fleet.yaml?"),
        ("content/themes/fleet.yml", "rename it to fleet.yaml"),
        ("content/themes/fleet.YAML", "rename it to fleet.yaml"),
        ("content/themes/fleet.md", "'brief import'"),
        ("content/themes/fleet.json", "move it to"),
        ("content/themes/photo.png", "pictures are in content/assets/"),
        ("content/audience/press.yaml", "did you mean content/audiences/press.yaml?"),
        ("content/catalogue/en.po", "did you mean content/catalogues/en.po?"),
        ("seeds/survey.yml", "rename it to survey.yaml"),
        ("seeds/2025/survey.yaml", "did you mean seeds/survey.yaml?"),
        ("seeds/refs.bib", "'brief import'"),
        ("seed/survey.yaml", "did you mean seeds/survey.yaml?"),
        ("themes/fleet.yaml", "did you mean content/themes/fleet.yaml?"),
        ("template/house/set.yaml", "did you mean templates/house/set.yaml?"),
        ("Template/house/print.css", "did you mean templates/house/print.css?"),
        ("contents/themes/fleet.yaml", "did you mean content/themes/fleet.yaml?"),
        ("theme/fleet.yaml", "did you mean content/themes/fleet.yaml?"),
        ("audience/press.yaml", "did you mean content/audiences/press.yaml?"),
        ("sources/survey.yaml", "did you mean seeds/survey.yaml?"),
        ("datasets/fleet.csv", "did you mean data/fleet.csv?"),
        ("content/template/house/print.css", "did you mean templates/house/print.css?"),
        ("content/data/fleet.csv", "did you mean data/fleet.csv?"),
        ("brand.yaml", "rename it to templates/brand.yaml"),
        ("glossary.yml", "rename it to content/glossary.yaml"),
        ("templates/brand.yml", "did you mean templates/brand.yaml?"),
        ("templates/house/brand.yaml", "move it to templates/brand.yaml"),
        ("templates/house/screen.scss", "did you mean screen.css?"),
        ("templates/house/block/tabel.html.j2", "did you mean block/table.html.j2?"),
    ],
)
def test_a_file_that_nothing_reads_is_reported_with_the_near_miss(project: ProjectCopy, name: str, hint: str) -> None:
    project.write(name, "id: fleet\n")
    warned(project, "unused-file", (name, 0, 0), hint)


@pytest.mark.parametrize(
    ("key", "place"),
    [
        ("blocks: []", "content/themes/costs.yaml"),
        ("depth: full", "content/audiences/costs.yaml"),
        ("claims: []", "seeds/costs.yaml"),
        ("terms: []", "content/glossary.yaml"),
        ("units: {}", "content/units.yaml"),
    ],
)
def test_the_keys_of_a_file_say_where_it_was_meant_to_be(project: ProjectCopy, key: str, place: str) -> None:
    project.write("content/costs.yaml", f"# Costs\nid: costs\n{key}\n")
    warned(project, "unused-file", ("content/costs.yaml", 0, 0), f"did you mean {place}?")


@pytest.mark.parametrize(
    ("name", "key", "place"),
    [
        ("content/themes/board.yaml", "depth: full", "content/audiences/board.yaml"),
        ("content/audiences/costs.yaml", "blocks: []", "content/themes/costs.yaml"),
        ("content/themes/names.yaml", "terms: []", "content/glossary.yaml"),
    ],
)
def test_so_do_those_of_a_file_that_the_settings_do_not_list(
    project: ProjectCopy, name: str, key: str, place: str
) -> None:
    project.write(name, f"id: other\n{key}\n")
    warned(project, "unused-file", (name, 0, 0), f"did you mean {place}?")


@pytest.mark.parametrize(
    "name",
    [
        "content/README.md",
        "content/themes/.draft.yaml",
        "content/themes/ridership.yaml~",
        "seeds/LICENSE",
        "notes/plan.yaml",
        "tests/plan.yaml",
        "tests/print.css",
        "template/readme.md",
        "dates/plan.yaml",
        "people.yaml",
        "templates/house/screen.css",
    ],
)
def test_notes_backups_and_what_is_used_are_not(project: ProjectCopy, name: str) -> None:
    project.write(name, "")
    accepted(project)


def test_a_picture_that_a_style_sheet_names_is_used(project: ProjectCopy) -> None:
    project.write("templates/house/set.yaml", "extends: base\n")
    project.write("templates/house/wave.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>')
    project.write("templates/house/print.css", ".cover { background: url(wave.svg) }\n")
    accepted(project)
    project.write("templates/house/print.css", "")
    warned(project, "unused-file", ("templates/house/wave.svg", 0, 0), "use it in a template")
