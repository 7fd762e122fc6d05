"""The brief as authored: all locales and all audiences, before anything is withheld."""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date, datetime
from functools import cached_property
from typing import ClassVar

from brief.model.access import Clearance, Depth, name_clearances
from brief.model.assets import Image, VegaSpecification
from brief.model.blocks import Block, Item, PageBreak
from brief.model.catalogue import Catalogue
from brief.model.evidence import Claim, GradeDisplay, Source
from brief.model.figures.dataset import DatasetTable
from brief.model.figures.quantity import FullQuantity, PlacesInRanges
from brief.model.record import dataclass
from brief.model.source_location import LocaleTag, Located, Reason, Ref, Slug
from brief.model.text import LocalisedText
from brief.model.translation import GATED_STATES, GatedTexts, TranslationState

_BASE_SET = Ref("base")

# A field named `date` hides the type in its class.
Day = date


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings(Located):
    """How the brief is mailed. `sender` is the address it comes from, under the publisher's name.

    `allow` lists the only domains it may go to; a subdomain counts as a different domain. `limit` is the size of the
    largest message, in megabytes of 1,000,000 bytes. `list_unsubscribe` is an https: or mailto: address, in which
    `{token}` and `{address}` are filled in for each recipient; `unsubscribe_mailbox` is a mail address that is given in
    addition or instead.
    """

    sender: Ref | None = None
    allow: tuple[Ref, ...] = ()
    limit: int = 20
    reply_to: Ref | None = None
    list_unsubscribe: Ref | None = None
    unsubscribe_mailbox: Ref | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureSettings(Located):
    """How figures print. With `significant`, figures of sources are rounded to that many significant digits.

    Without it, every digit of a source prints. A quantity's own `digits` takes precedence.
    """

    significant: int | None = None


class Gate(enum.StrEnum):
    """What happens to a text without an accepted translation: it stops the build, prints with a mark, or is left out."""

    STOP = "stop"
    MARK = "mark"
    OMIT = "omit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gates(Located):
    """How an audience handles a translation that is stale, missing, derived from another locale, or drafted."""

    stale: Gate = Gate.STOP
    missing: Gate = Gate.STOP
    derived: Gate = Gate.STOP
    drafted: Gate = Gate.STOP

    def find_strictest(self, conditions: Iterable[TranslationState]) -> Gate | None:
        """Returns the strictest gate of the conditions: STOP, then OMIT, then MARK. None if no gate decides on any of them."""
        gates = {getattr(self, condition.value) for condition in conditions if condition in GATED_STATES}
        return next((gate for gate in (Gate.STOP, Gate.OMIT, Gate.MARK) if gate in gates), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(Located):
    """`content/brief.yaml`: what the brief is and the order of its parts.

    `fiscal_year_start` is the month that fiscal years begin with, from 1 to 12.

    `cut_off` is the day up to which the sources were collected; covers print it.

    Before `embargo` nothing is archived, approved or mailed for an audience that has no embargo of its own.

    `clearances` lists the project's own clearances, lowest first, instead of public, client and internal.

    With `explicit_clearance` every theme, block, audience, source, claim and term must state its clearance.

    With `require_claims` every block that states something must draw on a claim, or be marked as `judgement`.

    `han_latin_spaces` is the house rule of Chinese texts: `true` asks for a space typed between Chinese and Latin
    characters, `false` for none. The spacing on pages is the same either way.

    With `strict` every warning stops a build; `stop_on` lists the codes of warnings that do.
    """

    id: Slug
    title: LocalisedText
    subtitle: LocalisedText | None = None
    publisher: LocalisedText
    date: date
    cut_off: Day | None = None
    embargo: datetime | None = None
    locales: tuple[Ref, ...]
    source_locale: LocaleTag
    themes: tuple[Ref, ...]
    audiences: tuple[Ref, ...]
    template_set: Ref = _BASE_SET
    clearances: tuple[Ref, ...] = ()
    explicit_clearance: bool = False
    strict: bool = False
    stop_on: tuple[Ref, ...] = ()
    mail: MailSettings = field(default_factory=MailSettings)
    figures: FigureSettings = field(default_factory=FigureSettings)
    fiscal_year_start: int = 1
    require_claims: bool = False
    han_latin_spaces: bool | None = None

    @property
    def known_clearances(self) -> tuple[Clearance, ...]:
        """The clearances of the brief, the lowest first."""
        return name_clearances(tuple(ref.name for ref in self.clearances))


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme(Located):
    """`content/themes/<id>.yaml`: one chapter. `finding` is its conclusion, in one line for the contents.

    An `appendix` has a letter instead of a number. `allow` has the codes of warnings that are not reported for the texts
    before the blocks, each with the reason.
    """

    id: Slug
    title: LocalisedText
    finding: LocalisedText | None = None
    summary: LocalisedText
    takeaways: tuple[Item, ...]
    clearance: Clearance = Clearance.PUBLIC
    allow_in_output: Reason | None = None
    allow: Mapping[str, Reason] = field(default_factory=dict)
    appendix: bool = False
    page_break: PageBreak | None = None
    blocks: tuple[Block, ...]

    @property
    def opening(self) -> tuple[object, ...]:
        """The texts before the blocks, except the title."""
        return (self.finding, self.summary, self.takeaways)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeChoice(Located):
    """A theme in an audience's order. May be written as a plain theme id if the audience's own depth applies."""

    SHORTHAND: ClassVar = "theme"
    theme: Ref
    depth: Depth | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience(Located):
    """`content/audiences/<id>.yaml`: who a variant is for. `template_set` is its look, if that differs from the
    brief's.

    Its `embargo` replaces the brief's.

    `max_age` is the greatest number of days between the day on which a claim was last checked (or, if it never was,
    published) and the date of the brief.

    A `compact` variant has neither cover page nor contents; by default, a variant with little more than summaries is
    compact.

    `grades` says where the grades of figures are printed. `allow` has the codes of warnings that are not reported for the
    audience, each with the reason.
    """

    id: Slug
    title: LocalisedText
    introduction: LocalisedText | None = None
    clearance: Clearance = Clearance.PUBLIC
    allow_in_output: Reason | None = None
    allow: Mapping[str, Reason] = field(default_factory=dict)
    depth: Depth = Depth.STANDARD
    themes: tuple[ThemeChoice, ...]
    formats: tuple[Ref, ...]
    compact: bool | None = None
    marking: LocalisedText | None = None
    template_set: Ref | None = None
    embargo: datetime | None = None
    gates: Gates = field(default_factory=Gates)
    max_age: int | None = None
    grades: GradeDisplay = GradeDisplay.NONE


class TermKind(enum.StrEnum):
    """What a term is the name of."""

    COMPANY = "company"
    EVENT = "event"
    INSTITUTION = "institution"
    MODEL = "model"
    PERSON = "person"
    PRODUCT = "product"
    PUBLICATION = "publication"
    TECHNIQUE = "technique"
    WORK = "work"


@dataclass(frozen=True, slots=True, kw_only=True)
class Avoided(Located):
    """A form of a name that must never be printed, for one locale or, without `locale`, for all."""

    SHORTHAND: ClassVar = "form"
    form: str
    locale: LocaleTag | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Term(Located):
    """One name: its form in each locale, the forms never to be used, who owns it, and what it is in one line.

    `owner` is the id of another term. `also` lists further forms under which the text may mention the term. `allow` has the
    codes of warnings that are not reported for the term, each with the reason.
    """

    id: Slug
    kind: TermKind
    name: LocalisedText
    says: LocalisedText
    owner: Ref | None = None
    also: tuple[LocalisedText, ...] = ()
    avoid: tuple[Avoided, ...] = ()
    clearance: Clearance = Clearance.PUBLIC
    allow_in_output: Reason | None = None
    allow: Mapping[str, Reason] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Glossary(Located):
    """`content/glossary.yaml`: the names that texts use."""

    terms: tuple[Term, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Brief:
    """Everything that was read, keyed by id, in the order of the files; themes and audiences in the order in which
    `settings` lists them.
    """

    settings: Settings
    themes: Mapping[str, Theme]
    audiences: Mapping[str, Audience]
    sources: Mapping[str, Source]
    glossary: Glossary
    catalogues: Mapping[str, Catalogue]
    images: Mapping[str, Image] = field(default_factory=dict)
    specifications: Mapping[str, VegaSpecification] = field(default_factory=dict)
    # The tables of the sources' datasets, by `source/dataset`. `cells` has the cells that content refers to, as claims, by
    # `source/dataset[key].column`.
    datasets: Mapping[str, DatasetTable] = field(default_factory=dict)
    cells: Mapping[str, Claim] = field(default_factory=dict)
    # The results of derived claims, keyed by name, if the brief was reduced to what an audience may see: their inputs
    # may have been withheld.
    results: Mapping[str, FullQuantity] = field(default_factory=dict)
    # The texts that the gates of audiences decide on.
    translations: GatedTexts = field(default_factory=dict)

    # Not a field: otherwise, code that walks through the fields of a brief would visit each source once for each of its
    # claims.
    @cached_property
    def claims(self) -> Mapping[str, tuple[Source, Claim]]:
        """Returns all claims with their sources, by the name `source/claim`, followed by `cells`."""
        cells = ((name, self.sources.get(name.partition("/")[0]), claim) for name, claim in self.cells.items())
        return {
            f"{source.id}/{claim.id}": (source, claim) for source in self.sources.values() for claim in source.claims
        } | {name: (source, claim) for name, source, claim in cells if source is not None}

    # Not a field: it only caches what follows from the fields.
    @cached_property
    def derivations(self) -> dict[str, FullQuantity | ValueError]:
        """Returns the cache of computed results or errors, by claim; filled by `brief.resolve.figures.derive`."""
        return {}

    # Not a field, as above.
    @cached_property
    def derivations_at(self) -> dict[PlacesInRanges, dict[str, FullQuantity | ValueError]]:
        """Returns caches like `derivations`, for results where some ranges are single values."""
        return {}

    # Not a field, as above: every run of every text asks for it.
    @cached_property
    def locales(self) -> tuple[str, ...]:
        return tuple(ref.name for ref in self.settings.locales)
