"""Builds WordprocessingML and DrawingML elements, and escapes their texts and attributes.

Children are given in schema order (ECMA-376 part 1, annex A): the builders do not sort.
"""

from collections.abc import Sequence
from copy import deepcopy
from functools import cache
from typing import TypeAlias
from xml.sax.saxutils import escape, quoteattr

from docx.oxml.ns import nsmap, qn
from docx.oxml.parser import oxml_parser
from lxml import etree

Element: TypeAlias = etree._Element

PRESERVE_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_WORD = {"w": nsmap["w"]}
_COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_WORD_2012 = "http://schemas.microsoft.com/office/word/2012/wordml"
# A parser reads other line ends as line feeds (XML 1.0, 2.11).
_LINE_ENDS = {"\r": "&#13;"}


# Parts may come from a reference document of unknown origin.
_PART_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


def parse_part(data: bytes) -> Element:
    """Parses the XML of a part without expanding entities and without reading from the network.

    Raises:
        lxml.etree.XMLSyntaxError: the XML is not well-formed.
    """
    return etree.fromstring(data, _PART_PARSER)


def serialise_part(root: Element) -> bytes:
    """Serialises a part in UTF-8, with the declaration that Word writes."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


@cache
def qualify_name(name: str) -> str:
    """Returns a name as lxml writes it: `w:val` with its namespace in braces instead of the prefix."""
    return qn(name)


@cache
def _qualify_attribute(name: str, namespace: str) -> str:
    prefix, _, local = name.partition("_")
    if local:
        return qualify_name(f"{prefix}:{local}")
    return qualify_name(f"{namespace}:{name}") if namespace else name


def word(tag: str, *children: Element | None, **attributes: str | int) -> Element:
    """Returns a `w:` element with `w:` attributes; `r_id` becomes `r:id`. Children that are None are left out."""
    element: Element = oxml_parser.makeelement(
        qualify_name(f"w:{tag}"), {_qualify_attribute(key, "w"): str(value) for key, value in attributes.items()}, _WORD
    )
    element.extend(child for child in children if child is not None)
    return element


def parse_word(tag: str, content: str) -> Element:
    """Parses a `w:` element with `content`, which is XML of `word_xml` and `write_text_xml`.

    This is four times faster than `word`, for what a document has in thousands: paragraphs, runs and cells.
    """
    return etree.fromstring(f'<w:{tag} xmlns:w="{nsmap["w"]}">{content}</w:{tag}>', oxml_parser)


def word_xml(tag: str, *content: str, **attributes: str | int) -> str:
    """Returns the XML of a `w:` element with `w:` attributes; `content` is XML and is not escaped."""
    attribute_xml = "".join(f" w:{key}={quoteattr(str(value))}" for key, value in attributes.items())
    return f"<w:{tag}{attribute_xml}>{''.join(content)}</w:{tag}>"


def require_run_properties(run: Element) -> Element:
    """Returns the properties element of a run; adds it if the run has none."""
    properties = run.find(qualify_name("w:rPr"))
    if properties is None:
        properties = word("rPr")
        run.insert(0, properties)
    return properties


def build_alternate_content(content: Sequence[Element], otherwise: Sequence[Element] = ()) -> Element:
    """Builds content that Word shows; programs without its extensions of 2012 show `otherwise` (ECMA-376 part 3, 7.6)."""
    namespaces = {"mc": _COMPATIBILITY, "w15": _WORD_2012}
    element: Element = oxml_parser.makeelement(f"{{{_COMPATIBILITY}}}AlternateContent", None, namespaces)
    etree.SubElement(element, f"{{{_COMPATIBILITY}}}Choice", {"Requires": "w15"}).extend(content)
    if otherwise:
        etree.SubElement(element, f"{{{_COMPATIBILITY}}}Fallback").extend(otherwise)
    return element


def write_text_xml(text: str) -> str:
    """Returns the XML of a `w:t` that preserves spaces."""
    space = ' xml:space="preserve"' if text != text.strip() else ""
    return f"<w:t{space}>{escape(text, _LINE_ENDS)}</w:t>"


def make_drawing_element(
    tag: str, *children: Element, namespaces: dict[str, str] | None = None, **attributes: str | int
) -> Element:
    """Makes a DrawingML element by its prefixed `tag`; attributes have no namespace, except `r_embed` for `r:embed`."""
    prefix = tag.partition(":")[0]
    element: Element = oxml_parser.makeelement(
        qualify_name(tag),
        {_qualify_attribute(key, ""): str(value) for key, value in attributes.items()},
        {prefix: nsmap[prefix], **(namespaces or {})},
    )
    element.extend(children)
    return element


def build_inline_drawing(
    content: Element,
    kind: str,
    *,
    number: int,
    name: str,
    description: str,
    size: tuple[int, int],
    locked: bool = False,
) -> Element:
    """Builds a run with an inline drawing (20.4.2.8).

    `kind` is the namespace of what is drawn; `size` is in EMU (20.1.2.1). With `locked`, Word keeps its aspect ratio.
    """
    width, height = size
    locks = (make_drawing_element("a:graphicFrameLocks", noChangeAspect=1),) if locked else ()
    element = make_drawing_element(
        "wp:inline",
        make_drawing_element("wp:extent", cx=width, cy=height),
        make_drawing_element("wp:docPr", id=number, name=name, descr=description),
        make_drawing_element("wp:cNvGraphicFramePr", *locks),
        make_drawing_element("a:graphic", make_drawing_element("a:graphicData", content, uri=kind)),
        distT=0,
        distB=0,
        distL=0,
        distR=0,
    )
    return word("r", word("drawing", element))


def make_text_element(text: str) -> Element:
    """Makes a `w:t` that preserves spaces."""
    element = word("t")
    element.text = text
    if text != text.strip():
        element.set(PRESERVE_SPACE, "preserve")
    return element


def build_instruction(text: str) -> Element:
    """Builds a `w:instrText` that preserves spaces."""
    element = word("instrText")
    element.text = f" {text} "
    element.set(PRESERVE_SPACE, "preserve")
    return element


def build_complex_field(code: str, result: Sequence[Element]) -> list[Element]:
    """Builds a complex field with the result that is shown until it is updated (ECMA-376 part 1, 17.16.18).

    The field's own characters have the format of its result, because some programs take the format from them.
    """
    properties = result[0].find(qualify_name("w:rPr")) if result else None
    return [*begin_field(code, properties), *result, end_field(properties)]


def begin_field(code: str, properties: Element | None = None) -> list[Element]:
    """Builds the runs before the result of a complex field, with the run properties `properties`."""
    return [
        word("r", deepcopy(properties), part)
        for part in (
            word("fldChar", fldCharType="begin"),
            build_instruction(code),
            word("fldChar", fldCharType="separate"),
        )
    ]


def end_field(properties: Element | None = None) -> Element:
    return word("r", deepcopy(properties), word("fldChar", fldCharType="end"))
