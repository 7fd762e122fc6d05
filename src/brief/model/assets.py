"""Pictures that belong to a brief."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Image:
    """A picture's bytes, already checked. `name` is its path inside `assets/`; width and height are in pixels."""

    name: str
    media_type: str
    width: int
    height: int
    sha256: str
    data: bytes = field(repr=False)
