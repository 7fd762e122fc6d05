"""Keeps the locale data of Babel 2.18 separate: what one locale reads must not change what another locale reads.

Babel's locales share the nested dictionaries that they inherit. When one of them follows an alias of CLDR, Babel writes
the result into such a dictionary, so that every other locale then reads it too: after Chinese, the months of Japanese
were 一月 instead of 1月. Here, results are not written back. This changes Babel for the whole process, and only by
removing that defect.
"""

from typing import Any

from babel.localedata import Alias, LocaleDataDict, merge


def separate_locales() -> None:
    """Makes Babel resolve aliases without writing into dictionaries that locales share."""
    LocaleDataDict.__getitem__ = _get  # type: ignore[method-assign]


def _get(self: LocaleDataDict, key: str | int | None) -> Any:
    value = self._data[key]
    if isinstance(value, Alias):
        value = value.resolve(self.base)
    if isinstance(value, tuple):
        alias, own = value
        value = alias.resolve(self.base).copy()
        merge(value, own)
    return LocaleDataDict(value, base=self.base) if isinstance(value, dict) else value
