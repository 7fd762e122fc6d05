"""Writes the glossary as TBX (ISO 30042:2008, TBX-Basic), which translation tools read as their termbase."""

from xml.etree import ElementTree as ET

from brief.model.brief import Brief, Term
from brief.resolve import terms

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_DOCTYPE = b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE martif SYSTEM "TBXBasiccoreStructV02.dtd">\n'


def export_tbx(brief: Brief, locales: tuple[str, ...]) -> bytes:
    """Makes a TBX file in UTF-8: one entry per term, with its forms in the locales, which are the preferred one, the
    admitted and the deprecated ones.
    """
    root = ET.Element("martif", {"type": "TBX-Basic", _LANG: str(brief.settings.source_locale)})
    header = ET.SubElement(root, "martifHeader")
    description = ET.SubElement(ET.SubElement(header, "fileDesc"), "sourceDesc")
    ET.SubElement(description, "p").text = f"{brief.settings.id}, {brief.settings.date.isoformat()}"
    encoding = ET.SubElement(header, "encodingDesc")
    ET.SubElement(encoding, "p", {"type": "XCSURI"}).text = "TBXBasicXCSV02.xcs"
    body = ET.SubElement(ET.SubElement(root, "text"), "body")
    for term in brief.glossary.terms:
        _add_term(body, term, locales)
    ET.indent(root, "  ")
    data: bytes = ET.tostring(root, encoding="utf-8")
    return _DOCTYPE + data + b"\n"


def _add_term(body: ET.Element, term: Term, locales: tuple[str, ...]) -> None:
    entry = ET.SubElement(body, "termEntry", {"id": f"term-{term.id}"})
    ET.SubElement(entry, "descrip", {"type": "subjectField"}).text = term.kind.value
    for locale in locales:
        forms = [(form, "admittedTerm-admn-sts") for form in dict.fromkeys(terms.list_term_forms(term, locale))]
        if not forms:
            continue
        forms[0] = forms[0][0], "preferredTerm-admn-sts"
        forms += [(form, "deprecatedTerm-admn-sts") for form in dict.fromkeys(terms.list_avoided_forms(term, locale))]
        lang_set = ET.SubElement(entry, "langSet", {_LANG: locale})
        says = term.says.find_phrase(locale)
        if says is not None and says.source.strip():
            group = ET.SubElement(lang_set, "descripGrp")
            ET.SubElement(group, "descrip", {"type": "definition"}).text = terms.extract_typed_text(says.runs).strip()
        for form, status in forms:
            tig = ET.SubElement(lang_set, "tig")
            ET.SubElement(tig, "term").text = form
            ET.SubElement(tig, "termNote", {"type": "administrativeStatus"}).text = status
