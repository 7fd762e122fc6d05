"""Loads the converters of OpenCC, each once."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC


@cache
def load_converter(name: str) -> "OpenCC":
    """Returns the converter of a configuration: `s2tw`, `t2s`, ..."""
    from opencc import OpenCC

    return OpenCC(name)
