"""The converters of OpenCC, made once each."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC


@cache
def load_converter(name: str) -> "OpenCC":
    """Returns the converter of that configuration: `s2tw`, `t2s`, ..."""
    from opencc import OpenCC

    return OpenCC(name)
