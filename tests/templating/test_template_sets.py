"""Finding template sets, reading their files, and the errors of `set.yaml`."""

import os
import shutil
from pathlib import Path
from types import CodeType

import pytest
from variant_samples import write_set

from brief.build.fingerprint import fingerprint_template_set
from brief.fonts import han
from brief.model.appearance.brand import Role
from brief.model.diagnostics import ContentError
from brief.model.source_location import Ref, SourceLocation
from brief.templating import loader, sandbox
from brief.templating.sandbox import check_templates
from brief.templating.style import format_custom_properties
from brief.templating.template_set import find_template_set, list_template_sets


def test_base_is_complete() -> None:
    base = find_template_set("base")
    assert set(base.look.colours) == set(Role)
    assert len(base.look.series) >= 6
    assert {"en", "zh-Hans", "zh-Hant", "zh-Hant-HK"} <= set(base.look.faces)


def test_a_project_set_comes_before_a_packaged_one_of_its_name(tmp_path: Path) -> None:
    own = write_set(tmp_path, files={"print.css": "p { color: red }"})
    assert own.read("print.css") == b"p { color: red }"
    assert own.read("screen.css") == find_template_set("base").read("screen.css")
    assert set(list_template_sets(tmp_path)) == set(list_template_sets()) | {"mine"}


def test_nearer_colours_and_faces_win_role_by_role(tmp_path: Path) -> None:
    settings = 'extends: base\ncolours: {brand: "#AA0000"}\nfaces: {zh-Hant: {sans: [Mine]}}\n'
    look = write_set(tmp_path, files={"set.yaml": settings}).look
    base = find_template_set("base").look
    assert look.colours == {**base.colours, "brand": "#aa0000", "insight": "#aa0000"}
    assert look.faces["zh-Hant"].sans == ("Mine",)
    assert look.faces["zh-Hant"].serif == base.faces["zh-Hant"].serif


def test_faces_fall_back_along_the_tag() -> None:
    look = find_template_set("base").look
    assert look.find_faces("zh-Hant-TW") == look.faces["zh-Hant"]
    assert '--sans: "Inter", "Noto Sans CJK HK", sans-serif;' in format_custom_properties(look, "zh-Hant-HK")


@pytest.mark.parametrize(
    ("locale", "taken"),
    [
        *(("fr", "en"), ("de-CH", "en"), ("vi", "en"), ("sr-Latn", "en")),
        *(("zh", "zh-Hans"), ("zh-SG", "zh-Hans"), ("zh-TW", "zh-Hant"), ("zh-HK", "zh-Hant-HK"), ("zh-MO", "zh-Hant")),
        *(("ja-JP", "ja"), ("ko", "ko"), ("yue", "zh-Hant-HK")),
    ],
)
def test_the_script_of_a_locale_decides_on_its_faces(locale: str, taken: str) -> None:
    look = find_template_set("base").look
    assert look.find_faces(locale) == look.faces[taken]


@pytest.mark.parametrize(("locale", "region"), [("ja", "JP"), ("ko", "KR"), ("zh-Hant-HK", "HK"), ("zh-Hant", "TC")])
def test_each_region_has_its_own_forms_of_han_characters(locale: str, region: str) -> None:
    faces = find_template_set("base").look.find_faces(locale)
    assert (faces.serif[-1], faces.sans[-1]) == (f"Noto Serif CJK {region}", f"Noto Sans CJK {region}")
    assert {cut.family for cut in han.subset_faces(faces, "骨")} == {
        f"Noto {kind} CJK {region} Cut" for kind in ("Serif", "Sans")
    }


@pytest.mark.parametrize("locale", ["ru", "th", "ar", "el", "zh-Cyrl", "qaa"])
def test_no_script_is_drawn_with_the_faces_of_another(tmp_path: Path, locale: str) -> None:
    (diagnostic,) = find_template_set("base").check_faces(
        [Ref("en"), Ref(locale, SourceLocation("content/brief.yaml", 5, 20))]
    )
    assert (diagnostic.code, str(diagnostic.location)) == ("missing-faces", "content/brief.yaml:5:20")
    assert "templates/base/set.yaml" in str(diagnostic.hint)
    assert f"faces: {{{locale}: {{serif:" in str(diagnostic.hint)
    own = write_set(tmp_path, files={"set.yaml": f"extends: base\nfaces: {{{locale}: {{serif: [A], sans: [B]}}}}\n"})
    assert own.check_faces([Ref(locale)]) == ()


@pytest.mark.parametrize(
    ("settings", "code", "line", "column"),
    [
        pytest.param("extends: nowhere\n", "unknown-template-set", 1, 10, id="unknown-parent"),
        pytest.param("extends: mine\n", "template-set-cycle", 1, 10, id="extends-itself"),
        pytest.param("extends: base\ncolors: {}\n", "unknown-key", 2, 1, id="unknown-key"),
        pytest.param("extends: base\ncolours: {brnd: '#000000'}\n", "unknown-role", 2, 11, id="unknown-role"),
        pytest.param("extends: base\ncolours: {brand: red}\n", "colour", 2, 18, id="colour-by-name"),
        pytest.param("extends: base\ncolours: {brand: '#fff; } body {'}\n", "colour", 2, 18, id="colour-with-rules"),
        pytest.param("extends: base\nseries: blue\n", "expected-list", 2, 9, id="series-of-no-list"),
        pytest.param("extends: base\nseries: []\n", "empty-list", 2, 9, id="series-of-none"),
        pytest.param("extends: base\nfaces: [Inter]\n", "expected-mapping", 2, 8, id="faces-without-locale"),
        pytest.param("extends: base\ncompact: no\n", "bad-boolean", 2, 10, id="boolean-of-yaml-1.1"),
        pytest.param("extends: base\nreferences: end\n", "unknown-placement", 2, 13, id="references-nowhere"),
        pytest.param("", "expected-mapping", 1, 1, id="empty"),
        pytest.param("extends: base\nfaces: {english: {}}\n", "bad-locale", 2, 9, id="bad-locale"),
        pytest.param("extends: base\nfaces: {en: {serif: ['a\";']}}\n", "font-family", 2, 22, id="family-with-quote"),
        pytest.param("colours: {}\nseries: ['#000000']\n", "missing-field", 0, 0, id="root-without-colours"),
    ],
)
def test_errors_of_the_settings(tmp_path: Path, settings: str, code: str, line: int, column: int) -> None:
    with pytest.raises(ContentError) as caught:
        write_set(tmp_path, files={"set.yaml": settings})
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.code, diagnostic.location.file) == (code, "templates/mine/set.yaml")
    assert (diagnostic.location.line, diagnostic.location.column) == (line, column)


def test_a_list_where_keys_belong_is_answered_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(ContentError) as caught:
        write_set(tmp_path, files={"set.yaml": "extends: base\nfaces: {en: [Inter]}\n"})
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.code, diagnostic.hint) == ("expected-mapping", "keys: serif, sans, mono")


def test_broken_yaml_is_a_diagnostic_with_a_line(tmp_path: Path) -> None:
    with pytest.raises(ContentError) as caught:
        write_set(tmp_path, files={"set.yaml": "extends: base\ncolours: {brand\n"})
    assert all(d.location.file == "templates/mine/set.yaml" and d.location.line for d in caught.value.diagnostics)


def test_an_unknown_set_is_answered_with_those_there_are() -> None:
    for name in ("nowhere", "../base", "/", ""):
        with pytest.raises(ContentError) as caught:
            find_template_set(name)
        (diagnostic,) = caught.value.diagnostics
        assert diagnostic.code == "unknown-template-set"
        assert "base" in (diagnostic.hint or "")


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


def test_an_unchanged_copy_of_a_packaged_file_is_not_the_projects_own(tmp_path: Path) -> None:
    base = find_template_set("base").folders[0]
    shutil.copytree(base, tmp_path / "templates/base")
    copied = find_template_set("base", tmp_path)
    assert copied.folders == (tmp_path / "templates/base",)
    assert not copied.has_own("*.j2")
    (tmp_path / "templates/base/block/quote.html.j2").write_text("{{ nothing }}\n")
    assert copied.has_own("*.j2")
    assert not copied.has_own("print.css")


def test_templates_that_sets_share_are_compiled_once_and_few_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: list[str] = []
    kept = loader.CompiledTemplates()
    compile_template = sandbox.Sandbox._compile

    def record(environment: sandbox.Sandbox, source: str, filename: str) -> CodeType:
        compiled.append(filename)
        return compile_template(environment, source, filename)

    monkeypatch.setattr(sandbox, "_COMPILED", kept)
    monkeypatch.setattr(sandbox.Sandbox, "_compile", record)
    first, second = (
        write_set(tmp_path, name, {"block/paragraph.html.j2": f"<p>{name}</p>"}) for name in ("first", "second")
    )
    assert check_templates(first) == ()
    assert len(compiled) == len(set(compiled)) > 20
    compiled.clear()
    assert check_templates(second) == ()
    assert compiled == ["templates/second/block/paragraph.html.j2"]
    monkeypatch.setattr(loader, "_MAX_TEMPLATES", 3)
    third = write_set(tmp_path, "third", {"block/paragraph.html.j2": "<p>third</p>"})
    assert check_templates(third) == ()
    assert len(kept._codes) == 3


def test_a_set_lists_just_what_it_serves(tmp_path: Path) -> None:
    own = write_set(tmp_path, files={"mine.css": "", "block/mine.html.j2": ""})
    listed = own.list_names()
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
    assert own.list_names() == tuple(name for name in listed if name != "screen.css")
    assert all(own.read(name) is not None for name in own.list_names())
    assert fingerprint_template_set(own)
    assert check_templates(own) == ()
