"""Finding template sets, reading their files, and the faults of `set.yaml`."""

import os
from pathlib import Path

import pytest
from variant_samples import write_set

from brief.model.diagnostics import ContentError
from brief.press.inputs import template_digest
from brief.templating.sandbox import check
from brief.templating.style import custom_properties
from brief.templating.template_set import ROLES, available_sets, find_set


def test_base_is_complete() -> None:
    base = find_set("base")
    assert set(base.look.colours) == set(ROLES)
    assert len(base.look.series) >= 6
    assert {"en", "zh-Hans", "zh-Hant", "zh-Hant-HK"} <= set(base.look.faces)


def test_a_project_set_comes_before_a_packaged_one_of_its_name(tmp_path: Path) -> None:
    own = write_set(tmp_path, files={"print.css": "p { color: red }"})
    assert own.read("print.css") == b"p { color: red }"
    assert own.read("screen.css") == find_set("base").read("screen.css")
    assert set(available_sets(tmp_path)) == set(available_sets()) | {"mine"}


def test_nearer_colours_and_faces_win_role_by_role(tmp_path: Path) -> None:
    settings = 'extends: base\ncolours: {brand: "#AA0000"}\nfaces: {zh-Hant: {sans: [Mine]}}\n'
    look = write_set(tmp_path, files={"set.yaml": settings}).look
    base = find_set("base").look
    assert look.colours == {**base.colours, "brand": "#aa0000", "insight": "#aa0000"}
    assert look.faces["zh-Hant"].sans == ("Mine",)
    assert look.faces["zh-Hant"].serif == base.faces["zh-Hant"].serif


def test_faces_fall_back_along_the_tag() -> None:
    look = find_set("base").look
    assert look.faces_for("zh-Hant-TW") == look.faces["zh-Hant"]
    assert look.faces_for("fr") == look.faces["en"]
    assert '--sans: "Inter", "Noto Sans CJK HK", sans-serif;' in custom_properties(look, "zh-Hant-HK")


@pytest.mark.parametrize(
    ("settings", "code", "line", "column"),
    [
        pytest.param("extends: nowhere\n", "unknown-template-set", 1, 10, id="unknown-parent"),
        pytest.param("extends: mine\n", "template-set-circle", 1, 10, id="extends-itself"),
        pytest.param("extends: base\ncolors: {}\n", "unknown-field", 2, 1, id="unknown-key"),
        pytest.param("extends: base\ncolours: {brnd: '#000000'}\n", "unknown-field", 2, 11, id="unknown-role"),
        pytest.param("extends: base\ncolours: {brand: red}\n", "colour", 2, 18, id="colour-by-name"),
        pytest.param("extends: base\ncolours: {brand: '#fff; } body {'}\n", "colour", 2, 18, id="colour-with-rules"),
        pytest.param("extends: base\nseries: blue\n", "type", 2, 9, id="series-of-no-list"),
        pytest.param("extends: base\nfaces: {english: {}}\n", "locale", 2, 9, id="bad-locale"),
        pytest.param("extends: base\nfaces: {en: {serif: ['a\";']}}\n", "font-family", 2, 22, id="family-with-quote"),
        pytest.param("colours: {}\nseries: ['#000000']\n", "missing-field", 0, 0, id="root-without-colours"),
    ],
)
def test_faults_of_the_settings(tmp_path: Path, settings: str, code: str, line: int, column: int) -> None:
    with pytest.raises(ContentError) as caught:
        write_set(tmp_path, files={"set.yaml": settings})
    (fault,) = caught.value.diagnostics
    assert (fault.code, fault.place.file) == (code, "templates/mine/set.yaml")
    assert (fault.place.line, fault.place.column) == (line, column)


def test_broken_yaml_is_a_diagnostic_with_a_line(tmp_path: Path) -> None:
    with pytest.raises(ContentError) as caught:
        write_set(tmp_path, files={"set.yaml": "extends: base\ncolours: {brand\n"})
    assert all(d.place.file == "templates/mine/set.yaml" and d.place.line for d in caught.value.diagnostics)


def test_an_unknown_set_is_answered_with_those_there_are() -> None:
    for name in ("nowhere", "../base", "/", ""):
        with pytest.raises(ContentError) as caught:
            find_set(name)
        (fault,) = caught.value.diagnostics
        assert fault.code == "unknown-template-set"
        assert "base" in (fault.hint or "")


@pytest.mark.parametrize(
    "name", ["../secret", "/etc/passwd", "block/../../secret", "a\\b", "a\0b", "C:/x", "", "link", "folder/secret"]
)
def test_nothing_outside_the_set_is_read(tmp_path: Path, name: str) -> None:
    own = write_set(tmp_path)
    (tmp_path / "templates/secret").write_text("SECRET")
    (own.folders[0] / "link").symlink_to(tmp_path / "templates/secret")
    (own.folders[0] / "folder").symlink_to(tmp_path / "templates")
    with pytest.raises(PermissionError):
        own.read(name)


def test_a_set_lists_just_what_it_serves(tmp_path: Path) -> None:
    own = write_set(tmp_path, files={"mine.css": "", "block/mine.html.j2": ""})
    listed = own.names()
    assert {"mine.css", "block/mine.html.j2", "screen.css"} <= set(listed)
    folder = own.folders[0]
    (tmp_path / "templates/secret").write_text("SECRET")
    (folder / "screen.css").symlink_to(tmp_path / "templates/secret")
    (folder / "lost").symlink_to(folder / "nowhere")
    (folder / ".git").mkdir()
    left = ("a:b.txt", "a\\b.txt", ".DS_Store", ".git/config", ".#mine.css", "mine.css~", "block/#mine.html.j2#")
    for name in left:
        (folder / name).write_text("left")
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.css")).write_text("not UTF-8")
    assert own.names() == tuple(name for name in listed if name != "screen.css")
    assert all(own.read(name) is not None for name in own.names())
    assert template_digest(own)
    assert check(own) == ()
