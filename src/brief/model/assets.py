"""Pictures that belong to a brief."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Image:
    """A picture's bytes, already checked. `name` is its path inside `assets/`; width and height are in pixels.

    `original_sha256` is the digest of the author's file where the bytes were converted from another format or colour
    space, or turned; empty where they are the file's, without its metadata.
    """

    name: str
    media_type: str
    width: int
    height: int
    sha256: str
    data: bytes = field(repr=False)
    original_sha256: str = ""
