"""Cover, header, footer, settings and theme of the starting point."""

from layout import Layout
from markup import ACCENT, BRAND, EMU, INK, MUTED, PAPER, PLAIN, RULE, SHAPE, SHAPES, TINT, A, R, W, para, text

TAB = "<w:r><w:tab/></w:r>"


def document(layout: Layout) -> str:
    """A cover whose band bleeds off the page, or a title, then contents and body in a section with header and footer."""
    sides = f'w:right="{layout.right}" w:left="{layout.left}" w:header="737" w:footer="680" w:gutter="0"'
    margins = f'w:bottom="{layout.bottom}" {sides}'
    landscape = ' w:orient="landscape"' if layout.page_width > layout.page_height else ""
    size = f'<w:pgSz w:w="{layout.page_width}" w:h="{layout.page_height}"{landscape}/>'
    fields = {name: para("Body Text", text(f"{{{{ {name} }}}}")) for name in ("introduction", "contents", "body")}
    columns = f'<w:cols w:num="{layout.columns}" w:space="397"/>' if layout.columns > 1 else ""
    related = '<w:headerReference w:type="default" r:id="rId1"/><w:footerReference w:type="default" r:id="rId2"/>'
    if not layout.band_height:
        margin = f'<w:pgMar w:top="{layout.top}" {margins}/>'
        front = (
            para("Cover Publisher", text("{{ logo }}"))
            + para("Title", text("{{ title }}"))
            + para("Subtitle", text("{{ subtitle }}"))
            + para("Cover Line", text("{{ audience }} · {{ date }}"))
            + para("Cover Line", text("{{ cut_off }}"))
            + para("Cover Marking", text("{{ marking }}"))
            + fields["introduction"]
            + fields["contents"]
        )
        # The first page has its title, and no header above it.
        break_ = f'<w:p><w:pPr><w:pStyle w:val="TableGap"/><w:sectPr>{related}{size}{margin}<w:titlePg/></w:sectPr></w:pPr></w:p>'
        last = f'<w:sectPr><w:type w:val="continuous"/>{size}{margin}{columns}</w:sectPr>'
        return f"<w:document {W} {R}><w:body>{front}{break_}{fields['body']}{last}</w:body></w:document>"
    band = layout.band_top + layout.band_height
    rows = _row(layout, layout.band_top - layout.cover_top, para("Cover Publisher", text("{{ logo }}"))) + _row(
        layout,
        band - layout.band_top,
        para("Title", text("{{ title }}")) + para("Subtitle", text("{{ subtitle }}")),
        foot=True,
    )
    ground = (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="CoverTable"/><w:tblW w:w="{layout.text_width}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid><w:gridCol w:w="{layout.text_width}"/></w:tblGrid>{rows}</w:tbl>'
    )
    imprint = (
        para("Cover Audience", text("{{ audience }}"))
        + para("Cover Line", text("{{ date }}"))
        + para("Cover Line", text("{{ cut_off }}"))
        + para("Cover Marking", text("{{ marking }}"))
    )
    break_ = (
        f'<w:p><w:pPr><w:pStyle w:val="TableGap"/><w:sectPr><w:headerReference w:type="default" r:id="rId8"/>'
        f'<w:type w:val="nextPage"/>{size}<w:pgMar w:top="{layout.cover_top}" w:bottom="567" {sides.replace("737", "284")}/></w:sectPr></w:pPr></w:p>'
    )
    last = f'<w:sectPr>{related}<w:type w:val="nextPage"/>{size}<w:pgMar w:top="{layout.top}" {margins}/>{columns}</w:sectPr>'
    return (
        f"<w:document {W} {R}><w:body>{ground}{imprint}{break_}{''.join(fields.values())}{last}</w:body></w:document>"
    )


def _row(layout: Layout, height: int, paragraphs: str, *, foot: bool = False) -> str:
    aligned = '<w:vAlign w:val="bottom"/>' if foot else ""
    return (
        f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{height}" w:hRule="exact"/></w:trPr>'
        f'<w:tc><w:tcPr><w:tcW w:w="{layout.text_width}" w:type="dxa"/>{aligned}</w:tcPr>{paragraphs}</w:tc></w:tr>'
    )


def cover_header(layout: Layout) -> str:
    """The band of the cover and a tab in the accent's colour on its edge, as Word writes rectangles that are anchored
    to the page and are behind the text.
    """
    shapes = _shape(1, "Band", "accent1", layout.band_top, layout.page_width, layout.band_height) + _shape(
        2, "Tab", "accent2", layout.band_top + layout.band_height - 85, layout.left, 170
    )
    return f"<w:hdr {W} {SHAPES}>{para('Cover Line', shapes)}</w:hdr>"


def _shape(number: int, name: str, colour: str, top: int, width: int, height: int) -> str:
    """A rectangle from the left edge of the page."""
    extent = f'cx="{width * EMU}" cy="{height * EMU}"'
    shape = (
        f'<wps:wsp><wps:cNvSpPr/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {extent}/></a:xfrm>'
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:schemeClr val="{colour}"/></a:solidFill>'
        "<a:ln><a:noFill/></a:ln></wps:spPr><wps:bodyPr/></wps:wsp>"
    )
    anchor = (
        f'<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="{number}" behindDoc="1" '
        'locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        '<wp:positionH relativeFrom="page"><wp:posOffset>0</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="page"><wp:posOffset>{top * EMU}</wp:posOffset></wp:positionV>'
        f'<wp:extent {extent}/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>'
        f'<wp:docPr id="{900000 + number}" name="{name}"/><wp:cNvGraphicFramePr/><a:graphic><a:graphicData '
        f'uri="{SHAPE}">{shape}</a:graphicData></a:graphic></wp:anchor>'
    )
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>{anchor}</w:drawing></mc:Choice>'
        "</mc:AlternateContent></w:r>"
    )


def header() -> str:
    return f"<w:hdr {W}>{para('header', text('{{ title }}{{ theme }}'), TAB, text('{{ marking }}', 'Marking'))}</w:hdr>"


def footer() -> str:
    return f"<w:ftr {W}>{para('footer', text('{{ publisher }} · {{ date }}'), TAB, text('{{ folio }}'))}</w:ftr>"


def settings() -> str:
    """Punctuation of East Asian text compressed; no prompts, no revision ids."""
    return (
        f'<w:settings {W}><w:zoom w:percent="100"/><w:defaultTabStop w:val="480"/>'
        '<w:characterSpacingControl w:val="compressPunctuation"/><w:compat>'
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="en-GB" w:eastAsia="zh-CN"/><w:clrSchemeMapping w:bg1="light1" w:t1="dark1" w:bg2="light2" '
        'w:t2="dark2" w:accent1="accent1" w:accent2="accent2" w:accent3="accent3" w:accent4="accent4" w:accent5="accent5" '
        'w:accent6="accent6" w:hyperlink="hyperlink" w:followedHyperlink="followedHyperlink"/></w:settings>'
    )


def theme() -> str:
    slots = {
        "dk1": INK, "lt1": PAPER, "dk2": MUTED, "lt2": TINT, "accent1": BRAND, "accent2": ACCENT, "accent3": "accent3",
        "accent4": "accent4", "accent5": "accent5", "accent6": "accent6", "hlink": BRAND, "folHlink": RULE,
    }  # fmt: skip
    colours = "".join(f'<a:{slot}><a:srgbClr val="{PLAIN[role]}"/></a:{slot}>' for slot, role in slots.items())
    fonts = "".join(
        f'<a:{kind}Font><a:latin typeface="{latin}"/><a:ea typeface="{han}"/><a:cs typeface=""/></a:{kind}Font>'
        for kind, latin, han in (
            ("major", "Inter", "Noto Sans CJK SC"),
            ("minor", "Source Serif 4", "Noto Serif CJK SC"),
        )
    )
    solid = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    formats = (
        f"<a:fillStyleLst>{solid * 3}</a:fillStyleLst>"
        f"<a:lnStyleLst>{f'<a:ln w={chr(34)}6350{chr(34)}>{solid}</a:ln>' * 3}</a:lnStyleLst>"
        f"<a:effectStyleLst>{'<a:effectStyle><a:effectLst/></a:effectStyle>' * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{solid * 3}</a:bgFillStyleLst>"
    )
    return (
        f'<a:theme {A} name="Brief"><a:themeElements><a:clrScheme name="Brief">{colours}</a:clrScheme>'
        f'<a:fontScheme name="Brief">{fonts}</a:fontScheme><a:fmtScheme name="Brief">{formats}</a:fmtScheme>'
        "</a:themeElements></a:theme>"
    )
