"""The repository's own briefing, as assistive technology and validators see it: every variant, in PDF and Word."""

import io
import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import page as validator
import pikepdf
import pytest
import readback
import verapdf

from brief import Pack, Project, Variant
from brief.model.inline import to_plain_text
from brief.model.variant import Chart, Figure, Table
from brief.publish.personal_copies import make_stamp
from brief.publish.watermark import Stamper

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("briefing")]

AUDIENCES = ("executive", "investor", "engineering", "policy")
VARIANTS = [(audience, locale) for audience in AUDIENCES for locale in ("en", "zh-Hans", "zh-Hant")]
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# As Word names them: of the file, of its Latin runs, of its East Asian runs.
LANGUAGES = {
    "en": ("en-GB", "en-GB", "zh-CN"),
    "zh-Hans": ("zh-CN", "en-GB", "zh-CN"),
    "zh-Hant": ("zh-TW", "en-GB", "zh-TW"),
}


@pytest.fixture
def variant(briefing_project: Project, audience: str, locale: str) -> Variant:
    return briefing_project.make_variant(audience, locale)


@pytest.mark.parametrize(("audience", "locale"), VARIANTS)
class TestPdf:
    @pytest.fixture
    def data(self, briefing: Pack, audience: str, locale: str) -> bytes:
        return briefing[audience, locale, "pdf"].data

    @pytest.fixture
    def pdf(self, data: bytes) -> Iterator[pikepdf.Pdf]:
        with pikepdf.open(io.BytesIO(data)) as opened:
            yield opened

    @pytest.mark.parametrize("profile", ["ua1", "2a"])
    def test_conforms(self, data: bytes, profile: str) -> None:
        report = validator.validate_pdf_bytes(data, profile=profile)
        assert [(failure.rule_id, failure.message) for failure in report.failures] == []
        assert report.is_compliant

    def test_has_a_title_a_language_and_bookmarks(self, pdf: pikepdf.Pdf, data: bytes, variant: Variant) -> None:
        assert str(pdf.docinfo.Title) == f"{variant.title} – {variant.audience_title}"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.Root.Lang) == variant.locale
        bookmarks = [re.sub(r"^\d+", "", _squeeze(line)) for line in readback.pdf_outline(data)]
        assert bookmarks == [_squeeze(heading) for heading in _headings(variant)]

    def test_every_table_header_has_a_scope(self, pdf: pikepdf.Pdf, variant: Variant) -> None:
        headers = [element for element in readback.pdf_structure(pdf) if element.S == "/TH"]
        assert {str(header.A.Scope) for header in headers} <= {"/Row", "/Column"}
        tables = [block for block in _blocks(variant) if isinstance(block, Table)]
        assert [h for h in headers if h.A.Scope == "/Row"] or not tables
        assert len(headers) >= sum(len(table.columns) + len(table.rows) for table in tables)

    def test_every_picture_says_what_it_shows_and_a_chart_every_figure_of_it(
        self, pdf: pikepdf.Pdf, variant: Variant
    ) -> None:
        told = [str(element.Alt) for element in readback.pdf_structure(pdf) if element.S == "/Figure"]
        shown = [block for block in _blocks(variant) if isinstance(block, Chart | Figure)]
        assert len(told) == len(shown)
        for text, block in zip(told, shown, strict=True):
            assert block.description in text
            if isinstance(block, Chart):
                points = [point.text for series in block.series for point in series.points]
                for part in (*block.categories, *(series.title for series in block.series), *points):
                    assert part in text

    def test_headings_descend_by_one_and_stand_in_no_other(self, pdf: pikepdf.Pdf) -> None:
        elements = [element for element in readback.pdf_structure(pdf) if re.fullmatch("/H[1-6]", str(element.S))]
        levels = [int(str(element.S)[2:]) for element in elements]
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
        assert not [element for element in elements if str(element.P.S) == str(element.S)]


def test_verapdf_finds_no_fault(briefing: Pack, briefing_project: Project, tmp_path: Path) -> None:
    files = {(f"{audience}.{locale}", "ua1"): briefing[audience, locale, "pdf"].data for audience, locale in VARIANTS}
    # An archive's rules are those of fonts, colours and metadata, which all variants of a locale share.
    files |= {(name, "2a"): data for (name, _), data in files.items() if name.startswith("engineering.")}
    with Stamper(briefing["policy", "zh-Hans", "pdf"].data) as stamper:
        look = briefing_project.get_template_set("policy").look
        copied = stamper.stamp(make_stamp("李晓明", 7, briefing_project.brief.catalogues["zh-Hans"], look))
    files |= {("copy", flavour): copied for flavour in ("ua1", "2a")}
    assert verapdf.find_faults(files, tmp_path) == {}


@pytest.mark.parametrize(("audience", "locale"), VARIANTS)
class TestWord:
    @pytest.fixture
    def parts(self, briefing: Pack, audience: str, locale: str) -> dict[str, ElementTree.Element]:
        found = readback.docx_parts(briefing[audience, locale, "docx"].data)
        return {name: ElementTree.fromstring(data) for name, data in found.items() if name.endswith(".xml")}  # noqa: S314

    def test_has_a_title_and_a_language(self, parts: dict[str, ElementTree.Element], variant: Variant) -> None:
        core = parts["docProps/core.xml"]
        title = core.findtext("{http://purl.org/dc/elements/1.1/}title")
        assert title == f"{variant.title} – {variant.audience_title}"
        whole, latin, east_asian = LANGUAGES[variant.locale]
        assert core.findtext("{http://purl.org/dc/elements/1.1/}language") == whole
        default = next(parts["word/styles.xml"].iter(f"{W}rPrDefault")).find(f"{W}rPr/{W}lang")
        assert default is not None
        assert (default.get(f"{W}val"), default.get(f"{W}eastAsia")) == (latin, east_asian)

    def test_headings_descend_by_one(self, parts: dict[str, ElementTree.Element], variant: Variant) -> None:
        outline = _outline_levels(parts["word/styles.xml"])
        styles = (_style(paragraph) for paragraph in parts["word/document.xml"].iter(f"{W}p"))
        levels = [outline[style] for style in styles if style in outline]
        assert len(levels) >= len(variant.sections)
        assert levels[0] == min(levels)
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels))

    def test_header_rows_are_marked_and_tables_say_what_they_are(
        self, parts: dict[str, ElementTree.Element], variant: Variant
    ) -> None:
        tables = [table for table in parts["word/document.xml"].iter(f"{W}tbl") if _is_data(table)]
        assert len(tables) >= sum(isinstance(block, Table) for block in _blocks(variant))
        for table in tables:
            assert table.find(f"{W}tr/{W}trPr/{W}tblHeader") is not None
            caption = table.find(f"{W}tblPr/{W}tblCaption")
            assert caption is not None
            assert caption.get(f"{W}val")

    def test_every_drawing_says_what_it_shows(self, parts: dict[str, ElementTree.Element], variant: Variant) -> None:
        document = parts["word/document.xml"]
        # A program draws either a native chart or the picture in its place.
        fallbacks = [each.get("descr") for part in document.iter(FALLBACK) for each in part.iter(f"{WP}docPr")]
        told = [properties.get("descr") for properties in document.iter(f"{WP}docPr")]
        for description in fallbacks:
            told.remove(description)
        assert set(fallbacks) <= set(told)
        shown = [block.description for block in _blocks(variant) if isinstance(block, Chart | Figure)]
        assert [text for text in told if text] == told
        assert [text for text in told if text in shown] == shown


def _blocks(variant: Variant) -> list[object]:
    return [block for section in variant.sections for block in section.blocks]


def _headings(variant: Variant) -> Iterator[str]:
    yield variant.title
    for section in variant.sections:
        yield to_plain_text(section.title)
        for block in section.blocks:
            if block.heading:
                yield to_plain_text(block.heading)
    for title, entries in (("Who is who", variant.terms), ("Sources", variant.sources)):
        if entries:
            yield variant.catalogue.get(title)


def _squeeze(text: str) -> str:
    return re.sub(r"[\s\u2060]", "", text)


def _style(paragraph: ElementTree.Element) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return style.get(f"{W}val", "") if style is not None else ""


def _outline_levels(styles: ElementTree.Element) -> dict[str, int]:
    """The outline level of each paragraph style that has one; 0 is the highest (ECMA-376 part 1, 17.3.1.20)."""
    return {
        style.get(f"{W}styleId", ""): int(level.get(f"{W}val", "9"))
        for style in styles.iter(f"{W}style")
        if (level := style.find(f"{W}pPr/{W}outlineLvl")) is not None and level.get(f"{W}val") != "9"
    }


def _is_data(table: ElementTree.Element) -> bool:
    style = table.find(f"{W}tblPr/{W}tblStyle")
    return style is not None and style.get(f"{W}val") == "BriefTable"
