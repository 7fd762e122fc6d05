"""Inline runs: the contents of a paragraph, as authored and as resolved.

`Text`, `Code`, `Strong`, `Emphasis` and `Link` occur in both. Authors write `ClaimValue`, `Cite` and `CrossReference`;
localising turns them into `Number`, `Citation` and `Reference`. Typesetting adds `DigitPadding`. `ShiftedText`, `LineBreak`,
`Formula` and `Footnote` occur in prose blocks only.
"""

from decimal import Decimal
from typing import Generic, Literal, TypeVar

from brief.model.figures.quantity import Qualifier
from brief.model.record import dataclass
from brief.model.source_location import Ref

R = TypeVar("R", covariant=True)


@dataclass(frozen=True, slots=True)
class Text:
    """Words without markup. `language` is the BCP 47 tag of a passage in another language than the page, else None."""

    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """Text that is printed exactly as typed, in a monospaced font: a file name, a command."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong(Generic[R]):
    """A passage of strong importance, set in bold."""

    children: tuple[R, ...]


@dataclass(frozen=True, slots=True)
class Emphasis(Generic[R]):
    """A stressed passage. Italics in Latin script; Chinese, which has none, gets emphasis dots on screen and bold in print."""

    children: tuple[R, ...]


@dataclass(frozen=True, slots=True)
class Link(Generic[R]):
    """A passage that leads to an address. `url` is absolute, with the scheme `https`, `http` or `mailto`."""

    url: str
    children: tuple[R, ...]


@dataclass(frozen=True, slots=True)
class ShiftedText:
    """A few characters above the line (`m^2^`) or below it (`H~2~O`)."""

    text: str
    is_raised: bool


@dataclass(frozen=True, slots=True)
class LineBreak:
    """The end of a line within a paragraph, where the author wants one."""


@dataclass(frozen=True, slots=True)
class ParagraphEnd:
    """Separates the paragraphs of a prose block where its runs are listed one after the other."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as it was typed in LaTeX, and as MathML Core. `is_display` says that it is on lines of its own."""

    tex: str
    mathml: str
    is_display: bool = False


@dataclass(frozen=True, slots=True)
class Footnote(Generic[R]):
    """The mark of a footnote and its paragraphs. `label` is a letter, because numbers in the text mark sources."""

    paragraphs: tuple[tuple[R, ...], ...]
    label: str = ""


ClaimValuePart = Literal["value", "bare", "period", "number"]


@dataclass(frozen=True, slots=True)
class ClaimValue:
    """`{source/claim}`: prints the claim's quantity and cites it.

    `{source/claim:bare}` prints it without its "about" or "over"; `{source/claim:period}` prints its period. Of the
    figure, `:abs` leaves out the sign, `:full` prints every digit without a word for a million or the like, and
    `:round(3)` asks for three significant digits; `:words` spells a small number: two weeks.

    Not written by authors: `decimals` asks for zeros up to that number of decimals, and `is_grouped` for separators
    between thousands, as in longer numbers of the same column. The part `number` is the bare number divided by `scale`,
    below a header that names the unit. The citation mark of a value that is not `is_cited` is elsewhere.
    """

    claim: Ref
    part: ClaimValuePart = "value"
    is_absolute: bool = False
    is_full: bool = False
    is_spelled: bool = False
    digits: int | None = None
    decimals: int | None = None
    scale: int = 1
    is_grouped: bool = False
    is_cited: bool = True

    @property
    def modifiers(self) -> str:
        """The modifiers that follow the claim's name in the placeholder, as they are written: `:abs:round(3)`."""
        parts = (
            (self.part != "value", f":{self.part}"),
            (self.is_absolute, ":abs"),
            (self.is_full, ":full"),
            (self.is_spelled, ":words"),
            (self.digits is not None, f":round({self.digits})"),
        )
        return "".join(text for is_set, text in parts if is_set)


@dataclass(frozen=True, slots=True)
class Cite:
    """`[@source/claim]`: cites without printing."""

    claim: Ref


@dataclass(frozen=True, slots=True)
class CrossReference:
    """`[](#block)`: a cross-reference, printed as the block's localised label and number."""

    target: Ref


@dataclass(frozen=True, slots=True)
class PrintedQuantity:
    """What a printed figure says, as data: a `value`, or a range from `low` to `high`, as exact as it is printed.

    `unit` is any that `brief.model.figures.units` describes.
    """

    unit: str
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    qualifier: Qualifier = Qualifier.EXACT


@dataclass(frozen=True, slots=True)
class Number:
    """A printed quantity or period, or a number with its unit. Writers keep it on one line.

    `quantity` is that of the claim that it prints, if it prints one.
    """

    text: str
    quantity: PrintedQuantity | None = None


@dataclass(frozen=True, slots=True)
class DigitPadding:
    """Space as wide as the digits of `text`, which are not shown, to align a column at its decimal points."""

    text: str


@dataclass(frozen=True, slots=True)
class Citation:
    """References into the variant's source list: the `numbers` of its entries, ascending and without duplicates.

    `introduced` lists the numbers that no earlier citation in the same section has.
    """

    numbers: tuple[int, ...]
    introduced: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """A link to another block of the variant, by its anchor. With a `name`, the text is a raised mark, instead of which
    screen readers read the name.
    """

    target: str
    text: str
    name: str = ""


AuthoredRun = (
    Text
    | Code
    | Strong["AuthoredRun"]
    | Emphasis["AuthoredRun"]
    | Link["AuthoredRun"]
    | ClaimValue
    | Cite
    | CrossReference
    | ShiftedText
    | LineBreak
    | ParagraphEnd
    | Formula
    | Footnote["AuthoredRun"]
)
AuthoredRuns = tuple[AuthoredRun, ...]

Run = (
    Text
    | Code
    | Strong["Run"]
    | Emphasis["Run"]
    | Link["Run"]
    | Number
    | DigitPadding
    | Citation
    | Reference
    | ShiftedText
    | LineBreak
    | Formula
    | Footnote["Run"]
)
Runs = tuple[Run, ...]

# For isinstance(), which does not accept the union of generic types.
RUN_TYPES = (
    *(Text, Code, Strong, Emphasis, Link, Number, DigitPadding, Citation, Reference),
    *(ShiftedText, LineBreak, Formula, Footnote),
)


def to_plain_text(runs: Runs) -> str:
    """Returns the words of the runs without markup and without citation marks."""
    return "".join(_strip_markup(run) for run in runs)


def _strip_markup(run: Run) -> str:
    match run:
        case Reference(_, text, name):
            return "" if name else text
        case Text(text) | Code(text) | Number(text) | ShiftedText(text) | Formula(text):
            return text
        case LineBreak():
            return "\n"
        case Strong(children) | Emphasis(children) | Link(_, children):
            return to_plain_text(children)
        case Citation() | DigitPadding() | Footnote():
            return ""
