"""What PDFs by Typst promise: the words and structure of the other engine, content that is data alone, and sandboxing."""

import io
import os
import re
import subprocess
import sys
from collections import deque
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any, get_args

import page as validator
import pikepdf
import pytest
import verapdf
from fontTools.cffLib import CFFFontSet  # type: ignore[import-untyped]
from fontTools.pens.basePen import NullPen  # type: ignore[import-untyped]
from PIL import Image
from variant_samples import LONG_INTRODUCTION, WORDS, sample, text

from brief.fonts.outlines import shape_line
from brief.inspection.extract.pdf import extract_pdf
from brief.inspection.extract.pdf_facts import FactsAndWordsReader
from brief.model import blocks, prose
from brief.model.align import Align
from brief.model.inline import Citation, Emphasis, Footnote, Number, Run, Runs, Strong, Text
from brief.model.source_location import Ref
from brief.model.variant import CellSpan, Column, HeadGroup, Paragraph, Prose, Table, Variant
from brief.publish.watermark import Stamp, Stamper
from brief.reading.texts.formulas import read_formula
from brief.templating.plain import RUN_KINDS
from brief.templating.template_set import TemplateSet, find_template_set
from brief.writers.pdf import write

LOCALES = tuple(WORDS)
TYPST = Path("templates/base/typst")
# Everything that Typst would do something about, if content were code.
CODE = '#eval("1+1") $x^2$ @ref <label> `raw` \\ *bold* _it_ = head // comment /* too */ [x] {y} #panic() ~ --- \''
REPOSITORY = Path(__file__).parents[2]


def by_typst(template_set: TemplateSet) -> TemplateSet:
    return replace(template_set, look=replace(template_set.look, pdf_engine=Ref("typst")))


def base() -> TemplateSet:
    return by_typst(find_template_set("base"))


def poppler(data: bytes, *command: str) -> str:
    return subprocess.run([*command, "-", "-"], input=data, capture_output=True, check=True).stdout.decode()


def read_letters(data: bytes) -> str:
    """The letters and digits of all pages in the order of the structure, without running heads and page numbers."""
    reader = FactsAndWordsReader()
    deque(extract_pdf("a.pdf", io.BytesIO(data), reader), maxlen=0)
    assert reader.document is not None
    return "".join(re.findall(r"[^\W_]+", reader.document.words.text))


def full_sample(locale: str) -> Variant:
    return replace(sample(locale), introduction=LONG_INTRODUCTION)


@pytest.fixture(scope="module")
def documents() -> dict[str, bytes]:
    return {locale: write(full_sample(locale), base()).data for locale in LOCALES}


@pytest.mark.parametrize("locale", LOCALES)
def test_metadata_language_and_standards(documents: dict[str, bytes], locale: str) -> None:
    with pikepdf.open(io.BytesIO(documents[locale])) as document:
        assert str(document.Root.Lang) == locale
        assert document.Root.MarkInfo.Marked
        assert str(document.docinfo.Title) == f"{WORDS[locale]['title']} – {sample(locale).audience_title}"
        assert str(document.docinfo.Author) == "Institute"
        assert str(document.docinfo.Keywords) == WORDS[locale]["theme"]
        assert str(document.docinfo.Marking) == "Internal"
        assert str(document.docinfo.CreationDate).startswith("D:20260320")
        assert "Typst" in str(document.docinfo.Creator)
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
            assert metadata["dc:language"] == {locale}
            assert metadata["dc:rights"] == "Internal"


@pytest.mark.parametrize("locale", LOCALES)
def test_bookmarks_follow_the_headings(documents: dict[str, bytes], locale: str) -> None:
    with pikepdf.open(io.BytesIO(documents[locale])) as document, document.open_outline() as outline:
        (title,) = outline.root
        assert title.title == WORDS[locale]["title"]
        theme, terms, sources = title.children
        assert theme.title.split() == ["1", *WORDS[locale]["theme"].split()]
        assert [child.title for child in theme.children] == ["Runs"]
        assert (terms.title, sources.title) == ("Who is who", "Sources")


@pytest.mark.parametrize("locale", LOCALES)
def test_every_face_is_embedded_and_of_its_region(documents: dict[str, bytes], locale: str) -> None:
    run = subprocess.run(["pdffonts", "-"], input=documents[locale], capture_output=True, check=True)
    rows = run.stdout.decode().splitlines()[2:]
    fonts = {row.split()[0].split("+")[1] for row in rows}
    assert all(row.split()[-5] == "yes" for row in rows)
    latin_faces = {name for name in fonts if not name.startswith("Noto")}
    assert all(re.match("SourceSerif4|Inter", name) for name in latin_faces), fonts
    region = {"en": "sc", "zh-Hans": "sc", "zh-Hant": "tc"}[locale]
    assert all(f"CJK{region}" in name for name in fonts - latin_faces), fonts


@pytest.mark.parametrize("locale", LOCALES)
def test_the_words_are_those_of_the_other_engine_in_the_same_order(documents: dict[str, bytes], locale: str) -> None:
    expected = read_letters(write(full_sample(locale), find_template_set("base")).data)
    assert read_letters(documents[locale]) == expected


@pytest.mark.parametrize("locale", LOCALES)
def test_links_lead_to_sources_exhibits_and_themes(documents: dict[str, bytes], locale: str) -> None:
    with pikepdf.open(io.BytesIO(documents[locale])) as document:
        links = [link for page in document.pages for link in page.obj.get("/Annots", ())]
        urls = {str(link.A.URI) for link in links if "/A" in link and "/URI" in link.A}
        inner = [link for link in links if not ("/A" in link and "/URI" in link.A)]
    assert urls == {"https://example.org/?a=1&b=2"}
    # Contents: one theme, terms, sources, three exhibits; two sources, one table, and the theme that names the term.
    assert len(inner) == 6 + 2 + 1 + 1


def elements(document: pikepdf.Pdf, kind: str) -> list[pikepdf.Object]:
    found = [each for each in document.objects if isinstance(each, pikepdf.Dictionary) and each.get("/S") == kind]
    return [each for each in found if "/P" in each]


def test_word_joiners_are_not_copied() -> None:
    """They say where no line may break: between a number and its unit, and before a mark that must not begin a line."""
    runs = (Text("到"), Number("2026年"), Text("增长"), Number("30%"), Citation((1,)), Text("，约"), Number("3～5年"))
    paragraphs = tuple(Paragraph(id=f"p{at}", text=runs[at:]) for at in range(len(runs)))
    data = write(sample("zh-Hans", blocks=paragraphs), base()).data
    found = poppler(data, "pdftotext", "-enc", "UTF-8")
    assert "2026年" in found
    assert "\u2060" not in found


def test_tables_name_the_heads_of_columns_and_rows(documents: dict[str, bytes]) -> None:
    with pikepdf.open(io.BytesIO(documents["en"])) as document:
        heads = [
            next(iter(each.A)).Scope if isinstance(each.A, pikepdf.Array) else each.A.Scope
            for each in elements(document, "/TH")
        ]
        scopes = sorted(map(str, heads))
        assert scopes == ["/Column"] * 5 + ["/Row"] * 3
        assert {str(each.Alt) for each in elements(document, "/Figure")} == {"Red"}


def test_a_row_under_a_merged_cell_has_no_head_of_its_own() -> None:
    (table,) = (block for block in sample().sections[0].blocks if isinstance(block, Table))
    columns = (*table.columns, Column(title=text("2026"), align=Align.END))
    rows = tuple(
        (text(first), text(second), text(second)) for first, second in (("Both", "1"), ("", "2"), ("All", "3"))
    )
    merged = replace(
        table,
        columns=columns,
        rows=rows,
        spans=(CellSpan(row=0, column=0, rows=2),),
        groups=(HeadGroup(column=0, columns=1, title=None), HeadGroup(column=1, columns=2, title=text("Years"))),
        totals=(2,),
    )
    written = write(sample(blocks=(merged, *sample().sections[0].blocks[:2])), base())
    with pikepdf.open(io.BytesIO(written.data)) as document:
        rows_named = [
            each for each in elements(document, "/TH") if "/Row" in each.A.unparse(resolved=True).decode().split()
        ]
        assert len(rows_named) == 2 + 1
    assert "Years" in poppler(written.data, "pdftotext")


def test_a_passage_in_another_language_says_so() -> None:
    quoted: Runs = (Text("He said "), Text("算力", "zh-Hans"), Text(" and "), Text("算力", "zh-Hant"), Text("."))
    written = write(sample(blocks=(Paragraph(id="p", text=quoted),)), base())
    with pikepdf.open(io.BytesIO(written.data)) as document:
        contents = b"".join(page.obj.Contents.read_bytes() for page in document.pages)
    assert {b"zh-Hans", b"zh-Hant"} == set(re.findall(rb"/Lang\((zh[^)]*)\)", contents))


def test_content_is_never_code() -> None:
    listed = (Paragraph(id="p", heading=text(CODE), text=(Strong((Emphasis(text(CODE)),)), Text(CODE))),)
    variant = replace(sample(blocks=listed), title=CODE[:50], subtitle=CODE, introduction=text(CODE))
    found = " ".join(poppler(write(variant, base()).data, "pdftotext", "-enc", "UTF-8").split())
    assert found.count(CODE[:44]) >= 5
    assert "1+1" in found


def test_every_kind_of_block_run_and_part_is_set() -> None:
    source = (REPOSITORY / TYPST / "blocks.typ").read_text("utf-8")
    table = source[source.index("#let kinds = (") : source.index("#let one-block")]
    assert set(re.findall(r"^  ([\w-]+): \(c, b\)", table, re.M)) == {kind.KIND for kind in get_args(blocks.Block)}
    runs = (REPOSITORY / TYPST / "text.typ").read_text("utf-8")
    assert set(re.findall(r'kind == "([\w-]+)"', runs)) == {*RUN_KINDS.values(), "formula"}
    parts = source[source.index("#let prose(") : source.index("#let kinds")]
    known = {kind.KIND for kind in (prose.ProseParagraph, prose.ProseHeading, prose.ProseList, prose.ProseQuotation)}
    known |= {kind.KIND for kind in (prose.ProseCode, prose.ProseFormula, prose.ProseTable)}
    assert len(known) == len(get_args(prose.ProsePart))
    assert set(re.findall(r'if kind == "([\w-]+)"', parts)) == known


def test_a_formula_wider_than_the_line_is_shrunk_to_it() -> None:
    formula = read_formula(" + ".join(f"x_{{{number}}}" for number in range(1, 20)), is_display=True)
    narrow = read_formula("x + y", is_display=True)
    edges = []
    for each in (formula, narrow):
        block = Prose(id="p", parts=(prose.ProseFormula((each,)),))
        data = write(sample(blocks=(block,)), base()).data
        shown = subprocess.run(["pdftoppm", "-gray", "-r", "36", "-"], input=data, capture_output=True, check=True)
        page = Image.open(io.BytesIO(shown.stdout)).point(lambda grey: 255 if grey < 200 else 0)
        below_title = page.crop((0, page.height // 6, page.width, page.height))
        edges.append((below_title.getbbox() or (0, 0, 0, 0))[2] / page.width)
    assert edges[0] == pytest.approx(edges[1], abs=0.01)


def test_a_column_of_a_table_is_as_wide_as_its_formulas() -> None:
    formula = read_formula(r"E_t=\sum_{i=1}^{n} \frac{a_i b_i}{c_i + d_i} + \sqrt{x^2+y^2} + \alpha", is_display=False)
    heads = tuple(text(f"Head{at}") for at in range(5))
    row: tuple[Runs, ...] = (text("a"), (Strong((formula,)),), *(text("1") for _ in range(3)))
    table: prose.ProseTable[Run] = prose.ProseTable((Align.START,) * 5, heads, (row,))
    data = write(sample(blocks=(Prose(id="p", parts=(table,)),)), base()).data
    found = re.findall(r'xMin="([\d.]+)".*>Head\d<', poppler(data, "pdftotext", "-bbox"))
    starts = [float(each) for each in found]
    assert starts[2] - starts[1] > 1.3 * (starts[3] - starts[2])


def test_the_head_of_a_long_table_is_repeated_without_its_links() -> None:
    (table,) = (block for block in sample().sections[0].blocks if isinstance(block, Table))
    cited = Column(title=(Text("2025"), Citation((1,), (1,))), align=Align.END)
    rows = tuple((text(f"Row {number}"), text(str(number))) for number in range(120))
    long = replace(table, columns=(table.columns[0], cited), rows=rows)
    written = write(sample(blocks=(long, *sample().sections[0].blocks[:2])), base())
    pages = poppler(written.data, "pdftotext", "-layout").split("\f")
    with_rows = [found for found in pages if "Row " in found]
    assert len(with_rows) >= 3
    assert all(re.search(r"Route\s+2025\s*\[1\]", found) for found in with_rows)
    assert [("Table 1 (continued)" in found.replace("\xa0", " ")) for found in with_rows] == [
        False,
        *(True for _ in with_rows[1:]),
    ]
    assert re.findall(r"Row (\d+)\s+\1\n", "\n".join(pages)) == [str(number) for number in range(120)]


def test_notes_stand_at_the_foot_of_their_page() -> None:
    note = Footnote((text("Counted twice."),), "a")
    long = Prose(id="long", parts=(prose.ProseParagraph[Run]((Text("Riders"), note, Text(" rose."))),))
    pages = poppler(write(sample(blocks=(long,)), base()).data, "pdftotext", "-layout").split("\f")
    (page,) = (found for found in pages if "rose." in found)
    assert page.index("rose.") < page.index("Counted twice.")
    assert re.search(r"^ *a *Counted twice\.$", page, re.MULTILINE), "the mark and the note are on one line"


def test_a_wide_table_has_a_landscape_page() -> None:
    heads = tuple(Column(title=text(f"Quarterly revenue {number}"), align=Align.END) for number in range(12))
    rows = (tuple(text("1,234,567") for _ in heads),) * 2
    wide = Table(id="wide", label="Table 9", title=text("Wide"), columns=heads, rows=rows, note=None)
    written = write(sample(blocks=(wide, *sample().sections[0].blocks)), base())
    with pikepdf.open(io.BytesIO(written.data)) as document:
        turned = [page for page in document.pages if page.mediabox[2] > page.mediabox[3]]
    assert len(turned) == 1


def test_the_same_bytes_come_from_another_process_folder_and_time_zone(
    documents: dict[str, bytes], tmp_path: Path
) -> None:
    code = (
        "import sys; from test_typst import base, full_sample, write\n"
        "sys.stdout.write(__import__('hashlib').sha256(write(full_sample('zh-Hans'), base()).data).hexdigest())"
    )
    paths = [str(Path(__file__).parent), *(path for path in sys.path if path)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "TZ": "Asia/Taipei", "PYTHONHASHSEED": "7"}
    again = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, check=True, text=True
    )
    assert again.stdout == sha256(documents["zh-Hans"]).hexdigest()


def test_verapdf_finds_no_fault(documents: dict[str, bytes], tmp_path: Path) -> None:
    files = {(locale, flavour): documents[locale] for locale in LOCALES for flavour in ("ua1", "2a")}
    assert verapdf.find_faults(files, tmp_path) == {}


@pytest.mark.parametrize("profile", ["ua1", "2a"])
@pytest.mark.parametrize("locale", LOCALES)
def test_a_file_is_fit_for_readers_and_archives(documents: dict[str, bytes], locale: str, profile: str) -> None:
    report = validator.validate_pdf_bytes(documents[locale], profile=profile)
    # The validator reads a width of 0 in CFF fonts with several Private DICTs, where the DICT that FDSelect gives the glyph
    # has a `defaultWidthX` of 1000 (Adobe Technical Note 5176, sections 15 and 19): the next test reads it there.
    said = [failure.message for failure in report.failures]
    assert [message for message in said if "in its embedded CIDFontType0C program" not in message] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_the_widths_of_han_glyphs_are_those_of_the_font_program(documents: dict[str, bytes], locale: str) -> None:
    with pikepdf.open(io.BytesIO(documents[locale])) as document:
        fonts = [
            each
            for each in document.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/Subtype") == "/CIDFontType0"
        ]
        for font in fonts:
            program = CFFFontSet()
            program.decompile(io.BytesIO(font.FontDescriptor.FontFile3.read_bytes()), None)
            widths = [glyph_width(glyph) for glyph in program[0].CharStrings.values()]
            assert widths == [read_width(font, cid) for cid in range(len(widths))]
    assert len(fonts) >= (1 if locale == "en" else 3)


def glyph_width(glyph: Any) -> int:
    glyph.draw(NullPen())
    width: float = glyph.width
    return round(width)


def read_width(font: pikepdf.Object, cid: int) -> int:
    """The width of a glyph in /W (ISO 32000-1, 9.7.4.3)."""
    items = list(font.W)
    while items:
        first = int(items.pop(0))
        if isinstance(items[0], pikepdf.Array):
            listed = list(items.pop(0))
            if first <= cid < first + len(listed):
                return round(float(listed[cid - first]))
        else:
            last, width = int(items.pop(0)), items.pop(0)
            if first <= cid <= last:
                return round(float(width))
    return int(font.get("/DW", 1000))


def test_a_copy_is_stamped_and_stays_archival(documents: dict[str, bytes]) -> None:
    line = shape_line("Ada Lovelace", ("Inter",))
    with Stamper(documents["en"]) as stamper:
        copy = stamper.stamp(Stamp("Ada Lovelace", 7, line, line))
    with pikepdf.open(io.BytesIO(copy)) as document:
        packet = document.Root.Metadata.read_bytes()
        assert str(document.docinfo["/CopyNumber"]) == "7"
    assert b"<pdfx:Recipient>Ada Lovelace" in packet
    assert b"<pdfaSchema:schema>Copies" in packet
    assert "Ada Lovelace" in poppler(copy, "pdftotext")
