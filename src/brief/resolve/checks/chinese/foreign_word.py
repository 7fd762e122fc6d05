"""A word that a region does not use, and what it uses instead."""

from brief.model.record import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """The replacement of a foreign word. `unless` matches contexts in which the word is right."""

    replacement: str
    unless: str = ""
