"""The positions of values in input files."""

from dataclasses import field
from typing import NewType

from brief.model.record import dataclass

# Texts of a fixed form, checked where they are read. A slug is what ids, file names and anchors are made of:
# lower-case ASCII letters, digits and hyphens.
Slug = NewType("Slug", str)
Sha256 = NewType("Sha256", str)
# A web address in ASCII, and a Digital Object Identifier without its resolver: 10.1000/182.
Url = NewType("Url", str)
Doi = NewType("Doi", str)
LocaleTag = NewType("LocaleTag", str)
# How many decimals a figure prints with: 0 or more, whereas other whole numbers in content are at least 1.
DecimalPlaces = NewType("DecimalPlaces", int)
# Why a rule does not apply here, in words.
Reason = NewType("Reason", str)


@dataclass(frozen=True, slots=True, order=True)
class SourceLocation:
    """A position in an input file. `line` and `column` count from 1, in characters; 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


UNKNOWN_LOCATION = SourceLocation("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """Base of every authored record: the location is ignored when records are compared."""

    location: SourceLocation = field(default=UNKNOWN_LOCATION, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Ref:
    """A name that points at something else: an audience, a theme, a block, a mailbox, or a claim as `source/claim`."""

    name: str
    location: SourceLocation = field(default=UNKNOWN_LOCATION, compare=False, repr=False)

    def __str__(self) -> str:
        return self.name
