"""What a designer may do to `reference.docx`, and the error messages."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree
from readback import docx_parts, zip_parts
from variant_samples import sample, write_set

from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.variant import Variant
from brief.templating.template_set import TemplateSet, find_template_set
from brief.writers.docx import write

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DOCUMENT = "word/document.xml"
TITLE = '<w:t xml:space="preserve">{{ title }}</w:t>'


def edit_reference(project: Path, part: str, old: str, new: str, settings: str = "extends: base\n") -> TemplateSet:
    """A set whose reference document is that of base with one part changed."""
    parts = docx_parts(find_template_set("base").read("reference.docx"))
    assert old in parts[part].decode()
    parts[part] = parts[part].decode().replace(old, new).encode()
    return write_set(project, files={"reference.docx": zip_parts(parts), "set.yaml": settings})


def document(template_set: TemplateSet, variant: Variant | None = None) -> str:
    return docx_parts(write(variant or sample(), template_set).data)[DOCUMENT].decode()


def diagnostics(template_set: TemplateSet) -> tuple[Diagnostic, ...]:
    with pytest.raises(ContentError) as caught:
        write(sample(), template_set)
    return caught.value.diagnostics


def test_a_field_cut_over_several_runs_is_filled_in(tmp_path: Path) -> None:
    cut = "<w:t>On {</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>{ tit</w:t></w:r><w:proofErr w:type='spellStart'/><w:r><w:t>le }} now</w:t>"
    root = etree.fromstring(document(edit_reference(tmp_path, DOCUMENT, TITLE, cut)).encode())
    paragraph = next(p for p in root.iter(f"{W}p") if any(piece.text == " now" for piece in p.iter(f"{W}t")))
    assert [piece.text for piece in paragraph.iter(f"{W}t")] == ["On The race for video", None, " now"]


def test_a_field_may_use_a_filter_and_stand_beside_another(tmp_path: Path) -> None:
    template_set = edit_reference(tmp_path, DOCUMENT, TITLE, "<w:t>{{ title | upper }} / {{ publisher }}</w:t>")
    assert "THE RACE FOR VIDEO / Institute" in document(template_set)


@pytest.mark.parametrize(
    ("written", "code", "said"),
    [
        ("{{ titel }}", "template-undefined", "titel"),
        ("{{ title.secret }}", "template-undefined", "secret"),
        ("{{ title.__class__ }}", "template-undefined", "__class__"),
        ("{{ title | nothing }}", "template-syntax", "nothing"),
        ("{{ title", "template-syntax", "only complete fields"),
        ("{% if marking %}", "template-syntax", "only complete fields"),
        ("{{ [1, 2] }}", "template-failed", "a whole list"),
    ],
)
def test_an_invalid_field_is_reported_with_its_file_part_and_paragraph(
    tmp_path: Path, written: str, code: str, said: str
) -> None:
    [diagnostic] = diagnostics(edit_reference(tmp_path, DOCUMENT, "{{ title }}", f"Our {written}"))
    assert diagnostic.code == code
    assert diagnostic.location.file == "templates/mine/reference.docx"
    assert said in diagnostic.message
    assert DOCUMENT in diagnostic.message
    assert "Our " in diagnostic.message
    assert "publisher" in (diagnostic.hint or "")


def test_chinese_quotes_in_a_field_are_hinted_as_everywhere_else() -> None:
    variant = replace(sample("zh-Hans"), title="“可用”的视频")
    root = etree.fromstring(document(find_template_set("base"), variant).encode())
    run = next(run for run in root.iter(f"{W}r") if any(piece.text == variant.title for piece in run.iter(f"{W}t")))
    fonts = run.find(f"{W}rPr/{W}rFonts")
    assert fonts is not None
    assert fonts.get(f"{W}hint") == "eastAsia"


def test_all_invalid_fields_are_reported_at_once(tmp_path: Path) -> None:
    template_set = edit_reference(tmp_path, DOCUMENT, "{{ title }}", "{{ one }} {{ two }}")
    assert len(diagnostics(template_set)) == 2


def test_a_missing_style_is_named(tmp_path: Path) -> None:
    [diagnostic] = diagnostics(edit_reference(tmp_path, "word/styles.xml", 'w:val="Callout Note"', 'w:val="Remark"'))
    assert diagnostic.code == "template-style"
    assert "'Callout Note'" in diagnostic.message


def test_style_ids_may_be_any(tmp_path: Path) -> None:
    parts = docx_parts(find_template_set("base").read("reference.docx"))
    for name in ("word/styles.xml", "word/numbering.xml", DOCUMENT):
        parts[name] = parts[name].replace(b'"BodyText"', b'"a3"').replace(b'"Heading1"', b'"1"')
    assert '<w:pStyle w:val="1"/>' in document(write_set(tmp_path, files={"reference.docx": zip_parts(parts)}))


def test_the_body_needs_its_place(tmp_path: Path) -> None:
    [diagnostic] = diagnostics(edit_reference(tmp_path, DOCUMENT, "{{ body }}", "Body"))
    assert "{{ body }}" in diagnostic.message


def test_what_follows_the_body_stays(tmp_path: Path) -> None:
    imprint = "<w:t>{{ body }}</w:t></w:r></w:p><w:p><w:r><w:t>Printed in Example City</w:t>"
    template_set = edit_reference(tmp_path, DOCUMENT, '<w:t xml:space="preserve">{{ body }}</w:t>', imprint)
    made = document(template_set)
    assert made.index("Sources") < made.index("Printed in Example City")


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04 torn"])
def test_what_is_no_word_document_is_an_error(tmp_path: Path, data: bytes) -> None:
    [diagnostic] = diagnostics(write_set(tmp_path, files={"reference.docx": data}))
    assert diagnostic.code == "template-damaged"


@pytest.mark.parametrize(
    ("part", "old", "new", "said"),
    [
        ("word/numbering.xml", 'w:numId="1"', 'w:numId="one"', "a list has the id 'one'"),
        ("word/numbering.xml", '<w:abstractNumId w:val="', '<w:abstractNumId w:val="9', "refers to no definition"),
        ("word/_rels/document.xml.rels", "relationships/numbering", "relationships/theme", "as theme"),
        (DOCUMENT, "<w:pgSz", '<w:cols w:num="two"/><w:pgSz', "'two' columns"),
    ],
)
def test_what_is_counted_and_is_no_number_is_reported(tmp_path: Path, part: str, old: str, new: str, said: str) -> None:
    [diagnostic] = diagnostics(edit_reference(tmp_path, part, old, new))
    assert (diagnostic.code, diagnostic.location.file) == ("template-damaged", "templates/mine/reference.docx")
    assert said in diagnostic.message


def test_a_missing_part_is_named(tmp_path: Path) -> None:
    parts = docx_parts(find_template_set("base").read("reference.docx"))
    del parts["[Content_Types].xml"]
    [diagnostic] = diagnostics(
        write_set(tmp_path, files={"reference.docx": zip_parts(parts), "set.yaml": "extends: base\n"})
    )
    assert diagnostic.message == "the reference document cannot be used: it has no part '[Content_Types].xml'"


@pytest.mark.parametrize("spelling", ["wordproce*ssingml", "WordprocessingML"])
@pytest.mark.parametrize("use", ["styles", "numbering", "settings", "header", "footer"])
def test_a_content_type_that_no_reader_knows_is_reported(tmp_path: Path, use: str, spelling: str) -> None:
    edit = f"wordprocessingml.{use}", f"{spelling}.{use}"
    [diagnostic] = diagnostics(edit_reference(tmp_path, "[Content_Types].xml", *edit))
    assert (diagnostic.code, diagnostic.location.file) == ("template-damaged", "templates/mine/reference.docx")
    assert f"is used as {use} and has the content type" in diagnostic.message


READ = (
    *("[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels", DOCUMENT, "word/styles.xml"),
    *("word/numbering.xml", "word/settings.xml", "word/header1.xml", "word/footer1.xml", "word/theme/theme1.xml"),
)
NAMESPACE = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def change_root(_: str, data: bytes) -> bytes:
    tag = re.search(rb"<([a-zA-Z:]+)", data)
    assert tag
    return re.sub(rb"(</?)" + tag[1] + rb"(?=[ />])", rb"\1other", data)


@pytest.mark.parametrize("part", READ)
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (change_root, "begins with"),
        (lambda _, data: data.replace(b"http://schemas.open", b"http://schemas.o*pen"), "begins with"),
        (lambda *_: b"<a/>", "begins with a"),
        (lambda *_: b'<w:p xmlns:w="' + NAMESPACE + b'"/>', "begins with {"),
        (lambda *_: b"", "Document is empty"),
        (lambda *_: b"<a>", "line 1"),
    ],
    ids=["another root", "another namespace", "a", "a paragraph", "empty", "torn"],
)
def test_a_part_that_is_not_what_its_type_says_is_reported(
    tmp_path: Path, part: str, change: Callable[[str, bytes], bytes], said: str
) -> None:
    parts = docx_parts(find_template_set("base").read("reference.docx"))
    parts[part] = change(part, parts[part])
    [diagnostic] = diagnostics(write_set(tmp_path, files={"reference.docx": zip_parts(parts)}))
    assert (diagnostic.code, diagnostic.location.file) == ("template-damaged", "templates/mine/reference.docx")
    assert said in diagnostic.message


@pytest.mark.parametrize("part", READ)
def test_what_a_part_lacks_is_reported(tmp_path: Path, part: str) -> None:
    parts = docx_parts(find_template_set("base").read("reference.docx"))
    parts[part] = re.sub(rb'(<[a-zA-Z:]+)(?: (?!xmlns)[\w:]+="[^"]*")+(?=/?>)', rb"\1", parts[part])
    template_set = write_set(tmp_path, files={"reference.docx": zip_parts(parts)})
    try:
        write(sample(), template_set)
    except ContentError as error:
        assert {found.code for found in error.diagnostics} <= {"template-damaged", "template-style"}  # noqa: PT017


@pytest.mark.parametrize(
    ("part", "old", "new", "said"),
    [
        ("[Content_Types].xml", "<Override PartName", "<Override Name", "has no PartName"),
        ("[Content_Types].xml", "<Override ", '<Override xmlns="urn:x" ', "does not belong there"),
        ("_rels/.rels", 'Id="rId1" ', "", "has no Id"),
        ("word/_rels/document.xml.rels", 'Target="styles.xml"', 'Target=""', "has no Target"),
        ("[Content_Types].xml", "document.main+xml", "template.main+xml", "template"),
        ("[Content_Types].xml", "wordprocessingml.document.main+xml", "spreadsheetml.sheet.main+xml", "spreadsheetml"),
        (DOCUMENT, "w:body>", "w:bode>", "w:body"),
        (DOCUMENT, ' w:w="11906"', "", "leaves no room"),
        (DOCUMENT, ' w:left="2098"', ' w:left="12098"', "leaves no room"),
        ("word/styles.xml", ' w:styleId="BodyText"', "", "the style 'Body Text' has no id"),
    ],
)
def test_what_is_needed_in_a_part_is_named(tmp_path: Path, part: str, old: str, new: str, said: str) -> None:
    [diagnostic] = diagnostics(edit_reference(tmp_path, part, old, new))
    assert diagnostic.code == "template-damaged"
    assert said in diagnostic.message


def test_tracked_changes_are_refused(tmp_path: Path) -> None:
    tracked = f'</w:r><w:ins w:id="1" w:author="Someone"><w:r><w:t>x</w:t></w:r></w:ins><w:r>{TITLE}'
    [diagnostic] = diagnostics(edit_reference(tmp_path, DOCUMENT, TITLE, tracked))
    assert "tracked changes" in diagnostic.message


def test_what_identifies_the_designer_is_left_behind(tmp_path: Path) -> None:
    parts = docx_parts(find_template_set("base").read("reference.docx"))
    parts["docProps/app.xml"] = parts["docProps/app.xml"].replace(b"brief", b"Secret Company")
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts["word/_rels/settings.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{office}/attachedTemplate" Target="file:///C:/Users/secret/brief.dotx" TargetMode="External"/>'
        "</Relationships>"
    ).encode()
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"<w:p>", b'<w:p w:rsidR="00SECRET">')
    made = docx_parts(write(sample(), write_set(tmp_path, files={"reference.docx": zip_parts(parts)})).data)
    assert b"secret" not in b"".join(made.values()).lower()


def test_the_colours_of_the_set_reach_styles_theme_and_cover(tmp_path: Path) -> None:
    settings = 'extends: base\ncolours: {brand: "#aa0011", rule: "#00bb22"}\n'
    parts = docx_parts(write(sample(), write_set(tmp_path, files={"set.yaml": settings})).data)
    base = docx_parts(write(sample(), find_template_set("base")).data)
    # The band of the cover speaks of the theme alone.
    assert b'<a:schemeClr val="accent1"/>' in parts["word/header2.xml"]
    for name in ("word/styles.xml", "word/theme/theme1.xml"):
        assert b"AA0011" in parts[name]
        assert b"12355B" in base[name]
    assert b"00BB22" in parts["word/styles.xml"]
    assert b"C9D0D6" not in parts["word/styles.xml"]
