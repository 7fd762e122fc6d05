"""Corrects violations of PDF/UA-1 and PDF/A-2a in the engine's files: omissions in the structure tree, and ends of
streams. The only way to correct them is to wrap the functions that write them; the engine's release series is pinned,
and tests check each correction.
"""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import pydyf  # type: ignore[import-untyped]
import weasyprint.pdf
from weasyprint.pdf import tags

from brief.model.han import WORD_JOINER
from brief.writers.pdf.weasyprint.continued_tables import CONTINUED
from brief.writers.pdf.weasyprint.structure import TagOrigins, wrap_add_tags

_SVG = "{http://www.w3.org/2000/svg}"
_SCOPES = {"row": "/Row", "col": "/Column"}
# Elements that HTML never nests in their own kind: if the engine does, one element was laid out as two boxes.
_NEVER_NESTED = frozenset(("/P", "/Caption", *(f"/H{level}" for level in range(1, 7))))
# The parts that a list item may have (ISO 32000-1, 14.8.4.3.3).
_LIST_PARTS = ("/Lbl", "/LBody")
_ENDED_BY_LINE_FEED = b"\nendstream"
_AMBIGUOUS = b"\r\nendstream"


def ensure_conformance() -> None:
    """Wraps functions of the engine, so that all files of this process conform."""
    if not hasattr(tags._build_box_tree, "__wrapped__"):
        origins = TagOrigins()
        tags._build_box_tree = _wrap_build(tags._build_box_tree, origins)
        weasyprint.pdf.add_tags = wrap_add_tags(weasyprint.pdf.add_tags, origins)
        weasyprint.pdf.add_links = _wrap_add_links(weasyprint.pdf.add_links)
        pydyf.Stream.data = property(_wrap_stream_data(pydyf.Stream.data.fget))


def _wrap_build(build: Callable[..., Iterator[Any]], origins: TagOrigins) -> Callable[..., Iterator[Any]]:
    """Tags elements with the `lang` and `scope` of their markup, drawings with the text of their `<desc>`, and links
    with their name.

    Tags drawn formulas as formulas, and the content of a list item as its body.

    ISO 32000-1, 14.9.2 (Lang), 14.8.5.7 (Scope) and 14.9.3 (Alt); ISO 14289-1, 7.18.5 (links).
    """

    @wraps(build)
    def build_completed(box: Any, parent: Any, *arguments: Any) -> Iterator[Any]:
        if box.element is not None and CONTINUED in box.element.get("class", "").split():
            # The line belongs to the page, like a running head, and not to the table, which is one element on all
            # pages. Its parent must remain when the parts of the table are joined.
            document = _find_document(parent, arguments[0])
            for child in box.children:
                tuple(build(child, document, *arguments))
            return
        if getattr(box, "link_annotation", None) and (name := _name_link(box.element)):
            box.link_annotation["Contents"] = pydyf.String(name)
        for tag in build(box, parent, *arguments):
            if tag["S"] in _NEVER_NESTED and tag["S"] == parent["S"]:
                tag["S"] = "/NonStruct"
            if parent["S"] == "/LI" and tag["S"] not in _LIST_PARTS:
                tag["S"] = "/LBody"
            # The box of a pseudo-element has the same element, but another tag.
            if box.element is not None and box.element_tag == box.element.tag:
                _complete_element(tag, box.element)
            if box.element is not None:
                origins.record(tag, box)
            yield tag

    return build_completed


def _find_document(element: Any, pdf: Any) -> Any:
    """Returns the element around all others."""
    while element["S"] != "/Document":
        element = pdf.objects[int(element["P"].split()[0])]
    return element


def _wrap_add_links(add_links: Callable[..., None]) -> Callable[..., None]:
    """Keeps one link for each box of an `<a>`.

    The engine adds another one for each element inside it, such as emphasis, which may not be links (ISO 14289-1,
    7.18.5).
    """

    @wraps(add_links)
    def add_first_links(links_and_anchors: Any, *arguments: Any) -> None:
        links, anchors = links_and_anchors
        first_links = [link for link in links if link[3].link or _is_link(link[3].element_tag)]
        add_links((first_links, anchors), *arguments)

    return add_first_links


def _is_link(tag: str | None) -> bool:
    """Returns whether a tag is that of a link, or of its pseudo-element, such as `a::before`, which the engine tags
    likewise.
    """
    return tag is not None and tag.split(":")[0] == "a"


def _name_link(element: Any) -> str:
    """Returns the name of a link: its `aria-label`, or else its text."""
    if element is None:
        return ""
    text = element.get("aria-label") or "".join(element.itertext())
    return " ".join(text.replace(WORD_JOINER, "").split())


def _complete_element(tag: Any, element: Any) -> None:
    if "lang" in element.attrib and element.tag != "html":
        tag["Lang"] = pydyf.String(element.attrib["lang"])
    if tag["S"] == "/TH" and (scope := _SCOPES.get(element.attrib.get("scope", ""))):
        tag["A"]["Scope"] = scope
    if tag["S"] == "/Figure" and (description := element.findtext(f"{_SVG}desc")):
        tag["Alt"] = pydyf.String(description)
        if element.get("class") == "formula":
            tag["S"] = "/Formula"


def _wrap_stream_data(data: Callable[[Any], bytes]) -> Callable[[Any], bytes]:
    """Ends a stream whose last byte is a carriage return with another carriage return and a line feed.

    With only a line feed, both together count as one end of line, and the stream is a byte too short (ISO 19005-2,
    6.1.7.1).
    """

    def write_ended(stream: Any) -> bytes:
        content = data(stream)
        return content.removesuffix(_ENDED_BY_LINE_FEED) + _AMBIGUOUS if content.endswith(_AMBIGUOUS) else content

    return write_ended
