"""Texts in bytes of unknown meaning, in UTF-16: the names of a font, properties of a picture."""

import io
import os
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from projects import SETTINGS, ProjectCopy

from brief import Project
from brief.inspection.extract.part import BREAK, read_binary
from brief.model.diagnostics import ContentError

# Of the block that only the council may see.
SENTENCE = "是否应同时用于缩短候车时间"
FACE = next(Path("/usr/share/fonts").rglob("*.ttf"))
TEXTS = [SENTENCE, "兰若客运有限公司", "バス停の待ち時間", "마로 부두 차고는 겨울 시간표 이전에 닫힌다"]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-16-le"])
@pytest.mark.parametrize("before", [b"", b"\x01", b"\x01\x02"])
def test_east_asian_texts_in_utf_16_are_read(text: str, encoding: str, before: bytes) -> None:
    part = read_binary("x", b"\x89\x00\x01" + before + text.encode(encoding) + b"\xff\xfe\x00")
    assert text in part.code.replace(BREAK, "")


def test_compressed_bytes_are_hardly_taken_for_texts() -> None:
    data = os.urandom(1_000_000)
    assert len(read_binary("x", data).code) < len(data) / 10


def test_a_withheld_sentence_in_the_names_of_a_font_stops_the_build(project: ProjectCopy) -> None:
    font = TTFont(FACE)
    font["name"].setName(SENTENCE, 0, 3, 1, 0x409)
    buffer = io.BytesIO()
    font.save(buffer)
    project.replace(SETTINGS, "template_set: base", "template_set: mine")
    project.write("templates/mine/set.yaml", "extends: base\n")
    (project.root / "templates/mine/own.ttf").write_bytes(buffer.getvalue())
    project.write(
        "templates/mine/screen.css", "@font-face { font-family: Own; src: url(own.ttf) } .own { font-family: Own }"
    )
    with pytest.raises(ContentError) as stopped:
        Project.load(project.root).build(audiences=["public"], locales=["zh-Hans"], formats=["html"])
    assert {found.code for found in stopped.value.diagnostics} == {"withheld-text"}
