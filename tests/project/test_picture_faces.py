"""Words in SVG pictures: a check refuses the faces that a build would refuse."""

from pathlib import Path

import pytest
from projects import THEME, ProjectCopy

WORDS = "直角与门骨"
BLOCK = """
  - kind: figure
    id: map
    title: {en: Map, zh-Hans: 地图, zh-Hant: 地圖}
    image: map.svg
    description: {en: The map, zh-Hans: 地图, zh-Hant: 地圖}
"""


def with_picture(root: Path, words: str, attributes: str) -> ProjectCopy:
    project = ProjectCopy(root)
    drawn = f'<text x="5" y="40" {attributes}>A <tspan>{words}</tspan></text>'
    project.write(
        "content/assets/map.svg", f'<svg xmlns="http://www.w3.org/2000/svg" width="300" height="80">{drawn}</svg>'
    )
    project.write(THEME, project.read(THEME).rstrip() + BLOCK)
    return project


@pytest.mark.parametrize(
    "attributes",
    ['font-family="Noto Sans CJK JP"', 'font-family="sans-serif"', "", "style=\"font: 12px 'Hiragino Sans'\""],
)
def test_words_in_a_japanese_face_are_reported_where_the_picture_is_named(tmp_path: Path, attributes: str) -> None:
    status, found = with_picture(tmp_path / "project", WORDS, attributes).check()
    assert status == 1
    assert [each.message for each in found if each.code == "wrong-face"] == [
        f"'map.svg': a font for Japanese draws '与直角门骨' in '{locale}'" for locale in ("zh-Hans", "zh-Hant")
    ]
    assert {each.file for each in found if each.code == "wrong-face"} == {THEME}


def test_a_face_for_one_script_is_reported_for_the_other(tmp_path: Path) -> None:
    _, found = with_picture(tmp_path / "project", WORDS, 'font-family="Inter, Noto Sans CJK SC"').check()
    (wrong,) = (each for each in found if each.code == "wrong-face")
    assert wrong.message == "'map.svg': a font for Simplified Chinese draws '与直角门骨' in 'zh-Hant'"


def test_words_in_latin_letters_need_no_face(tmp_path: Path) -> None:
    status, found = with_picture(tmp_path / "project", "North gate", 'font-family="sans-serif"').check()
    assert status == 0
    assert "wrong-face" not in {each.code for each in found}


def test_a_project_without_pdfs_may_name_any_face(tmp_path: Path) -> None:
    project = with_picture(tmp_path / "project", WORDS, 'font-family="sans-serif"')
    for path in (project.root / "content/audiences").iterdir():
        path.write_text(path.read_text("utf-8").replace("pdf, ", "").replace(", pdf", ""), "utf-8")
    assert "wrong-face" not in {each.code for each in project.check()[1]}


def test_a_build_refuses_the_same(tmp_path: Path) -> None:
    project = with_picture(tmp_path / "project", WORDS, 'font-family="sans-serif"')
    built = project.run("build", "-f", "pdf", "-a", "council", "-l", "zh-Hans", "--draft")
    assert built.status == 1
    assert f"draws '{''.join(sorted(WORDS))}'" in built.stderr
