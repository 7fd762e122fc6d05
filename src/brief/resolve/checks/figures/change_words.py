"""Finds negative figures that words of a fall or a rise govern: "fell by −32.1%" is a double negative."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from brief.model.brief import Brief
from brief.model.locale import get_primary_language
from brief.model.record import dataclass
from brief.model.scripts import find_chinese_script
from brief.model.source_location import SourceLocation
from brief.resolve.checks.figures.placeholders import Placeholder, Placeholders


@dataclass(frozen=True, slots=True)
class ChangeWords:
    """Regular expressions, without regard to case: `before` matches the end of the text before a figure, `after` the beginning
    of the text after it, and `around` words on both sides, where `{}` is the figure; empty if there are none.
    """

    before: str
    after: str
    around: str = ""

    def find(self, before: str, after: str) -> str:
        """Returns the words that govern a figure between the two texts; empty if there are none."""
        found = _compile(self.before).search(before) or _compile(self.after).match(after)
        if found is None and self.around:
            found = _compile(self.around).search(f"{before}{{}}{after}")
        return found[0].strip().replace("{}", "…") if found else ""


@cache
def _compile(pattern: str) -> re.Pattern[str]:
    # On demand: compiling the patterns of all languages would take a tenth of the time of a check.
    return re.compile(pattern, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NegativeFigure:
    """A negative figure that words govern: the words and its placeholder."""

    words: str
    placeholder: Placeholder

    @property
    def location(self) -> SourceLocation:
        return self.placeholder.run.claim.location

    @property
    def message(self) -> str:
        return f"'{self.words}' is said of a negative figure, {self.placeholder.written}"

    @property
    def amount(self) -> str:
        """The placeholder that prints the figure without its sign."""
        return f"{self.placeholder.written.removesuffix('}')}:abs}}"


def find_negative_figures(
    brief: Brief, placeholders: Placeholders, words_by_language: Mapping[str, ChangeWords]
) -> Iterator[NegativeFigure]:
    """Yields each negative figure that words of the table govern. Its keys are languages, and for Chinese the scripts."""
    for locale, placed in placeholders.by_locale.items():
        words = words_by_language.get(find_chinese_script(locale) or get_primary_language(locale))
        for each in placed if words else ():
            if words and _is_negative(each, brief) and (verb := words.find(each.before, each.after)):
                yield NegativeFigure(verb, each)


def _is_negative(placeholder: Placeholder, brief: Brief) -> bool:
    if placeholder.run.is_absolute or placeholder.run.part == "period":
        return False
    quantity = placeholder.find_quantity(brief)
    highest = (quantity.value if quantity.value is not None else quantity.high) if quantity else None
    return highest is not None and highest < 0
