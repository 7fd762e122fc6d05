"""Reads Chinese names in Pinyin, which depends on words: 重庆 is chóngqìng, 重点 zhòngdiǎn."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from brief.store import digest, open_default_store

Readings = Mapping[str, Sequence[str]]


@lru_cache(maxsize=64)
def read_pinyin(names: tuple[str, ...]) -> Readings:
    """Maps each name to its syllables, each followed by the number of its tone (1 to 5). A stretch of characters without a
    reading is one item, unchanged.

    The syllables are kept in the store, because loading the dictionaries of pypinyin takes longer than localising a
    variant.
    """
    store = open_default_store() if names else None
    key = digest("pinyin", _fingerprint_dictionaries(), *names) if store else ""
    data = store.get(key) if store else None
    if data is not None:
        stored_readings: Readings = json.loads(data)
        return stored_readings
    readings = _look_up(names)
    if store:
        store.put(key, json.dumps(readings).encode())
    return readings


def _look_up(names: Sequence[str]) -> dict[str, list[str]]:
    if not names:
        return {}
    # Imported here, because its dictionaries are large, and most projects have few Chinese names to sort.
    from pypinyin import Style, lazy_pinyin

    return {name: lazy_pinyin(name, Style.TONE3, neutral_tone_with_five=True) for name in names}


def _fingerprint_dictionaries() -> str:
    """Returns a digest of the first module of pypinyin, which contains its version; empty if it is not installed."""
    spec = find_spec("pypinyin")
    return digest(Path(spec.origin).read_bytes()) if spec and spec.origin else ""
