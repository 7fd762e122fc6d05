"""Which text of a Word document is hidden (ECMA-376 part 1, 17.3.2.41): by itself, by a style, or by default."""

import pytest
from lxml import etree

from brief.writers.docx.hidden import drop_hidden, hiding

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
VANISH, SHOWN = "<w:rPr><w:vanish/></w:rPr>", '<w:rPr><w:vanish w:val="0"/></w:rPr>'
DEFAULTS = f"<w:docDefaults><w:rPrDefault>{VANISH}</w:rPrDefault></w:docDefaults>"


def style(kind: str, content: str, name: str = "Own", attributes: str = "") -> str:
    return f'<w:style w:type="{kind}" w:styleId="{name}" {attributes}>{content}</w:style>'


def run(properties: str = "") -> str:
    return f"<w:r>{properties}<w:t>seen</w:t></w:r>"


def paragraph(content: str, named: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{named}"/></w:pPr>' if named else ""
    return f"<w:p>{properties}{content}</w:p>"


def table(content: str, named: str = "") -> str:
    properties = f'<w:tblPr><w:tblStyle w:val="{named}"/></w:tblPr>' if named else "<w:tblPr/>"
    return f"<w:tbl>{properties}<w:tr><w:tc>{content}</w:tc></w:tr></w:tbl>"


def character(named: str) -> str:
    return f'<w:rPr><w:rStyle w:val="{named}"/></w:rPr>'


HIDING_PARAGRAPHS = style("paragraph", VANISH)
HIDING_TABLES = style("table", VANISH)
HIDING_FIRST_ROWS = style("table", f'<w:tblStylePr w:type="firstRow">{VANISH}</w:tblStylePr>')
SHOWING_CHARACTERS = style("character", SHOWN, "Showing")
DEFAULT = 'w:default="1"'

HIDDEN = {
    "by a paragraph style": (HIDING_PARAGRAPHS, paragraph(run(), "Own")),
    "by the style of unnamed paragraphs": (style("paragraph", VANISH, attributes=DEFAULT), paragraph(run())),
    "by the style that stands for one there is not": (
        style("paragraph", VANISH, attributes=DEFAULT),
        paragraph(run(), "Elsewhere"),
    ),
    "by what a style is based on": (
        HIDING_PARAGRAPHS + style("paragraph", '<w:basedOn w:val="Own"/>', "Below"),
        paragraph(run(), "Below"),
    ),
    "by a table style": (HIDING_TABLES, table(paragraph(run()), "Own")),
    "by the style of the table around": (HIDING_TABLES, table(table(paragraph(run())), "Own")),
    "by the style of unnamed tables": (style("table", VANISH, attributes=DEFAULT), table(paragraph(run()))),
    "in the first row of a table": (HIDING_FIRST_ROWS, table(paragraph(run()), "Own")),
    "by default": (DEFAULTS, paragraph(run())),
    "by a paragraph style, whatever a character style says": (
        HIDING_PARAGRAPHS + SHOWING_CHARACTERS,
        paragraph(run(character("Showing")), "Own"),
    ),
}
SEEN = {
    "where no style hides it": ("", paragraph(run())),
    "beside a table that hides": (HIDING_TABLES, table(paragraph(""), "Own") + paragraph(run())),
    "though it is hidden by default": (DEFAULTS, paragraph(run(SHOWN))),
    "in a hidden paragraph": (HIDING_PARAGRAPHS, paragraph(run(SHOWN), "Own")),
    "in a hidden table": (HIDING_TABLES, table(paragraph(run(SHOWN)), "Own")),
    "in a style that shows what it is based on hides": (
        HIDING_PARAGRAPHS + style("paragraph", f'<w:basedOn w:val="Own"/>{SHOWN}', "Below"),
        paragraph(run(), "Below"),
    ),
}


def texts(styles: str, body: str) -> list[str | None]:
    root = etree.fromstring(f'<w:body xmlns:w="{W}">{body}</w:body>')
    drop_hidden(root, hiding(etree.fromstring(f'<w:styles xmlns:w="{W}">{styles}</w:styles>')))
    return [text.text for text in root.iter(f"{{{W}}}t")]


@pytest.mark.parametrize(("styles", "body"), HIDDEN.values(), ids=HIDDEN.keys())
def test_it_is_hidden(styles: str, body: str) -> None:
    assert texts(styles, body) == []


@pytest.mark.parametrize(("styles", "body"), SEEN.values(), ids=SEEN.keys())
def test_it_is_seen(styles: str, body: str) -> None:
    assert texts(styles, body) == ["seen"]
