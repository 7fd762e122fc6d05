"""Hidden text of a Word document: set with "Hidden", directly or by a style, and drawings that are switched off.

It is on no page, but anyone can make it visible in Word.
"""

from collections.abc import Iterator
from typing import TypeAlias

from brief.model.record import dataclass
from brief.writers.ooxml.elements import Element, qualify_name

_VANISH = (qualify_name("w:vanish"), qualify_name("w:specVanish"))
_OFF = ("0", "false", "off")
_PARAGRAPH, _RUN, _TABLE = qualify_name("w:p"), qualify_name("w:r"), qualify_name("w:tbl")
_VALUE = qualify_name("w:val")
_DRAWINGS = (qualify_name("w:drawing"), qualify_name("w:pict"))
_PROPERTIES = qualify_name("wp:docPr")
_TEXT_BOX = qualify_name("w:txbxContent")

# A style's type and id; the id is empty for the default style of that type.
StyleName: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class HiddenStyles:
    """What hides text that is not hidden directly: `styles`, which are some of the `known` styles of the document, or
    the document's defaults (`by_default`).
    """

    styles: frozenset[StyleName] = frozenset()
    known: frozenset[StyleName] = frozenset()
    by_default: bool = False

    def __contains__(self, style: StyleName) -> bool:
        return (style if style in self.known else (style[0], "")) in self.styles


def find_hidden_styles(styles: Element) -> HiddenStyles:
    """Returns the styles of a document that hide text, themselves or through the styles that they are based on."""
    own_hiding: dict[str, bool | None] = {}
    base_styles: dict[str, str] = {}
    ids_by_style: list[tuple[StyleName, str]] = []
    for style in styles.iter(qualify_name("w:style")):
        kind, name = style.get(qualify_name("w:type"), ""), style.get(qualify_name("w:styleId"), "")
        own_hiding[name] = _read_style_hidden(style)
        base_styles[name] = _read_value(style, "w:basedOn")
        ids_by_style.append(((kind, name), name))
        if style.get(qualify_name("w:default"), "0") not in _OFF:
            ids_by_style.append(((kind, ""), name))
    defaults = styles.find("/".join(map(qualify_name, ("w:docDefaults", "w:rPrDefault", "w:rPr"))))
    hiding_styles = frozenset(key for key, name in ids_by_style if _inherits_hiding(name, own_hiding, base_styles))
    return HiddenStyles(hiding_styles, frozenset(key for key, _ in ids_by_style), bool(_read_hidden(defaults)))


def remove_hidden(root: Element, hidden_styles: HiddenStyles) -> None:
    """Removes hidden runs and drawings below `root`."""
    for run in list(root.iter(_RUN)):
        if _is_hidden(run, hidden_styles):
            _remove(run)
    for drawing in list(root.iter(*_DRAWINGS)):
        if any(_is_switched_off(part) for part in _walk_elements(drawing)):
            _remove(drawing)


def _walk_elements(element: Element) -> Iterator[Element]:
    """Yields the element and its parts, except for text boxes, which may contain other drawings."""
    yield element
    for part in element:
        if part.tag != _TEXT_BOX:
            yield from _walk_elements(part)


def _is_switched_off(part: Element) -> bool:
    if part.tag == _PROPERTIES:
        return part.get("hidden") in ("1", "true", "on")
    return "visibility:hidden" in part.get("style", "").replace(" ", "")


def _is_hidden(run: Element, hidden_styles: HiddenStyles) -> bool:
    own = _read_hidden(run.find(qualify_name("w:rPr")))
    if own is not None:
        return own
    # Word shows text that two of its styles hide (ECMA-376 part 1, 17.7.3), and other programs do not: one style is
    # enough to hide it. A style with "not hidden" does not show what another one hides.
    return hidden_styles.by_default or any(style in hidden_styles for style in _list_styles(run))


def _list_styles(run: Element) -> Iterator[StyleName]:
    """Yields the styles that apply to a run."""
    yield "character", _read_value(run.find(qualify_name("w:rPr")), "w:rStyle")
    for paragraph in run.iterancestors(_PARAGRAPH):
        yield "paragraph", _read_value(paragraph.find(qualify_name("w:pPr")), "w:pStyle")
        break
    for table in run.iterancestors(_TABLE):
        yield "table", _read_value(table.find(qualify_name("w:tblPr")), "w:tblStyle")


def _read_style_hidden(style: Element) -> bool | None:
    """Returns whether a style hides text; a table style does if it hides text in any of its rows or columns. None if
    the style says nothing about it.
    """
    parts = [style, *style.findall(qualify_name("w:tblStylePr"))]
    values = [_read_hidden(part.find(qualify_name("w:rPr"))) for part in parts]
    return True if any(values) else values[0]


def _read_hidden(properties: Element | None) -> bool | None:
    """Returns whether run properties hide text (True) or show it (False); None if they do neither."""
    if properties is None:
        return None
    values = [element.get(_VALUE, "1") not in _OFF for element in properties if element.tag in _VANISH]
    return any(values) if values else None


def _inherits_hiding(name: str, own_hiding: dict[str, bool | None], base_styles: dict[str, str]) -> bool:
    # Styles may be based on each other in a cycle only in a damaged document, which must not cause an endless loop.
    for _ in range(len(own_hiding)):
        is_hiding = own_hiding.get(name)
        if is_hiding is not None:
            return is_hiding
        name = base_styles.get(name, "")
    return False


def _read_value(parent: Element | None, tag: str) -> str:
    element = parent.find(qualify_name(tag)) if parent is not None else None
    return element.get(_VALUE, "") if element is not None else ""


def _remove(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
