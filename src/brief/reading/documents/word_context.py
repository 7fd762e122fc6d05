"""The state shared by the readers of one Word document: package, styles, current location and reports."""

from collections.abc import Callable
from dataclasses import field

from brief.model.record import dataclass
from brief.model.source_location import SourceLocation
from brief.reading.documents.document import DocumentPart, LossReport, Span
from brief.reading.documents.word_package import Element, WordPackage, get_local_name, qualify_name
from brief.reading.documents.word_styles import WordStyles

_TEXT_ELEMENTS = tuple(map(qualify_name, ("w:t", "w:delText", "a:t", "m:t", "c:v")))


def collect_text(element: Element) -> str:
    """Returns all text within an element, also deleted text, with single spaces between its words."""
    pieces = []
    for child in element.iter():
        if child.tag in _TEXT_ELEMENTS:
            pieces.append(child.text or "")
        elif get_local_name(child) in ("p", "tab", "br", "tc", "pt"):
            pieces.append(" ")
    return " ".join("".join(pieces).split())


@dataclass(slots=True)
class Field:
    """A field (ECMA-376 part 1, 17.16.5): its code, and whether its result has begun.

    `hidden_text` is the text within it that Word or brief does not show: in its code, or in a list that brief
    generates.
    """

    code: str = ""
    has_result: bool = False
    hidden_text: str = ""

    @property
    def name(self) -> str:
        """The kind of the field in capitals, such as TOC; empty if it has no code."""
        return self.code.strip().partition(" ")[0].upper()


@dataclass(slots=True)
class WordContext:
    """The state shared by the readers of one document.

    `part` is the name of the package's part that is being read, `paragraph` the number of the current paragraph,
    counted from 1, and `heading` the text of the last heading. `notes` has footnotes and endnotes by kind and id,
    `comments` the comments by id that no text has referred to yet, `fields` the open fields, outermost first, and
    `pictures` those of the current paragraph or table. `read_note` reads the element of a note of that kind.
    """

    name: str
    package: WordPackage
    styles: WordStyles
    report: LossReport
    part: str
    read_note: Callable[[Element, str], Span | None]
    notes: dict[tuple[str, str], Element] = field(default_factory=dict)
    used_notes: set[tuple[str, str]] = field(default_factory=set)
    comments: dict[str, Element] = field(default_factory=dict)
    paragraph: int = 0
    heading: str = ""
    fields: list[Field] = field(default_factory=list)
    pictures: list[DocumentPart] = field(default_factory=list)
    lost_formatting: dict[str, list[SourceLocation]] = field(default_factory=dict)

    def locate(self) -> SourceLocation:
        """Returns the current paragraph and the heading above it, because pages and lines exist only after layout."""
        heading = f", below '{self.heading[:60]}'" if self.heading else ""
        return SourceLocation(f"{self.name} paragraph {self.paragraph}{heading}")

    def record_lost_formatting(self, what: str) -> None:
        """Records formatting that is not kept. Each kind is reported once, because documents repeat it."""
        self.lost_formatting.setdefault(what, []).append(self.locate())

    def report_lost_formatting(self) -> None:
        """Reports each kind of recorded formatting at its first location, with the number of locations."""
        for what, locations in self.lost_formatting.items():
            count = f" ({len(locations)} places; this is the first)" if len(locations) > 1 else ""
            self.report.simplify(locations[0], f"{what}{count}")


def report_comment(context: WordContext, comment: Element, location: SourceLocation) -> None:
    author = comment.get(qualify_name("w:author"), "")
    context.report.omit(location, f"a comment by {author}" if author else "a comment", collect_text(comment))


def report_field_code_text(context: WordContext, field_: Field) -> None:
    """Reports text within the code of a field, which Word does not show."""
    name = f"the field '{field_.name}'" if field_.name else "a field"
    context.report.omit(context.locate(), f"text in the code of {name}", field_.hidden_text)
