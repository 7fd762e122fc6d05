"""An unchanged project is answered from the cache; one changed file of any kind is checked."""

from collections.abc import Callable
from pathlib import Path

import pytest
from projects import ProjectCopy

from brief.build import fingerprint
from brief.model.diagnostics import Diagnostic
from brief.project.check_cache import check_unless_known
from brief.project.checking import check_project
from brief.store import Store

SET = "extends: base\ncolours: {brand: '#12355b'}\n"
LOOK = "templates/own/set.yaml"


@pytest.fixture
def checked(project: ProjectCopy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ProjectCopy:
    """A project with a template set of its own, which has been checked."""
    monkeypatch.setenv("BRIEF_CACHE_DIR", str(tmp_path / "cache"))
    project.write(LOOK, SET)
    project.write("templates/brand.yaml", "colours: {accent: '#7a3b00'}\n")
    project.replace("content/brief.yaml", "template_set: base", "template_set: own")
    project.write("data/figures.csv", "year,riders\n2025,12\n")
    check_unless_known(project.root)
    return project


def test_the_first_answer_and_the_next_are_those_of_a_check(checked: ProjectCopy) -> None:
    assert check_unless_known(checked.root) == check_unless_known(checked.root) == check_project(checked.root)


def _edit(name: str, old: str, new: str) -> Callable[[ProjectCopy], None]:
    return lambda project: project.write(name, project.read(name).replace(old, new, 1))


def _write(name: str, text: str) -> Callable[[ProjectCopy], None]:
    return lambda project: project.write(name, text)


CHANGES = {
    "content": _edit("content/themes/ridership.yaml", "kind: paragraph", "kind: pragraph"),
    "settings": _edit("content/brief.yaml", "template_set: own", "template_set: none-such"),
    "seed": _edit("seeds/reader-survey.yaml", "id: reader-survey", "id: Reader Survey"),
    "lockfile": _write("content/translations.lock", "not a lockfile\n"),
    "template": _write("templates/own/block/paragraph.html.j2", "{% if %}"),
    "template that fails on a variant": _write("templates/own/block/paragraph.html.j2", "{{ block.none_such }}"),
    "screen style sheet": _write("templates/own/screen.css", "p { background: url(https://example.org/a.png) }"),
    "print style sheet": _write("templates/own/print.css", "p { colour: red }"),
    "reference document": _write("templates/own/reference.docx", "no zip"),
    "set": _write(LOOK, SET.replace("#12355b", "no colour")),
    "misplaced brand": _write("brand.yaml", "colours: {}\n"),
    "brand": _write("templates/brand.yaml", "colours: {accent: '#fefefe'}\n"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_of_any_file_is_seen(checked: ProjectCopy, change: Callable[[ProjectCopy], None]) -> None:
    before = check_unless_known(checked.root)
    change(checked)
    found = check_unless_known(checked.root)
    assert found != before
    assert found == check_project(checked.root)


def test_what_is_found_in_a_variant_moves_with_its_block(checked: ProjectCopy) -> None:
    # One format has all that the checks of charts look at, and each draws again what cannot be drawn.
    checked.replace("content/audiences/council.yaml", "formats: [html, pdf, docx]", "formats: [html]")
    theme = "content/themes/ridership.yaml"
    words = "{en: Riders, zh-Hans: 乘客, zh-Hant: 乘客}"
    columns = f"[{{column: v, title: {words}}}]"
    block = f"title: {words}, description: {words}, specification: own.json"
    data = f'[{{name: riders, columns: {columns}, rows: [["{{reader-survey/riders-after}}"]]}}]'
    checked.write(
        theme, checked.read(theme) + f"  - {{kind: vega, id: own, clearance: public, {block}, data: {data}}}\n"
    )
    checked.write(
        "content/vega/own.json", '{"data": {"name": "riders"}, "mark": "banana", "encoding": {"x": {"field": "v"}}}'
    )
    before = check_unless_known(checked.root)
    checked.write(theme, "# A remark.\n" + checked.read(theme))
    after = check_unless_known(checked.root)
    # The texts of the block have not been accepted.
    codes = {"vega-not-drawn", "unreviewed-translation"}
    assert {each.code for each in before} == {each.code for each in after} == codes
    lines = ({each.location.line for each in found if each.code == "vega-not-drawn"} for found in (before, after))
    assert [{line + 1 for line in next(lines)}] == [next(lines)]


def test_reverting_a_change_restores_the_cached_result(checked: ProjectCopy) -> None:
    before = check_unless_known(checked.root)
    CHANGES["template"](checked)
    assert check_unless_known(checked.root) != before
    (checked.root / "templates/own/block/paragraph.html.j2").unlink()
    assert check_unless_known(checked.root) == before


def test_another_release_checks_again(checked: ProjectCopy, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Path] = []

    def check(root: Path, store: Store | None, pdf_engine: str) -> tuple[Diagnostic, ...]:
        seen.append(root)
        return check_project(root, store, pdf_engine)

    monkeypatch.setattr("brief.project.checking.check_project", check)
    check_unless_known(checked.root)
    assert not seen
    monkeypatch.setattr(fingerprint, "fingerprint_machine", lambda: "another release")
    check_unless_known(checked.root)
    assert seen == [checked.root]
