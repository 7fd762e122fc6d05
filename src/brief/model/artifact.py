"""What is asked for and what comes out: orders and artifacts."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Order:
    """Audiences, locales and formats by name; an empty tuple means all of them."""

    audiences: tuple[str, ...] = ()
    locales: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """A variant's bytes in one format. `pages` is known for PDF alone; `inputs` digests all that shaped the bytes.

    `inspected` says that a build searched all of the bytes for what the audience may not see, and found nothing.
    """

    name: str
    audience: str
    locale: str
    format: str
    media_type: str
    sha256: str
    inputs: str
    pages: int | None = None
    inspected: bool = False
    data: bytes = field(repr=False)
