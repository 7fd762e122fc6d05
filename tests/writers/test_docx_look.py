"""The look of a Word document is in its styles: who changes a style there changes every place that has it."""

from collections.abc import Iterator

import pytest
from lxml import etree
from readback import docx_parts
from variant_samples import every_block, sample, text

from brief.model.inline import Citation, Code, Emphasis, Link, Run, Runs, Strong, Text
from brief.model.variant import Paragraph, Variant
from brief.templating.template_set import find_template_set, list_template_sets
from brief.writers.docx import write
from brief.writers.docx.body.typesetting import apply_typesetting
from brief.writers.docx.reference.languages import Language
from brief.writers.ooxml.elements import word

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# What is said beside a paragraph's style: where it may be parted from its neighbours, which list counts it, and the
# end of a section, which ECMA-376 has in the properties of its last paragraph (part 1, 17.6.18).
# In the contents, the margin is where the page numbers end; what follows them begins a page.
PARAGRAPH = {"pStyle", "keepNext", "numPr", "sectPr", "tabs", "pageBreakBefore"}
# And beside a run's: its language, and from which face the marks come that two scripts share.
RUN = {"rStyle", "lang", "rFonts"}
# Widths, and how the table's style is applied.
TABLE = {"tblStyle", "tblW", "tblInd", "tblLayout", "tblLook", "tblCaption", "tblDescription"}
ROW = {"cantSplit", "tblHeader", "trHeight"}
CELL = {"tcW", "vAlign"}
ALLOWED = {"pPr": PARAGRAPH, "rPr": RUN, "tblPr": TABLE, "trPr": ROW, "tcPr": CELL}


def variant(locale: str) -> Variant:
    stressed: Runs = (
        Strong[Run](
            (Text("strong"), Emphasis((Text("both"),)), Code("fp8"), Link("https://example.org/", (Text("link"),)))
        ),
        Emphasis[Run]((Link("https://example.org/", (Text("link"),)), Code("int8"))),
        Citation((1,), (1,)),
    )
    return sample(locale, blocks=(*every_block(locale), Paragraph(id="stressed", heading=text("Look"), text=stressed)))


def read_parts(name: str, locale: str) -> dict[str, etree._Element]:
    parts = docx_parts(write(variant(locale), find_template_set(name)).data)
    said = ("document", "header", "footer", "footnotes")
    return {
        part: etree.fromstring(data)
        for part, data in parts.items()
        if part.endswith(".xml") and part.startswith(tuple(f"word/{name}" for name in said))
    }


def direct(root: etree._Element) -> Iterator[str]:
    """Each property in the text that its style should carry."""
    for kind, allowed in ALLOWED.items():
        for properties in root.iter(f"{W}{kind}"):
            for found in properties:
                name = etree.QName(found).localname
                if name not in allowed:
                    yield f"{kind}/{name}"
                if name == "rFonts" and set(found.attrib) != {f"{W}hint"}:
                    yield f"{kind}/{name} names a face"


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
@pytest.mark.parametrize("name", list_template_sets())
def test_nothing_is_formatted_by_hand(name: str, locale: str) -> None:
    for part, root in read_parts(name, locale).items():
        assert list(direct(root)) == [], part


@pytest.mark.parametrize("locale", ["en", "zh-Hant"])
def test_what_is_stressed_inside_another_style_has_one_that_builds_on_it(locale: str) -> None:
    parts = docx_parts(write(variant(locale), find_template_set("base")).data)
    styles = {style.get(f"{W}styleId"): style for style in etree.fromstring(parts["word/styles.xml"]).iter(f"{W}style")}
    document = etree.fromstring(parts["word/document.xml"])
    used = {
        "".join(words.text or "" for words in run.iter(f"{W}t")): run.find(f"{W}rPr/{W}rStyle")
        for run in document.iter(f"{W}r")
    }
    for words, base, tag in (("both", "Strong", "em" if locale != "en" else "i"), ("fp8", "Code", "b")):
        style = used[words]
        assert style is not None
        made = styles[style.get(f"{W}val")]
        based = made.find(f"{W}basedOn")
        assert based is not None
        assert based.get(f"{W}val") == base
        assert made.find(f"{W}rPr/{W}{tag}") is not None


def test_run_properties_precede_those_of_the_table_in_a_style() -> None:
    name, row = word("name", val="Table Figure"), word("trPr")
    styles = word("styles", word("style", name, row))
    (style,) = apply_typesetting(styles, Language.from_locale("en"))
    assert [etree.QName(child).localname for child in style] == ["name", "rPr", "trPr"]


@pytest.mark.parametrize(
    ("locale", "tag"),
    [
        ("de", "de-DE"), ("en", "en-GB"), ("es", "es-ES"), ("fr", "fr-FR"), ("it", "it-IT"), ("nl", "nl-NL"), ("sv", "sv-SE"),
        ("pl", "pl-PL"), ("pt", "pt-BR"), ("pt-PT", "pt-PT"), ("en-US", "en-US"), ("es-MX", "es-MX"), ("vi", "vi-VN"),
        ("sr-Latn", "sr-Latn-RS"), ("tlh", "tlh"),
    ],
)  # fmt: skip
def test_word_is_told_a_region_because_it_has_dictionaries_for_regions_only(locale: str, tag: str) -> None:
    assert Language.from_locale(locale).document_tag == tag
