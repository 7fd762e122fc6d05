"""The styles of the starting point, and the numbering they use."""

from typing import Any

from layout import Layout
from markup import (
    ACCENT,
    BRAND,
    INK,
    MUTED,
    PAPER,
    RULE,
    SANS,
    SERIF,
    TINT,
    TONES,
    W,
    border,
    fill,
    paragraph,
    run,
    style,
    style_id,
)


def boxed(colour: str, padding: int) -> str:
    """The lower and right sides of a box, in the colour of its ground: they keep the text off its edges."""
    return border("bottom", colour, 4, padding) + border("right", colour, 4, padding)


def callout(tone: str, colour: str) -> str:
    sides = border("top", TINT, 4, 6) + border("left", colour, 20, 10) + boxed(TINT, 8)
    box: dict[str, Any] = {
        "keep_lines": True,
        "borders": sides,
        "shading": fill(TINT),
        "left": 260,
        "right": 180,
    }
    heading = paragraph(keep_next=True, before=260, after=50, line=12.5, **box) + run(
        family=SANS, bold=True, colour=colour, size=9
    )
    return style(f"Callout {tone} Heading", heading, follow=f"Callout {tone}") + style(
        f"Callout {tone}", paragraph(before=0, after=60, line=15, **box) + run(size=10), follow="Body Text"
    )


def _titles_in_a_band() -> list[str]:
    return [
        style(
            "Title",
            paragraph(shading=fill(BRAND), before=0, after=160, line=38, align="left")
            + run(family=SANS, bold=True, colour=PAPER, size=31),
            follow="Subtitle",
        ),
        style(
            "Subtitle",
            paragraph(shading=fill(BRAND), before=0, after=0, line=19, left=0, right=1100)
            + run(family=SANS, colour=PAPER, size=13),
            follow="Body Text",
            rank=11,
        ),
    ]


def _titles_on_paper() -> list[str]:
    return [
        style(
            "Title",
            paragraph(before=480, after=90, line=30, align="left") + run(bold=True, colour=BRAND, size=24),
            follow="Subtitle",
        ),
        style("Subtitle", paragraph(before=0, after=240, line=18) + run(size=13), follow="Body Text", rank=11),
    ]


def table_style(name: str, properties: str, conditions: str = "", based: str = "Normal Table") -> str:
    return style(
        name, f'<w:pPr><w:spacing w:after="0"/></w:pPr>{properties}{conditions}', kind="table", based=based, rank=99
    )


def cell_margins(top: int, side: int, bottom: int) -> str:
    return (
        f'<w:tblCellMar><w:top w:w="{top}" w:type="dxa"/><w:left w:w="{side}" w:type="dxa"/>'
        f'<w:bottom w:w="{bottom}" w:type="dxa"/><w:right w:w="{side}" w:type="dxa"/></w:tblCellMar>'
    )


def condition(kind: str, run_properties: str = "", cell: str = "") -> str:
    inner = run_properties + "<w:tblPr/>" + (f"<w:tcPr>{cell}</w:tcPr>" if cell else "")
    return f'<w:tblStylePr w:type="{kind}">{inner}</w:tblStylePr>'


def styles(layout: Layout) -> str:
    """Every style that the writer uses, and those a person expects to find in Word."""
    table_text: dict[str, Any] = {"before": 0, "after": 0, "line": 11.5}
    hanging: dict[str, Any] = {"left": 340, "hanging": 340}
    sides = border("top", TINT, 4, 7) + border("left", BRAND, 20, 10) + boxed(TINT, 9)
    box: dict[str, Any] = {
        "keep_lines": True,
        "borders": sides,
        "shading": fill(TINT),
        "left": 500,
        "right": 190,
        "hanging": 300,
    }
    heads: dict[str, Any] = {"follow": "Body Text", "rank": 9}
    made = [
        style("Normal", paragraph(before=0, after=120, line=15.5) + run(colour=INK, size=10.5), default=True, rank=0),
        style("Default Paragraph Font", kind="character", default=True, rank=1, quick=False),
        style("Normal Table", f"<w:tblPr><w:tblInd w:w=\"0\" w:type=\"dxa\"/>{cell_margins(0, 100, 0)}</w:tblPr>",
              kind="table", default=True, rank=99, quick=False),
        style("No List", kind="numbering", default=True, rank=99, quick=False),
        style("Body Text", paragraph(after=150, align="left"), rank=1),
        # In the band's own colour, so that the words can be read where no shapes are drawn.
        *(_titles_in_a_band() if layout.band_height else _titles_on_paper()),
        style("Cover Publisher", paragraph(before=0, after=0, line=15, at_least=True)
              + run(family=SANS, bold=True, colour=BRAND, size=11)),
        style("Cover Line", paragraph(before=0, after=60, line=16) + run(family=SANS, colour=MUTED, size=10.5)),
        style("Cover Audience", paragraph(before=layout.imprint_before, after=60, line=16) + run(family=SANS, bold=True, size=10.5)),
        style("Cover Marking", paragraph(before=layout.marking_before if layout.band_height else 0, after=0 if layout.band_height else 300, line=16)
              + run(family=SANS, bold=True, colour=ACCENT, size=10.5)),
        style("heading 1", paragraph(keep_next=True, keep_lines=True, new_page=layout.themes_start_pages, numbering=3,
              before=0 if layout.themes_start_pages else 480, after=180, line=26,
              left=0 if layout.hang else 480, hanging=layout.hang or 480, outline=0) + run(family=SANS, bold=True, colour=BRAND, size=20), **heads),
        style("heading 2", paragraph(keep_next=True, keep_lines=True, before=320, after=100, line=16.5, outline=1)
              + run(family=SANS, bold=True, colour=BRAND, size=11.5), **heads),
        style("heading 3", paragraph(keep_next=True, keep_lines=True, before=240, after=80, line=14.5, outline=2)
              + run(family=SANS, bold=True, colour=MUTED, size=10.5), **heads),
        style("Matter Heading", paragraph(numbering=0, left=0), based="heading 1", **heads),
        style("Introduction", paragraph(after=240, line=19) + run(size=12.5), follow="Body Text"),
        style("Lead", paragraph(keep_lines=not layout.themes_start_pages, after=260, line=17.5) + run(size=11.5), follow="Body Text"),
        style("Takeaway Heading", paragraph(keep_next=True, before=120, after=60, line=13, **box)
              + run(family=SANS, bold=True, colour=BRAND, size=9), follow="Takeaway"),
        style("Takeaway", paragraph(numbering=4, before=0, after=60, line=14, **box)
              + run(family=SANS, size=9.5)),
        style("List Bullet", paragraph(numbering=1, after=80, **hanging), based="Body Text"),
        style("List Number", paragraph(numbering=2, after=80, **hanging), based="Body Text"),
        style("caption", paragraph(keep_next=True, keep_lines=True, before=300, after=90, line=12.5) + run(family=SANS, bold=True, size=9),
              follow="Body Text", rank=35),
        style("Hero Caption", paragraph(borders=border("top", BRAND, 12, 5), before=300, after=120, line=15) + run(size=11),
              based="caption", follow="Body Text", rank=35),
        style("Picture", '<w:pPr><w:keepLines/><w:spacing w:before="0" w:after="60" w:line="240" w:lineRule="auto"/></w:pPr>'),
        style("Quote", paragraph(keep_next=True, keep_lines=True, borders=border("left", ACCENT, 16, 14), before=300, after=0, line=19,
              left=400, right=400) + run(colour=BRAND, size=13), follow="Quote Source", rank=29),
        style("Quote Source", paragraph(keep_lines=True, borders=border("left", ACCENT, 16, 14), before=0, after=300, line=16,
              left=400, right=400) + run(family=SANS, colour=MUTED, size=9), follow="Body Text", rank=29),
        *(callout(tone, colour) for tone, colour in TONES.items()),
        style("Table Text", paragraph(align="left", **table_text) + run(family=SANS, size=8.5)),
        style("Table Head", paragraph(keep_next=True) + run(bold=True, colour=BRAND), based="Table Text"),
        style("Table Figure", paragraph(align="right"), based="Table Text"),
        style("Table Figure Head", paragraph(align="right"), based="Table Head"),
        style("Table Centre", paragraph(align="center"), based="Table Text"),
        style("Table Centre Head", paragraph(align="center"), based="Table Head"),
        style("Table Kind", run(bold=False, colour=MUTED, size=8), based="Table Text"),
        style("Table Note", paragraph(before=80, after=300, line=11) + run(family=SANS, colour=MUTED, size=8)),
        style("Table Gap", paragraph(before=0, after=0, line=9) + run(size=2)),
        style("Data Title", paragraph(keep_next=True, before=60, after=50, line=11) + run(family=SANS, colour=MUTED, size=8)),
        style("Metric Value", paragraph(keep_next=True, before=0, after=20, line=21) + run(family=SANS, bold=True, colour=BRAND, size=16)),
        style("Metric Label", paragraph(before=0, after=0, line=11.5) + run(family=SANS, colour=MUTED, size=8.5)),
        style("Event Date", paragraph(before=0, after=0, line=13, align="right") + run(family=SANS, bold=True, colour=BRAND, size=8.5)),
        style("Event Text", paragraph(before=0, after=0, line=13) + run(family=SANS, size=9)),
        style("Source Entry", paragraph(keep_lines=True, before=80, after=60, line=14, left=400, hanging=400) + run(family=SANS, size=9)),
        style("Source Note", paragraph(keep_lines=True, borders=border("left", RULE, 12, 8), before=0, after=60, line=12, left=560)
              + run(family=SANS, colour=MUTED, size=8.5)),
        style("TOC Heading", paragraph(keep_next=True, before=360, after=160, line=22) + run(family=SANS, bold=True, colour=BRAND, size=16),
              follow="Body Text", rank=39),
        style("toc 1", paragraph(keep_lines=True, borders=border("top", RULE, 4, 5) + border("between", RULE, 4, 5),
              tabs='<w:tab w:val="left" w:pos="737"/>', before=0, after=0, line=15, left=737, hanging=737)
              + run(family=SANS, size=10.25), rank=39),
        style("footnote text", paragraph(before=0, after=30, line=10.5) + run(family=SANS, colour=MUTED, size=8), rank=99),
        style("toc 2", paragraph(before=0, after=20, line=13, left=480) + run(family=SANS, colour=MUTED, size=9), rank=39),
        style("header", paragraph(borders=border("bottom", RULE, 4, 5), tabs=f'<w:tab w:val="right" w:pos="{layout.text_width}"/>',
              before=0, after=0, line=11) + run(family=SANS, colour=MUTED, size=8), rank=99),
        style("footer", paragraph(tabs=f'<w:tab w:val="right" w:pos="{layout.text_width}"/>',
              before=0, after=0, line=11) + run(family=SANS, colour=MUTED, size=8), rank=99),
    ]  # fmt: skip
    characters = {
        "Strong": (run(bold=True), 22),
        "Emphasis": (run(italic=True), 20),
        "Code": (run(face="Consolas", size=9), 23),
        "Citation Mark": (run(family=SANS, bold=False, colour=BRAND, superscript=True), 24),
        "Hyperlink": (run(colour=BRAND), 99),
        "FollowedHyperlink": (run(colour=BRAND), 99),
        "Caption Label": (run(colour=ACCENT), 36),
        "Callout Title": (run(colour=INK), 30),
        "Ordinal": (run(bold=True, colour=ACCENT), 42),
        "Source Title": (run(bold=True), 40),
        "Marking": (run(bold=True, colour=ACCENT), 41),
    }
    made += [style(name, made_of, kind="character", rank=rank) for name, (made_of, rank) in characters.items()]
    thick, thin = border("bottom", BRAND, 6), border("insideH", RULE, 4)
    head = border("bottom", BRAND, 4)
    made += [
        table_style(
            "Brief Table",
            f"<w:tblPr><w:tblBorders>{border('top', BRAND, 12)}{thick}{thin}</w:tblBorders>{cell_margins(50, 90, 50)}</w:tblPr>",
            condition("firstRow", cell=f"<w:tcBorders>{head}</w:tcBorders><w:vAlign w:val=\"bottom\"/>")
            + condition("firstCol", run(bold=True)),
        ),
        table_style("Cover Table", f"<w:tblPr>{cell_margins(0, 0, 900)}</w:tblPr>"),
        table_style(
            "Data Table",
            f"<w:tblPr><w:tblBorders>{border('top', RULE, 4)}{border('bottom', RULE, 4)}{thin}</w:tblBorders>"
            f"{cell_margins(30, 90, 30)}</w:tblPr>",
        ),
        table_style(
            "Metrics Table",
            f"<w:tblPr><w:tblBorders>{border('top', BRAND, 12)}{thin}</w:tblBorders>{cell_margins(110, 100, 140)}</w:tblPr>",
        ),
        table_style(
            "Timeline Table",
            f"<w:tblPr>{cell_margins(50, 160, 70)}</w:tblPr>",
            condition("firstCol", cell=f"<w:tcBorders>{border('right', BRAND, 12)}</w:tcBorders>"),
        ),
    ]  # fmt: skip
    defaults = (
        f'<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts {SERIF}/><w:sz w:val="21"/><w:szCs w:val="21"/>'
        '<w:lang w:val="en-GB" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>'
        '<w:widowControl/><w:kinsoku/><w:wordWrap/><w:overflowPunct/><w:topLinePunct w:val="0"/><w:autoSpaceDE/>'
        '<w:autoSpaceDN/><w:snapToGrid w:val="0"/></w:pPr></w:pPrDefault></w:docDefaults>'
    )
    latent = (
        '<w:latentStyles w:defLockedState="0" w:defUIPriority="99" w:defSemiHidden="1" w:defUnhideWhenUsed="1" '
        'w:defQFormat="0" w:count="376"/>'
    )
    return f"<w:styles {W}>{defaults}{latent}{''.join(made)}</w:styles>"


def numbering(layout: Layout) -> str:
    """Bullets, figures, section numbers, and the bullets of takeaways; instance ids are those the styles name."""

    def abstract(number: int, shape: str, text: str, owner: str, left: int, hanging: int, properties: str = "") -> str:
        return (
            f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0">'
            f'<w:start w:val="1"/><w:numFmt w:val="{shape}"/><w:pStyle w:val="{style_id(owner)}"/><w:suff w:val="tab"/>'
            f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
            f'<w:pPr><w:ind w:left="{left}" w:hanging="{hanging}"/></w:pPr>{properties}</w:lvl></w:abstractNum>'
        )

    lists = (
        abstract(0, "bullet", "•", "List Bullet", 340, 340, run(colour=ACCENT)),
        abstract(1, "decimal", "%1.", "List Number", 340, 340, run(colour=ACCENT)),
        abstract(2, "decimal", "%1", "heading 1", 0 if layout.hang else 480, layout.hang or 480, run(colour=ACCENT)),
        abstract(3, "bullet", "•", "Takeaway", 560, 340, run(colour=ACCENT)),
    )
    instances = "".join(
        f'<w:num w:numId="{at + 1}"><w:abstractNumId w:val="{at}"/></w:num>' for at in range(len(lists))
    )
    return f"<w:numbering {W}>{''.join(lists)}{instances}</w:numbering>"
