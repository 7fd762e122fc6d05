"""Which text of a Word document is hidden (ECMA-376 part 1, 17.3.2.41): by itself, by a style, or by default."""

import pytest
from lxml import etree

from brief.writers.docx.reference.hidden import find_hidden_styles, remove_hidden

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
)
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


def read_remaining(styles: str, body: str) -> etree._Element:
    root = etree.fromstring(f"<w:body {NAMESPACES}>{body}</w:body>")
    remove_hidden(root, find_hidden_styles(etree.fromstring(f'<w:styles xmlns:w="{W}">{styles}</w:styles>')))
    return root


def texts(styles: str, body: str) -> list[str | None]:
    return [text.text for text in read_remaining(styles, body).iter(f"{{{W}}}t")]


@pytest.mark.parametrize(("styles", "body"), HIDDEN.values(), ids=HIDDEN.keys())
def test_it_is_hidden(styles: str, body: str) -> None:
    assert texts(styles, body) == []


@pytest.mark.parametrize(("styles", "body"), SEEN.values(), ids=SEEN.keys())
def test_it_is_seen(styles: str, body: str) -> None:
    assert texts(styles, body) == ["seen"]


SWITCHED_OFF = '<w:drawing><wp:inline><wp:docPr id="2" name="inner" hidden="1"/></wp:inline></w:drawing>'
MADE_INVISIBLE = '<w:pict><v:shape style="visibility: hidden"/></w:pict>'


def box(content: str, hidden: str = "0") -> str:
    """A text box, as Word draws it and for programs that know no drawings (ECMA-376 part 3, 7.5)."""
    text = f"<w:txbxContent>{content}</w:txbxContent>"
    properties = f'<wp:docPr id="1" name="box" hidden="{hidden}"/>'
    visibility = "hidden" if hidden == "1" else "visible"
    return (
        f"<w:drawing><wp:anchor>{properties}{text}</wp:anchor></w:drawing>"
        f'<w:pict><v:shape style="visibility:{visibility}"><v:textbox>{text}</v:textbox></v:shape></w:pict>'
    )


@pytest.mark.parametrize("inner", [SWITCHED_OFF, MADE_INVISIBLE])
def test_a_box_is_seen_that_holds_a_hidden_picture(inner: str) -> None:
    held = paragraph(run() + f"<w:r>{inner}</w:r>")
    body = paragraph(f"<w:r>{box(held)}</w:r>")
    assert texts("", body) == ["seen", "seen"]
    assert len(list(read_remaining("", body).iter(f"{{{W}}}drawing", f"{{{W}}}pict"))) == 2


def test_a_hidden_box_hides_what_it_holds() -> None:
    held = paragraph(run() + f"<w:r>{box(paragraph(run()))}</w:r>")
    assert texts("", paragraph(f"<w:r>{box(held, '1')}</w:r>")) == []
