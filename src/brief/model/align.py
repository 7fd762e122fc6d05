"""The alignment of a column's cells."""

import enum


class Align(enum.StrEnum):
    START = "start"
    END = "end"
    CENTER = "center"
