"""Cover, header, footer, settings and theme of the starting point."""

from markup import (
    ACCENT,
    BAND_HEIGHT,
    BRAND,
    COVER_TOP,
    EMU,
    INK,
    MARGIN,
    MUTED,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    PAPER,
    PLAIN,
    RULE,
    SHAPE,
    SHAPES,
    TEXT_WIDTH,
    TINT,
    A,
    R,
    W,
    fill,
    para,
    text,
)

TAB = "<w:r><w:tab/></w:r>"


def page_number() -> str:
    parts = ('<w:fldChar w:fldCharType="begin"/>', '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
             '<w:fldChar w:fldCharType="separate"/>', "<w:t>1</w:t>", '<w:fldChar w:fldCharType="end"/>')  # fmt: skip
    return "".join(f"<w:r>{part}</w:r>" for part in parts)


def document() -> str:
    """A cover whose band bleeds off the page, then contents and body in a section with header and footer."""
    margins = f'w:right="{MARGIN}" w:bottom="1300" w:left="{MARGIN}" w:header="680" w:footer="600" w:gutter="0"'
    size = f'<w:pgSz w:w="{PAGE_WIDTH}" w:h="{PAGE_HEIGHT}"/>'
    ground = (
        "<w:tbl><w:tblPr>"
        f'<w:tblW w:w="{TEXT_WIDTH}" w:type="dxa"/><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="0" '
        'w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f'<w:tblGrid><w:gridCol w:w="{TEXT_WIDTH}"/></w:tblGrid><w:tr><w:trPr><w:cantSplit/>'
        f'<w:trHeight w:val="{BAND_HEIGHT - COVER_TOP - 700}" w:hRule="atLeast"/></w:trPr>'
        f'<w:tc><w:tcPr><w:tcW w:w="{TEXT_WIDTH}" w:type="dxa"/>{fill(BRAND)}<w:vAlign w:val="bottom"/></w:tcPr>'
        + para("Cover Publisher", text("{{ publisher }}"))
        + para("Title", text("{{ title }}"))
        + para("Subtitle", text("{{ subtitle }}"))
        + "</w:tc></w:tr></w:tbl>"
    )
    imprint = (
        para("Cover Audience", text("{{ audience }}"))
        + para("Cover Line", text("{{ date }}"))
        + para("Cover Marking", text("{{ marking }}"))
    )
    break_ = (
        f'<w:p><w:pPr><w:pStyle w:val="CoverLine"/><w:sectPr><w:headerReference w:type="default" r:id="rId8"/>'
        f'<w:type w:val="nextPage"/>{size}<w:pgMar w:top="{COVER_TOP}" {margins}/></w:sectPr></w:pPr></w:p>'
    )
    last = (
        '<w:sectPr><w:headerReference w:type="default" r:id="rId1"/><w:footerReference w:type="default" r:id="rId2"/>'
        f'<w:type w:val="nextPage"/>{size}<w:pgMar w:top="1560" {margins}/><w:pgNumType w:start="1"/></w:sectPr>'
    )
    fields = "".join(para("Body Text", text(f"{{{{ {name} }}}}")) for name in ("introduction", "contents", "body"))
    return f"<w:document {W} {R}><w:body>{ground}{imprint}{break_}{fields}{last}</w:body></w:document>"


def cover_header() -> str:
    """The band of the cover, as Word writes a rectangle that is anchored to the page and stands behind the text."""
    width, height = PAGE_WIDTH * EMU, BAND_HEIGHT * EMU
    shape = (
        '<wps:wsp><wps:cNvSpPr/><wps:spPr><a:xfrm><a:off x="0" y="0"/>'
        f'<a:ext cx="{width}" cy="{height}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill>'
        '<a:schemeClr val="accent1"/></a:solidFill><a:ln><a:noFill/></a:ln></wps:spPr><wps:bodyPr/></wps:wsp>'
    )
    zero = "<wp:posOffset>0</wp:posOffset>"
    anchor = (
        '<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="1" behindDoc="1" locked="0" '
        'layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        f'<wp:positionH relativeFrom="page">{zero}</wp:positionH><wp:positionV relativeFrom="page">{zero}</wp:positionV>'
        f'<wp:extent cx="{width}" cy="{height}"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>'
        '<wp:docPr id="900001" name="Band"/><wp:cNvGraphicFramePr/><a:graphic><a:graphicData '
        f'uri="{SHAPE}">{shape}</a:graphicData></a:graphic></wp:anchor>'
    )
    band = (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>{anchor}</w:drawing></mc:Choice>'
        "</mc:AlternateContent></w:r>"
    )
    return f"<w:hdr {W} {SHAPES}>{para('Cover Line', band)}</w:hdr>"


def header() -> str:
    return f"<w:hdr {W}>{para('header', text('{{ title }}'), TAB, text('{{ marking }}', 'Marking'))}</w:hdr>"


def footer() -> str:
    return f"<w:ftr {W}>{para('footer', text('{{ publisher }} · {{ date }}'), TAB, page_number())}</w:ftr>"


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
