"""Writes JSON: the variant as data, for programs that would otherwise have to scrape a page.

The document has the structure and the field names of `brief.model.variant`; `brief.writers.json.schema` describes it. It
omits what concerns only our own layout: the look, locations in the author's files, and the padding of columns.
"""

import enum
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

from brief.model.assets import Image
from brief.model.inline import DigitPadding
from brief.model.variant import Variant
from brief.store import spool
from brief.templating.plain import RUN_KINDS, to_plain
from brief.templating.template_set import TemplateSet
from brief.writers.json.schema import OMITTED, VERSION
from brief.writers.result import WriterResult


def write(variant: Variant, template_set: TemplateSet) -> WriterResult:  # noqa: ARG001
    """Writes the variant as a single indented JSON document in UTF-8 (RFC 8259), with the keys in a fixed order."""
    document = {"version": VERSION, **_to_object(variant)}
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    return WriterResult(spool(f"{text}\n".encode()))


def _to_object(record: Any) -> dict[str, Any]:
    kind = RUN_KINDS.get(type(record)) or getattr(record, "KIND", None)
    names = (field.name for field in fields(record) if field.name not in OMITTED.get(type(record), ()))
    entries = {name: _to_json(getattr(record, name)) for name in names}
    return {"kind": kind, **entries} if kind else entries


def _to_json(value: object) -> Any:
    match value:
        case Image():
            return to_plain(value)
        case enum.StrEnum():
            return value.value
        case None | str() | bool() | int():
            return value
        case Decimal():
            # As a string: many JSON parsers convert numbers to binary floating point and lose digits.
            return f"{value:f}"
        case tuple():
            return [_to_json(item) for item in value if not isinstance(item, DigitPadding)]
        case Mapping():
            return {str(name): _to_json(item) for name, item in value.items()}
        case _ if is_dataclass(value):
            return _to_object(value)
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")
