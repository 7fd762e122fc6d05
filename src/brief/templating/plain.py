"""Converts records to the plain data that templates see: dictionaries, lists, text, integers and booleans.

A template could call methods of a `Path`, a module or one of our own records; plain data has no unsafe methods.
"""

import base64
import enum
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from functools import cache, singledispatch
from typing import Any, TypeAlias

from brief.model import inline, variant
from brief.model.assets import Image
from brief.model.catalogue import Catalogue
from brief.templating.formulas import mark_up_formula

Plain: TypeAlias = "dict[str, Plain] | list[Plain] | str | int | bool | None"

RUN_KINDS: Mapping[type, str] = {
    inline.Text: "text",
    inline.Code: "code",
    inline.Strong: "strong",
    inline.Emphasis: "emphasis",
    inline.Link: "link",
    inline.Number: "number",
    inline.DigitPadding: "digit-padding",
    inline.Citation: "citation",
    inline.Reference: "reference",
    inline.ShiftedText: "script",
    inline.LineBreak: "break",
    inline.Footnote: "footnote",
}


@singledispatch
def to_plain(value: object) -> Plain:
    """Returns `value` as plain data. Blocks and runs have their kind under "kind"; a decimal number becomes its digits
    as text.

    Raises:
        TypeError: `value` has a type that must not reach a template.
    """
    return record_to_plain(value)


def record_to_plain(value: object) -> dict[str, Plain]:
    """Returns a frozen record of the model as a dictionary; raises as `to_plain` does."""
    kind, names = _describe_record(type(value))  # type: ignore[arg-type]  # of every class, the hash is its identity
    entries: dict[str, Plain] = {"kind": kind} if kind else {}
    for name in names:
        content = getattr(value, name)
        # Most fields of a record are text, which needs no conversion.
        entries[name] = content if type(content) is str else to_plain(content)
    return entries


@cache
def _describe_record(record: type[Any]) -> tuple[str | None, tuple[str, ...]]:
    """Returns the kind of a record (None unless it is a block or a run) and the names of its fields."""
    if not is_dataclass(record):
        raise TypeError(f"{record.__name__} must not reach a template")
    return RUN_KINDS.get(record) or getattr(record, "KIND", None), tuple(field.name for field in fields(record))


@to_plain.register(str)
@to_plain.register(int)
@to_plain.register(bool)
@to_plain.register(type(None))
def _(value: str | int | bool | None) -> Plain:
    return value


@to_plain.register(enum.StrEnum)
def _(value: enum.StrEnum) -> Plain:
    return value.value


@to_plain.register(Decimal)
def _(value: Decimal) -> Plain:
    return f"{value:f}"


@to_plain.register(tuple)
@to_plain.register(list)
def _(value: tuple[object, ...] | list[object]) -> Plain:
    return [to_plain(item) for item in value]


@to_plain.register(Image)
def _(value: Image) -> Plain:
    data = base64.b64encode(value.data).decode("ascii")
    return {"uri": f"data:{value.media_type};base64,{data}", "width": value.width, "height": value.height}


@to_plain.register(inline.Formula)
def _(value: inline.Formula) -> Plain:
    return {"kind": "formula", "markup": mark_up_formula(value)}


@to_plain.register(Catalogue)
def _(value: Catalogue) -> Plain:  # noqa: ARG001
    raise TypeError("the catalogue is bound to the templates' gettext and must not be passed to them as data")


def variant_to_plain(value: variant.Variant) -> dict[str, Plain]:
    """Returns the variant as the context of a template: its fields except the catalogue."""
    return {field.name: to_plain(getattr(value, field.name)) for field in fields(value) if field.name != "catalogue"}
