"""Embargoes: the time before which an audience's variants are not archived, approved or mailed.

`embargo:` in `content/brief.yaml` applies to every audience that has none of its own. A build writes the times into the
pack's manifest, so that they also bind commands that have only the pack, and the digest that approvals and plans record
covers them.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from brief.model.brief import Brief
from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.source_location import SourceLocation
from brief.publish.paths import MANIFEST
from brief.publish.regular_files import read_regular_file

KEY = "embargoes"


def list_embargoes(brief: Brief, audiences: Iterable[str]) -> Mapping[str, str]:
    """Maps each audience that has an embargo to its time in ISO 8601, with the zone that its author wrote."""
    return {name: time.isoformat() for name, time in find_embargoes(brief, audiences).items()}


def find_embargoes(brief: Brief, audiences: Iterable[str]) -> Mapping[str, datetime]:
    """Maps each audience that has an embargo to its time."""
    times = {name: brief.audiences[name].embargo or brief.settings.embargo for name in audiences}
    return {name: time for name, time in sorted(times.items()) if time is not None}


def parse_embargoes(document: Mapping[str, object]) -> Mapping[str, datetime]:
    """Returns the embargoes in a parsed manifest, by audience.

    Raises:
        ValueError: an embargo cannot be read. It is not ignored, because it might still be in force.
    """
    plain = document.get(KEY, {})
    if not isinstance(plain, dict):
        raise ValueError(f"the manifest needs '{KEY}' as a mapping")
    return {str(name): _parse_time(name, text) for name, text in plain.items()}


def _parse_time(name: object, text: object) -> datetime:
    try:
        time = datetime.fromisoformat(str(text))
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        raise ValueError(f"the manifest has no readable time for the embargo of '{name}'")
    return time


def read_embargoes(folder: Path) -> Mapping[str, datetime]:
    """Reads the embargoes of the pack in `folder`.

    Raises:
        ContentError: the manifest or an embargo in it cannot be read.
    """
    try:
        return parse_embargoes(json.loads(read_regular_file(folder / MANIFEST)))
    except (OSError, ValueError, AttributeError, RecursionError) as problem:
        location = SourceLocation((folder / MANIFEST).as_posix())
        raise ContentError([Diagnostic("pack-manifest", str(problem), location, "build again")]) from problem


def require_released(embargoes: Mapping[str, datetime], now: datetime, location: SourceLocation, hint: str) -> None:
    """Checks that no embargo is still in force; an embargo ends at its time.

    Raises:
        ContentError: an embargo is in force (`embargo`), with one diagnostic for each audience.
    """
    embargoed = [
        Diagnostic("embargo", f"audience '{name}' is under embargo until {time.isoformat()}", location, hint)
        for name, time in sorted(embargoes.items())
        if now < time
    ]
    if embargoed:
        raise ContentError(embargoed)
