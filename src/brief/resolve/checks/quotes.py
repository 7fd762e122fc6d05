"""Replaces straight and foreign quotation marks with those of the language."""

import re
from collections.abc import Mapping

from brief.model.han import IDEOGRAPH, IDEOGRAPHS
from brief.model.record import dataclass
from brief.resolve.authored_words import VERBATIM


@dataclass(frozen=True, slots=True)
class QuotationMarks:
    """The outer and inner quotation marks of a language, opening and closing, with the space between them and the words."""

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
    """Returns the replacements of a text's straight marks, from left to right, and whether they are certain. If they are
    not, they say only which marks are straight. That is so if `marks` is None, or if marks do not form pairs.

    Without `apostrophes`, apostrophes within words are replaced only if other marks are.
    """
    double, single, apostrophe_positions = _sort_marks(text)
    replacements: Replacements = []
    is_certain = marks is not None
    if marks is not None:
        pairs = _pair(text, double)
        is_certain = pairs is not None
        replacements += _replace_each(pairs or [(position, False) for position in double], marks.outer)
        inner_pairs = _pair(text, single)
        if inner_pairs is None:
            # A mark after a word may be a plural possessive: the drivers' pay.
            inner_pairs, possessives = _pair_beside_possessives(text, single)
            apostrophe_positions.extend(possessives)
            rest = sorted({*single} - {*possessives} - {position for position, _ in inner_pairs})
            is_certain = is_certain and not rest
            replacements += [(position, position + 1, "’") for position in rest]
        if inner_pairs:
            replacements += _replace_each(inner_pairs, marks.inner if double else marks.outer)
    else:
        replacements += [(position, position + 1, "") for position in (*double, *single)]
    if apostrophes or replacements:
        replacements += [(position, position + 1, "’") for position in apostrophe_positions]
    return sorted(replacements), is_certain


def _replace_each(pairs: list[tuple[int, bool]], marks: tuple[str, str]) -> Replacements:
    """Returns the replacements of marks at positions, each with whether it closes."""
    return [(position, position + 1, marks[is_closing]) for position, is_closing in pairs]


def replace_quotes(text: str, script: str) -> tuple[Replacements, bool]:
    """Returns the replacement of each straight or foreign mark of a Chinese text, and whether they are certain, like
    `replace_straight_quotes`. `script` is Hans or Hant.
    """
    replacements: Replacements = []
    is_certain = True
    native_marks = _FOREIGN_MARKS[script]
    for match in _FOREIGN[script].finditer(text):
        # An apostrophe that ends a Latin word closes a quotation only if a quotation is open.
        if match[0] == "’" and text[: match.start()].count("‘") <= text[: match.start()].count("’"):
            continue
        replacements.append((match.start(), match.end(), native_marks[match[0]]))
    if '"' in text or "'" in text:
        double, single, _ = _sort_marks(text)
        marks = _CHINESE_MARKS[script]
        for positions, pair_marks in ((double, marks.outer), (single, marks.inner if double else marks.outer)):
            pairs = _pair_alternately(positions)
            is_certain = is_certain and pairs is not None
            replacements += _replace_each(pairs or [(position, False) for position in positions], pair_marks)
    return sorted(replacements), is_certain


def _sort_marks(text: str) -> tuple[list[int], list[int], list[int]]:
    """Returns the positions of double marks, of single marks, and of apostrophes within words or before a decade ('90s)."""
    double: list[int] = []
    single: list[int] = []
    apostrophes: list[int] = []
    for match in _STRAIGHT.finditer(text):
        position = match.start()
        before, after = text[position - 1 : position] if position else "", text[position + 1 : position + 2]
        if match["measure"] and not _closes_quotation(text, position, double, match[0]):
            continue
        if match[0] == '"':
            double.append(position)
        elif (_is_letter(before) and _is_letter(after)) or re.match(r"\d0s\b", text[position + 1 : position + 4]):
            apostrophes.append(position)
        else:
            single.append(position)
    return double, single, apostrophes


def _is_letter(character: str) -> bool:
    """Returns whether a character is a letter or digit, but not an ideograph."""
    return character.isalnum() and not IDEOGRAPH.match(character)


def _closes_quotation(text: str, position: int, double: list[int], mark: str) -> bool:
    """Returns whether a mark after a digit closes a quotation and is not a unit."""
    return mark == '"' and len(double) % 2 == 1 and not text[position + 1 : position + 2].isdigit()


def _pair(text: str, positions: list[int]) -> list[tuple[int, bool]] | None:
    """Returns the position of each mark, and whether it closes; None if opening and closing marks do not alternate."""
    pairs = _pair_alternately(positions)
    if pairs is None:
        return None
    for position, is_closing in pairs:
        opens = _opens(text, position)
        after = text[position + 1 : position + 2]
        # After a placeholder, a mark may open or close.
        follows_placeholder = text[position - 1 : position] == VERBATIM
        if (not follows_placeholder and opens is is_closing) or (not is_closing and (not after or after.isspace())):
            return None
    return pairs


def _pair_beside_possessives(text: str, positions: list[int]) -> tuple[list[tuple[int, bool]], list[int]]:
    """Returns the position of each mark of a pair, and whether it closes; and the apostrophes at the ends of words.

    A mark that may be either, as both in 'drivers' pay', is in neither list.
    """
    pairs: list[tuple[int, bool]] = []
    opening = next((number for number, position in enumerate(positions) if _opens(text, position)), len(positions))
    possessives = positions[:opening]
    while opening < len(positions):
        following = next(
            (number for number in range(opening + 1, len(positions)) if _opens(text, positions[number])), len(positions)
        )
        if following - opening == 2:
            pairs += [(positions[opening], False), (positions[opening + 1], True)]
        opening = following
    return pairs, possessives


def _opens(text: str, position: int) -> bool:
    """Returns whether a mark at the position can open a quotation, judging by the character before it."""
    return _OPENS.search(text[max(0, position - 1) : position]) is not None


def _pair_alternately(positions: list[int]) -> list[tuple[int, bool]] | None:
    """Returns each position, and whether a mark there closes, if every second mark does; None if the number is odd."""
    return None if len(positions) % 2 else [(position, bool(number % 2)) for number, position in enumerate(positions)]
