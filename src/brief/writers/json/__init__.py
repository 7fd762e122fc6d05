"""JSON: the variant itself as data, for programs that would otherwise read it out of a page.

The tree is that of `brief.model.variant`, under the names of its fields; `brief.writers.json.schema` describes it. Left out is
what only concerns our own layout: the look, the place in the author's files, and padding of columns.
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
from brief.templating.plain import RUN_KINDS, to_plain
from brief.templating.template_set import TemplateSet
from brief.writers.json.schema import OMITTED, VERSION
from brief.writers.result import WriterResult


def write(variant: Variant, template_set: TemplateSet) -> WriterResult:  # noqa: ARG001
    """The variant as one JSON document in UTF-8 (RFC 8259), indented, with the keys always in the same order."""
    document = {"version": VERSION, **_to_object(variant)}
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    return WriterResult(f"{text}\n".encode())


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
            # As text: many readers of JSON make a binary number of a number, and lose digits.
            return f"{value:f}"
        case tuple():
            return [_to_json(item) for item in value if not isinstance(item, DigitPadding)]
        case Mapping():
            return {str(name): _to_json(item) for name, item in value.items()}
        case _ if is_dataclass(value):
            return _to_object(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")
