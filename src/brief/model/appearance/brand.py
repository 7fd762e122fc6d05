"""The unresolved settings of `set.yaml` and `brand.yaml`; either may omit what the other has."""

import enum
from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal

from brief.model.record import dataclass
from brief.model.source_location import LocaleTag, Located, Ref


class Role(enum.StrEnum):
    """What a colour is for."""

    BRAND = "brand"
    ACCENT = "accent"
    INK = "ink"
    MUTED = "muted"
    RULE = "rule"
    TINT = "tint"
    PAPER = "paper"
    NOTE = "note"
    INSIGHT = "insight"
    WARNING = "warning"
    QUESTION = "question"


class Placement(enum.StrEnum):
    """Where the references of citations are printed: only in the list at the end, or also at the bottom of the page."""

    LIST = "list"
    FOOTNOTES = "footnotes"


class Orientation(enum.StrEnum):
    """Which way the pages of a set are turned."""

    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


class Omission(enum.StrEnum):
    """A part that the templates of a set may leave out on purpose. The inspection of a build requires all others."""

    CONTENTS = "contents"
    LABELS = "labels"
    CHART_FIGURES = "chart-figures"
    LIST_NUMBERS = "list-numbers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Families(Located):
    """Font families of each kind, in order of preference."""

    serif: tuple[Ref, ...] = ()
    sans: tuple[Ref, ...] = ()
    mono: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand(Located):
    """An organisation's colours, fonts and logo.

    A colour is `#rrggbb`, or the name of a role that has the same colour. `logo` is a picture in the folder of the file.
    """

    colours: Mapping[Role, Ref] = field(default_factory=dict)
    series: tuple[Ref, ...] = ()
    faces: Mapping[LocaleTag, Families] = field(default_factory=dict)
    logo: Ref | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitSettings(Located):
    """Limits of a render that are lower than the default ones: seconds of processor time, megabytes of memory."""

    seconds: Decimal | None = None
    megabytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetSettings(Brand):
    """The settings of a template set. `leaves_out` lists what its templates do not print on purpose."""

    extends: Ref | None = None
    references: Placement | None = None
    compact: bool | None = None
    orientation: Orientation | None = None
    pdf_engine: Ref | None = None
    limits: LimitSettings | None = None
    leaves_out: tuple[Omission, ...] | None = None
