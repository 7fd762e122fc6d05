"""Operators of text are found in the contents of PDFs alike by a pattern and by parsing, and nothing hides text from them."""

import io

import pikepdf
import pytest

from brief import Pack
from brief.inspection.extract import extract_parts
from brief.inspection.extract.part import BREAK
from brief.inspection.extract.pdf_content import PdfContents, PdfOperation, PdfOperator

WORDS = "The merger fails in May"


def make_pdf(content: bytes) -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    pdf.pages[0].obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    pdf.pages[0].obj.Contents = pdf.make_stream(content)
    written = io.BytesIO()
    pdf.save(written)
    return written.getvalue()


def read_pages(data: bytes, after: bytes = b"") -> list[list[PdfOperation]]:
    """The operations of each page, with more at the end of its content."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            page.contents_add(after)
        contents = PdfContents()
        return [contents.list_page_operations(page) for page in pdf.pages]


@pytest.mark.parametrize("locale", ["en", "zh-Hans"])
def test_finding_and_parsing_read_the_same(starter_pack: Pack, locale: str) -> None:
    data = starter_pack["council", locale, "pdf"].data
    found, parsed = read_pages(data), read_pages(data, b"% With a comment, contents are parsed.\n")
    assert sum(len(page) for page in found) > 500
    for one, other in zip(found, parsed, strict=True):
        # Marks have their properties as they were written.
        assert [each._replace(properties=b"") for each in one] == [each._replace(properties=b"") for each in other]
        assert [each.number for each in one] == [each.number for each in other]


def test_a_string_with_a_percent_sign_is_read_as_it_is_parsed() -> None:
    data = make_pdf(b"BT /F1 12 Tf 1 0 0 -1 0 700 Tm [(5% of \\(all\\)) -20 (100%)] TJ ET")
    (found,), (parsed,) = read_pages(data), read_pages(data, b"% With a comment, contents are parsed.\n")
    assert found == parsed
    assert [each.text for each in found if each.operator is PdfOperator.SHOW] == ["5% of (all)100%"]


def test_a_string_with_balanced_parentheses_is_read_as_it_is_parsed() -> None:
    data = make_pdf(b"BT /F1 12 Tf [(a (b) (\\(c)) -20 (d)] TJ ET /P << /E (e (f)) /MCID 3 >> DP")
    (found,), (parsed,) = read_pages(data), read_pages(data, b"% With a comment, contents are parsed.\n")
    assert found == parsed
    assert found[-1].number == 3


def test_strings_of_both_kinds_in_an_array_are_one_text() -> None:
    data = make_pdf(b"[3 2] 0 d BT /F1 12 Tf [(The )-20<6d65 7267 65>9.5(r \\(fails\\)) <20>(in M\\141y)]TJ (x) Tj ET")
    (found,), (parsed,) = read_pages(data), read_pages(data, b"% With a comment, contents are parsed.\n")
    assert found == parsed
    assert [each.text for each in found if each.operator is PdfOperator.SHOW] == ["The merger (fails) in May", "x"]


def read_comments(data: bytes) -> str:
    """The comments of a file, without those of qpdf's header."""
    return "".join(part.code for part in extract_parts("a.pdf", data) if part.name.endswith(", comments"))


def test_a_percent_sign_in_a_string_begins_no_comment() -> None:
    assert WORDS not in read_comments(make_pdf(b"BT /F1 12 Tf (100% The merger fails in May) Tj ET"))


@pytest.mark.parametrize(
    "content",
    [
        b"% The merger fails in May\nBT /F1 12 Tf (100% of it) Tj ET",
        b"BT /F1 12 Tf (100% of it) Tj ET % (The merger fails in May)",
        b"BT /F1 12 Tf (a (b (c) d) e) Tj ET % The merger fails in May",
        b"BI /W 1 /H 1 /BPC 8 /CS /G ID ( EI % The merger fails in May)",
    ],
)
def test_comments_in_contents_are_found(content: bytes) -> None:
    assert WORDS in read_comments(make_pdf(content))


def test_a_comment_in_a_form_is_found() -> None:
    pdf = pikepdf.open(io.BytesIO(make_pdf(b"/X1 Do")))
    form = pdf.make_stream(b"% The merger fails in May\n0 0 1 1 re f")
    form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    pdf.pages[0].obj.Resources.XObject = pikepdf.Dictionary(X1=form)
    written = io.BytesIO()
    pdf.save(written)
    assert WORDS in read_comments(written.getvalue())


def test_text_around_marks_is_read_once_without_them() -> None:
    """Each mark is raised, so it is on a line of its own."""
    lines = ["The", "1", " merger fails", "2", " in May", "x" * 200, "3", "end"]
    drawn = b" ".join(b"1 0 0 1 0 %d Tm (%s) Tj" % (700 - at, line.encode()) for at, line in enumerate(lines))
    (page, *_) = extract_parts("a.pdf", make_pdf(b"BT /F1 12 Tf " + drawn + b" ET"))
    texts = [text.replace("\n", "") for text in page.words.split(BREAK)]
    assert sum(WORDS in text for text in texts) == 1
    assert f"{'x' * 60}end" in texts


@pytest.mark.parametrize(
    "content",
    [
        b"BT /F1 12 Tf (The merger fails in May) Tj ET",
        b"BT /F1 12 Tf (The merger ) Tj % (hidden\n(fails in May) Tj ET",
        b"BT /F1 12 Tf (100%) Tj (The merger ) Tj % (100%) (hidden\n(fails in May) Tj ET",
        b"% ( not a string\nBT /F1 12 Tf (The merger fails in May) Tj ET % )\n",
        b"BT /F1 12 Tf (100% \\) of it) Tj (The merger fails in May) Tj ET",
        b"BI /W 1 /H 1 /BPC 8 /CS /G ID ( EI BT /F1 12 Tf (The merger fails in May) Tj ET",
        b"BI/W 1/H 1/BPC 8/CS/G ID ( EI BT /F1 12 Tf (The merger fails in May) Tj ET",
        b"/P << /A 1 >> unknown BT /F1 12 Tf (The merger fails in May) Tj ET /P << /MCID 0 >> BDC EMC",
        b"BT /F1 12 Tf [(The merger ) -20 <6661696c73> ( in May)] TJ ET",
        b"BT /F1 12 Tf (The me\\162ger fails\\\n in May) ' ET",
        b"BT /F1 12 Tf <546865206d6572676572206661696c7320696e204d6179> Tj ET",
        b"/P << /ActualText (The merger fails in May) >> BDC BT /F1 12 Tf (x) Tj ET EMC",
        b"/P << /ActualText (The \\(merger\\)) /E (The merger fails in May) >> DP",
        b"/Span << /MCID 0 /A << /B (c) >> >> BDC BT /F1 1 Tf (The merger fails in May) Tj ET EMC",
        b"BT /F1 12 Tf ((nested) not) Tj (The merger fails in May) Tj ET",
        b"BT /F1 12 Tf (a (b (c) d) e) Tj (The merger fails in May) Tj ET",
        b"BT /F1 12 Tf (a (b) (c (\\() d)) Tj (The merger fails in May) Tj ET",
        b"BT /F1 12 Tf (100% (of) it) Tj (The merger fails in May) Tj ET",
        b"BT /F1 12 Tf (a (b)) Tj % (hidden\n(The merger fails in May) Tj ET",
        b"/P << /ActualText (Note (1): The merger fails in May) >> BDC BT /F1 12 Tf (x) Tj ET EMC",
        b"/P << /ActualText (Note (1): The merger fails in May (2)) >> DP",
        b"/P << /ActualText (Note ((1)): The merger fails in May) >> BDC BT /F1 12 Tf (x) Tj ET EMC",
    ],
)
def test_text_is_found_however_it_is_written(content: bytes) -> None:
    parts = list(extract_parts("a.pdf", make_pdf(content)))
    words = [text for part in parts for text in part.words.replace("\n", "").split(BREAK)]
    assert any(WORDS in text for text in words), words


def test_a_form_without_resources_has_those_of_its_page() -> None:
    pdf = pikepdf.open(io.BytesIO(make_pdf(b"/X1 Do")))
    page = pdf.pages[0]
    form = pdf.make_stream(b"BT /F1 12 Tf (The merger fails in May) Tj ET")
    form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    page.obj.Resources.XObject = pikepdf.Dictionary(X1=form)
    contents = PdfContents()
    assert next(each.text for each in contents.list_operations(form, page.resources)) == WORDS
    written = io.BytesIO()
    pdf.save(written)
    assert WORDS in "".join(part.words for part in extract_parts("a.pdf", written.getvalue()))


@pytest.mark.parametrize(
    ("encoding", "codec"),
    [
        (pikepdf.Name.WinAnsiEncoding, "cp1252"),
        (pikepdf.Name.MacRomanEncoding, "mac_roman"),
        (
            pikepdf.Dictionary(BaseEncoding=pikepdf.Name.MacRomanEncoding, Differences=[1, pikepdf.Name.space]),
            "mac_roman",
        ),
        (pikepdf.Dictionary(Differences=[1, pikepdf.Name.space]), "cp1252"),
    ],
)
def test_the_marks_of_a_font_without_a_mapping_are_those_of_its_encoding(encoding: pikepdf.Object, codec: str) -> None:
    """Withheld words are looked for with their dashes and apostrophes."""
    words = "15–20 minutes: it’s “café” • Œuvre"
    document, buffer = pikepdf.new(), io.BytesIO()
    page = document.add_blank_page()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica, Encoding=encoding
    )
    page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    page.obj.Contents = document.make_stream(b"BT /F1 8 Tf (" + words.encode(codec) + b") Tj ET")
    document.save(buffer)
    assert words in "".join(part.words for part in extract_parts("a.pdf", buffer.getvalue()))


def test_the_strings_of_each_photograph_are_a_part_of_their_own() -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    for number in range(2):
        picture = pdf.make_stream(b"\xff\xd8\xff" + f"\0{WORDS} {number}\0".encode())
        picture.Type, picture.Subtype, picture.Filter = pikepdf.Name.XObject, pikepdf.Name.Image, pikepdf.Name.DCTDecode
        pdf.Root[f"/Picture{number}"] = picture
    written = io.BytesIO()
    pdf.save(written)
    found = [(part.name, part.code) for part in extract_parts("a.pdf", written.getvalue()) if WORDS in part.code]
    assert [name for name, _ in found] == ["a.pdf, photograph 1", "a.pdf, photograph 2"]
    assert [sum(f"{WORDS} {number}" in code for number in range(2)) for _, code in found] == [1, 1]
