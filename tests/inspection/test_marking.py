"""A variant's marking is where people look: cover, every page, and the properties of the file; in its own language."""

import io
import zipfile

import page
import pikepdf
import pytest
from projects import ProjectCopy
from readback import pdf_text

from brief import Pack, Project

MARKING = {"en": "For council members", "zh-Hans": "仅供议员参阅", "zh-Hant": "僅供議員參閱"}
LOCALES = tuple(MARKING)


@pytest.fixture
def pack(starter_pack: Pack) -> Pack:
    return starter_pack


def docx(pack: Pack, audience: str, locale: str) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(pack[audience, locale, "docx"].data)) as archive:
        return {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}


@pytest.mark.parametrize("locale", LOCALES)
class TestMarked:
    def test_html(self, pack: Pack, locale: str) -> None:
        text = pack["council", locale, "html"].data.decode()
        assert f'<meta name="dcterms.rights" content="{MARKING[locale]}">' in text
        assert f'<p class="marking">{MARKING[locale]}</p>' in text.partition("<main")[0]

    def test_every_page_of_the_pdf(self, pack: Pack, locale: str) -> None:
        pages = pdf_text(pack["council", locale, "pdf"].data).split("\n----\n")
        assert len(pages) > 1
        assert all(MARKING[locale] in text for text in pages)

    def test_properties_of_the_pdf(self, pack: Pack, locale: str) -> None:
        data = pack["council", locale, "pdf"].data
        with pikepdf.open(io.BytesIO(data)) as pdf:
            assert str(pdf.docinfo["/Marking"]) == MARKING[locale]
            with pdf.open_metadata() as metadata:
                assert metadata["dc:rights"] == MARKING[locale]
                assert metadata["pdfuaid:part"] == "1"
        report = page.validate_pdf_bytes(data, profile=page.ValidationProfile.PDF_UA_1)
        assert report.is_compliant, [failure.message for failure in report.failures]

    def test_cover_and_header_of_the_word_document(self, pack: Pack, locale: str) -> None:
        parts = docx(pack, "council", locale)
        assert MARKING[locale] in parts["word/document.xml"]
        assert any(MARKING[locale] in text for name, text in parts.items() if name.startswith("word/header"))

    def test_properties_of_the_word_document(self, pack: Pack, locale: str) -> None:
        parts = docx(pack, "council", locale)
        assert f"<cp:category>{MARKING[locale]}</cp:category>" in parts["docProps/core.xml"]
        assert f'name="Marking"><vt:lpwstr>{MARKING[locale]}</vt:lpwstr>' in parts["docProps/custom.xml"]
        assert "/docProps/custom.xml" in parts["[Content_Types].xml"]
        assert "docProps/custom.xml" in parts["_rels/.rels"]

    def test_in_no_other_language(self, pack: Pack, locale: str) -> None:
        others = [marking for other, marking in MARKING.items() if other != locale]
        said = pack["council", locale, "html"].data.decode() + "".join(docx(pack, "council", locale).values())
        assert not any(marking in said for marking in others)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_variant_without_one_has_none(pack: Pack, locale: str) -> None:
    assert "rights" not in pack["public", locale, "html"].data.decode()
    parts = docx(pack, "public", locale)
    assert "docProps/custom.xml" not in parts
    with pikepdf.open(io.BytesIO(pack["public", locale, "pdf"].data)) as pdf:
        assert "/Marking" not in pdf.docinfo
        assert set(pdf.docinfo.keys()) <= {
            "/Author",
            "/CreationDate",
            "/Keywords",
            "/ModDate",
            "/Producer",
            "/Subject",
            "/Title",
        }
    assert not any(MARKING[locale] in text for text in parts.values())


def test_marks_of_markup_in_a_marking(project: ProjectCopy) -> None:
    project.replace("content/audiences/council.yaml", "en: For council members", 'en: "A & B <only> \\"x\\""')
    built = Project.load(project.root).build(["council"], ["en"], jobs=1)
    with pikepdf.open(io.BytesIO(built["council", "en", "pdf"].data)) as pdf:
        assert str(pdf.docinfo["/Marking"]) == 'A & B <only> "x"'
        with pdf.open_metadata() as metadata:
            assert metadata["dc:rights"] == 'A & B <only> "x"'
    assert "A &amp; B &lt;only&gt;" in docx(built, "council", "en")["docProps/custom.xml"]


def test_another_reader_opens_the_word_document(pack: Pack) -> None:
    from docx import Document

    document = Document(io.BytesIO(pack["council", "en", "docx"].data))
    assert document.core_properties.category == MARKING["en"]
