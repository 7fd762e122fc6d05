"""The styles that a reference document must have, their ids in a document, and the order of its settings."""

import enum
from collections.abc import Mapping

from docx.document import Document

from brief.model.blocks import Tone
from brief.model.record import dataclass
from brief.writers.ooxml.elements import Element, qualify_name


class WordStyle(enum.StrEnum):
    """Names of styles in the file (`w:name`). A localised Word translates the ids of its own styles, but never these."""

    BODY = "Body Text"
    HEADING_1 = "Heading 1"
    HEADING_2 = "Heading 2"
    MATTER_HEADING = "Matter Heading"
    INTRODUCTION = "Introduction"
    LEAD = "Lead"
    TAKEAWAY_HEADING = "Takeaway Heading"
    TAKEAWAY = "Takeaway"
    LIST_BULLET = "List Bullet"
    LIST_NUMBER = "List Number"
    CAPTION = "Caption"
    HERO_CAPTION = "Hero Caption"
    PICTURE = "Picture"
    QUOTE = "Quote"
    QUOTE_SOURCE = "Quote Source"
    TABLE_HEAD = "Table Head"
    TABLE_TEXT = "Table Text"
    TABLE_FIGURE = "Table Figure"
    TABLE_FIGURE_HEAD = "Table Figure Head"
    TABLE_CENTRE = "Table Centre"
    TABLE_CENTRE_HEAD = "Table Centre Head"
    TABLE_KIND = "Table Kind"
    TABLE_NOTE = "Table Note"
    TABLE_GAP = "Table Gap"
    DATA_TITLE = "Data Title"
    METRIC_VALUE = "Metric Value"
    METRIC_LABEL = "Metric Label"
    EVENT_DATE = "Event Date"
    EVENT_TEXT = "Event Text"
    SOURCE_ENTRY = "Source Entry"
    SOURCE_NOTE = "Source Note"
    TOC_HEADING = "TOC Heading"
    FOOTNOTE = "footnote text"
    TOC_1 = "toc 1"
    CALLOUT_NOTE = "Callout Note"
    CALLOUT_NOTE_HEADING = "Callout Note Heading"
    CALLOUT_INSIGHT = "Callout Insight"
    CALLOUT_INSIGHT_HEADING = "Callout Insight Heading"
    CALLOUT_WARNING = "Callout Warning"
    CALLOUT_WARNING_HEADING = "Callout Warning Heading"
    CALLOUT_QUESTION = "Callout Question"
    CALLOUT_QUESTION_HEADING = "Callout Question Heading"
    STRONG = "Strong"
    EMPHASIS = "Emphasis"
    CODE = "Code"
    CITATION = "Citation Mark"
    HYPERLINK = "Hyperlink"
    CAPTION_LABEL = "Caption Label"
    CALLOUT_TITLE = "Callout Title"
    SOURCE_TITLE = "Source Title"
    ORDINAL = "Ordinal"
    BRIEF_TABLE = "Brief Table"
    DATA_TABLE = "Data Table"
    METRICS_TABLE = "Metrics Table"
    TIMELINE_TABLE = "Timeline Table"


CALLOUTS: Mapping[Tone, tuple[WordStyle, WordStyle]] = {
    Tone.NOTE: (WordStyle.CALLOUT_NOTE_HEADING, WordStyle.CALLOUT_NOTE),
    Tone.INSIGHT: (WordStyle.CALLOUT_INSIGHT_HEADING, WordStyle.CALLOUT_INSIGHT),
    Tone.WARNING: (WordStyle.CALLOUT_WARNING_HEADING, WordStyle.CALLOUT_WARNING),
    Tone.QUESTION: (WordStyle.CALLOUT_QUESTION_HEADING, WordStyle.CALLOUT_QUESTION),
}


@dataclass(frozen=True, slots=True)
class WordStyleIds:
    """The ids of styles by name, in lower case. `missing` lists the styles that the reference document lacks."""

    ids: Mapping[str, str]

    @classmethod
    def from_document(cls, document: Document) -> "WordStyleIds":
        """Reads the styles of a document.

        Raises:
            ValueError: a style has a name and no id.
        """
        ids: dict[str, str] = {}
        for style in document.styles.element.iterchildren(qualify_name("w:style")):
            name_element = style.find(qualify_name("w:name"))
            name = None if name_element is None else name_element.get(qualify_name("w:val"))
            style_id = style.get(qualify_name("w:styleId"))
            if name and not style_id:
                raise ValueError(f"the style '{name[:60]}' has no id")
            if name:
                ids[_fold_name(name)] = str(style_id)
        return cls(ids)

    def __getitem__(self, style: WordStyle) -> str:
        return self.ids[_fold_name(style)]

    @property
    def missing(self) -> tuple[WordStyle, ...]:
        return tuple(style for style in WordStyle if _fold_name(style) not in self.ids)


def _fold_name(name: str) -> str:
    # Word compares the names of its own styles without case ("heading 1" in the file, "Heading 1" in its list).
    return name.lower()


# The order of settings (ECMA-376 part 1, 17.15.1.78, CT_Settings): those that are added, and those that `scrub` keeps
# after them.
_SETTINGS = (
    "autoHyphenation",
    "consecutiveHyphenLimit",
    "hyphenationZone",
    "doNotHyphenateCaps",
    "clickAndTypeStyle",
    "defaultTableStyle",
    "evenAndOddHeaders",
    "drawingGridHorizontalSpacing",
    "drawingGridVerticalSpacing",
    "displayHorizontalDrawingGridEvery",
    "displayVerticalDrawingGridEvery",
    "noPunctuationKerning",
    "characterSpacingControl",
    "strictFirstAndLastChars",
    "noLineBreaksAfter",
    "noLineBreaksBefore",
    "updateFields",
    "footnotePr",
    "endnotePr",
    "compat",
    "themeFontLang",
    "clrSchemeMapping",
    "decimalSymbol",
    "listSeparator",
)


def put_setting(settings: Element, setting: Element) -> None:
    """Inserts a setting at its position in the order; it replaces a setting with the same name."""
    tags = [qualify_name(f"w:{name}") for name in _SETTINGS]
    following = tags[tags.index(str(setting.tag)) + 1 :]
    for old in settings.findall(str(setting.tag)):
        settings.remove(old)
    after = next((element for element in settings if element.tag in following), None)
    if after is None:
        settings.append(setting)
    else:
        after.addprevious(setting)
