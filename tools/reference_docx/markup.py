"""Small builders of WordprocessingML as text, in schema order. Lengths in twentieths of a point, type in points."""

from xml.sax.saxutils import escape, quoteattr

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"

SHAPE = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
SHAPES = (
    f'{A} xmlns:wps="{SHAPE}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
)

EMU = 635  # to a twentieth of a point

INK, MUTED, TINT, BRAND, ACCENT = "text1", "text2", "background2", "accent1", "accent2"
RULE, PAPER = "followedHyperlink", "background1"
TONES = {"Note": "accent3", "Insight": "accent4", "Warning": "accent5", "Question": "accent6"}
# What other readers than Word show until the writer has filled in the set's own.
PLAIN = {
    INK: "1B1F24",
    MUTED: "5C6670",
    TINT: "EEF3F7",
    BRAND: "12355B",
    ACCENT: "B4472E",
    RULE: "C9D0D6",
    PAPER: "FFFFFF",
    "accent3": "2F6690",
    "accent4": "12355B",
    "accent5": "B4472E",
    "accent6": "6B4E9B",
}
SERIF = 'w:asciiTheme="minorHAnsi" w:eastAsiaTheme="minorEastAsia" w:hAnsiTheme="minorHAnsi" w:cstheme="minorBidi"'
SANS = 'w:asciiTheme="majorHAnsi" w:eastAsiaTheme="majorEastAsia" w:hAnsiTheme="majorHAnsi" w:cstheme="majorBidi"'


def border(side: str, colour: str, eighths: int, space: int = 0, tint: str = "") -> str:
    """A rule of `eighths` of a point, `space` points off the text."""
    lighter = f' w:themeTint="{tint}"' if tint else ""
    return (
        f'<w:{side} w:val="single" w:sz="{eighths}" w:space="{space}" w:color="{PLAIN[colour]}" '
        f'w:themeColor="{colour}"{lighter}/>'
    )


def fill(colour: str, tint: str = "") -> str:
    """Shading; `tint` is the part of 255 that is left of the colour, in hexadecimal."""
    lighter = f' w:themeFillTint="{tint}"' if tint else ""
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{PLAIN[colour]}" w:themeFill="{colour}"{lighter}/>'


def paragraph(
    *,
    keep_next: bool = False,
    keep_lines: bool = False,
    new_page: bool = False,
    numbering: int | None = None,
    borders: str = "",
    shading: str = "",
    tabs: str = "",
    before: int | None = None,
    after: int | None = None,
    line: float | None = None,
    at_least: bool = False,
    left: int | None = None,
    right: int = 0,
    hanging: int = 0,
    contextual: bool = False,
    align: str = "",
    outline: int | None = None,
) -> str:
    """Paragraph properties in schema order; `line` in points.

    Lines are of a fixed height: as a multiple it would depend on the face, and Han faces are half as high again. A line
    with a picture grows: its height is what it has `at_least`.
    """
    spacing = "".join(
        f' w:{name}="{value}"' for name, value in (("before", before), ("after", after)) if value is not None
    )
    if line is not None:
        spacing += f' w:line="{round(line * 20)}" w:lineRule="{"atLeast" if at_least else "exact"}"'
    indent = f'<w:ind w:left="{left}" w:right="{right}" w:hanging="{hanging}"/>' if left is not None else ""
    parts = (
        "<w:keepNext/>" if keep_next else "",
        "<w:keepLines/>" if keep_lines else "",
        "<w:pageBreakBefore/>" if new_page else "",
        f'<w:numPr><w:numId w:val="{numbering}"/></w:numPr>' if numbering is not None else "",
        f"<w:pBdr>{borders}</w:pBdr>" if borders else "",
        shading,
        f"<w:tabs>{tabs}</w:tabs>" if tabs else "",
        f"<w:spacing{spacing}/>" if spacing else "",
        indent,
        "<w:contextualSpacing/>" if contextual else "",
        f'<w:jc w:val="{align}"/>' if align else "",
        f'<w:outlineLvl w:val="{outline}"/>' if outline is not None else "",
    )
    return f"<w:pPr>{''.join(parts)}</w:pPr>"


def run(
    *,
    family: str = "",
    bold: bool | None = None,
    italic: bool = False,
    colour: str = "",
    tracking: int = 0,
    size: float = 0,
    superscript: bool = False,
    face: str = "",
) -> str:
    """Run properties in schema order; `size` in points."""
    fonts = f"<w:rFonts {family}/>" if family else ""
    if face:
        fonts = f'<w:rFonts w:ascii="{face}" w:eastAsiaTheme="majorEastAsia" w:hAnsi="{face}" w:cs="{face}"/>'
    parts = (
        fonts,
        "" if bold is None else "<w:b/><w:bCs/>" if bold else '<w:b w:val="0"/><w:bCs w:val="0"/>',
        "<w:i/><w:iCs/>" if italic else "",
        f'<w:color w:val="{PLAIN[colour]}" w:themeColor="{colour}"/>' if colour else "",
        f'<w:spacing w:val="{tracking}"/>' if tracking else "",
        f'<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>' if size else "",
        '<w:vertAlign w:val="superscript"/>' if superscript else "",
    )
    return f"<w:rPr>{''.join(parts)}</w:rPr>"


def style(
    name: str,
    properties: str = "",
    *,
    kind: str = "paragraph",
    based: str = "",
    follow: str = "",
    rank: int = 10,
    default: bool = False,
    quick: bool = True,
) -> str:
    """A style; `based` and `follow` are names, from which ids follow as Word makes them."""
    based = based or ("Normal" if kind == "paragraph" and not default else "")
    parts = (
        f'<w:name w:val="{name}"/>',
        f'<w:basedOn w:val="{style_id(based)}"/>' if based else "",
        f'<w:next w:val="{style_id(follow)}"/>' if follow else "",
        f'<w:uiPriority w:val="{rank}"/>',
        "<w:qFormat/>" if quick else "",
        properties,
    )
    flags = (' w:default="1"' if default else "") + (
        "" if name[0].islower() or name in BUILT_IN else ' w:customStyle="1"'
    )
    return f'<w:style w:type="{kind}"{flags} w:styleId="{style_id(name)}">{"".join(parts)}</w:style>'


def style_id(name: str) -> str:
    return "".join(part[0].upper() + part[1:] for part in name.split())


BUILT_IN = frozenset(
    ("Normal", "Body Text", "Title", "Subtitle", "List Bullet", "List Number", "Quote", "TOC Heading", "Strong",
     "Emphasis", "Hyperlink", "FollowedHyperlink", "Default Paragraph Font", "Normal Table", "No List")
)  # fmt: skip


def para(name: str, *runs: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style_id(name)}"/></w:pPr>{"".join(runs)}</w:p>'


def text(words: str, character_style: str = "") -> str:
    properties = f'<w:rPr><w:rStyle w:val="{style_id(character_style)}"/></w:rPr>' if character_style else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(words)}</w:t></w:r>'


def relations(targets: dict[str, tuple[str, str]]) -> str:
    entries = "".join(
        f'<Relationship Id="{name}" Type={quoteattr(kind)} Target="{target}"/>'
        for name, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{entries}</Relationships>'
