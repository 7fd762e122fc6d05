"""Makes Word documents as other programs write them, from the XML of a body and of further parts."""

import io
import re
import zipfile
from collections.abc import Mapping

from PIL import Image

_NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "v": "urn:schemas-microsoft-com:vml",
        "o": "urn:schemas-microsoft-com:office:office",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
    }.items()
)
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def element(tag: str, inner: str, attributes: str = "") -> str:
    """An XML element with the namespaces of Word."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{tag} {_NAMESPACES} {attributes}>{inner}</{tag}>'


def paragraph(inner: str, style: str = "", properties: str = "") -> str:
    """A paragraph; what is no XML is one run of text."""
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    body = inner if inner.startswith("<") else run(inner)
    return f"<w:p><w:pPr>{styled}{properties}</w:pPr>{body}</w:p>"


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def styles(names: Mapping[str, str], outline: Mapping[str, int] | None = None) -> str:
    """Paragraph styles by id, with their names; `outline` has the levels, from 0, of those that are headings."""
    made = ""
    for known, name in names.items():
        level = (outline or {}).get(known)
        properties = f'<w:pPr><w:outlineLvl w:val="{level}"/></w:pPr>' if level is not None else ""
        made += f'<w:style w:type="paragraph" w:styleId="{known}"><w:name w:val="{name}"/>{properties}</w:style>'
    return element("w:styles", made)


def build_numbering(*forms: str) -> str:
    """Lists with the ids 1, 2, ...; each form is that of the marks of all its levels."""
    made = ""
    for number, form in enumerate(forms, 1):
        levels = "".join(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="%{level + 1}."/></w:lvl>'
            for level in range(4)
        )
        made += f'<w:abstractNum w:abstractNumId="{number}">{levels}</w:abstractNum>'
    made += "".join(
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>' for number in range(1, len(forms) + 1)
    )
    return element("w:numbering", made)


def entry(text: str, number: int, level: int = 0) -> str:
    return paragraph(text, "", f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def table(rows: list[list[str]], *, head: int = 1) -> str:
    """A table of texts or of the XML of cells (`<w:tc>...`); its first `head` rows are heads."""
    made = ""
    for at, cells in enumerate(rows):
        inner = "".join(cell if cell.startswith("<w:tc>") else f"<w:tc>{paragraph(cell)}</w:tc>" for cell in cells)
        made += f"<w:tr>{'<w:trPr><w:tblHeader/></w:trPr>' if at < head else ''}{inner}</w:tr>"
    return f"<w:tbl><w:tblPr/>{made}</w:tbl>"


def png(colour: str = "navy", size: tuple[int, int] = (20, 16)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, "PNG")
    return buffer.getvalue()


def make_word(body: str, parts: Mapping[str, str | bytes] | None = None, relations: str = "") -> bytes:
    """A document of the body; `parts` are further parts by name below `word/`, each related by the id `r` + its stem."""
    return pack(word_parts(body, parts or {}, relations))


def word_parts(body: str, parts: Mapping[str, str | bytes], relations: str = "") -> dict[str, bytes]:
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/></Types>'
        ),
        "_rels/.rels": _relationships(
            f'<Relationship Id="r1" Type="{_RELATIONS}/officeDocument" Target="word/document.xml"/>'
        ),
        "word/document.xml": element("w:document", f"<w:body>{body}</w:body>"),
    }
    for name, content in parts.items():
        stem = re.sub(r"\W", "", name.rpartition("/")[2].partition(".")[0])
        kind = re.sub(r"\d+$", "", stem)
        kind = {"data": "diagramData"}.get(kind, kind)
        relations += f'<Relationship Id="r{stem}" Type="{_RELATIONS}/{kind}" Target="{name}"/>'
        members[f"word/{name}"] = content
    members["word/_rels/document.xml.rels"] = _relationships(relations)
    return {name: data.encode() if isinstance(data, str) else data for name, data in members.items()}


def relation(known: str, kind: str, target: str) -> str:
    """A relationship to something outside of the document."""
    return f'<Relationship Id="{known}" Type="{_RELATIONS}/{kind}" Target="{target}" TargetMode="External"/>'


def picture(known: str, description: str = "", attribute: str = "r:embed") -> str:
    """A run with a picture."""
    return (
        f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="P" descr="{description}"/><a:graphic><a:graphicData>'
        f'<a:blip {attribute}="{known}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
    )


def field(code: str, result: str) -> str:
    """The runs of a complex field."""
    marks = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    instruction = f'<w:r><w:instrText xml:space="preserve">{code}</w:instrText></w:r>'
    return f"{marks.format('begin')}{instruction}{marks.format('separate')}{run(result)}{marks.format('end')}"


def pack(members: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def _relationships(inner: str) -> str:
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>'
    )
