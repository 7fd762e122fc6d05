"""Removes authoring metadata from a reference document.

What is known to affect the pages is kept. The rest is dropped or refused: comments, hidden text, variables and custom
data, revision ids, the names of people, templates and printers, thumbnails, the metadata of pictures.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from posixpath import dirname, join, normpath
from typing import Any

from lxml import etree

from brief.reading.pictures import raster, svg
from brief.writers.docx.reference.hidden import HiddenStyles, find_hidden_styles, remove_hidden
from brief.writers.docx.reference.roots import require_content_types, require_relationships, require_root
from brief.writers.ooxml.elements import Element, serialise_part
from brief.writers.ooxml.package import CONTENT_TYPES, ContentTypes

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# The namespaces of the Strict form of the standard (ECMA-376 part 1, annex A), which Word also opens.
_STRICT = etree.XPath("boolean(//*[starts-with(namespace-uri(), 'http://purl.oclc.org/ooxml/')])")
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_PROPERTIES = {
    f"{_OFFICE}extended-properties": b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'extended-properties"><Application>brief</Application></Properties>',
    f"{_PACKAGE}/metadata/core-properties": b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/'
    b'2006/metadata/core-properties"/>',
}
_KEPT_AT_ROOT = frozenset((f"{_OFFICE}officeDocument", *_PROPERTIES))
# The last words of relationship types, including the types of Word's own extensions.
_KEPT = re.compile("endnotes|fontTable|footer|footnotes|header|hyperlink|image|numbering|settings|styles|theme")
_DROPPED = re.compile(
    "attachedTemplate|comments.*|customXml(?:Props)?|documenttasks|font|glossaryDocument|keyMapCustomizations|mailMerge.*|people"
    "|printerSettings|recipientData|stylesWithEffects|transform|vbaProject|webSettings|wordVbaData"
)
_LINKS = ("http://", "https://", "mailto:")
_PICTURES = "word/media/"

# Elements of WordprocessingML: those that are dropped, and those of tracked changes, which are refused.
_DROPPED_ELEMENTS = re.compile(
    "alias|annotationRef|attachedTemplate|comment(?:RangeStart|RangeEnd|Reference)|customXmlPr|dataBinding|ffData"
    "|perm(?:Start|End)|placeholder|printerSettings|proofErr|rsid|smartTagPr|tag"
)
_TRACKED_CHANGES = re.compile("ins|del|cell(?:Ins|Del|Merge)|move(?:From|To).*|customXml(?:Ins|Del|Move).*|.*Change")
# The settings (ECMA-376 part 1, 17.15.1) that affect the pages. Among the others are variables, the source of a mail
# merge, the hash of a protection's password, and the ids of editing sessions.
_SETTINGS = re.compile(
    "alignBordersAndEdges|autoHyphenation|bordersDoNotSurround.*|characterSpacingControl|clrSchemeMapping|compat"
    "|consecutiveHyphenLimit|decimalSymbol|defaultTableStyle|defaultTabStop|displayBackgroundShape|doNotHyphenateCaps"
    "|drawingGrid.*|endnotePr|evenAndOddHeaders|footnotePr|gutterAtTop|hyphenationZone|listSeparator|mirrorMargins"
    "|noLineBreaks.*|noPunctuationKerning|strictFirstAndLastChars|themeFontLang|updateFields|zoom"
)
# Fields whose code names a file or a database on the designer's machine (17.16.5).
_EXTERNAL_FIELDS = re.compile(r"\b(?:DATABASE|DDE(?:AUTO)?|IMPORT|INCLUDE(?:PICTURE|TEXT)|LINK|RD)\b", re.I)
_QUOTED = re.compile('"[^"]*"')
_SESSION_IDS = re.compile(r"\{.*/wordprocessingml/.*\}rsid.*|\{.*/wordml\}(?:para|text)Id")


def scrub_members(members: Mapping[str, bytes]) -> dict[str, bytes]:
    """Returns the members of a package without what reveals how they were made. Parts to which no relationship refers
    any more are still among them; they are lost when the document is saved.

    Raises:
        ValueError: something in the document can be neither kept nor dropped, and the designer must decide: tracked
            changes, an embedded object, a link to a local file, a picture that cannot be checked; or a part is not what
            its content type says.
    """
    scrubbed: dict[str, bytes] = {}
    require_content_types(CONTENT_TYPES, _parse_part(members[CONTENT_TYPES]))
    types = ContentTypes(members)
    styles = next((data for name, data in members.items() if types.get_kind(name) == "styles"), None)
    hidden = find_hidden_styles(_parse_part(styles)) if styles is not None else HiddenStyles()
    pictures = _find_pictures(members)
    for name, data in members.items():
        if name in pictures or name.startswith(_PICTURES) or types.get_type(name).startswith("image/"):
            scrubbed[name] = _strip_picture(name, data)
        elif name.lower().endswith(".rels") or types.get_kind(name) == "relationships":
            root = _parse_part(data)
            require_relationships(name, root)
            _scrub_relations(name, root, types)
            scrubbed[name] = serialise_part(root)
        elif name.lower().endswith(".xml") or types.get_type(name).endswith("xml"):
            root = _parse_part(data)
            _scrub_part(name, root, hidden)
            require_root(name, root, types)
            scrubbed[name] = serialise_part(root)
        else:
            scrubbed[name] = data
    return scrubbed | dict(_empty_properties(members))


def _parse_part(data: bytes) -> Element:
    # XML comments and processing instructions are visible to anyone who opens the file with another program.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    return etree.fromstring(data, parser)


def _empty_properties(members: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Yields the parts with the document's properties, emptied; the variant's properties are written later."""
    for relation in _parse_part(members["_rels/.rels"]):
        if (empty := _PROPERTIES.get(relation.get("Type", ""))) is not None:
            yield relation.get("Target", "").lstrip("/"), serialise_part(_parse_part(empty))


def _find_pictures(members: Mapping[str, bytes]) -> set[str]:
    """Returns the names of the parts that others use as pictures."""
    return {
        _resolve_target(name, relation.get("Target", ""))
        for name, data in members.items()
        if name.lower().endswith(".rels")
        for relation in _parse_part(data)
        if relation.get("Type", "").endswith("/image") and relation.get("TargetMode") != "External"
    }


def _resolve_target(relations: str, target: str) -> str:
    """Returns the name of the part that a relationship in the part `relations` leads to (ECMA-376 part 2, 6.5.3)."""
    return target.lstrip("/") if target.startswith("/") else normpath(join(dirname(dirname(relations)), target))


def _scrub_relations(name: str, relations: Element, types: ContentTypes) -> None:
    for relation in list(relations):
        kind, target = relation.get("Type", ""), relation.get("Target", "")
        last = kind.rpartition("/")[2]
        if _DROPPED.fullmatch(last) or (name == "_rels/.rels" and kind not in _KEPT_AT_ROOT):
            relations.remove(relation)
        elif name != "_rels/.rels" and not _KEPT.fullmatch(last):
            raise ValueError(f"{name} contains {target} ({last}), which cannot be checked; replace it with a picture")
        elif relation.get("TargetMode") == "External" and not (last == "hyperlink" and target.startswith(_LINKS)):
            raise ValueError(f"{name} links to {target}; remove the link, or embed its target")
        elif relation.get("TargetMode") != "External" and kind not in _PROPERTIES:
            # A part was checked by its content type, not its name. It must have the type that it is used as.
            part = _resolve_target(name, target)
            used = "main" if last == "officeDocument" else last.lower()
            if last not in ("hyperlink", "image") and types.get_kind(part) != used:
                raise ValueError(f"{name} uses {part} as {last}, and its content type is '{types.get_type(part)}'")


def _scrub_part(name: str, root: Element, hidden: HiddenStyles) -> None:
    if _STRICT(root):
        raise ValueError(f"{name} is in the Strict form of Open XML; save the document as 'Word Document (.docx)'")
    for element in list(root.iter(f"{_WORD}*")):
        tag = element.tag.removeprefix(_WORD)
        if _TRACKED_CHANGES.fullmatch(tag):
            raise ValueError(f"{name} has tracked changes; accept or reject them first")
        parent = element.getparent()
        if parent is not None and (
            _DROPPED_ELEMENTS.fullmatch(tag) or (parent.tag == f"{_WORD}settings" and not _SETTINGS.fullmatch(tag))
        ):
            parent.remove(element)
    remove_hidden(root, hidden)
    for code in _collect_field_codes(root):
        if match := _EXTERNAL_FIELDS.search(_QUOTED.sub("", code)):
            raise ValueError(f"{name} has a field {match[0]}, which refers to another file; replace it with its result")
    for element in root.iter(etree.Element):
        for attribute in [key for key in map(str, element.attrib) if _SESSION_IDS.fullmatch(key)]:
            del element.attrib[attribute]


def _collect_field_codes(root: Element) -> Iterator[str]:
    """Yields the codes of simple fields and of complex ones, which may span runs and paragraphs and contain other
    fields.

    A complex field's code runs from `begin` to `separate` or `end` (17.16.18); the code of a nested field belongs to
    both.
    """
    for simple in root.iter(f"{_WORD}fldSimple"):
        yield simple.get(f"{_WORD}instr", "")
    codes: list[list[str]] = []
    loose: list[str] = []
    for element in root.iter(f"{_WORD}fldChar", f"{_WORD}instrText", f"{_WORD}delInstrText"):
        edge = element.get(f"{_WORD}fldCharType")
        if edge == "begin":
            codes.append([])
        elif edge is not None:
            if codes:
                yield "".join(codes[-1] if edge == "separate" else codes.pop())
        else:
            for code in codes or [loose]:
                code.append(element.text or "")
    # Codes without the end of a field.
    for code in (*codes, loose):
        yield "".join(code)


def _strip_picture(name: str, data: bytes) -> bytes:
    """Returns a picture without its metadata, such as who took it and where.

    Raises:
        ValueError: it is damaged, contains something forbidden, or is neither PNG, JPEG nor SVG.
    """
    kinds: tuple[tuple[bytes, Callable[[bytes], Any]], ...] = (
        (b"\x89PNG", raster.strip_metadata),
        (b"\xff\xd8", raster.strip_metadata),
        (b"<", lambda drawing: svg.parse_svg(drawing).serialise()),
    )
    for start, clean in kinds:
        if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(start):
            try:
                cleaned: bytes = clean(data)
            except ValueError as problem:
                raise ValueError(f"the picture {name} {problem}") from None
            return cleaned
    raise ValueError(f"the picture {name} is neither PNG, JPEG nor SVG; insert it in one of these formats")
