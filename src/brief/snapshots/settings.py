"""Reads the project's snapshot settings: which variants have snapshots, and how much their pages may differ."""

from decimal import Decimal
from pathlib import Path

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import ContentError, has_errors
from brief.model.record import dataclass
from brief.model.source_location import Located, Ref, SourceLocation
from brief.reading import text_file, yaml_nodes
from brief.reading.decode import decode

FOLDER = "snapshots"
SETTINGS = f"{FOLDER}/snapshots.yaml"

_RESOLUTIONS = range(20, 201)
_COLOURS = range(1, 256)
_PER_THOUSAND = range(1001)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageTolerance(Located):
    """How much the image of a page may differ: in at most `pixels_per_thousand` of every 1,000 pixels.

    A pixel counts as different if one of its colour channels differs by more than `colour_difference` (of 255).
    """

    colour_difference: int = 32
    pixels_per_thousand: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotSettings(Located):
    """What `snapshots/snapshots.yaml` may contain.

    A list that is left out selects everything that the project publishes. `resolution` is in dots per inch.
    """

    audiences: tuple[Ref, ...] = ()
    locales: tuple[Ref, ...] = ()
    formats: tuple[Ref, ...] = ()
    images: bool = True
    resolution: int = 40
    tolerance: ImageTolerance = ImageTolerance()


def read_settings(root: Path) -> SnapshotSettings:
    """Reads the project's snapshot settings; returns the defaults if there is no file.

    Raises:
        ContentError: the file has errors.
    """
    path = root / SETTINGS
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return SnapshotSettings()
    sink = DiagnosticSink()
    file = text_file.decode_text(SETTINGS, data, sink)
    node = yaml_nodes.parse(file, sink) if file else None
    settings = decode(node, SnapshotSettings, file, (), sink) if file and node else None
    if settings is None or has_errors(sink.found):
        raise ContentError(sink.found)
    _check_range(settings.resolution, "resolution", _RESOLUTIONS, settings.location, sink)
    tolerance = settings.tolerance
    _check_range(tolerance.colour_difference, "colour_difference", _COLOURS, tolerance.location, sink)
    _check_range(tolerance.pixels_per_thousand, "pixels_per_thousand", _PER_THOUSAND, tolerance.location, sink)
    if sink.found:
        raise ContentError(sink.found)
    return settings


def _check_range(
    value: int | Decimal, name: str, allowed: range, location: SourceLocation, sink: DiagnosticSink
) -> None:
    if not allowed[0] <= value <= allowed[-1]:
        message = f"'{name}' is {value}, which is out of range"
        sink.add_error("bad-number", location, message, f"write a number from {allowed[0]} to {allowed[-1]}")
