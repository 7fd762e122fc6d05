"""Word documents are read whole: what content can hold is kept, and everything else is reported with its words."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from docx import Document
from fuzzing import EXAMPLES
from hypothesis import given, settings
from hypothesis import strategies as st
from word_samples import (
    build_numbering,
    element,
    entry,
    field,
    make_word,
    pack,
    paragraph,
    picture,
    png,
    relation,
    run,
    styles,
    table,
    word_parts,
)

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import Diagnostic, has_errors
from brief.reading.documents.arrange import ArrangedDocument, Arrangement, arrange_document
from brief.reading.documents.document import LossReport
from brief.reading.documents.theme_writer import Origin, write_theme
from brief.reading.documents.word import read_word

SAMPLES = Path(__file__).parent / "documents"
NAME = "report.docx"
MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def read(data: bytes) -> tuple[ArrangedDocument | None, list[Diagnostic]]:
    sink = DiagnosticSink()
    report = LossReport(sink)
    document = read_word(NAME, data, report)
    return arrange_document(document, Arrangement("report"), report) if document else None, sink.found


def themes(data: bytes) -> list[dict[str, object]]:
    """The themes of the document as YAML reads them."""
    arranged, found = read(data)
    assert arranged is not None
    assert not has_errors(found), found
    return [read_yaml(write_theme(theme, "en", Origin(NAME))) for theme in arranged.themes]


def read_yaml(text: str) -> dict[str, object]:
    """The mapping of a file, with texts for numbers, as content reads them."""
    return yaml.load(text, yaml.BaseLoader)  # type: ignore[no-any-return]  # noqa: S506  # makes nothing but texts


def messages(data: bytes) -> str:
    return "\n".join(f"{each.location}: {each.message}" for each in read(data)[1])


def block(data: bytes, at: int = 0) -> dict[str, object]:
    blocks = themes(data)[0]["blocks"]
    assert isinstance(blocks, list)
    return blocks[at]  # type: ignore[no-any-return]


def text_of(made: dict[str, object]) -> str:
    text = made["text"]
    assert isinstance(text, dict)
    return str(text["en"])


OPENING = paragraph("Opening.")


@pytest.mark.parametrize(
    ("style", "name", "outline"),
    [
        ("Heading1", "heading 1", {}),
        ("1", "heading 1", {"1": 0}),
        ("berschrift1", "Überschrift 1", {}),
        ("Titre1", "Titre 1", {}),
        ("a3", "标题 1", {}),
        ("a3", "標題1", {}),
        ("Own", "Chapter", {"Own": 0}),
    ],
)
def test_headings_are_found_in_every_language_of_word(style: str, name: str, outline: dict[str, int]) -> None:
    body = paragraph("Demand", style) + OPENING + paragraph("Risk", style) + OPENING
    made = themes(make_word(body, {"styles.xml": styles({style: name}, outline)}))
    assert [theme["title"] for theme in made] == [{"en": "Demand"}, {"en": "Risk"}]


def test_an_outline_level_of_the_paragraph_itself_makes_a_heading() -> None:
    body = paragraph("Demand", "", '<w:outlineLvl w:val="0"/>') + OPENING
    assert themes(make_word(body))[0]["title"] == {"en": "Demand"}


def test_emphasis_links_and_scripts() -> None:
    inner = (
        run("Demand ")
        + run("grew ", "<w:b/>")
        + run("much", "<w:b/><w:i/>")
        + run(" in ")
        + f'<w:hyperlink r:id="rl">{run("Europe")}</w:hyperlink>'
        + run(" and CO")
        + run("2", '<w:vertAlign w:val="subscript"/>')
        + run(" {a} [@b] 5*3_x_ &lt;b&gt; &amp;amp; ")
        + "<w:r><w:br/></w:r>"
        + run("end")
    )
    data = make_word(OPENING + paragraph(inner), relations=relation("rl", "hyperlink", "https://example.org/a b"))
    assert block(data)["text"] == {
        "en": "Demand **grew *much*** in [Europe](<https://example.org/a%20b>) and CO~2~ \\{a} \\[@b\\] 5\\*3_x\\_ \\<b> \\&amp; \\\nend"
    }
    assert "left out" not in messages(data)


@pytest.mark.parametrize(
    ("position", "wanted"), [("-2", "CO~2~."), ("6", "CO^2^."), ("0", "CO2."), ("-1.5pt", "CO~2~.")]
)
def test_text_moved_above_or_below_the_line_is_a_script(position: str, wanted: str) -> None:
    moved = run("2", f'<w:position w:val="{position}"/><w:sz w:val="19"/>')
    data = make_word(OPENING + paragraph(run("CO") + moved + run(".")))
    assert block(data)["text"] == {"en": wanted}


def test_built_in_list_styles_are_nested_by_their_names() -> None:
    document, written = Document(), io.BytesIO()
    document.add_heading("Report", 1)
    document.add_paragraph("An introduction.")
    entries = {"a": "List Bullet", "b": "List Bullet 2", "c": "List Bullet 3", "d": "List Bullet", "e": "List Number 2"}
    for text, style in entries.items():
        document.add_paragraph(text, style=style)
    document.save(written)
    (theme,) = themes(written.getvalue())
    text = str(theme["blocks"][0]["text"]["en"])  # type: ignore[index]
    lines = [line for line in text.split("\n") if line.strip()]
    assert lines == ["- a", "  - b", "    - c", "- d", "  1. e"]


def test_lists_are_nested_and_continued() -> None:
    body = (
        OPENING
        + entry("one", 1)
        + entry("deep", 2, 1)
        + entry("two", 1)
        + paragraph("Between.")
        + entry("three", 1)
        + entry("a", 2)
        + entry("b", 2)
    )
    data = make_word(body, {"numbering.xml": build_numbering("decimal", "bullet")})
    text = block(data)["text"]
    assert text == {"en": "1. one\n\n   - deep\n2. two\n\nBetween.\n\n3. three\n\n- a\n- b"}


def test_letters_of_lists_become_numbers_and_are_reported() -> None:
    data = make_word(OPENING + entry("a", 1) + entry("b", 1), {"numbering.xml": build_numbering("lowerLetter")})
    assert block(data)["items"] == [{"en": "a"}, {"en": "b"}]
    assert "lowerLetter" in messages(data)


def test_a_table_with_a_caption_is_a_block_and_one_without_is_part_of_the_text() -> None:
    caption = paragraph(field("SEQ Table", "Table 1") + run(": Loads"), "Caption")
    rows = table([["Month", "Load"], ["Jan", "12"]])
    data = make_word(
        OPENING + caption + rows + paragraph("After.") + rows, {"styles.xml": styles({"Caption": "caption"})}
    )
    made = block(data)
    assert (made["kind"], made["title"]) == ("table", {"en": "Loads"})
    assert made["rows"] == [[{"en": "Jan"}, {"en": "12"}]]
    assert "label 'Table 1:'" in messages(data)
    assert "| Month | Load |\n| --- | --- |\n| Jan | 12 |" in text_of(block(data, 1))


def test_captions_below_their_tables_are_told_from_those_above() -> None:
    rows = [table([[name, "Load"], ["Jan", "12"]]) for name in ("First", "Second")]
    captions = [paragraph(field("SEQ Table", f"Table {n}") + run(f": {n}"), "Caption") for n in (1, 2)]
    for parts in (zip(rows, captions, strict=True), zip(captions, rows, strict=True)):
        data = make_word(
            OPENING + "".join(part for pair in parts for part in pair), {"styles.xml": styles({"Caption": "caption"})}
        )
        assert [block(data, index)["title"] for index in (0, 1)] == [{"en": "1"}, {"en": "2"}]


def test_joined_cells_are_kept_and_reported() -> None:
    wide = f'<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{paragraph("wide")}</w:tc>'
    first = f'<w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>{paragraph("tall")}</w:tc>'
    rest = f"<w:tc><w:tcPr><w:vMerge/></w:tcPr>{paragraph('')}</w:tc>"
    two = f"<w:tc>{paragraph('x')}{paragraph('y')}</w:tc>"
    data = make_word(OPENING + table([["A", "B"], [wide], [first, two], [rest, "z"]]))
    made = block(data)
    assert made["kind"] == "table"
    assert made["rows"] == [[{"en": "wide"}, "<"], [{"en": "tall"}, {"en": "x; y"}], ["–", {"en": "z"}]]
    assert "vertically merged cells" in messages(data)
    assert "joined with '; '" in messages(data)


def test_two_head_rows_group_columns() -> None:
    tall = f'<w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>{paragraph("Route")}</w:tc>'
    rest = f"<w:tc><w:tcPr><w:vMerge/></w:tcPr>{paragraph('')}</w:tc>"
    wide = f'<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{paragraph("Riders")}</w:tc>'
    data = make_word(OPENING + table([[tall, wide], [rest, "2025", "2026"], ["7", "12", "15"]], head=2))
    made = block(data)
    assert made["columns"] == [
        {"title": {"en": "Route"}},
        {"title": {"en": "2025"}, "group": {"en": "Riders"}},
        {"title": {"en": "2026"}, "group": {"en": "Riders"}},
    ]
    assert made["rows"] == [[{"en": "7"}, {"en": "12"}, {"en": "15"}]]
    assert "header rows" not in messages(data)
    assert "vertically merged" not in messages(data)


def test_a_box_is_a_callout_and_a_layout_is_what_is_in_it() -> None:
    data = make_word(OPENING + table([["Mind the gap."]]) + table([["left", "right"]]))
    assert block(data)["kind"] == "callout"
    assert block(data)["text"] == {"en": "Mind the gap."}
    assert block(data, 1)["text"] == {"en": "left\n\nright"}


def test_footnotes_and_endnotes_are_footnotes() -> None:
    mark = '<w:r><w:{0}Reference w:id="2"/></w:r>'
    note = '<w:{0} w:type="separator" w:id="0"><w:p/></w:{0}><w:{0} w:id="2">{1}</w:{0}>'
    parts = {
        "footnotes.xml": element("w:footnotes", note.format("footnote", paragraph("The foot.") + paragraph("More."))),
        "endnotes.xml": element("w:endnotes", note.format("endnote", paragraph("The end."))),
    }
    body = OPENING + paragraph(run("Text") + mark.format("footnote") + run(" and") + mark.format("endnote"))
    assert block(make_word(body, parts))["text"] == {
        "en": "Text[^1] and[^2]\n\n[^1]: The foot.\n\n    More.\n\n[^2]: The end."
    }


def test_formulas_are_latex() -> None:
    def m(tag: str, *inner: str) -> str:
        return f"<m:{tag}>{''.join(inner)}</m:{tag}>"

    def letter(text: str) -> str:
        return m("r", m("t", text))

    fraction = m(
        "f",
        m("num", letter("a+1")),
        m("den", m("rad", '<m:radPr><m:degHide m:val="1"/></m:radPr><m:deg/>', m("e", letter("β")))),
    )
    total = m(
        "nary",
        '<m:naryPr><m:chr m:val="∑"/></m:naryPr>',
        m("sub", letter("i=1")),
        m("sup", letter("n")),
        m("e", m("sSub", m("e", letter("x")), m("sub", letter("i")))),
    )
    body = OPENING + paragraph(run("So ") + m("oMath", fraction)) + paragraph(m("oMathPara", m("oMath", total)))
    assert block(make_word(body))["text"] == {
        "en": "So $\\frac{a+1}{\\sqrt{\\beta}}$\n\n$$\n\\sum_{i=1}^{n} {x}_{i}\n$$"
    }


def test_a_picture_is_a_figure_with_its_file() -> None:
    arranged, found = read(
        make_word(OPENING + paragraph(picture("rimage1", "A navy square")), {"media/image1.png": png()})
    )
    assert arranged is not None
    assert [each.code for each in found] == ["import-assumed"]
    assert dict(arranged.pictures) == {"report/image1.png": png()}


def test_page_breaks_are_kept() -> None:
    breaks = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
    assert block(make_word(OPENING + breaks + paragraph("Next.")))["page_break"] == "before"


TEXT_BOX = (
    "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx><w:txbxContent>"
    f"{paragraph('boxed words')}</w:txbxContent></wps:txbx></w:drawing></mc:Choice>"
    f"<mc:Fallback><w:pict><v:textbox><w:txbxContent>{paragraph('boxed words')}</w:txbxContent></v:textbox></w:pict>"
    "</mc:Fallback></mc:AlternateContent></w:r>"
)
CHART = (
    '<w:r><w:drawing><a:graphic><a:graphicData><c:chart r:id="rchart1"/></a:graphicData></a:graphic></w:drawing></w:r>'
)
SMART = '<w:r><w:drawing><a:graphic><a:graphicData><dgm:relIds r:dm="rdata1"/></a:graphicData></a:graphic></w:drawing></w:r>'
LOST = {
    "deleted": (
        f'<w:del w:id="1"><w:r><w:delText>deleted words</w:delText></w:r></w:del>{run("kept")}',
        "deleted words",
    ),
    "moved": (f'<w:moveFrom w:id="1">{run("moved words")}</w:moveFrom>{run("kept")}', "moved words"),
    "hidden": (run("hidden words", "<w:vanish/>") + run("kept"), "hidden words"),
    "commented": (run("kept") + '<w:r><w:commentReference w:id="7"/></w:r>', "remark words"),
    "boxed": (run("kept") + TEXT_BOX, "boxed words"),
    "charted": (run("kept") + CHART, "charted words"),
    "drawn": (run("kept") + SMART, "smart words"),
    "embedded": (
        run("kept") + '<w:r><w:object><o:OLEObject ProgID="Excel.Sheet.12"/></w:object></w:r>',
        "Excel.Sheet.12",
    ),
    "contents": (run("kept") + field('TOC \\o "1-3"', "listed words"), "listed words"),
    "symbol": (run("kept") + '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>', "F0FC"),
    "remote": (run("kept") + picture("rout", "remote words", "r:link"), "remote words"),
    "unknown": (run("kept") + f"<w:whatever>{run('unknown words')}</w:whatever>", "unknown words"),
    "ruby": (
        f"<w:r><w:ruby><w:rt>{run('above words')}</w:rt><w:rubyBase>{run('kept')}</w:rubyBase></w:ruby></w:r>",
        "above words",
    ),
}
PARTS = {
    "comments.xml": element(
        "w:comments", f'<w:comment w:id="7" w:author="Ann">{paragraph("remark words")}</w:comment>'
    ),
    "charts/chart1.xml": element("c:chartSpace", "<c:v>charted words</c:v>"),
    "diagrams/data1.xml": element("dgm:dataModel", "<a:t>smart words</a:t>"),
}


@pytest.mark.parametrize(("inner", "words"), list(LOST.values()), ids=list(LOST))
def test_what_has_no_counterpart_is_reported_with_its_words_and_its_place(inner: str, words: str) -> None:
    heading = paragraph("Demand", "H")
    parts = {**PARTS, "styles.xml": styles({"H": "heading 1"})}
    data = make_word(
        heading + OPENING + paragraph(inner), parts, relation("rout", "image", "https://example.org/a.png")
    )
    assert "kept" in str(themes(data))
    assert words not in str(themes(data))
    assert re.search(
        rf"report\.docx paragraph 3, below 'Demand': .*left out: .*{re.escape(words)}|paragraph 3, below 'Demand': .*{re.escape(words)}",
        messages(data),
    )


def test_headers_footers_and_unmarked_notes_are_reported() -> None:
    section = '<w:sectPr><w:headerReference r:id="rheader1"/><w:footerReference r:id="rfooter1"/></w:sectPr>'
    parts = {
        "header1.xml": element("w:hdr", paragraph("header words")),
        "footer1.xml": element("w:ftr", paragraph("footer words")),
        "footnotes.xml": element("w:footnotes", f'<w:footnote w:id="3">{paragraph("note words")}</w:footnote>'),
    }
    said = messages(make_word(OPENING + section, parts))
    assert all(f"'{words}'" in said for words in ("header words", "footer words", "note words"))


def test_forms_that_are_lost_are_reported_once() -> None:
    struck = run("gone", "<w:strike/>")
    said = messages(
        make_word(OPENING + paragraph(struck) + paragraph(struck) + paragraph(run("u", '<w:u w:val="single"/>')))
    )
    assert "strikethrough is not kept (2 places" in said
    assert "underlining is not kept" in said


def test_tracked_insertions_are_kept_and_links_within_the_document_are_words() -> None:
    inner = f'<w:ins w:id="1">{run("inserted")}</w:ins><w:hyperlink w:anchor="x">{run("above")}</w:hyperlink>'
    data = make_word(OPENING + paragraph(inner))
    assert block(data)["text"] == {"en": "insertedabove"}
    assert "tracked insertions" in messages(data)
    assert "link within the document of 'above'" in messages(data)


BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;">]><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>&z;</w:t></w:r></w:p></w:body></w:document>'


def with_document(data: bytes) -> bytes:
    return pack({**word_parts("", {}), "word/document.xml": data})


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (b"not a zip", "not a Word document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "encrypted"),
        (pack({"a.txt": b"a"}), "not a Word document"),
        (with_document(b"<a/>"), "not a Word document"),
        (with_document(b"<w:document"), "damaged"),
        (with_document(BOMB), "document type declaration"),
        (with_document(b"<w:document xmlns:w='http://purl.oclc.org/ooxml/wordprocessingml/main'/>"), "Strict"),
        (lambda: with_document(b" " * 41_000_000), "more than 40,000,000 bytes"),
        (lambda: pack({**word_parts("", {}), **{f"x{at}": b"" for at in range(5_001)}}), "expands"),
    ],
    ids=["text", "encrypted", "no-document", "another-root", "damaged", "doctype", "strict", "large", "many-members"],
)
def test_hostile_and_damaged_files_are_refused(made: bytes | Callable[[], bytes], words: str) -> None:
    arranged, found = read(made if isinstance(made, bytes) else made())
    assert arranged is None
    assert [each.code for each in found] == ["import-unreadable"]
    assert words in found[0].message


def test_words_in_control_of_the_text_around_them_are_an_error() -> None:
    arranged, found = read(make_word(OPENING + paragraph("a\u202eb")))
    assert "bidi-control" in [each.code for each in found if each.severity == "error"]
    del arranged


def words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", text))


def words_in_file(data: bytes) -> set[str]:
    """The words of every piece of text in every part."""
    found: set[str] = set()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.startswith("word/") and name.endswith(".xml"):
                texts = ElementTree.fromstring(archive.read(name)).iter()  # noqa: S314  # our own samples
                for text in texts:
                    if text.tag in (f"{{{MAIN}}}t", f"{{{MAIN}}}delText"):
                        found |= words(text.text or "")
    return found


@pytest.mark.parametrize("name", ["pandoc.docx", "libreoffice.docx", "python-docx.docx"])
def test_no_word_of_documents_of_other_programs_is_lost(name: str) -> None:
    data = (SAMPLES / name).read_bytes()
    arranged, found = read(data)
    assert arranged is not None
    assert not has_errors(found)
    written = " ".join(write_theme(theme, "en", Origin(NAME)) for theme in arranged.themes)
    inside = words_in_file(data)
    assert len(inside) > 30
    assert inside - words(written.replace("\\", "")) - words(messages(data)) == set()


# Pieces of documents; each word is numbered so that none can hide behind another.
_RUNS = (
    "{}", "<w:b/>", "<w:i/>", "<w:b/><w:i/>", "<w:strike/>", "<w:vanish/>", '<w:vertAlign w:val="superscript"/>', '<w:rStyle w:val="C"/>',
)  # fmt: skip
_WRAPS = (
    "{}", '<w:ins w:id="1">{}</w:ins>', '<w:hyperlink r:id="rl">{}</w:hyperlink>', '<w:hyperlink w:anchor="x">{}</w:hyperlink>',
    "<w:smartTag>{}</w:smartTag>", "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>", '<w:fldSimple w:instr="REF x">{}</w:fldSimple>',
    '<w:moveFrom w:id="1">{}</w:moveFrom>', "<w:odd>{}</w:odd>", '<w:r><w:fldChar w:fldCharType="begin"/></w:r>{}',
)  # fmt: skip
_PARAGRAPHS = (
    "",
    "H",
    "H2",
    "Q",
    "Code",
    "Caption",
    "T",
    "entry",
    "deep",
    "table",
    "box",
    "textbox",
    "control",
    "cell-list",
)
_STYLES = {
    "H": "heading 1",
    "H2": "heading 3",
    "Q": "Quote",
    "Code": "Source Code",
    "Caption": "caption",
    "T": "Title",
    "C": "Verbatim Char",
}


def make_block(kind: str, inner: str) -> str:
    match kind:
        case "entry" | "deep":
            properties = f'<w:numPr><w:ilvl w:val="{int(kind == "deep")}"/><w:numId w:val="1"/></w:numPr>'
            return paragraph(inner, "", properties)
        case "table":
            return table(
                [[f"<w:tc>{paragraph(inner)}</w:tc>", "b"], ["c", f"<w:tc>{paragraph('d')}{paragraph('e')}</w:tc>"]],
                head=False,
            )
        case "box":
            return table([[f"<w:tc>{paragraph(inner)}</w:tc>"]])
        case "cell-list":
            return table([["a"], [f"<w:tc>{make_block('entry', inner)}{make_block('table', inner)}</w:tc>"]])
        case "textbox":
            return paragraph(
                f"<w:r><w:pict><v:textbox><w:txbxContent>{paragraph(inner)}</w:txbxContent></v:textbox></w:pict></w:r>"
            )
        case "control":
            return f"<w:sdt><w:sdtContent>{paragraph(inner)}</w:sdtContent></w:sdt>"
        case style:
            return paragraph(inner, style)


_runs = st.lists(st.tuples(st.sampled_from(_RUNS), st.sampled_from(_WRAPS)), min_size=1, max_size=3)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(_PARAGRAPHS), _runs), min_size=1, max_size=8))
def test_every_word_is_in_the_content_or_in_a_message(pieces: list[tuple[str, list[tuple[str, str]]]]) -> None:
    number, body = 0, ""
    for kind, runs in pieces:
        inner = ""
        for properties, wrap in runs:
            number += 1
            inner += wrap.format(run(f" w{number}x ", properties.replace("{}", "")))
        body += make_block(kind, inner)
    data = make_word(
        body,
        {"styles.xml": styles(_STYLES), "numbering.xml": build_numbering("lowerRoman")},
        relation("rl", "hyperlink", "https://a.example"),
    )
    arranged, found = read(data)
    assert arranged is not None
    assert not has_errors(found), found
    said = "".join(write_theme(theme, "en", Origin(NAME)) for theme in arranged.themes) + messages(data)
    assert [f"w{each}x" for each in range(1, number + 1) if not re.search(rf"w{each}x", said)] == []
