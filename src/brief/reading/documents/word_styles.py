"""Reads the effect of styles and numbering on the paragraphs and runs of a Word document, in any language of Word.

Word stores the English name of a built-in style in every language and translates only its id; some other programs
translate the name too. Outline levels are therefore read first, then names in several languages.
"""

import re
from collections.abc import Iterator
from dataclasses import field

from brief.model.record import dataclass
from brief.reading.documents.word_package import Element, WordPackage, qualify_name, read_value

_HEADING = re.compile(
    r"(?:heading|überschrift|titre|título|titolo|kop|rubrik|overskrift|otsikko|nagłówek|заголовок|标题|標題|見出し|제목)\s*([1-9])",
    re.IGNORECASE,
)
_LIST_STYLE = re.compile(r"list (?:bullet|number|continue)? ?([2-5])", re.I)
_TITLE = re.compile(r"(?:title|titel|titre|título|titolo|заголовок|标题|標題|表題|제목)", re.IGNORECASE)
_QUOTE = re.compile(
    r"(?:(?:intense )?quot(?:e|ations?)|block ?(?:text|quotation)|(?:intensives )?zitat|citation(?: intense)?|cita|"
    r"明显引用|引用|引文|鮮明引文)",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"(?:source code|preformatted text|html preformatted|code(?: block)?|listing|verbatim|vorformatierter text)",
    re.IGNORECASE,
)
_CODE_CHARACTER = re.compile(
    r"(?:verbatim char|html code|source[ _]text|code(?: char| inline)?|inline code|quelltext)", re.IGNORECASE
)
_CAPTION = re.compile(
    r"(?:caption|(?:image|table) caption|beschriftung|légende|leyenda|didascalia|题注|標號|"
    r"table|figure|illustration|drawing)",
    re.IGNORECASE,
)
_CONTENTS = re.compile(r"(?:toc|contents|verzeichnis|目录|目錄)\s*\d+", re.IGNORECASE)
_CONTINUED = re.compile(r"list continue.*|listenfortsetzung.*", re.IGNORECASE)
# Above or below the line (ECMA-376 part 1, 17.3.2.24), in half points or with a unit.
_POSITION = re.compile(r"(-)?0*[1-9][0-9.]*(?:mm|cm|in|pt|pc|pi)?")
_OFF = ("0", "false", "off", "none")
_MOST_BASES = 20


@dataclass(frozen=True, slots=True)
class WordFormat:
    """The formatting of a piece of text; None if it is not specified."""

    strong: bool | None = None
    emphasis: bool | None = None
    struck: bool | None = None
    underlined: bool | None = None
    hidden: bool | None = None
    raised: str | None = None


@dataclass(frozen=True, slots=True)
class Numbering:
    """The list that a paragraph belongs to."""

    list: str
    level: int


@dataclass(frozen=True, slots=True)
class ListLevel:
    """How the entries of a level are marked. Without a marker, a paragraph continues the entry before it."""

    is_ordered: bool
    has_mark: bool
    start: int
    form: str


@dataclass(slots=True)
class _Style:
    name: str
    based_on: str
    properties: Element


@dataclass(slots=True)
class WordStyles:
    """The styles of a document by id."""

    styles: dict[str, _Style] = field(default_factory=dict)
    default: str = ""

    def _walk_chain(self, style: str | None) -> Iterator[_Style]:
        """Yields the style and the styles that it is based on, nearest first; in a damaged document, these may form a
        cycle.
        """
        name = style or self.default
        for _ in range(_MOST_BASES):
            found = self.styles.get(name)
            if found is None:
                return
            yield found
            name = found.based_on

    def _has_name_like(self, style: str | None, pattern: re.Pattern[str]) -> bool:
        return any(pattern.fullmatch(each.name.strip()) for each in self._walk_chain(style)) if style else False

    def find_heading_level(self, style: str | None, properties: Element | None) -> int | None:
        """Returns the level of a heading from 1; None for other text. Word counts outline levels from 0; 9 is body text."""
        values = [read_value(properties, "w:outlineLvl")]
        values += [
            read_value(each.properties.find(qualify_name("w:pPr")), "w:outlineLvl") for each in self._walk_chain(style)
        ]
        for level in values:
            if level is not None and level.isdecimal():
                return int(level) + 1 if int(level) < 9 else None
        for each in self._walk_chain(style):
            if match := _HEADING.fullmatch(each.name.strip()):
                return int(match[1])
        match = _HEADING.fullmatch(style) if style and style not in self.styles else None
        return int(match[1]) if match else None

    def is_title(self, style: str | None) -> bool:
        return (
            bool(style) and _TITLE.fullmatch(self.styles[style].name.strip()) is not None
            if style in self.styles
            else False
        )

    def is_quotation(self, style: str | None) -> bool:
        return self._has_name_like(style, _QUOTE)

    def is_code(self, style: str | None) -> bool:
        return self._has_name_like(style, _CODE)

    def is_code_character(self, style: str | None) -> bool:
        return self._has_name_like(style, _CODE_CHARACTER)

    def is_caption(self, style: str | None) -> bool:
        return self._has_name_like(style, _CAPTION)

    def is_contents(self, style: str | None) -> bool:
        return self._has_name_like(style, _CONTENTS)

    def is_continued(self, style: str | None) -> bool:
        return self._has_name_like(style, _CONTINUED)

    def find_numbering(self, style: str | None, properties: Element | None) -> Numbering | None:
        """Returns the list of a paragraph or of its style; the id "0" means no list (ECMA-376 part 1, 17.9.18)."""
        values = [properties, *(each.properties.find(qualify_name("w:pPr")) for each in self._walk_chain(style))]
        level = self._find_list_level(style)
        for each in values:
            found = each.find(qualify_name("w:numPr")) if each is not None else None
            if found is None:
                continue
            level = read_value(found, "w:ilvl") if each is properties else level or read_value(found, "w:ilvl")
            name = read_value(found, "w:numId")
            if name is not None:
                known = int(level) if level and level.isdecimal() else 0
                return None if name in ("0", "") else Numbering(name, min(known, 8))
        return None

    def _find_list_level(self, style: str | None) -> str | None:
        """Returns the level, from 0, in the name of a built-in style such as "List Bullet 2", which is a list of level 0."""
        names = (_LIST_STYLE.fullmatch(each.name.strip()) for each in self._walk_chain(style)) if style else ()
        match = next((match for match in names if match), None)
        return str(int(match[1]) - 1) if match else None

    def resolve_format(self, properties: Element | None, paragraph_style: str | None) -> WordFormat:
        """Returns the formatting of a run: its own, or else the formatting of its character style or of its paragraph's
        style.
        """
        character = read_value(properties, "w:rStyle")
        values = [read_format(properties)]
        values += (
            [read_format(each.properties.find(qualify_name("w:rPr"))) for each in self._walk_chain(character)]
            if character
            else []
        )
        own = len(values)
        values += [
            read_format(each.properties.find(qualify_name("w:rPr"))) for each in self._walk_chain(paragraph_style)
        ]

        def find_first(name: str, among: list[WordFormat]) -> object:
            return next((getattr(each, name) for each in among if getattr(each, name) is not None), None)

        # Headings and table headers are bold by their style; only formatting that differs within a paragraph is
        # emphasis.
        return WordFormat(
            strong=bool(find_first("strong", values[:own])),
            emphasis=bool(find_first("emphasis", values[:own])),
            struck=bool(find_first("struck", values)),
            underlined=bool(find_first("underlined", values[:own])),
            hidden=bool(find_first("hidden", values)),
            raised=str(find_first("raised", values[:own]) or "") or None,
        )


def read_format(properties: Element | None) -> WordFormat:
    """Reads the formatting in run properties."""
    if properties is None:
        return WordFormat()

    def read_toggle(*names: str) -> bool | None:
        values = [read_value(properties, name) for name in names]
        on = [each not in _OFF for each in values if each is not None]
        return any(on) if on else None

    raised = read_value(properties, "w:vertAlign")
    if raised is None and (match := _POSITION.fullmatch(read_value(properties, "w:position") or "")):
        # LibreOffice writes the subscripts and superscripts of web pages as smaller text above or below the line.
        raised = "subscript" if match[1] else "superscript"
    return WordFormat(
        strong=read_toggle("w:b"),
        emphasis=read_toggle("w:i"),
        struck=read_toggle("w:strike", "w:dstrike"),
        underlined=read_toggle("w:u"),
        hidden=read_toggle("w:vanish", "w:specVanish"),
        raised=raised if raised in ("superscript", "subscript") else None,
    )


def read_styles(package: WordPackage) -> WordStyles:
    """Reads the styles of a document."""
    found = WordStyles()
    name = package.find_related("styles")
    root = package.parse(name) if name else None
    for style in root.iter(qualify_name("w:style")) if root is not None else ():
        known = style.get(qualify_name("w:styleId"), "")
        found.styles[known] = _Style(read_value(style, "w:name") or "", read_value(style, "w:basedOn") or "", style)
        if style.get(qualify_name("w:type")) == "paragraph" and style.get(qualify_name("w:default"), "0") not in _OFF:
            found.default = known
    return found


def read_list_levels(package: WordPackage) -> dict[tuple[str, int], ListLevel]:
    """Reads how each level of each list is marked (ECMA-376 part 1, 17.9)."""
    name = package.find_related("numbering")
    root = package.parse(name) if name else None
    if root is None:
        return {}
    abstract: dict[str, dict[int, ListLevel]] = {}
    for each in root.findall(qualify_name("w:abstractNum")):
        abstract[each.get(qualify_name("w:abstractNumId"), "")] = dict(
            map(_read_level, each.findall(qualify_name("w:lvl")))
        )
    found: dict[tuple[str, int], ListLevel] = {}
    for each in root.findall(qualify_name("w:num")):
        known = each.get(qualify_name("w:numId"), "")
        levels = dict(abstract.get(read_value(each, "w:abstractNumId") or "", {}))
        for override in each.findall(qualify_name("w:lvlOverride")):
            at = _parse_integer(override.get(qualify_name("w:ilvl")), 0)
            whole = override.find(qualify_name("w:lvl"))
            if whole is not None:
                levels[at] = _read_level(whole)[1]
            start = read_value(override, "w:startOverride")
            if start is not None and at in levels:
                old = levels[at]
                levels[at] = ListLevel(old.is_ordered, old.has_mark, _parse_integer(start, 1), old.form)
        found |= {(known, at): level for at, level in levels.items()}
    return found


def _read_level(level: Element) -> tuple[int, ListLevel]:
    form = read_value(level, "w:numFmt") or "decimal"
    text = read_value(level, "w:lvlText") or ""
    has_mark = form != "none" and bool(text.strip())
    start = _parse_integer(read_value(level, "w:start"), 1)
    return _parse_integer(level.get(qualify_name("w:ilvl")), 0), ListLevel(
        form not in ("bullet", "none"), has_mark, start, form
    )


def _parse_integer(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 6 else otherwise
