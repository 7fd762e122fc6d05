"""Texts that go into a header of mail, and names on their way there: what must not stand in them."""

import re
import unicodedata

# What reorders the text around it (Unicode Standard Annex 9). Joiners are letters' business in Persian and Hindi.
_REORDERING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_JOINERS = "\u200c\u200d"
# What mail clients decode wherever it stands in a header (RFC 2047, 2).
_ENCODED_WORD = re.compile(r"=\?[^?\s]*\?[^?\s]*\?")


def find_header_problem(text: str) -> str | None:
    """What keeps a text out of a header, as a clause; None where nothing does.

    A control or a line separator could begin another field, an encoded word could hide one, and what reorders text
    could show another name than the one that is there.
    """
    for character in text:
        category = unicodedata.category(character)
        code = f"U+{ord(character):04X}"
        if _REORDERING.match(character):
            return f"has {code}, which reorders what stands around it"
        if category in ("Cc", "Cs", "Zl", "Zp") or (category == "Cf" and character not in _JOINERS):
            return f"has {code}, which cannot stand in a header of mail"
    if _ENCODED_WORD.search(text):
        return "has '=?...?', which mail clients take for an encoded word"
    return None
