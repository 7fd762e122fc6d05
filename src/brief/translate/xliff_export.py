"""Writes texts as XLIFF 2.1 (OASIS Standard, 13 February 2018) for translators.

Each text is a unit of one segment. Its placeholders are `<ph>`, whose originals are in `<originalData>`; forms of the
glossary are in the unit's glossary (module `gls`, 5.4), and the context of the text is in `<notes>`.
"""

from collections.abc import Iterable, Mapping
from xml.etree import ElementTree as ET

from brief.model.brief import Brief
from brief.model.translation import FUZZY_STATES, Translation, TranslationState
from brief.translate.context import Contexts, TextContext
from brief.translate.placeholders import split_placeholders
from brief.translate.state import get_stripped_text

CORE = "urn:oasis:names:tc:xliff:document:2.0"
GLOSSARY = "urn:oasis:names:tc:xliff:glossary:2.0"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
# The prefix of our `subState` values, which mark segments to review; an editor drops them if the state changes (4.7.2).
_SUB_STATE_PREFIX = "brief"
_TEXT_ELEMENTS = frozenset(f"{{{CORE}}}{name}" for name in ("source", "target", "note", "data"))


def export_xliff(
    brief: Brief, contexts: Contexts, translations: Iterable[Translation], previous: Mapping[str, str]
) -> bytes:
    """Makes an XLIFF file in UTF-8 with the translations into the locale of `contexts`, in the order given.

    `previous` maps ids to the source texts from which translations were made, as far as these are known. The same brief
    gives the same bytes.
    """
    source_locale = str(brief.settings.source_locale)
    ET.register_namespace("", CORE)
    ET.register_namespace("gls", GLOSSARY)
    root = ET.Element(
        f"{{{CORE}}}xliff",
        {"version": "2.1", "srcLang": source_locale, "trgLang": contexts.locale, XML_SPACE: "preserve"},
    )
    file = ET.SubElement(root, f"{{{CORE}}}file", {"id": str(brief.settings.id), "original": str(brief.settings.id)})
    for translation in translations:
        _add_unit(
            file, translation, contexts.make_context(translation), source_locale, previous.get(translation.text.id)
        )
    _indent(root)
    data: bytes = ET.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + data + b"\n"


def make_unit_id(text_id: str) -> str:
    """Makes the id of a text's unit, which is an NMTOKEN: it may not contain a slash, and ids of texts have no full stop."""
    return text_id.replace("/", ".")


def _add_unit(
    file: ET.Element, translation: Translation, context: TextContext, source_locale: str, previous: str | None
) -> None:
    text = translation.text
    unit = ET.SubElement(file, f"{{{CORE}}}unit", {"id": make_unit_id(text.id), "name": text.id})
    if context.terms:
        glossary = ET.SubElement(unit, f"{{{GLOSSARY}}}glossary")
        for term in context.terms:
            entry = ET.SubElement(glossary, f"{{{GLOSSARY}}}glossEntry")
            ET.SubElement(entry, f"{{{GLOSSARY}}}term").text = term.source
            for form in term.allowed:
                ET.SubElement(entry, f"{{{GLOSSARY}}}translation").text = form
            if term.says:
                ET.SubElement(entry, f"{{{GLOSSARY}}}definition").text = term.says
    notes = ET.SubElement(unit, f"{{{CORE}}}notes")
    _add_note(notes, "context", context.description)
    _add_note(notes, "location", str(translation.location))
    for placeholder, printed in context.figures.items():
        _add_note(notes, "figure", f"{placeholder} prints: {printed}")
    for term in context.terms:
        if term.avoided:
            _add_note(notes, "never", f"{term.source}: never {', '.join(term.avoided)}")
    if previous is not None:
        _add_note(notes, "previous-source", previous)
    source, target = get_stripped_text(text, source_locale), get_stripped_text(text, translation.locale)
    originals: dict[str, str] = {}
    for side in (source, target):
        for piece, is_placeholder in split_placeholders(side):
            if is_placeholder:
                originals.setdefault(piece, f"d{len(originals) + 1}")
    if originals:
        data = ET.SubElement(unit, f"{{{CORE}}}originalData")
        for original, name in originals.items():
            ET.SubElement(data, f"{{{CORE}}}data", {"id": name}).text = original
    segment = ET.SubElement(unit, f"{{{CORE}}}segment", {"id": "s1", **_describe_state(translation.state)})
    _add_pieces(ET.SubElement(segment, f"{{{CORE}}}source", {XML_SPACE: "preserve"}), source, originals, context)
    if target:
        _add_pieces(ET.SubElement(segment, f"{{{CORE}}}target", {XML_SPACE: "preserve"}), target, originals, context)


def _add_note(notes: ET.Element, category: str, text: str) -> None:
    ET.SubElement(notes, f"{{{CORE}}}note", {"category": category}).text = text


def _describe_state(state: TranslationState) -> dict[str, str]:
    if state in FUZZY_STATES:
        return {"state": "initial", "subState": f"{_SUB_STATE_PREFIX}:{state}"}
    if state is TranslationState.MISSING:
        # Many editors fill in a target and leave the state, which would then say that the target is not finished.
        return {}
    return {"state": "final" if state is TranslationState.CURRENT else "translated"}


def _add_pieces(parent: ET.Element, text: str, originals: Mapping[str, str], context: TextContext) -> None:
    """Appends the words and placeholders of a text. The n-th use of a placeholder has the same id in source and target."""
    last: ET.Element | None = None
    uses: dict[str, int] = {}
    for piece, is_placeholder in split_placeholders(text):
        if is_placeholder:
            uses[piece] = uses.get(piece, 0) + 1
            # `1` and `1-2` are the first and the second use of the original `d1`.
            number = originals[piece][1:] + (f"-{uses[piece]}" if uses[piece] > 1 else "")
            equivalent = {"equiv": context.figures[piece]} if piece in context.figures else {}
            last = ET.SubElement(
                parent, f"{{{CORE}}}ph", {"id": number, "dataRef": originals[piece], "disp": piece, **equivalent}
            )
        elif last is None:
            parent.text = (parent.text or "") + piece
        else:
            last.tail = (last.tail or "") + piece


def _indent(element: ET.Element, depth: int = 0) -> None:
    """Puts every element on a line of its own, except inside text elements, where white space is significant."""
    if element.tag in _TEXT_ELEMENTS or not len(element):
        return
    element.text = "\n" + "  " * (depth + 1)
    for child in element:
        _indent(child, depth + 1)
        child.tail = "\n" + "  " * (depth + 1)
    element[-1].tail = "\n" + "  " * depth
