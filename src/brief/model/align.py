"""The alignment of a column's cells."""

import enum


class Align(enum.StrEnum):
    """The alignment of a column, in the direction of writing."""

    START = "start"
    END = "end"
    CENTER = "center"
