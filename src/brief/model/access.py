"""Clearance (who may see content) and depth (how much of it), both ordered."""

import enum
from typing import ClassVar

# The reserved name of a caller without any limit; no clearance may have this name.
EVERY_CLEARANCE = "all"


class Clearance(int):
    """Who may see content. An audience sees what does not exceed its own clearance.

    Its value is the index in the project's list, from 0 for what everyone may see; `name` is its name there.
    """

    PUBLIC: ClassVar["Clearance"]
    CLIENT: ClassVar["Clearance"]
    INTERNAL: ClassVar["Clearance"]

    name: str

    def __new__(cls, level: int, name: str) -> "Clearance":
        clearance = super().__new__(cls, level)
        clearance.name = name
        return clearance

    def __getnewargs__(self) -> tuple[int, str]:  # type: ignore[override]
        return int(self), self.name

    def __repr__(self) -> str:
        return f"Clearance({int(self)}, {self.name!r})"


Clearance.PUBLIC = Clearance(0, "public")
Clearance.CLIENT = Clearance(1, "client")
Clearance.INTERNAL = Clearance(2, "internal")

# The clearances of a project that lists none, lowest first.
DEFAULT_CLEARANCES = (Clearance.PUBLIC, Clearance.CLIENT, Clearance.INTERNAL)


def name_clearances(names: tuple[str, ...]) -> tuple[Clearance, ...]:
    """Returns the clearances that a project lists, lowest first; returns the default ones if it lists none."""
    return tuple(Clearance(level, name) for level, name in enumerate(names)) or DEFAULT_CLEARANCES


class Depth(enum.IntEnum):
    """How much of a theme an audience reads. It sees the blocks whose depth does not exceed its own."""

    SUMMARY = 0
    STANDARD = 1
    FULL = 2
