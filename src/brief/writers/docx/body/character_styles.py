"""Creates character styles when they are needed: for stressed text inside another style, and for the names of themes.

A stressed link or code is based on its own style, and changes with it in Word.
"""

from docx.parts.document import DocumentPart

from brief.writers.ooxml.elements import Element, qualify_name, word

# Word does not translate this name, unlike the names of heading styles, so a field finds it in every language of Word.
THEME_NAME = "Theme Name"


def ensure_theme_name_style(part: DocumentPart) -> str:
    """Returns the id of the character style of names that running heads repeat. It does not change their appearance."""
    styles: Element = part.styles.element
    for style in styles.findall(qualify_name("w:style")):
        name = style.find(qualify_name("w:name"))
        if name is not None and name.get(qualify_name("w:val")) == THEME_NAME:
            return str(style.get(qualify_name("w:styleId")))
    made = THEME_NAME.replace(" ", "")
    name, rank = word("name", val=THEME_NAME), word("uiPriority", val=99)
    styles.append(word("style", name, rank, type="character", customStyle=1, styleId=made))
    return made


def ensure_stress_style(part: DocumentPart, base: str, *, strong: bool, emphasis: bool, dots: str | None) -> str:
    """Returns the id of a character style based on `base`, bold where `strong`, with `dots` or slanted where `emphasis`.

    `base` is a style's id.
    """
    styles: Element = part.styles.element
    suffix = ("Strong" if strong else "") + (("Dotted" if dots else "Emphasis") if emphasis else "")
    made = f"{base}{suffix}"
    known = {style.get(qualify_name("w:styleId")): style for style in styles.findall(qualify_name("w:style"))}
    if made not in known:
        name = known[base].find(qualify_name("w:name"))
        shown = name.get(qualify_name("w:val")) if name is not None else base
        styles.append(
            word(
                "style",
                word("name", val=f"{shown} {suffix}"),
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
                styleId=made,
            )
        )
    return made
