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
    """Returns the syllables of each name with their tones; what has no reading is returned unchanged.

    The syllables are kept in the store, because loading the dictionaries of pypinyin takes longer than localising a
    variant.
    """
    store = open_default_store() if names else None
    key = digest("pinyin", _fingerprint_dictionaries(), *names) if store else ""
    kept = store.get(key) if store else None
    if kept is not None:
        known: Readings = json.loads(kept)
        return known
    found = _look_up(names)
    if store:
        store.put(key, json.dumps(found).encode())
    return found


def _look_up(names: Sequence[str]) -> dict[str, list[str]]:
    if not names:
        return {}
    # Its dictionaries are large, and most projects have few Chinese names to sort.
    from pypinyin import Style, lazy_pinyin

    return {name: lazy_pinyin(name, Style.TONE3, neutral_tone_with_five=True) for name in names}


def _fingerprint_dictionaries() -> str:
    """Returns a digest that changes with the version of pypinyin, which is written in its first module."""
    found = find_spec("pypinyin")
    return digest(Path(found.origin).read_bytes()) if found and found.origin else ""
