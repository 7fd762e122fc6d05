"""Compounds wider than their line or column: hyphenated, within the page, and not over their neighbours."""

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree
from page_geometry import boxes, require_clear
from readback import docx_parts, libreoffice_pdf
from variant_samples import sample, text

from brief.model.align import Align
from brief.model.source_location import Ref
from brief.model.variant import Column, Paragraph, Table
from brief.templating.template_set import find_template_set
from brief.writers import docx
from brief.writers.pdf import write

TITLE = "Wärmenetzausbaubeschleunigungsgesetzentwurf"
HEADING = "Grundstücksverkehrsgenehmigungszuständigkeitsübertragungsverordnungsentwurf"
AUTHORITY = "Bundesfernwärmeaufsichtsbehörde"
HEADS = (
    "Haushalte", "Trassenlänge", "Vorlauftemperatur", "Rücklauftemperatur", "Primärenergiefaktor", "Anteil", "Tarifklasse",
    "Netzbetreiber", "Inbetriebnahme", "Eigentümer", "Bemerkung",
)  # fmt: skip


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
@pytest.mark.parametrize("look", ["base", "board"])
def test_a_compound_is_hyphenated_in_titles_texts_and_heads(look: str, engine: str) -> None:
    found = find_template_set(look)
    template_set = replace(found, look=replace(found.look, pdf_engine=Ref(engine)))
    columns = (Column(title=text("Stadt"), align=Align.START), *(Column(title=text(h), align=Align.END) for h in HEADS))
    rows = ((text("Neustadt"), *(text("1.234") for _ in HEADS)),) * 3
    table = Table(id="wide", label="Tabelle 1", title=text("Werke"), columns=columns, rows=rows, note=None)
    long = Paragraph(id="long", heading=text(HEADING), text=text(f"Gemeldet an die {AUTHORITY} und andere. " * 12))
    variant = replace(sample("en", blocks=(long, table), marking=None), locale="de", title=TITLE, terms=())
    data = write(variant, template_set).data
    require_clear(data)
    (width, _), cover = boxes(data)[0]
    assert max(right for _, _, _, right, _ in cover) < width - 30
    shown = subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True).stdout.decode()
    joined = re.sub("[-\u00ad]\n+", "", shown)
    for word in (TITLE, HEADING, *HEADS):
        assert word in joined
    assert joined.count(AUTHORITY) == 12


@pytest.mark.parametrize(
    ("locale", "tag", "is_hyphenated"), [("de", "de-DE", True), ("fr", "fr-FR", True), ("en", "en-GB", False)]
)
def test_word_may_hyphenate_compounds_in_the_language_of_the_document(
    locale: str, tag: str, is_hyphenated: bool
) -> None:
    long = Paragraph(id="long", text=text(f"Gemeldet an die {AUTHORITY}."))
    parts = docx_parts(docx.write(replace(sample("en", blocks=(long,)), locale=locale), find_template_set("base")).data)
    order = [etree.QName(element).localname for element in etree.fromstring(parts["word/settings.xml"])]
    assert ("autoHyphenation" in order) == is_hyphenated
    if is_hyphenated:
        assert order.index("autoHyphenation") < order.index("doNotHyphenateCaps")
        assert order.index("doNotHyphenateCaps") < order.index("characterSpacingControl")
    assert f'w:val="{tag}"' in parts["word/styles.xml"].decode()


@pytest.mark.slow
def test_a_compound_wider_than_its_line_is_hyphenated_in_word(tmp_path: Path) -> None:
    """In a heading, a head of a column and a cell; LibreOffice has no dictionary of its own here."""
    columns = (
        Column(title=text("Bemerkungsspaltenüberschriftenverzeichnis"), align=Align.START),
        *(Column(title=text("Zahl"), align=Align.END) for _ in range(9)),
    )
    rows = ((text(f"An {AUTHORITY}{AUTHORITY.lower()}"), *(text("1.234.567") for _ in range(9))),) * 3
    table = Table(id="t", label="Tabelle 1", title=text("Werke"), columns=columns, rows=rows, note=None)
    long = Paragraph(id="long", heading=text(HEADING), text=text("Kurz."))
    variant = replace(sample("en", blocks=(long, table), marking=None), locale="de", terms=())
    made = docx.write(variant, find_template_set("base")).data
    document = docx_parts(made)["word/document.xml"].decode()
    assert "\u00ad" not in document
    shown = libreoffice_pdf(made, tmp_path)
    require_clear(shown)
    lines = [word for _, page in boxes(shown) for word, *_ in page]
    start = next(at for at, word in enumerate(lines) if word.startswith("Grundstücksverkehrs"))
    assert lines[start].endswith("-")
    assert "".join(lines[start : start + 2]).replace("-", "") == HEADING
    broken = [word for word in lines if word.startswith(("Bundesfern", "Bemerkungs"))]
    assert broken
    assert all(word.endswith("-") for word in broken if len(word) < 30)


@pytest.mark.parametrize(
    ("locale", "word"), [("de", "ByteDanceMagicAnimateSeedance"), ("ja", HEADING), ("de", "Stadtrat")]
)
def test_names_short_words_and_languages_without_a_dictionary_are_not_hyphenated(locale: str, word: str) -> None:
    long = Paragraph(id="long", heading=text(word), text=text("Kurz."))
    parts = docx_parts(docx.write(replace(sample("en", blocks=(long,)), locale=locale), find_template_set("base")).data)
    assert word.encode() in parts["word/document.xml"]
    assert b"softHyphen" not in parts["word/document.xml"]
