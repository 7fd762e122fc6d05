"""Template sets: finding one by name, its chain of parents, and its look."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Faces:
    """Font families in order of preference: the Latin face first, then the regional Han face."""

    serif: tuple[str, ...]
    sans: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """What `set.yaml` says: colours by role as `#rrggbb`, and faces by locale tag.

    Roles: brand, accent, ink, muted, rule, tint, paper, note, insight, warning, question, and series (a list).
    """

    colours: dict[str, str]
    series: tuple[str, ...]
    faces: dict[str, Faces]


@dataclass(frozen=True, slots=True)
class TemplateSet:
    """One look. `folders` is the chain from the set itself to `base`; a file is taken from the first that has it."""

    name: str
    folders: tuple[Path, ...]
    look: Look

    def read(self, name: str) -> bytes:
        raise NotImplementedError


def find_set(name: str, project: Path | None = None) -> TemplateSet:
    """The set `name`: the project's own `templates/` comes before the packaged sets."""
    raise NotImplementedError
