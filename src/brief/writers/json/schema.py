"""The JSON Schema (draft 2020-12) of the `json` format, generated from the records of a variant so that it always matches."""

import inspect
from collections.abc import Mapping
from typing import Any, TypeVar

from brief.model import inline, prose, variant
from brief.model.assets import Image
from brief.model.variant import Chart, Variant, Vega
from brief.templating.plain import RUN_KINDS
from brief.writers.json.record_schema import RecordSchema

# Increased when a field is renamed or removed, or changes its meaning, but not when fields are added.
VERSION = 1
# Fields that are not written: the look, interface words, and the location of a chart in the content.
OMITTED: Mapping[type, frozenset[str]] = {
    Variant: frozenset(("template_set", "catalogue", "compact")),
    Chart: frozenset(("location",)),
    Vega: frozenset(("location",)),
}
_PICTURE = {
    "type": "object",
    "description": "A picture: its bytes in a data: URI (RFC 2397), and its size in pixels.",
    "properties": {
        "uri": {"type": "string", "pattern": "^data:"},
        "width": {"type": "integer", "minimum": 1},
        "height": {"type": "integer", "minimum": 1},
    },
    "required": ["uri", "width", "height"],
    "additionalProperties": False,
}


class _VariantSchema(RecordSchema):
    def describe(self, hint: Any) -> dict[str, Any]:
        if hint is Image:
            return self.define("picture", lambda: dict(_PICTURE))
        if hint == inline.Run or isinstance(hint, TypeVar):
            # Records that contain runs are generic; each module has its own type parameter.
            return self.define("run", self._describe_runs)
        return super().describe(hint)

    def _describe_runs(self) -> dict[str, Any]:
        kinds = (kind for kind in inline.RUN_TYPES if kind is not inline.DigitPadding)
        return {"description": "A piece of running text.", "oneOf": [self.describe(kind) for kind in kinds]}

    def get_name(self, record: type) -> str:
        kind = self.get_kind(record)
        # Parts of long text have kinds that blocks and runs also have: a paragraph, a list, code.
        return f"prose-{kind}" if kind and record.__module__ == prose.__name__ else kind or record.__name__.lower()

    def get_kind(self, record: type) -> str | None:
        return RUN_KINDS.get(record) or getattr(record, "KIND", None)

    def get_omitted(self, record: type) -> frozenset[str]:
        return OMITTED.get(record, frozenset())


def build_schema() -> dict[str, Any]:
    """Builds the schema of a document of the format `json`."""
    builder = _VariantSchema(vars(inline) | vars(prose) | vars(variant))
    root = builder.describe_record(Variant)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "brief: a variant as JSON",
        "description": inspect.cleandoc(
            """One audience's briefing in one locale, without withheld content. A printed figure also has its
            `quantity`, as exact as it is printed. Values are decimal numbers as strings."""
        ).replace("\n", " "),
        "type": "object",
        "properties": {"version": {"const": VERSION}, **root["properties"]},
        "required": ["version", *root["required"]],
        "additionalProperties": False,
        "$defs": dict(sorted(builder.definitions.items())),
    }
