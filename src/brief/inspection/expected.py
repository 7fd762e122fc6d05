"""What the files of a variant must say, collected once for all of them."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from brief.inspection.words.passages import list_passages
from brief.inspection.words.pieces import Pieces, list_pieces
from brief.model.appearance.look import Look
from brief.model.assets import Image
from brief.model.catalogue import Catalogue
from brief.model.inline import Link, Text, to_plain_text
from brief.model.record import dataclass
from brief.model.variant import SourceEntry, Variant


@dataclass
class ExpectedDocument:
    """A variant, and the pieces of its words."""

    variant: Variant
    pieces: Pieces

    @cached_property
    def addresses(self) -> tuple[str, ...]:
        """The addresses to which links in texts lead, in order."""
        return tuple(_walk_addresses(self.variant))

    @cached_property
    def marked_passages(self) -> tuple[tuple[str, str], ...]:
        """The language and the text of each passage whose language the content marks, and of each source."""
        return tuple(_walk_marked_passages(self.variant))


def expect_document(variant: Variant, look: Look) -> ExpectedDocument:
    """Prepares a variant for comparison with files that were written with this look."""
    passages = list_passages(variant, has_footnotes=look.has_footnotes, leaves_out=look.leaves_out)
    return ExpectedDocument(variant, list_pieces(passages))


def _walk_addresses(value: Any) -> Iterator[str]:
    if isinstance(value, Link):
        yield value.url
    if isinstance(value, tuple):
        for part in value:
            yield from _walk_addresses(part)
    elif hasattr(value, "__dataclass_fields__") and not isinstance(value, Catalogue | Image):
        for name in value.__dataclass_fields__:
            yield from _walk_addresses(getattr(value, name))


def _walk_marked_passages(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Text):
        if value.language:
            yield value.language, value.text
    elif isinstance(value, tuple):
        for part in value:
            yield from _walk_marked_passages(part)
    elif hasattr(value, "__dataclass_fields__"):
        if isinstance(value, SourceEntry):
            yield value.language, f"{to_plain_text(value.title)}{value.author or ''}{value.publisher}"
        for name in value.__dataclass_fields__:
            if name != "catalogue":
                yield from _walk_marked_passages(getattr(value, name))
