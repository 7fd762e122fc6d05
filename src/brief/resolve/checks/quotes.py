"""Finds the quotation marks of the language that straight and foreign ones should be replaced with."""

import re
from collections.abc import Mapping

from brief.model.han import IDEOGRAPH, IDEOGRAPHS
from brief.model.record import dataclass
from brief.resolve.authored_words import VERBATIM


@dataclass(frozen=True, slots=True)
class QuotationMarks:
    """The outer and inner marks of a language, and the space between them and the words."""

    outer: tuple[str, str]
    inner: tuple[str, str]

    def describe(self) -> str:
        """Describes the marks for a hint."""
        return f"{self.outer[0]} {self.outer[1]}, within them {self.inner[0]} {self.inner[1]}, and ’ as apostrophe"


_ENGLISH = QuotationMarks(("“", "”"), ("‘", "’"))
_GERMAN = QuotationMarks(("„", "“"), ("‚", "‘"))
# CLDR 46, delimiters: languages in Latin script that have interface words or are widely used.
QUOTES: Mapping[str, QuotationMarks] = {
    "en": _ENGLISH,
    "de": _GERMAN,
    "fr": QuotationMarks(("«\u00a0", "\u00a0»"), ("“", "”")),
    "es": QuotationMarks(("«", "»"), ("“", "”")),
    "it": QuotationMarks(("«", "»"), ("“", "”")),
    "pt": _ENGLISH,
    "nl": QuotationMarks(("‘", "’"), ("“", "”")),
    "pl": QuotationMarks(("„", "”"), ("«", "»")),
    "cs": _GERMAN,
    "sv": QuotationMarks(("”", "”"), ("’", "’")),
    "fi": QuotationMarks(("”", "”"), ("’", "’")),
    "da": _ENGLISH,
    "tr": _ENGLISH,
    "vi": _ENGLISH,
    "id": _ENGLISH,
}

# Feet, inches, minutes and seconds keep straight marks.
_MEASURE = r"(?<=[0-9])['\"]"
_STRAIGHT = re.compile(f"(?P<measure>{_MEASURE})|(?P<mark>['\"])")
_OPENS = re.compile(rf"(?:^|[\s(\[{{“‘«„‚/–—{IDEOGRAPHS}，。：；、（「『《-])$")
_FOREIGN = {
    "Hans": re.compile("[「」『』]"),
    "Hant": re.compile("[“”‘]|(?<![A-Za-z])’|(?<=[A-Za-z])’(?![A-Za-z])"),
}
_FOREIGN_MARKS = {
    "Hans": {"「": "“", "」": "”", "『": "‘", "』": "’"},
    "Hant": {"“": "「", "”": "」", "‘": "『", "’": "』"},
}
_CHINESE_MARKS = {
    "Hans": QuotationMarks(("“", "”"), ("‘", "’")),
    "Hant": QuotationMarks(("「", "」"), ("『", "』")),
}

# The start and end of each replaced part, and the new text.
Replacements = list[tuple[int, int, str]]


def replace_straight_quotes(text: str, marks: QuotationMarks | None, *, apostrophes: bool) -> tuple[Replacements, bool]:
    """Returns the replacements of a text's straight marks, and whether all of these marks have a replacement.

    Without `apostrophes`, apostrophes within words are not replaced.
    """
    double, single, inner = _sort_marks(text)
    found: Replacements = []
    is_whole = marks is not None
    if marks is not None:
        pairs = _pair(text, double)
        is_whole = pairs is not None
        found += [(at, at + 1, marks.outer[is_closing]) for at, is_closing in pairs or [(at, False) for at in double]]
        inner_pairs = _pair(text, single)
        if inner_pairs is None:
            # A mark after a word may be a plural possessive: the drivers' pay.
            inner_pairs, possessives = _pair_beside_possessives(text, single)
            inner.extend(possessives)
            rest = sorted({*single} - {*possessives} - {at for at, _ in inner_pairs})
            is_whole = is_whole and not rest
            found += [(at, at + 1, "’") for at in rest]
        if inner_pairs:
            chosen = marks.inner if double else marks.outer
            found += [(at, at + 1, chosen[is_closing]) for at, is_closing in inner_pairs]
    else:
        found += [(at, at + 1, "") for at in (*double, *single)]
    if apostrophes or found:
        found += [(at, at + 1, "’") for at in inner]
    return sorted(found), is_whole


def replace_quotes(text: str, script: str) -> tuple[Replacements, bool]:
    """Returns the replacement of each straight or foreign mark of a Chinese text, like `replace_straight_quotes`."""
    found: Replacements = []
    is_whole = True
    swap = _FOREIGN_MARKS[script]
    for match in _FOREIGN[script].finditer(text):
        # An apostrophe that ends a Latin word closes a quotation only if a quotation is open.
        if match[0] == "’" and text[: match.start()].count("‘") <= text[: match.start()].count("’"):
            continue
        found.append((match.start(), match.end(), swap[match[0]]))
    if '"' in text or "'" in text:
        double, single, _ = _sort_marks(text)
        marks = _CHINESE_MARKS[script]
        for positions, chosen in ((double, marks.outer), (single, marks.inner if double else marks.outer)):
            pairs = _pair_alternately(positions)
            is_whole = is_whole and pairs is not None
            found += [(at, at + 1, chosen[is_closing]) for at, is_closing in pairs or [(at, False) for at in positions]]
    return sorted(found), is_whole


def _sort_marks(text: str) -> tuple[list[int], list[int], list[int]]:
    """Finds the positions of double marks, of single marks, and of apostrophes within words."""
    double: list[int] = []
    single: list[int] = []
    within: list[int] = []
    for match in _STRAIGHT.finditer(text):
        at = match.start()
        before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
        if match["measure"] and not _closes_quotation(text, at, double, match[0]):
            continue
        if match[0] == '"':
            double.append(at)
        elif (_is_latin(before) and _is_latin(after)) or re.match(r"\d0s\b", text[at + 1 : at + 4]):
            within.append(at)
        else:
            single.append(at)
    return double, single, within


def _is_latin(character: str) -> bool:
    return character.isalnum() and not IDEOGRAPH.match(character)


def _closes_quotation(text: str, at: int, double: list[int], mark: str) -> bool:
    """Returns whether a mark after a digit closes a quotation and is not a unit."""
    return mark == '"' and len(double) % 2 == 1 and not text[at + 1 : at + 2].isdigit()


def _pair(text: str, positions: list[int]) -> list[tuple[int, bool]] | None:
    """Returns for each mark whether it closes; None if opening and closing marks do not alternate."""
    pairs = _pair_alternately(positions)
    if pairs is None:
        return None
    for at, is_closing in pairs:
        opens = _opens(text, at)
        after = text[at + 1 : at + 2]
        # After a placeholder, a mark may open or close.
        follows_placeholder = text[at - 1 : at] == VERBATIM
        if (not follows_placeholder and opens is is_closing) or (not is_closing and (not after or after.isspace())):
            return None
    return pairs


def _pair_beside_possessives(text: str, positions: list[int]) -> tuple[list[tuple[int, bool]], list[int]]:
    """Returns for each mark of a pair whether it closes, and the apostrophes at the ends of words.

    A mark that may be either, as both in 'drivers' pay', is in neither list.
    """
    pairs: list[tuple[int, bool]] = []
    opening = next((number for number, at in enumerate(positions) if _opens(text, at)), len(positions))
    possessives = positions[:opening]
    while opening < len(positions):
        following = next(
            (number for number in range(opening + 1, len(positions)) if _opens(text, positions[number])), len(positions)
        )
        if following - opening == 2:
            pairs += [(positions[opening], False), (positions[opening + 1], True)]
        opening = following
    return pairs, possessives


def _opens(text: str, at: int) -> bool:
    """Returns whether a mark at the position can open a quotation, judged by the character before it."""
    return _OPENS.search(text[max(0, at - 1) : at]) is not None


def _pair_alternately(positions: list[int]) -> list[tuple[int, bool]] | None:
    return None if len(positions) % 2 else [(at, bool(number % 2)) for number, at in enumerate(positions)]
