"""Pictures and Vega-Lite specifications that belong to a brief."""

from dataclasses import field

from brief.model.record import dataclass
from brief.model.source_location import Located, SourceLocation
from brief.model.text import LocalisedText


@dataclass(frozen=True, slots=True)
class Image:
    """A picture's bytes, already checked. `name` is its path inside `assets/`; width and height are in pixels.

    `original_sha256` is the digest of the author's file if it was converted from another format or colour space, or
    rotated; empty if only its metadata was removed.
    """

    name: str
    media_type: str
    width: int
    height: int
    sha256: str
    data: bytes = field(repr=False)
    original_sha256: str = ""


@dataclass(frozen=True, slots=True)
class TypedFigure:
    """A number in a specification that would be drawn or printed, or a text in it that may contain one."""

    text: str
    is_number: bool
    location: SourceLocation


@dataclass(frozen=True, slots=True, kw_only=True)
class VegaSpecification(Located):
    """A Vega-Lite specification, already checked. `name` is its path inside `vega/`.

    In `json`, localised texts are replaced with `{"$words": 0}`, where 0 is the index in `words`, and colours of the
    brand with `{"$colour": "accent"}`. `data` lists the names of its data sets, and `fields` the names of the fields that
    it draws; None if it creates fields whose names are not known. `typed` has its numbers and texts that do not come from
    data, and `computed_fields` the names of the fields that its transforms create.
    """

    name: str
    json: str = field(repr=False)
    words: tuple[LocalisedText, ...]
    data: tuple[str, ...]
    fields: tuple[str, ...] | None
    typed: tuple[TypedFigure, ...] = ()
    computed_fields: tuple[str, ...] = ()
