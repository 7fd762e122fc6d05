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
    """Returns all text within an element."""
    found = []
    for each in element.iter():
        if each.tag in _TEXT_ELEMENTS:
            found.append(each.text or "")
        elif get_local_name(each) in ("p", "tab", "br", "tc", "pt"):
            found.append(" ")
    return " ".join("".join(found).split())


@dataclass(slots=True)
class Field:
    """A complex field (ECMA-376 part 1, 17.16.5): its code, and whether its result has begun."""

    code: str = ""
    has_result: bool = False
    words: str = ""

    @property
    def name(self) -> str:
        return self.code.strip().partition(" ")[0].upper()


@dataclass(slots=True)
class WordContext:
    """The state shared by the readers of one document. `part` is the part of the package that is being read."""

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
        """Returns the paragraph, and the heading above it, since pages and lines exist only after layout."""
        below = f", below '{self.heading[:60]}'" if self.heading else ""
        return SourceLocation(f"{self.name} paragraph {self.paragraph}{below}")

    def record_lost_formatting(self, what: str) -> None:
        """Records formatting that is not kept. Each kind is reported once, because documents repeat it."""
        self.lost_formatting.setdefault(what, []).append(self.locate())

    def report_lost_formatting(self) -> None:
        for what, places in self.lost_formatting.items():
            count = f" ({len(places)} places; this is the first)" if len(places) > 1 else ""
            self.report.simplify(places[0], f"{what}{count}")


def report_comment(context: WordContext, comment: Element, location: SourceLocation) -> None:
    author = comment.get(qualify_name("w:author"), "")
    context.report.omit(location, f"a comment by {author}" if author else "a comment", collect_text(comment))


def report_field_code_text(context: WordContext, field_: Field) -> None:
    """Reports text within the code of a field, which Word does not show."""
    name = f"the field '{field_.name}'" if field_.name else "a field"
    context.report.omit(context.locate(), f"text in the code of {name}", field_.words)
