"""The words of a locale do not depend on the locales that were used before it."""

import subprocess
import sys

import pytest

LOCALES = ("ja", "zh_Hans", "zh_Hant", "ko", "de", "en")
WORDS = """
import sys
import brief.resolve.figures
from babel import Locale

def words(locale):
    found = Locale.parse(locale)
    for names in (found.months, found.days, found.quarters):
        yield [sorted(names[context][width].items()) for context in ("format", "stand-alone") for width in names[context]]
    yield sorted(found.number_symbols["latn"].items())

for locale in sys.argv[1].split(","):
    last = repr(list(words(locale)))
print(last)
"""


def read(*locales: str) -> str:
    command = [sys.executable, "-c", WORDS, ",".join(locales)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("locale", LOCALES)
def test_a_locale_reads_the_same_after_all_others(locale: str) -> None:
    others = [other for other in LOCALES if other != locale]
    assert read(*others, locale) == read(locale)
