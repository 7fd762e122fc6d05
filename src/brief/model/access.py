"""Who may see what, and how much of it: clearance and depth, both ordered."""

import enum


class Clearance(enum.IntEnum):
    """How far content may travel. An audience sees what does not exceed its own clearance."""

    PUBLIC = 0
    CLIENT = 1
    INTERNAL = 2


class Depth(enum.IntEnum):
    """How much of a theme an audience reads. It sees the blocks whose depth does not exceed its own."""

    SUMMARY = 0
    STANDARD = 1
    FULL = 2
