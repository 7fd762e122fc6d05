"""Hidden text of a Word document: set with "Hidden", directly or by a style, and drawings that are switched off.

It is on no page, and in the file for whoever switches it on.
"""

from collections.abc import Iterable

from brief.writers.docx.elements import Element, qualified

_VANISH = (qualified("w:vanish"), qualified("w:specVanish"))
_OFF = ("0", "false", "off")
_PARAGRAPH, _RUN, _ID = qualified("w:p"), qualified("w:r"), qualified("w:styleId")
_VALUE = qualified("w:val")
_DRAWINGS = (qualified("w:drawing"), qualified("w:pict"))
_PROPERTIES = qualified("wp:docPr")


def hidden_styles(roots: Iterable[Element]) -> frozenset[str]:
    """Ids of the styles that hide what is set in them, by themselves or by what they are based on."""
    own: dict[str, bool | None] = {}
    based: dict[str, str] = {}
    for root in roots:
        for style in root.iter(qualified("w:style")):
            name = style.get(_ID, "")
            own[name] = _hides(style.find(qualified("w:rPr")))
            based[name] = _value(style, "w:basedOn")
    return frozenset(name for name in own if _inherited(name, own, based))


def drop_hidden(root: Element, styles: frozenset[str]) -> None:
    """Takes hidden runs and drawings out."""
    for run in list(root.iter(_RUN)):
        paragraph = next(run.iterancestors(_PARAGRAPH), None)
        if _is_hidden(run, paragraph, styles):
            _remove(run)
    for drawing in list(root.iter(*_DRAWINGS)):
        switched_off = any(properties.get("hidden") in ("1", "true", "on") for properties in drawing.iter(_PROPERTIES))
        if switched_off or any(
            "visibility:hidden" in part.get("style", "").replace(" ", "") for part in drawing.iter()
        ):
            _remove(drawing)


def _is_hidden(run: Element, paragraph: Element | None, styles: frozenset[str]) -> bool:
    properties = run.find(qualified("w:rPr"))
    own = _hides(properties)
    if own is not None:
        return own
    if _value(properties, "w:rStyle") in styles:
        return True
    return paragraph is not None and _value(paragraph.find(qualified("w:pPr")), "w:pStyle") in styles


def _hides(properties: Element | None) -> bool | None:
    """Whether run properties say that text is hidden (True) or is not (False); None where they say nothing."""
    if properties is None:
        return None
    said = [element.get(_VALUE, "1") not in _OFF for element in properties if element.tag in _VANISH]
    return any(said) if said else None


def _inherited(name: str, own: dict[str, bool | None], based: dict[str, str]) -> bool:
    # A circle of styles is no document's, but must not hang us.
    for _ in range(len(own)):
        found = own.get(name)
        if found is not None:
            return found
        name = based.get(name, "")
    return False


def _value(parent: Element | None, tag: str) -> str:
    found = parent.find(qualified(tag)) if parent is not None else None
    return found.get(_VALUE, "") if found is not None else ""


def _remove(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
