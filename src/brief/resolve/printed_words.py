"""The printed words of a part of a variant, for looking up names and for comparing two variants."""

import enum
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from brief.model.assets import Image
from brief.model.inline import RUN_TYPES, Footnote, to_plain_text

# Anchors, and labels that are renumbered each time.
_NOT_WORDS = ("id", "label")


def collect_printed_words(value: Any) -> tuple[str, ...]:
    """Collects the texts of a part, each kept together. Ids, file names and layout properties are not words."""
    return tuple(_walk_words(value))


def _walk_words(value: Any) -> Iterator[str]:
    if isinstance(value, enum.Enum | Image):
        return
    if isinstance(value, tuple):
        if value and isinstance(value[0], RUN_TYPES):
            yield to_plain_text(value)
            for run in value:
                if isinstance(run, Footnote):
                    yield from _walk_words(run.paragraphs)
        else:
            for part in value:
                yield from _walk_words(part)
    elif is_dataclass(value):
        for part in fields(value):
            if part.name not in _NOT_WORDS:
                yield from _walk_words(getattr(value, part.name))
    elif isinstance(value, str):
        yield value
