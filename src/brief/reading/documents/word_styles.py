"""Resolves the styles and the numbering of paragraphs and runs in a Word document, in any language of Word.

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
_LIST_CONTINUATION = re.compile(r"list continue.*|listenfortsetzung.*", re.IGNORECASE)
# A distance above the line, or below it with a minus (ECMA-376 part 1, 17.3.2.24), in half points or with a unit.
_POSITION = re.compile(r"(-)?0*[1-9][0-9.]*(?:mm|cm|in|pt|pc|pi)?")
_OFF = ("0", "false", "off", "none")
_MAX_STYLE_CHAIN = 20


@dataclass(frozen=True, slots=True)
class WordFormat:
    """The formatting of a text. None is unspecified; `vertical_position` is "superscript" or "subscript"."""

    strong: bool | None = None
    emphasis: bool | None = None
    struck: bool | None = None
    underlined: bool | None = None
    hidden: bool | None = None
    vertical_position: str | None = None


@dataclass(frozen=True, slots=True)
class Numbering:
    """The id of the list that a paragraph belongs to, and its level, counted from 0."""

    list: str
    level: int


@dataclass(frozen=True, slots=True)
class ListLevel:
    """How the entries of a level are marked. Without a marker, a paragraph continues the entry before it.

    `number_format` is a value of ST_NumberFormat (ECMA-376 part 1, 17.18.59).
    """

    is_ordered: bool
    has_marker: bool
    start: int
    number_format: str


@dataclass(slots=True)
class _Style:
    """A style: its name, the id of the style that it is based on (or ""), and its `w:style`."""

    name: str
    based_on: str
    element: Element


@dataclass(slots=True)
class WordStyles:
    """The styles of a document by id; `default` is the id of the default paragraph style, or "".

    Methods take the id of a paragraph's style, or None if it has none, and its `w:pPr`.
    """

    styles: dict[str, _Style] = field(default_factory=dict)
    default: str = ""

    def _walk_chain(self, style: str | None) -> Iterator[_Style]:
        """Yields the style, or the default one, and the styles that it is based on, nearest first.

        The number is limited, because the styles of a damaged document may form a cycle.
        """
        name = style or self.default
        for _ in range(_MAX_STYLE_CHAIN):
            link = self.styles.get(name)
            if link is None:
                return
            yield link
            name = link.based_on

    def _has_name_like(self, style: str | None, pattern: re.Pattern[str]) -> bool:
        """Returns whether the style, or one that it is based on, has such a name; the default style does not count."""
        return any(pattern.fullmatch(each.name.strip()) for each in self._walk_chain(style)) if style else False

    def find_heading_level(self, style: str | None, properties: Element | None) -> int | None:
        """Returns the level of a heading, from 1, or None. Word counts outline levels from 0; 9 is body text."""
        values = [read_value(properties, "w:outlineLvl")]
        values += [
            read_value(each.element.find(qualify_name("w:pPr")), "w:outlineLvl") for each in self._walk_chain(style)
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
        """Returns whether the style itself has the name of a title; a subtitle may be based on it."""
        return style in self.styles and _TITLE.fullmatch(self.styles[style].name.strip()) is not None

    def is_quotation(self, style: str | None) -> bool:
        return self._has_name_like(style, _QUOTE)

    def is_code(self, style: str | None) -> bool:
        return self._has_name_like(style, _CODE)

    def is_code_character(self, style: str | None) -> bool:
        return self._has_name_like(style, _CODE_CHARACTER)

    def is_caption(self, style: str | None) -> bool:
        return self._has_name_like(style, _CAPTION)

    def is_table_of_contents(self, style: str | None) -> bool:
        return self._has_name_like(style, _CONTENTS)

    def is_list_continuation(self, style: str | None) -> bool:
        return self._has_name_like(style, _LIST_CONTINUATION)

    def find_numbering(self, style: str | None, properties: Element | None) -> Numbering | None:
        """Returns the list of a paragraph or of its style; None without one. The id "0" means no list (17.9.18)."""
        candidates = [
            properties,
            *(candidate.element.find(qualify_name("w:pPr")) for candidate in self._walk_chain(style)),
        ]
        level = self._find_list_level(style)
        for candidate in candidates:
            numbering = candidate.find(qualify_name("w:numPr")) if candidate is not None else None
            if numbering is None:
                continue
            level = (
                read_value(numbering, "w:ilvl") if candidate is properties else level or read_value(numbering, "w:ilvl")
            )
            list_id = read_value(numbering, "w:numId")
            if list_id is not None:
                number = int(level) if level and level.isdecimal() else 0
                return None if list_id in ("0", "") else Numbering(list_id, min(number, 8))
        return None

    def _find_list_level(self, style: str | None) -> str | None:
        """Returns the level, from 0, in the name of a style such as "List Bullet 2", whose list has only level 0."""
        names = (_LIST_STYLE.fullmatch(each.name.strip()) for each in self._walk_chain(style)) if style else ()
        match = next((match for match in names if match), None)
        return str(int(match[1]) - 1) if match else None

    def resolve_format(self, properties: Element | None, paragraph_style: str | None) -> WordFormat:
        """Returns the formatting of a run with the properties `w:rPr`: its own, or else that of its character style.

        Only strikethrough and hidden text are also inherited from the paragraph's style.
        """
        character_style = read_value(properties, "w:rStyle")
        values = [read_format(properties)]
        values += (
            [read_format(each.element.find(qualify_name("w:rPr"))) for each in self._walk_chain(character_style)]
            if character_style
            else []
        )
        own_count = len(values)
        values += [read_format(each.element.find(qualify_name("w:rPr"))) for each in self._walk_chain(paragraph_style)]

        def find_first(name: str, formats: list[WordFormat]) -> object:
            return next((getattr(each, name) for each in formats if getattr(each, name) is not None), None)

        # Headings and table headers are bold by their style; only formatting that differs within a paragraph is
        # emphasis.
        return WordFormat(
            strong=bool(find_first("strong", values[:own_count])),
            emphasis=bool(find_first("emphasis", values[:own_count])),
            struck=bool(find_first("struck", values)),
            underlined=bool(find_first("underlined", values[:own_count])),
            hidden=bool(find_first("hidden", values)),
            vertical_position=str(find_first("vertical_position", values[:own_count]) or "") or None,
        )


def read_format(properties: Element | None) -> WordFormat:
    """Reads the formatting in the run properties `w:rPr`; None has no formatting."""
    if properties is None:
        return WordFormat()

    def read_toggle(*names: str) -> bool | None:
        values = [read_value(properties, name) for name in names]
        toggles = [each not in _OFF for each in values if each is not None]
        return any(toggles) if toggles else None

    vertical_position = read_value(properties, "w:vertAlign")
    if vertical_position is None and (match := _POSITION.fullmatch(read_value(properties, "w:position") or "")):
        # LibreOffice writes the subscripts and superscripts of web pages as smaller text above or below the line.
        vertical_position = "subscript" if match[1] else "superscript"
    return WordFormat(
        strong=read_toggle("w:b"),
        emphasis=read_toggle("w:i"),
        struck=read_toggle("w:strike", "w:dstrike"),
        underlined=read_toggle("w:u"),
        hidden=read_toggle("w:vanish", "w:specVanish"),
        vertical_position=vertical_position if vertical_position in ("superscript", "subscript") else None,
    )


def read_styles(package: WordPackage) -> WordStyles:
    """Reads the styles of a document."""
    styles = WordStyles()
    name = package.find_related("styles")
    root = package.parse(name) if name else None
    for style in root.iter(qualify_name("w:style")) if root is not None else ():
        style_id = style.get(qualify_name("w:styleId"), "")
        styles.styles[style_id] = _Style(read_value(style, "w:name") or "", read_value(style, "w:basedOn") or "", style)
        if style.get(qualify_name("w:type")) == "paragraph" and style.get(qualify_name("w:default"), "0") not in _OFF:
            styles.default = style_id
    return styles


def read_list_levels(package: WordPackage) -> dict[tuple[str, int], ListLevel]:
    """Reads how each level of each list is marked (ECMA-376 part 1, 17.9), by list id and level, from 0."""
    name = package.find_related("numbering")
    root = package.parse(name) if name else None
    if root is None:
        return {}
    levels_by_definition: dict[str, dict[int, ListLevel]] = {}
    for each in root.findall(qualify_name("w:abstractNum")):
        levels_by_definition[each.get(qualify_name("w:abstractNumId"), "")] = dict(
            map(_read_level, each.findall(qualify_name("w:lvl")))
        )
    all_levels: dict[tuple[str, int], ListLevel] = {}
    for each in root.findall(qualify_name("w:num")):
        list_id = each.get(qualify_name("w:numId"), "")
        levels = dict(levels_by_definition.get(read_value(each, "w:abstractNumId") or "", {}))
        for override in each.findall(qualify_name("w:lvlOverride")):
            index = _parse_integer(override.get(qualify_name("w:ilvl")), 0)
            replacement = override.find(qualify_name("w:lvl"))
            if replacement is not None:
                levels[index] = _read_level(replacement)[1]
            start = read_value(override, "w:startOverride")
            if start is not None and index in levels:
                old = levels[index]
                levels[index] = ListLevel(old.is_ordered, old.has_marker, _parse_integer(start, 1), old.number_format)
        all_levels |= {(list_id, index): level for index, level in levels.items()}
    return all_levels


def _read_level(level: Element) -> tuple[int, ListLevel]:
    """Reads a `w:lvl`; returns its level, from 0, and how it is marked."""
    number_format = read_value(level, "w:numFmt") or "decimal"
    text = read_value(level, "w:lvlText") or ""
    has_marker = number_format != "none" and bool(text.strip())
    start = _parse_integer(read_value(level, "w:start"), 1)
    return _parse_integer(level.get(qualify_name("w:ilvl")), 0), ListLevel(
        number_format not in ("bullet", "none"), has_marker, start, number_format
    )


def _parse_integer(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 6 else default
