"""Misplaced and misnamed files are reported, with the place that was probably meant."""

import pytest
from expected_diagnostics import assert_accepted, assert_refused, assert_warned
from projects import SEED, SETTINGS, THEME, ProjectCopy

FOLDERS = (
    "content",
    "content/themes",
    "content/audiences",
    "content/catalogues",
    "content/themes/2026",
    "seeds",
    "seeds/2026",
)


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
        ("content/themes/fleet.json", "specifications of charts are in content/vega/"),
        ("content/themes/fleet.yaml.txt", "rename it to fleet.yaml"),
        ("content/audiences/press.yml.txt", "rename it to press.yaml"),
        ("seeds/survey.yaml.txt", "rename it to survey.yaml"),
        ("content/glossary.yaml.txt", "rename it to content/glossary.yaml"),
        ("templates/brand.yaml.txt", "did you mean templates/brand.yaml?"),
        *((f"{folder}/notes.txt", f"remove it, or move it out of {folder.partition('/')[0]}/") for folder in FOLDERS),
        *((f"{folder}/Thumbs.db", f"remove it, or move it out of {folder.partition('/')[0]}/") for folder in FOLDERS),
        *((f"{folder}/report", f"remove it, or move it out of {folder.partition('/')[0]}/") for folder in FOLDERS),
        ("content/assets/notes.txt", "use it in a block, or remove it"),
        ("content/vega/notes.txt", "use it in a block, or remove it"),
        ("templates/notes.txt", "move it into the folder of a template set that uses it, or out of templates/"),
        ("templates/house/notes.txt", "remove it, or use it in a template"),
        ("templates/house/block/notes.txt", "remove it, or use it in a template"),
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
    if name.startswith("templates/house/"):
        use_house(project)
    project.write(name, "id: fleet\n")
    assert_warned(project, "unused-file", (name, 0, 0), hint)


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
    assert_warned(project, "unused-file", ("content/costs.yaml", 0, 0), f"did you mean {place}?")


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
    assert_warned(project, "unused-file", (name, 0, 0), f"did you mean {place}?")


def use_house(project: ProjectCopy) -> None:
    project.write("templates/house/set.yaml", "extends: base\n")
    project.replace(SETTINGS, "template_set: base", "template_set: house")


@pytest.mark.parametrize(
    "name",
    [
        "content/README.md",
        "content/themes/.draft.yaml",
        "content/themes/ridership.yaml~",
        "seeds/LICENSE",
        "seeds/README.txt",
        "content/themes/CHANGELOG",
        "content/assets/LICENCE.txt",
        "content/assets/maps/.DS_Store",
        "content/vega/readme.md",
        "templates/README",
        "templates/house/OFL.txt",
        "templates/house/#screen.css#",
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
    if name.startswith("templates"):
        use_house(project)
    project.write(name, "")
    assert_accepted(project)


def test_a_picture_that_a_style_sheet_names_is_used(project: ProjectCopy) -> None:
    use_house(project)
    project.write("templates/house/wave.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>')
    project.write("templates/house/print.css", ".cover { background: url(wave.svg) }\n")
    assert_accepted(project)
    project.write("templates/house/print.css", "")
    assert_warned(project, "unused-file", ("templates/house/wave.svg", 0, 0), "use it in a template")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("bord/print.css", "did you mean templates/board/print.css?"),
        ("bord/set.yaml", "did you mean templates/board/set.yaml?"),
        ("board/print.css", "write 'template_set: board' in content/brief.yaml"),
        ("autumn/set.yaml", "write 'template_set: autumn' in content/brief.yaml"),
        ("huose/print.css", "did you mean templates/house/print.css?"),
    ],
)
def test_a_template_set_that_nothing_is_printed_in_is_reported_once(project: ProjectCopy, name: str, hint: str) -> None:
    use_house(project)
    text = "extends: base\n" if name.endswith(".yaml") else ""
    project.write(f"templates/{name}", text)
    assert_warned(project, "unused-file", (f"templates/{name}", 0, 0), hint)


def test_the_parents_of_a_template_set_are_used(project: ProjectCopy) -> None:
    use_house(project)
    project.write("templates/house/set.yaml", "extends: plain\n")
    project.write("templates/plain/set.yaml", "extends: base\n")
    project.write("templates/base/print.css", "")
    assert_accepted(project)


GLOSSARY, COUNCIL = "content/glossary.yaml", "content/audiences/council.yaml"


@pytest.mark.parametrize(
    ("origin", "name", "hint"),
    [
        (GLOSSARY, "seeds/glossary.yaml", "did you mean content/glossary.yaml?"),
        (GLOSSARY, "seeds/names.yaml", "did you mean content/glossary.yaml?"),
        (SETTINGS, "seeds/brief.yaml", "did you mean content/brief.yaml?"),
        (THEME, "seeds/costs.yaml", "did you mean content/themes/costs.yaml?"),
        (COUNCIL, "seeds/board.yaml", "did you mean content/audiences/board.yaml?"),
        (GLOSSARY, "content/units.yaml", "did you mean content/glossary.yaml?"),
        (SEED, THEME, "did you mean seeds/ridership.yaml?"),
        (THEME, COUNCIL, "did you mean content/themes/council.yaml?"),
        (COUNCIL, THEME, "did you mean content/audiences/ridership.yaml?"),
        (SEED, GLOSSARY, "did you mean seeds/glossary.yaml?"),
    ],
)
def test_a_file_in_the_place_of_another_kind_has_one_error(
    project: ProjectCopy, origin: str, name: str, hint: str
) -> None:
    project.write(name, project.read(origin))
    assert_refused(project, "misplaced-file", (name, 0, 0), hint)


def test_units_among_the_sources_have_one_error(project: ProjectCopy) -> None:
    project.write("seeds/units.yaml", "units:\n  - {id: bus, en: '{n} buses'}\n")
    assert_refused(project, "misplaced-file", ("seeds/units.yaml", 0, 0), "did you mean content/units.yaml?")


@pytest.mark.parametrize("key", ["depth", "formats", "terms", "takeaways", "unknown"])
def test_a_wrong_key_does_not_make_another_file_of_it(project: ProjectCopy, key: str) -> None:
    place = project.mark(SEED, project.read(SEED).replace("publisher:", f"▸{key}: x\npublisher:", 1))
    assert_refused(project, "unknown-key", place)


@pytest.mark.parametrize(
    ("origin", "name"),
    [(SEED, "content/survey.yaml"), (SEED, "content/themes/survey.yaml"), (SEED, "content/audiences/survey.yaml")],
)
def test_a_source_in_content_is_reported_with_its_place(project: ProjectCopy, origin: str, name: str) -> None:
    project.write(name, project.read(origin))
    assert_warned(project, "unused-file", (name, 0, 0), "did you mean seeds/survey.yaml?")


@pytest.mark.parametrize(
    ("name", "text", "what", "place"),
    [
        ("seeds/brand.yaml", 'colours: {brand: "#12355b"}\nlogo: logo.svg\n', "a brand", "templates/brand.yaml"),
        ("seeds/set.yaml", "extends: base\norientation: landscape\n", "a template set", "templates/NAME/set.yaml"),
        (
            "content/themes/ridership.yaml",
            "extends: base\npdf_engine: typst\n",
            "a template set",
            "templates/NAME/set.yaml",
        ),
        ("content/audiences/public.yaml", 'series: ["#12355b"]\n', "a brand", "templates/brand.yaml"),
    ],
)
def test_a_look_among_the_content_is_one_error(
    project: ProjectCopy, name: str, text: str, what: str, place: str
) -> None:
    project.write(name, text)
    found = [each for each in project.check()[1] if each.file == name]
    assert [(each.code, each.hint) for each in found] == [("misplaced-file", f"did you mean {place}?")]
    assert found[0].message.startswith(f"this file has the keys of {what}, and not of ")
