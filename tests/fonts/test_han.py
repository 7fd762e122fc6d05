"""Han faces cut for one document: nothing missing, nothing of another document in them, the right region."""

import io
import subprocess
from dataclasses import replace
from pathlib import Path

import pikepdf
import uharfbuzz as harfbuzz  # type: ignore[import-untyped,unused-ignore]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from variant_samples import sample, text, write_set

from brief.fonts import han
from brief.model.variant import Paragraph, Variant
from brief.templating.template_set import find_template_set
from brief.writers.pdf import write

SERIF = "Noto Serif CJK SC"


def cuts_of(words: str) -> tuple[han.FontSubset, ...]:
    return han.subset_faces(find_template_set("base").look.find_faces("zh-Hans"), words)


def fonts_in(pdf: bytes) -> set[str]:
    rows = subprocess.run(["pdffonts", "-"], input=pdf, capture_output=True, check=True).stdout.decode().splitlines()
    return {row.split()[0].split("+")[1] for row in rows[2:]}


def with_text(variant: Variant, words: str) -> Variant:
    (section, *rest) = variant.sections
    added = Paragraph(id="added", text=text(words))
    return replace(variant, sections=(replace(section, blocks=(*section.blocks, added)), *rest))


def test_each_cut_draws_every_character_of_the_text() -> None:
    words = "算力这笔账——“可用”的视频，12%…"
    cuts = cuts_of(words)
    assert {(cut.family, cut.weight) for cut in cuts} == {
        (f"Noto {kind} CJK SC Cut", weight) for kind in ("Serif", "Sans") for weight in (400, 700)
    }
    for cut in cuts:
        font = harfbuzz.Font(harfbuzz.Face(cut.data))
        assert all(font.get_nominal_glyph(ord(character)) for character in words)


def test_the_identifier_of_each_glyph_is_its_place() -> None:
    """In a PDF a glyph is found by its identifier, and Acrobat and archives take nothing else for it."""
    for words in ("一", "一二", "算力这笔账——“可用”的视频，12%…", "".join(map(chr, range(0x4E00, 0x5000)))):
        for cut in cuts_of(words):
            assert _identifiers(cut.data)
    with pikepdf.open(io.BytesIO(write(sample("zh-Hant"), find_template_set("base")).data)) as pdf:
        files = [
            font.FontFile3 for font in pdf.objects if isinstance(font, pikepdf.Dictionary) and "/FontFile3" in font
        ]
        assert len(files) >= 2
        assert all(_identifiers(file.read_bytes()) for file in files)


def _identifiers(font: bytes) -> bool:
    (top,) = TTFont(io.BytesIO(font))["CFF "].cff.topDictIndex
    return bool(top.charset == [".notdef", *(f"cid{place:05}" for place in range(1, len(top.charset)))])


def test_a_subset_does_not_depend_on_earlier_subsets() -> None:
    first = cuts_of("视频竞赛")
    cuts_of("机密文字")
    assert cuts_of("赛竞视频频") == first


def test_text_without_han_needs_no_cut() -> None:
    assert cuts_of("The race for video — “usable”") == ()


def test_the_documents_bytes_do_not_depend_on_what_was_printed_before() -> None:
    plain = sample("zh-Hans")
    first = write(plain, find_template_set("base")).data
    write(with_text(plain, "鳳凰涅槃的機密"), find_template_set("base"))
    assert write(plain, find_template_set("base")).data == first


def test_charts_and_text_use_the_cut_and_not_the_whole_face() -> None:
    fonts = fonts_in(write(sample("zh-Hans"), find_template_set("base")).data)
    assert all("-Cut" in name for name in fonts if "CJK" in name), fonts


def test_characters_that_a_style_sheet_makes_up_come_from_the_whole_face(tmp_path: Path) -> None:
    rules = find_template_set("base").read("print.css").decode() + '\np::after { content: "\\9F98" }'
    printed = write(sample("zh-Hans"), write_set(tmp_path, files={"print.css": rules}))
    assert printed.diagnostics == ()
    assert "Noto-Serif-CJK-SC" in fonts_in(printed.data)
