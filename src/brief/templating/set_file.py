"""Reads `set.yaml`, the settings of a template set, and `brand.yaml`, the settings of a project for all of its sets."""

import re
from collections.abc import Hashable
from functools import lru_cache
from pathlib import Path
from typing import Generic, TypeVar, cast

from brief.model.appearance.brand import Brand, LimitSettings, Role, SetSettings
from brief.model.appearance.colours import is_colour
from brief.model.appearance.look import RenderLimits
from brief.model.assets import Image
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import ContentError, Diagnostic, has_errors
from brief.model.record import dataclass
from brief.reading import text_file, yaml_nodes
from brief.reading.decode import decode
from brief.reading.pictures import images

SETTINGS = "set.yaml"
BRAND = "brand.yaml"
# A family name goes into style sheets and SVG between quotes.
_FAMILY = re.compile(r"[^\"'\\;{}<>\n]+")

_DEFAULT_LIMITS = RenderLimits()

B = TypeVar("B", bound=Brand, covariant=True)


@dataclass(frozen=True, slots=True)
class SetFile(Generic[B]):
    """The settings in one file, and the logo that it names."""

    settings: B
    logo: Image | None


def read_set_file(path: Path, display_name: str, record: type[B]) -> SetFile[B]:
    """Reads the file `path`, whose name in messages is `display_name`, and the logo in the same folder.

    Raises:
        ContentError: with every diagnostic of the file.
    """
    settings, problems = _decode_settings(display_name, path.read_bytes(), cast(Hashable, record))
    sink = DiagnosticSink(list(problems))
    logo = (
        images.read_image(path.parent, settings.logo, sink, folder_name="the folder of this file")
        if settings and settings.logo
        else None
    )
    if settings is None or has_errors(sink.found):
        raise ContentError(sink.found)
    return SetFile(cast(B, settings), logo)


@lru_cache(maxsize=16)
def _decode_settings(
    display_name: str, data: bytes, record: type[Brand]
) -> tuple[Brand | None, tuple[Diagnostic, ...]]:
    """Returns the settings in a file, or None if too little of it can be read, and the diagnostics."""
    sink = DiagnosticSink()
    file = text_file.decode_text(display_name, data, sink)
    root = yaml_nodes.parse(file, sink) if file else None
    settings = decode(root, record, file, (), sink) if file and root else None
    if settings is not None:
        _check_settings(settings, sink)
    return settings, tuple(sink.found)


def _check_settings(settings: Brand, sink: DiagnosticSink) -> None:
    if isinstance(settings, SetSettings) and settings.limits is not None:
        _check_limits(settings.limits, sink)
    for colour in (*settings.colours.values(), *settings.series):
        if colour.name not in tuple(Role) and not is_colour(colour.name):
            hint = 'write it like "#12355b", in quotes, or name the role that has this colour'
            sink.add_error("colour", colour.location, f"'{colour}' is not a colour", hint)
    for families in settings.faces.values():
        for family in (*families.serif, *families.sans, *families.mono):
            if not _FAMILY.fullmatch(family.name):
                sink.add_error("font-family", family.location, f"'{family}' is not a font family's name")


def _check_limits(settings: LimitSettings, sink: DiagnosticSink) -> None:
    """Checks that a set does not raise the limits of a render."""
    for unit, value, limit in (
        ("seconds", settings.seconds, _DEFAULT_LIMITS.seconds),
        ("megabytes", settings.megabytes, _DEFAULT_LIMITS.megabytes),
    ):
        if value is not None and not 0 < value <= limit:
            sink.add_error(
                "template-limit",
                settings.location,
                f"{value} {unit} is not a valid limit of a render",
                f"write a number above 0 and up to {limit:g}; a set can only lower the limits",
            )
