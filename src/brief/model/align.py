"""How the cells of a column are aligned."""

import enum


class Align(enum.StrEnum):
    START = "start"
    END = "end"
    CENTER = "center"
