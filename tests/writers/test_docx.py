"""What a Word document promises to its readers."""

import io
import os
import re
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest
from docx2python import docx2python
from lxml import etree
from readback import docx_parts, libreoffice_pdf, libreoffice_pdfs, pdf_lines, pdf_text
from variant_samples import LONG_INTRODUCTION, every_block, pixel, sample, text

from brief.model.align import Align
from brief.model.assets import Image
from brief.model.blocks import ChartKind, Tone
from brief.model.diagnostics import ContentError
from brief.model.inline import Citation, Emphasis, Number, Reference, Text
from brief.model.variant import (
    Block,
    Callout,
    Chart,
    Column,
    Figure,
    ListBlock,
    Paragraph,
    Point,
    Section,
    Series,
    Table,
    Variant,
)
from brief.templating.template_set import find_template_set
from brief.writers.docx import write

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def write_parts(variant: Variant) -> dict[str, bytes]:
    return docx_parts(write(variant, find_template_set(variant.template_set)).data)


def body(parts: dict[str, bytes]) -> etree._Element:
    return etree.fromstring(parts["word/document.xml"])


def words(element: etree._Element) -> str:
    return "".join(piece.text or "" for piece in element.iter(f"{W}t"))


def chart(categories: int = 3) -> Chart:
    points = tuple(Point(value=Decimal(at), text=f"US${at} million") for at in range(1, categories + 1))
    return Chart(
        id="budgets",
        label="Figure 1",
        title=text("Budgets"),
        chart_kind=ChartKind.BARS,
        description="Budgets grow by one each year.",
        unit="US$ million",
        categories=tuple(str(2020 + at) for at in range(categories)),
        series=(Series(title="Budget", points=points),),
        citation=(Citation((1,)),),
        note=None,
    )


def long_variant(locale: str = "en") -> Variant:
    """Every kind of block, a chart among them."""
    return sample(locale, blocks=(*every_block(locale), chart()))


def styles_of(parts: dict[str, bytes]) -> dict[str, etree._Element]:
    root = etree.fromstring(parts["word/styles.xml"])
    return {style.get(f"{W}styleId", ""): style for style in root.iter(f"{W}style")}


def in_force(run: etree._Element, parts: dict[str, bytes]) -> Iterator[etree._Element]:
    """The run properties that apply to a run, the nearest first: its own, its styles' and the defaults."""
    styles = styles_of(parts)
    own = run.find(f"{W}rPr")
    if own is not None:
        yield own
    paragraph = next(run.iterancestors(f"{W}p"))
    for reference in (run.find(f"{W}rPr/{W}rStyle"), paragraph.find(f"{W}pPr/{W}pStyle")):
        style = styles[reference.get(f"{W}val", "")] if reference is not None else None
        while style is not None:
            properties = style.find(f"{W}rPr")
            if properties is not None:
                yield properties
            based = style.find(f"{W}basedOn")
            style = styles[based.get(f"{W}val", "")] if based is not None else None
    yield next(etree.fromstring(parts["word/styles.xml"]).iter(f"{W}rPrDefault"))[0]


def first_attribute(run: etree._Element, parts: dict[str, bytes], tag: str, attribute: str) -> str | None:
    for properties in in_force(run, parts):
        element = properties.find(f"{W}{tag}")
        if element is not None and element.get(f"{W}{attribute}"):
            return element.get(f"{W}{attribute}")
    return None


@pytest.mark.parametrize(
    ("locale", "face", "tag"),
    [("zh-Hans", "CJK SC", "zh-CN"), ("zh-Hant", "CJK TC", "zh-TW"), ("zh-Hant-HK", "CJK HK", "zh-HK")],
)
def test_every_run_has_the_east_asian_face_and_language_of_its_locale(locale: str, face: str, tag: str) -> None:
    variant = replace(sample("zh-Hant" if "Hant" in locale else "zh-Hans"), locale=locale)
    parts = write_parts(variant)
    for name in ("word/document.xml", "word/header1.xml", "word/footer1.xml"):
        for run in etree.fromstring(parts[name]).iter(f"{W}r"):
            assert (first_attribute(run, parts, "rFonts", "eastAsia") or "").endswith(face)
            # Text beside a citation has no language, for LibreOffice.
            assert first_attribute(run, parts, "lang", "eastAsia") in (tag, "x-none")


def test_no_theme_font_is_left_to_override_a_face() -> None:
    parts = write_parts(sample("zh-Hant"))
    assert not [
        name for name, data in parts.items() if name.endswith(".xml") and re.search(rb'Theme="m(in|aj)or', data)
    ]


def test_faces_have_a_substitute_that_word_users_have() -> None:
    table = etree.fromstring(write_parts(sample("zh-Hant"))["word/fontTable.xml"])
    substitutes = {font.get(f"{W}name"): font[0].get(f"{W}val") for font in table}
    assert substitutes["Noto Serif CJK TC"] == "PMingLiU"
    assert substitutes["Noto Sans CJK TC"] == "Microsoft JhengHei"


def test_chinese_quotes_and_dashes_are_hinted_but_not_an_apostrophe_of_a_latin_word() -> None:
    runs = text("“豆包”——他说don’t……")
    document = body(write_parts(sample("zh-Hans", blocks=(Paragraph(id="p", text=runs),))))
    hinted = {
        words(run): run.find(f"{W}rPr/{W}rFonts") is not None
        for run in document.iter(f"{W}r")
        if words(run) in "“豆包”——他说don’t……"
    }
    assert hinted["“豆包”——他说don"] is True
    assert hinted["’"] is False
    assert hinted["t……"] is True


def test_chinese_stresses_with_dots_and_english_with_italics() -> None:
    for locale, tag in (("zh-Hans", "em"), ("en", "i")):
        parts = write_parts(sample(locale, blocks=(Paragraph(id="p", text=(Emphasis((Text("stress"),)),)),)))
        run = next(run for run in body(parts).iter(f"{W}r") if words(run) == "stress")
        assert any(properties.find(f"{W}{tag}") is not None for properties in in_force(run, parts))


def test_a_number_stays_on_one_line() -> None:
    document = body(write_parts(sample(blocks=(Paragraph(id="p", text=(Number("RMB 250 million"),)),))))
    assert "RMB\u00a0250\u00a0million" in words(document)


def test_a_row_longer_than_a_page_is_divided_and_kept_with_nothing() -> None:
    """A caption would be left alone before a row of which the beginning is kept with the next row."""
    heads = tuple(Column(title=(Text(title),), align=Align.START) for title in ("Name", "Text"))
    rows = tuple(tuple((Text(text),) for text in row) for row in (("a", "A very long text. " * 400), ("b", "Short.")))
    table = Table(id="tall", title=(Text("T"),), columns=heads, rows=rows, note=None)
    head, long, short = next(
        made.findall(f"{W}tr")
        for made in body(write_parts(sample(blocks=(table,)))).iter(f"{W}tbl")
        if "Short." in words(made)
    )
    assert [row.find(f"{W}trPr/{W}cantSplit") is not None for row in (head, long, short)] == [True, False, True]
    assert long.find(f".//{W}keepNext") is None


def test_header_rows_repeat_and_rows_stay_whole() -> None:
    for table in body(write_parts(sample())).iter(f"{W}tbl"):
        style = table.find(f"{W}tblPr/{W}tblStyle")
        if style is None or style.get(f"{W}val") != "BriefTable":
            continue
        rows = table.findall(f"{W}tr")
        assert rows[0].find(f"{W}trPr/{W}tblHeader") is not None
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
        look = table.find(f"{W}tblPr/{W}tblLook")
        assert look is not None
        assert (look.get(f"{W}firstRow"), look.get(f"{W}firstColumn")) == ("1", "1")


@pytest.mark.parametrize(("count", "kept"), [(6, [0, 1, 2, 3, 4]), (18, [0, 16])])
def test_only_a_short_table_is_kept_on_one_page_and_no_row_is_left_alone(count: int, kept: list[int]) -> None:
    whole = next(block for block in every_block() if isinstance(block, Table))
    rows = tuple((text(f"Route {at}"), text("4,200")) for at in range(count))
    document = body(write_parts(sample(blocks=(replace(whole, rows=rows, note=None),))))
    table = next(table for table in document.iter(f"{W}tbl") if "Route 0" in words(table))
    written_rows = table.findall(f"{W}tr")[1:]
    assert [at for at, row in enumerate(written_rows) if row.find(f".//{W}keepNext") is not None] == kept


def test_tables_are_as_wide_as_the_text() -> None:
    tables = list(body(write_parts(long_variant())).iter(f"{W}tbl"))
    widths = {sum(int(column.get(f"{W}w", "0")) for column in table.iter(f"{W}gridCol")) for table in tables}
    assert len(tables) >= 5
    assert max(widths) - min(widths) < 4


def test_each_ordered_list_counts_for_itself() -> None:
    lists = tuple(ListBlock(id=f"l{at}", ordered=True, items=(text("a"), text("b"))) for at in range(2))
    parts = write_parts(sample(blocks=lists))
    used = [number.get(f"{W}val") for number in body(parts).iter(f"{W}numId")]
    assert len(used) == 4
    assert len(set(used)) == 2
    numbering = etree.fromstring(parts["word/numbering.xml"])
    for number in numbering.iter(f"{W}num"):
        if number.get(f"{W}numId") in used:
            assert number.find(f"{W}lvlOverride/{W}startOverride") is not None


def test_a_caption_counts_with_a_field_that_already_shows_its_number() -> None:
    document = body(write_parts(sample()))
    (caption,) = (p for p in document.iter(f"{W}p") if words(p).startswith("Table 1") and _style(p) == "Caption")
    assert [code.text for code in caption.iter(f"{W}instrText")] == [" SEQ Table \\* ARABIC "]


def test_a_caption_whose_number_skips_says_so_to_the_field() -> None:
    figure = Figure(id="f", label="Figure 7", image=pixel(), title=text("A"), description="A", note=None)
    document = body(write_parts(sample(blocks=(figure,))))
    assert " SEQ Figure \\* ARABIC \\r 7 " in [code.text for code in document.iter(f"{W}instrText")]


def test_pictures_are_put_into_the_package_once_it_is_made() -> None:
    """They were packed, unpacked and packed again, each time in whole."""
    data = os.urandom(1_000_000)
    image = Image("p.png", "image/png", 9, 9, sha256(data).hexdigest(), data)
    blocks = tuple(
        Figure(id=f"p{number}", label=None, image=image, title=text("A"), description="A", note=None)
        for number in range(8)
    )
    template_set = find_template_set("base")
    write(sample(), template_set)
    tracemalloc.start()
    packed = write(sample(blocks=blocks), template_set).data
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [docx_parts(packed)[f"word/media/picture{number}.png"] for number in range(1, 9)] == [data] * 8
    assert peak < 1.5 * len(packed)


def test_every_link_inside_the_document_has_its_bookmark() -> None:
    document = body(write_parts(long_variant()))
    names = [mark.get(f"{W}name") for mark in document.iter(f"{W}bookmarkStart")]
    numbers = [mark.get(f"{W}id") for mark in document.iter(f"{W}bookmarkStart")]
    targets = {link.get(f"{W}anchor") for link in document.iter(f"{W}hyperlink")} - {None}
    codes = [code.text or "" for code in document.iter(f"{W}instrText")]
    targets |= {match[1] for code in codes if (match := re.match(r" REF (\S+)", code))}
    assert targets
    assert targets <= set(names)
    assert len(set(names)) == len(names)
    assert len(set(numbers)) == len(numbers)
    assert all(re.fullmatch(r"[A-Za-z_]\w{0,39}", name or "") for name in names)


def test_a_cross_reference_to_a_label_is_a_field() -> None:
    blocks: tuple[Block, ...] = (Paragraph(id="p", text=(Reference("budgets", "Figure 1"),)), chart())
    codes = [code.text or "" for code in body(write_parts(sample(blocks=blocks))).iter(f"{W}instrText")]
    assert any(code.startswith(" REF _Ref_budgets \\h") for code in codes)


def test_the_contents_are_filled_in_and_leave_page_numbers_to_word_processors() -> None:
    document = body(write_parts(sample()))
    entries = [words(p) for p in document.iter(f"{W}p") if _style(p).startswith("Toc")]
    assert entries == ["1The cost of compute", "Who is who", "Sources"]
    codes = [code.text or "" for code in document.iter(f"{W}instrText")]
    # LibreOffice counts no page within a TOC field.
    assert not any(code.startswith(" TOC ") for code in codes)
    counted = [code for code in codes if "PAGEREF _Toc_" in code]
    assert len(counted) == len(entries)
    dirty = [field for field in document.iter(f"{W}fldChar") if field.get(f"{W}dirty") == "true"]
    assert len(dirty) == sum("PAGEREF" in code for code in codes)
    marks = {mark.get(f"{W}name") for mark in document.iter(f"{W}bookmarkStart")}
    assert {code.split()[1] for code in codes if "PAGEREF" in code} <= marks


def test_themes_run_on_after_the_first() -> None:
    sections = tuple(replace(sample().sections[0], id=f"s{at}", number=at) for at in (1, 2))
    parts = write_parts(replace(sample(), sections=sections, introduction=LONG_INTRODUCTION))
    breaks = [words(p) for p in body(parts).iter(f"{W}p") if p.find(f"{W}pPr/{W}pageBreakBefore") is not None]
    assert breaks == [words(p) for p in body(parts).iter(f"{W}p") if _style(p) == "Heading1"][:1]
    assert b"pageBreakBefore" not in parts["word/styles.xml"]


def test_no_citation_starts_a_chinese_line() -> None:
    settings = write_parts(sample("zh-Hant"))["word/settings.xml"].decode()
    assert re.search(r'noLineBreaksBefore [^>]*w:val="[^"]*\[', settings)


def test_a_compact_variant_has_no_contents_and_starts_no_pages() -> None:
    section = Section(id="s", number=1, title=text("S"), summary=text("Short."), takeaways=(), blocks=())
    parts = write_parts(replace(sample(), sections=(section,)))
    assert not [p for p in body(parts).iter(f"{W}p") if _style(p).startswith("Toc")]
    assert b"pageBreakBefore" not in parts["word/styles.xml"]


def test_a_chart_that_word_lacks_is_a_drawing_with_a_picture_a_description_and_its_numbers() -> None:
    parts = write_parts(sample(blocks=(replace(chart(), chart_kind=ChartKind.RANGE),)))
    document = body(parts)
    properties = next(document.iter(f"{WP}docPr"))
    assert properties.get("descr") == "Budgets grow by one each year."
    relations = {r.get("Id"): r.get("Target") for r in etree.fromstring(parts["word/_rels/document.xml.rels"])}
    blip = next(document.iter(f"{A}blip"))
    vector = next(blip.iter("{http://schemas.microsoft.com/office/drawing/2016/SVG/main}svgBlip"))
    assert parts[f"word/{relations[blip.get(f'{R}embed')]}"].startswith(b"\x89PNG")
    assert b"<svg" in parts[f"word/{relations[vector.get(f'{R}embed')]}"][:200]
    table = next(table for table in document.iter(f"{W}tbl") if "2021" in words(table))
    assert "US$2 million" in words(table)


def test_a_chart_that_word_draws_has_its_numbers_in_its_workbook_alone() -> None:
    parts = write_parts(sample(blocks=(chart(),)))
    assert "word/embeddings/chart1.xlsx" in parts
    assert not any("2021" in words(table) for table in body(parts).iter(f"{W}tbl"))


def test_the_head_of_a_page_names_the_theme_of_the_page() -> None:
    parts = write_parts(long_variant())
    heads = [parts[name].decode() for name in parts if name.startswith("word/header")]
    assert sum('STYLEREF "Theme Name"' in head for head in heads) == 1
    named = [
        "".join(
            words(run)
            for run in paragraph.iter(f"{W}r")
            if run.find(f"{W}rPr/{W}rStyle[@{W}val='ThemeName']") is not None
        )
        for paragraph in body(parts).iter(f"{W}p")
        if paragraph.find(f".//{W}rStyle[@{W}val='ThemeName']") is not None
    ]
    assert named == ["Contents", "The cost of compute", "Who is who", "Sources"]


def test_the_head_of_a_page_has_no_theme_beside_a_long_title() -> None:
    parts = write_parts(replace(long_variant(), title="Long " * 13))
    assert not any(b"STYLEREF" in data for name, data in parts.items() if name.startswith("word/header"))


def test_a_compact_variant_begins_below_a_band_on_its_first_page() -> None:
    section = Section(id="s", number=1, title=text("S"), summary=text("Short."), takeaways=(), blocks=())
    document = body(write_parts(replace(sample(), sections=(section,))))
    (end,) = document.iter(f"{W}sectPr")
    assert end.find(f"{W}titlePg") is not None
    assert {foot.get(f"{W}type") for foot in end.iter(f"{W}footerReference")} == {"default", "first"}
    band = next(cell for cell in document.iter(f"{W}tc") if sample().title in words(cell))
    shade = band.find(f"{W}tcPr/{W}shd")
    assert shade is not None
    assert shade.get(f"{W}fill") == find_template_set("base").look.colours["brand"].lstrip("#").upper()
    (line,) = (p for p in document.iter(f"{W}p") if _style(p) == "CoverAudience")
    assert words(line).count("\u2003") == 2


def test_the_takeaways_of_a_compact_variant_are_one_box() -> None:
    """Word joins the frames of paragraphs only between equal margins (ECMA-376 part 1, 17.3.1.24)."""
    section = Section(id="s", number=1, title=text("S"), summary=text("Short."), takeaways=(text("T"),), blocks=())
    styles = etree.fromstring(write_parts(replace(sample(), sections=(section,)))["word/styles.xml"])
    margins = {
        str(style.get(f"{W}styleId")): [(at.get(f"{W}left"), at.get(f"{W}right")) for at in style.iter(f"{W}ind")]
        for style in styles.iter(f"{W}style")
    }
    assert margins["Takeaway"] == margins["TakeawayHeading"] != []
    assert margins["Subtitle"][0][1] == "0"


def test_many_categories_stand_below_each_other() -> None:
    document = body(write_parts(sample(blocks=(replace(chart(9), chart_kind=ChartKind.RANGE),))))
    table = next(table for table in document.iter(f"{W}tbl") if "2021" in words(table))
    assert len(table.findall(f"{W}tr")) == 10


def test_text_is_escaped() -> None:
    hostile = "</w:t><w:p/>&amp; <script> ]]> {{ title }}"
    variant = replace(sample(blocks=(Paragraph(id="p", text=text(hostile)),)), title=hostile)
    assert hostile in words(body(write_parts(variant)))


def test_every_block_kind_says_its_words() -> None:
    said = words(body(write_parts(long_variant())))
    for expected in ("Costs by route", "4,200", "Prices of 2025.", "We stopped counting.", "Shown", "fp8", "70%"):
        assert expected in said


def test_properties_come_from_the_variant_alone() -> None:
    parts = write_parts(sample())
    core = parts["docProps/core.xml"].decode()
    for expected in ("The race for video", "Institute", "Internal", "2026-03-20T00:00:00Z"):
        assert expected in core
    everything = b"".join(parts.values()).lower()
    assert b"python-docx" not in everything
    assert b"generated by" not in everything


def test_a_long_title_is_shortened_in_the_properties_alone() -> None:
    parts = write_parts(replace(sample(), title="Long " * 100))
    assert "Long " * 100 in words(body(parts))
    assert "Long Long…" in parts["docProps/core.xml"].decode()


def test_without_a_marking_its_field_is_left_out() -> None:
    parts = write_parts(sample(marking=None))
    assert "CoverMarking" not in {_style(p) for p in body(parts).iter(f"{W}p")}
    assert "CoverMarking" in {_style(p) for p in body(write_parts(sample())).iter(f"{W}p")}


def test_the_bytes_are_the_same_in_another_process_and_folder(tmp_path: Path) -> None:
    here = write(long_variant("zh-Hant"), find_template_set("base")).data
    script = (
        "import sys; sys.path[:0] = sys.argv[1:3]\n"
        "from test_docx import long_variant, find_template_set, write\n"
        "sys.stdout.buffer.write(write(long_variant('zh-Hant'), find_template_set('base')).data)"
    )
    folder = Path(__file__).parents[1] / "support"
    command = [sys.executable, "-c", script, str(folder), str(Path(__file__).parent)]
    source = Path(sys.modules["brief"].__file__ or "").parents[1]
    environment = {"PYTHONHASHSEED": "7", "TZ": "Asia/Taipei", "HOME": str(tmp_path), "PYTHONPATH": str(source)}
    there = subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True).stdout
    assert there == here


def test_no_time_or_user_of_this_machine_is_in_the_zip() -> None:
    with zipfile.ZipFile(io.BytesIO(write(sample(), find_template_set("base")).data)) as archive:
        entries = archive.infolist()
    assert entries[0].filename == "[Content_Types].xml"
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert len({(entry.create_system, entry.external_attr, entry.compress_type) for entry in entries}) == 1


@pytest.fixture(scope="module")
def long_variants_as_printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The long variant of each locale as LibreOffice prints it."""
    locales = ("en", "zh-Hans", "zh-Hant")
    made = [write(long_variant(locale), find_template_set("base")).data for locale in locales]
    return dict(zip(locales, libreoffice_pdfs(made, tmp_path_factory.mktemp("office")), strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
def test_libreoffice_prints_it(long_variants_as_printed: dict[str, bytes], locale: str) -> None:
    variant = long_variant(locale)
    printed = pdf_text(long_variants_as_printed[locale])
    assert variant.title in printed
    assert "We stopped counting." in printed
    assert "{{" not in printed


def _style(paragraph: etree._Element) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return style.get(f"{W}val", "") if style is not None else ""


ABSURD = {
    "a pattern larger than any memory": '<pattern id="p" width="99999999" height="99999999" '
    'patternUnits="userSpaceOnUse"><rect width="1" height="1"/></pattern><rect width="9" height="9" fill="url(#p)"/>',
    "a filter that moves things out of the world": '<filter id="f"><feOffset dx="1e30"/><feTile/></filter>'
    '<rect width="9" height="9" filter="url(#f)"/>',
}


@pytest.mark.parametrize("drawn", ABSURD.values(), ids=ABSURD.keys())
def test_a_drawing_that_no_engine_survives_is_an_error_of_the_picture(drawn: str) -> None:
    data = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" viewBox="0 0 9 9">{drawn}</svg>'.encode()
    image = Image("maps/route.svg", "image/svg+xml", 9, 9, "0" * 64, data)
    figure = Figure(id="f", label=None, image=image, title=text("Route"), description="A route", note=None)
    with pytest.raises(ContentError) as caught:
        write(sample(blocks=(figure,)), find_template_set("base"))
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.code, diagnostic.location.file) == ("svg-content", "content/assets/maps/route.svg")


@pytest.mark.parametrize("name", ["base", "board", "paper"])
def test_another_reader_finds_the_text_of_every_part(name: str) -> None:
    """docx2python takes the namespace of relationships from the root of each part, as Word declares it."""
    written = write(sample("en"), find_template_set(name)).data
    taken = docx2python(io.BytesIO(written))
    assert sample("en").title in taken.text
    with zipfile.ZipFile(io.BytesIO(written)) as package:
        parts = [part for part in package.namelist() if re.match(r"word/(header|footer|footnotes)\d*\.xml", part)]
        assert len(parts) >= 3
        assert all(b" xmlns:r=" in package.read(part)[:3000].partition(b"<w:p>")[0] for part in parts)


@pytest.mark.slow
@pytest.mark.parametrize("locale", ["en", "zh-Hant"])
def test_the_contents_as_libreoffice_prints_them_have_the_pages_of_what_they_name(locale: str, tmp_path: Path) -> None:
    blocks = tuple(Paragraph(id=f"p{at}", text=text("One sentence of many. " * 300)) for at in range(2))
    sections = tuple(
        replace(long_variant(locale).sections[0], id=f"s{at}", number=at, title=text(f"Theme {at}"), blocks=blocks)
        for at in range(1, 4)
    )
    printed = libreoffice_pdf(
        write(replace(sample(locale), sections=sections), find_template_set("base")).data, tmp_path
    )
    pages = pdf_lines(printed)
    for section in sections:
        name = f"Theme {section.number}"
        (entry,) = (match for line in pages[1] if (match := re.search(rf"{name}\s+(\d+)$", line)))
        assert any(line.split() == [str(section.number), *name.split()] for line in pages[int(entry[1]) - 1]), name


def test_only_a_long_callout_may_be_divided_over_pages() -> None:
    """LibreOffice leaves the heading of a callout alone on a page if lines that fill more than a page are kept together."""
    for sentences, is_divided in ((1, False), (400, True)):
        block = Callout(id="note", tone=Tone.NOTE, title=text("Long"), text=text("One sentence of many. " * sentences))
        sections = (replace(long_variant("en").sections[0], blocks=(block,)),)
        document = docx_parts(write(replace(sample("en"), sections=sections), find_template_set("base")).data)
        assert (b'<w:keepLines w:val="0"/>' in document["word/document.xml"]) == is_divided
