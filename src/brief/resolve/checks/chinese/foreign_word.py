"""The entry of a table of words that a region does not use."""

from brief.model.record import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """The word that the region uses instead. `unless` is a regular expression for contexts in which the foreign word is
    right; empty if there are none.
    """

    replacement: str
    unless: str = ""
