"""Hooks of schemathesis: half of the valid requests name what the project has, so that packs are built and sent."""

from typing import Any

import schemathesis

NAMES = {
    "audiences": ["public", "council"],
    "locales": ["en", "zh-Hans", "zh-Hant"],
    "formats": ["html", "json", "md", "docx"],
}


@schemathesis.hook
def map_body(_context: Any, body: Any) -> Any:
    """Replaces valid names that the project does not have; what the description forbids stays as it is."""
    seed = sum(map(ord, repr(body)))
    if not isinstance(body, dict) or not _is_name(body.get("brief")) or seed % 4 == 0:
        return body
    body["brief"] = "night-buses"
    for key, names in NAMES.items():
        value = body.get(key)
        if isinstance(value, list) and all(map(_is_name, value)) and len({*value}) == len(value) <= len(names):
            body[key] = [names[(seed + index) % len(names)] for index in range(len(value))]
    return body


def _is_name(value: Any) -> bool:
    return isinstance(value, str)


@schemathesis.hook
def map_path_parameters(_context: Any, path_parameters: Any) -> Any:
    if path_parameters and "brief" in path_parameters and len(str(path_parameters["brief"])) % 2:
        path_parameters["brief"] = "night-buses"
    return path_parameters
