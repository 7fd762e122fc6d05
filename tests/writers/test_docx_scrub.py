"""What a designer's Word file may carry along unseen: none of it reaches a document, or the file is refused."""

from pathlib import Path

import pytest
from lxml import etree
from readback import docx_parts, zip_parts
from variant_samples import pixel, sample, write_set

from brief.model.diagnostics import ContentError
from brief.templating.template_set import TemplateSet, find_template_set
from brief.writers.docx import write

CANARY = "q7canary3f"

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MICROSOFT = "http://schemas.microsoft.com/office/2011/relationships"
BODY, SETTINGS, STYLES = "word/document.xml", "word/settings.xml", "word/styles.xml"
Parts = dict[str, bytes]


def save_set(project: Path, parts: Parts) -> TemplateSet:
    return write_set(project, files={"reference.docx": zip_parts(parts, CANARY.encode())})


def reference() -> Parts:
    return docx_parts(find_template_set("base").read("reference.docx"))


def inside(part: str, element: str, written: str) -> Parts:
    """The reference document with more at the beginning of an element of a part."""
    parts = reference()
    head, start, tail = parts[part].decode().partition(f"<{element}")
    assert start
    attributes, end, tail = tail.partition(">")
    parts[part] = f"{head}{start}{attributes}{end}{written}{tail}".encode()
    return parts


def add_related_part(part: str, relations: str, kind: str, data: str | bytes = CANARY, mode: str = "") -> Parts:
    """The reference document with one part more, to which another refers."""
    parts = reference()
    target = part if mode else f"/{part}"
    entry = f'<Relationship Id="rIdS" Type="{kind}" Target="{target}"{mode}/>'
    empty = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    parts[relations] = parts.get(relations, empty).replace(b"</Relationships>", f"{entry}</Relationships>".encode())
    if not mode:
        parts[part] = data if isinstance(data, bytes) else f"<x>{data}</x>".encode()
        override = f'<Override PartName="/{part}" ContentType="application/x"/></Types>'
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", override.encode())
    return parts


def document(part: str, kind: str, data: str | bytes = CANARY) -> Parts:
    return add_related_part(part, "word/_rels/document.xml.rels", f"{OFFICE}/{kind}", data)


def add_custom_data() -> Parts:
    """Data with the properties that Word writes beside them, as in every document with a bibliography."""
    parts = document("customXml/item1.xml", "customXml")
    entry = f'<Relationship Id="rId1" Type="{OFFICE}/customXmlProps" Target="itemProps1.xml"/>'
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts["customXml/_rels/item1.xml.rels"] = f'<Relationships xmlns="{package}">{entry}</Relationships>'.encode()
    parts["customXml/itemProps1.xml"] = f"<x>{CANARY}</x>".encode()
    kind = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
    override = f'<Override PartName="/customXml/itemProps1.xml" ContentType="{kind}"/></Types>'
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", override.encode())
    return parts


def run(properties: str, more: str = "") -> str:
    return f"<w:p>{more}<w:r><w:rPr>{properties}</w:rPr><w:t>{CANARY}</w:t></w:r></w:p>"


def add_styled_text(kind: str, used: str) -> Parts:
    """Text in a style that hides it because one that it is based on does."""
    styles = (
        f'<w:style w:type="{kind}" w:styleId="Below"><w:name w:val="Below"/><w:basedOn w:val="Above"/></w:style>'
        f'<w:style w:type="{kind}" w:styleId="Above"><w:name w:val="Above"/><w:rPr><w:vanish/></w:rPr></w:style>'
    )
    parts = inside(BODY, "w:body", used)
    parts[STYLES] = parts[STYLES].replace(b"</w:styles>", f"{styles}</w:styles>".encode())
    return parts


IN_TABLE = (
    f'<w:tbl><w:tblPr><w:tblStyle w:val="Below"/></w:tblPr><w:tblGrid/><w:tr><w:tc>{run("")}</w:tc></w:tr></w:tbl>'
)


def with_core(written: str) -> Parts:
    parts = reference()
    namespaces = (
        'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    parts["docProps/core.xml"] = f"<cp:coreProperties {namespaces}>{written}</cp:coreProperties>".encode()
    return parts


PNG = pixel().data
TEXT = len(CANARY).to_bytes(4, "big") + b"tEXt" + CANARY.encode() + b"\0\0\0\0"
DRAWN = (
    '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
    f'<wp:docPr id="9" name="{CANARY}" hidden="1"/></wp:inline></w:drawing></w:r></w:p>'
)
VML = (
    '<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml" style="width:9pt; visibility: hidden">'
    f"<v:textbox><w:txbxContent>{run('')}</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
)

CARRIED: dict[str, Parts] = {
    "variables": inside(SETTINGS, "w:settings", f'<w:docVars><w:docVar w:name="n" w:val="{CANARY}"/></w:docVars>'),
    "source of a mail merge": inside(
        SETTINGS, "w:settings", f'<w:mailMerge><w:query w:val="{CANARY}"/><w:connectString w:val="x"/></w:mailMerge>'
    ),
    "key of a protection": inside(SETTINGS, "w:settings", f'<w:documentProtection w:hash="{CANARY}"/>'),
    "sessions": inside(SETTINGS, "w:settings", f'<w:rsids><w:rsidRoot w:val="{CANARY}"/></w:rsids>'),
    "session of a paragraph": inside(BODY, "w:body", f'<w:p w:rsidR="{CANARY}" w:rsidRPr="{CANARY}"/>'),
    "session of a style": inside(STYLES, "w:style ", f'<w:rsid w:val="{CANARY}"/>'),
    "hidden text": inside(BODY, "w:body", run("<w:b/><w:vanish/>")),
    "hidden text, switched on by a word": inside(BODY, "w:body", run('<w:vanish w:val="true"/>')),
    "hidden for the style separator": inside(BODY, "w:body", run("<w:specVanish/>")),
    "hidden in the header": inside("word/header1.xml", "w:hdr", run("<w:vanish/>")),
    "hidden by a character style": add_styled_text("character", run('<w:rStyle w:val="Below"/>')),
    "hidden by a paragraph style": add_styled_text("paragraph", run("", '<w:pPr><w:pStyle w:val="Below"/></w:pPr>')),
    "hidden by a table style": add_styled_text("table", IN_TABLE),
    "hidden drawing": inside(BODY, "w:body", DRAWN),
    "hidden shape": inside(BODY, "w:body", VML),
    "remark in the markup": inside(BODY, "w:body", f"<!-- {CANARY} -->"),
    "instruction in the markup": inside(STYLES, "w:styles", f"<?note {CANARY}?>"),
    "remark in the theme": inside("word/theme/theme1.xml", "a:theme", f"<!-- {CANARY} -->"),
    "comment": document("word/comments.xml", "comments"),
    "comment, later formats": add_related_part(
        "word/commentsExtensible.xml", "word/_rels/document.xml.rels", f"{MICROSOFT}/commentsExtensible"
    ),
    "people": add_related_part("word/people.xml", "word/_rels/document.xml.rels", f"{MICROSOFT}/people"),
    "custom data": document("customXml/item1.xml", "customXml"),
    "custom data with properties": add_custom_data(),
    "binding to custom data": inside(
        BODY,
        "w:body",
        f'<w:sdt><w:sdtPr><w:alias w:val="{CANARY}"/><w:tag w:val="{CANARY}"/>'
        f'<w:dataBinding w:xpath="{CANARY}" w:storeItemID="x"/></w:sdtPr><w:sdtContent><w:p/></w:sdtContent></w:sdt>',
    ),
    "smart tag": inside(
        BODY,
        "w:body",
        f'<w:p><w:smartTag w:element="x"><w:smartTagPr><w:attr w:val="{CANARY}"/></w:smartTagPr></w:smartTag></w:p>',
    ),
    "building blocks": document("word/glossary/document.xml", "glossaryDocument"),
    "template of the designer": add_related_part(
        f"file:///C:/{CANARY}.dotx",
        "word/_rels/settings.xml.rels",
        f"{OFFICE}/attachedTemplate",
        mode=' TargetMode="External"',
    ),
    "printer": document("word/printerSettings1.bin", "printerSettings", CANARY.encode("utf-16-le")),
    "who may edit": inside(BODY, "w:body", f'<w:permStart w:id="1" w:ed="{CANARY}"/><w:permEnd w:id="1"/>'),
    "form field": inside(
        BODY,
        "w:body",
        f'<w:p><w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:helpText w:val="{CANARY}"/></w:ffData>'
        '</w:fldChar></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>',
    ),
    "thumbnail": add_related_part(
        "docProps/thumbnail.jpeg",
        "_rels/.rels",
        "http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail",
        CANARY.encode(),
    ),
    "own properties": add_related_part("docProps/custom.xml", "_rels/.rels", f"{OFFICE}/custom-properties"),
    "author": with_core(f"<dc:creator>{CANARY}</dc:creator><cp:lastModifiedBy>{CANARY}</cp:lastModifiedBy>"),
    "status and version": with_core(
        f"<cp:contentStatus>{CANARY}</cp:contentStatus><cp:version>{CANARY}</cp:version>"
        f"<dc:identifier>{CANARY}</dc:identifier><dc:description>{CANARY}</dc:description>"
    ),
    "remark in a picture": document("word/media/image1.png", "image", PNG[:33] + TEXT + PNG[33:]),
    "after a picture": document("word/media/image1.png", "image", PNG + CANARY.encode()),
    "remark in a drawing": document(
        "word/media/image1.svg",
        "image",
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><desc>{CANARY}</desc></svg>'.encode(),
    ),
}


@pytest.mark.parametrize("parts", CARRIED.values(), ids=CARRIED.keys())
def test_it_is_left_behind(tmp_path: Path, parts: Parts) -> None:
    own = save_set(tmp_path, parts)
    assert CANARY.encode() in own.read("reference.docx") or any(_has(data) for data in parts.values())
    made = write(sample(blocks=()), own).data
    assert CANARY.encode() not in made
    assert [name for name, data in docx_parts(made).items() if _has(data)] == []


def _has(data: bytes) -> bool:
    return CANARY.encode() in data or CANARY.encode("utf-16-le") in data


def add_tracked_change(element: str) -> Parts:
    return inside(BODY, "w:body", f"<w:p><w:pPr>{element}</w:pPr></w:p>")


REFUSED: dict[str, tuple[Parts, str]] = {
    "changes of the page": (
        add_tracked_change(f'<w:sectPr><w:sectPrChange w:author="{CANARY}"/></w:sectPr>'),
        "tracked changes",
    ),
    "changes of a paragraph": (add_tracked_change('<w:rPr><w:ins w:id="1"/></w:rPr>'), "tracked changes"),
    "moved text": (inside(BODY, "w:body", '<w:moveFromRangeStart w:id="1" w:name="m"/>'), "tracked changes"),
    "embedded workbook": (document("word/embeddings/a.xlsx", "package"), "word/embeddings/a.xlsx"),
    "embedded object": (document("word/embeddings/a.bin", "oleObject"), "replace it with a picture"),
    "another document": (document("word/afchunk.docx", "aFChunk"), "afchunk"),
    "an unknown kind": (document("word/new.xml", "novelty"), "novelty"),
    "link into a disk": (
        add_related_part(
            "file:///C:/x.docx", "word/_rels/document.xml.rels", f"{OFFICE}/hyperlink", mode=' TargetMode="External"'
        ),
        "links to file:///C:/x.docx",
    ),
    "picture elsewhere": (
        add_related_part(
            "http://a.example/x.png", "word/_rels/document.xml.rels", f"{OFFICE}/image", mode=' TargetMode="External"'
        ),
        "embed its target",
    ),
    "metafile": (document("word/media/image1.emf", "image", b"\1\0\0\0"), "neither PNG, JPEG nor SVG"),
    "damaged picture": (document("word/media/image1.png", "image", PNG[:-20]), "word/media/image1.png"),
    "drawing with a script": (document("word/media/image1.svg", "image", b"<svg/>"), "contains no <svg>"),
    "field that fetches": (
        inside(
            BODY,
            "w:body",
            '<w:p><w:r><w:instrText>INCLUDE</w:instrText></w:r><w:r><w:instrText>TEXT "C:\\x"'
            "</w:instrText></w:r></w:p>",
        ),
        "a field INCLUDETEXT",
    ),
    "simple field that fetches": (
        inside(BODY, "w:body", '<w:p><w:fldSimple w:instr=" DATABASE \\d x"/></w:p>'),
        "a field DATABASE",
    ),
}


@pytest.mark.parametrize(("parts", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_what_only_a_person_can_decide_is_reported(tmp_path: Path, parts: Parts, said: str) -> None:
    with pytest.raises(ContentError) as caught:
        write(sample(blocks=()), save_set(tmp_path, parts))
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.code, diagnostic.location.file) == ("template-damaged", "templates/mine/reference.docx")
    assert said in diagnostic.message
    assert CANARY not in diagnostic.message


def test_what_shapes_the_page_stays(tmp_path: Path) -> None:
    shown = run('<w:vanish w:val="0"/>').replace(CANARY, "Printed in Example City")
    linked = '<w:p><w:r><w:instrText>HYPERLINK "https://example.org/RD"</w:instrText></w:r></w:p>'
    parts = inside(BODY, "w:body", shown + linked)
    parts[SETTINGS] = parts[SETTINGS].replace(
        b"<w:compat>", b'<w:evenAndOddHeaders/><w:updateFields w:val="1"/><w:compat>'
    )
    made = docx_parts(write(sample(blocks=()), save_set(tmp_path, parts)).data)
    assert "Printed in Example City" in made[BODY].decode()
    settings = [etree.QName(child).localname for child in etree.fromstring(made[SETTINGS])]
    before = [etree.QName(child).localname for child in etree.fromstring(parts[SETTINGS])]
    assert settings == before


def rename_part(parts: Parts, old: str, new: str) -> Parts:
    """The parts with one of them under another name, in its content type and the relationships too."""
    bare = (old.rpartition("/")[2].encode(), new.rpartition("/")[2].encode())
    named = ("[Content_Types].xml", "word/_rels/document.xml.rels")
    return {
        new if name == old else name: data.replace(*bare) if name in named else data for name, data in parts.items()
    }


FETCHING = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> INCLUDE{}PICTURE "http://a.example/x.png" \\d '
    '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
CUTS = {
    "whole": "",
    "over runs": "</w:instrText></w:r><w:r><w:instrText>",
    "over paragraphs": "</w:instrText></w:r></w:p><w:p><w:r><w:instrText>",
    "around another field": '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>'
    '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:instrText>',
}


@pytest.mark.parametrize("name", ["header1.xml", "header1.dat", "header1.XML", "kopf", "footer9.xml"])
@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS.keys())
def test_a_field_that_fetches_is_refused_in_any_part(tmp_path: Path, name: str, cut: str) -> None:
    parts = inside("word/header1.xml", "w:hdr", f"<w:p>{FETCHING.format(cut)}</w:p>")
    with pytest.raises(ContentError) as caught:
        write(sample(blocks=()), save_set(tmp_path, rename_part(parts, "word/header1.xml", f"word/{name}")))
    (found,) = caught.value.diagnostics
    assert found.code == "template-damaged"
    assert f"word/{name} has a field INCLUDEPICTURE" in found.message


def test_a_part_in_the_strict_form_is_refused(tmp_path: Path) -> None:
    parts = inside("word/header1.xml", "w:hdr", f"<w:p>{FETCHING.format('')}</w:p>")
    word = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    parts["word/header1.xml"] = parts["word/header1.xml"].replace(
        word, b"http://purl.oclc.org/ooxml/wordprocessingml/main"
    )
    with pytest.raises(ContentError) as caught:
        write(sample(blocks=()), save_set(tmp_path, parts))
    (found,) = caught.value.diagnostics
    assert found.code == "template-damaged"
    assert "Strict form" in found.message


@pytest.mark.parametrize("name", ["header1.dat", "header1.XML", "kopf"])
def test_a_part_of_any_name_is_scrubbed_and_filled_in(tmp_path: Path, name: str) -> None:
    shown = "<w:p><w:r><w:t>{{ publisher }}: shown</w:t></w:r></w:p>"
    parts = inside("word/header1.xml", "w:hdr", shown + run("<w:vanish/>"))
    made = write(sample(blocks=()), save_set(tmp_path, rename_part(parts, "word/header1.xml", f"word/{name}"))).data
    everything = b"".join(docx_parts(made).values())
    assert CANARY.encode() not in everything
    assert b"{{" not in everything
    assert f"{sample().publisher}: shown".encode() in everything


def test_a_part_that_is_not_what_it_is_used_as_is_refused(tmp_path: Path) -> None:
    parts = reference()
    types = parts["[Content_Types].xml"]
    parts["[Content_Types].xml"] = types.replace(b"wordprocessingml.header+xml", b"wordprocessingml.unknown", 1)
    with pytest.raises(ContentError) as caught:
        write(sample(blocks=()), save_set(tmp_path, parts))
    (found,) = caught.value.diagnostics
    assert found.code == "template-damaged"
    assert (
        "its content type is 'application/vnd.openxmlformats-officedocument.wordprocessingml.unknown'" in found.message
    )
