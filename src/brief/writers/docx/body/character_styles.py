"""Creates character styles when they are needed: for emphasised text that has another style, and for the names of
themes.

The style of an emphasised link is based on the style of links, so that both change together in Word; likewise for code.
"""

from docx.parts.document import DocumentPart

from brief.writers.ooxml.elements import Element, qualify_name, word

# Word does not translate this name, unlike the names of heading styles, so a field finds it in every language of Word.
THEME_NAME = "Theme Name"


def ensure_theme_name_style(part: DocumentPart) -> str:
    """Returns the id of the character style that marks what running heads repeat; adds the style if the document lacks
    it. The style does not change the appearance of text.
    """
    styles: Element = part.styles.element
    for style in styles.findall(qualify_name("w:style")):
        name = style.find(qualify_name("w:name"))
        if name is not None and name.get(qualify_name("w:val")) == THEME_NAME:
            return str(style.get(qualify_name("w:styleId")))
    style_id = THEME_NAME.replace(" ", "")
    name, priority = word("name", val=THEME_NAME), word("uiPriority", val=99)
    styles.append(word("style", name, priority, type="character", customStyle=1, styleId=style_id))
    return style_id


def ensure_emphasis_style(part: DocumentPart, base: str, *, strong: bool, emphasis: bool, dots: str | None) -> str:
    """Returns the id of a character style based on the style with the id `base`; adds it if the document lacks it.

    It is bold if `strong`. If `emphasis`, it has the emphasis marks `dots` (a value of `w:em`) or, if that is None,
    italics.
    """
    styles: Element = part.styles.element
    suffix = ("Strong" if strong else "") + (("Dotted" if dots else "Emphasis") if emphasis else "")
    style_id = f"{base}{suffix}"
    styles_by_id = {style.get(qualify_name("w:styleId")): style for style in styles.findall(qualify_name("w:style"))}
    if style_id not in styles_by_id:
        name = styles_by_id[base].find(qualify_name("w:name"))
        base_name = name.get(qualify_name("w:val")) if name is not None else base
        styles.append(
            word(
                "style",
                word("name", val=f"{base_name} {suffix}"),
                word("basedOn", val=base),
                word("uiPriority", val=99),
                word("semiHidden"),
                word(
                    "rPr",
                    *((word("b"), word("bCs")) if strong else ()),
                    *((word("i"), word("iCs")) if emphasis and not dots else ()),
                    word("em", val=dots) if emphasis and dots else None,
                ),
                type="character",
                customStyle=1,
                styleId=style_id,
            )
        )
    return style_id
