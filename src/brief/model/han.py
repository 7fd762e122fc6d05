"""The table of East Asian characters: ideographs, full-width characters, and punctuation by its typesetting.

Ranges are whole blocks of Unicode 16 (`Blocks.txt`), named beside them; punctuation marks are grouped as in Chinese
typesetting (Requirements for Chinese Text Layout, CLREQ, 3.1 and 3.2.1). Each constant of characters can be written
within the brackets of a regular expression; `IDEOGRAPH`, `EAST_ASIAN_CHARACTER` and `DENSE_CHARACTER` match one character
of a set. Which set to use:

- `IDEOGRAPHS`: is this Chinese text? Without punctuation and kana, which say nothing about the language.
- `KANA_LETTERS`: is this Japanese text? `KANA` adds the punctuation of the same blocks.
- `EAST_ASIAN`: what is as wide as it is high, and is written without spaces: ideographs, kana, their marks, and
  full-width letters and digits.
- `DENSE`: where a character says as much as a syllable or a word, so that few of them make a text: also Hangul.
"""

import re

_RADICALS = "\u2e80-\u2fdf"  # CJK Radicals Supplement, Kangxi Radicals
_ITERATION_AND_NUMERALS = "\u3005-\u3007\u3021-\u3029"  # of CJK Symbols and Punctuation, those of the script Han
_UNIFIED = "\u3400-\u4dbf\u4e00-\u9fff"  # Extension A; CJK Unified Ideographs
_COMPATIBILITY = "\uf900-\ufaff"  # CJK Compatibility Ideographs
_SUPPLEMENTARY = "\U00020000-\U000323af"  # Extension B to Extension H, on two planes for ideographs alone
_FULL_WIDTH = "\uff00-\uff9f\uffe0-\uffe6"  # of Halfwidth and Fullwidth Forms, all but Hangul and arrows

IDEOGRAPHS = f"{_RADICALS}{_ITERATION_AND_NUMERALS}{_UNIFIED}{_COMPATIBILITY}{_SUPPLEMENTARY}"
IDEOGRAPH = re.compile(f"[{IDEOGRAPHS}]")
HIRAGANA = "\u3041-\u3096"  # of Hiragana, the letters
KATAKANA = "\u30a1-\u30fa\u30fc-\u30ff"  # of Katakana, all but the middle dot, which Chinese names have too
KANA_LETTERS = f"{HIRAGANA}{KATAKANA}"
KANA = "\u3040-\u30ff"  # Hiragana, Katakana
HANGUL = "\uac00-\ud7a3"  # of Hangul Syllables, those that are assigned
EAST_ASIAN = f"\u2e80-\u9fff{_COMPATIBILITY}{_FULL_WIDTH}{_SUPPLEMENTARY}"
EAST_ASIAN_CHARACTER = re.compile(f"[{EAST_ASIAN}]")
DENSE = f"{EAST_ASIAN}\uac00-\ud7ff"  # Hangul Syllables, Hangul Jamo Extended-B
DENSE_CHARACTER = re.compile(f"[{DENSE}]")
# The first character of the first East Asian block: characters with lower numbers belong to Latin and other alphabets.
FIRST_EAST_ASIAN = 0x2E80
# The planes that have rare ideographs and nothing else.
RARE_IDEOGRAPHS = range(0x20000, 0x40000)

# Letters and digits of Western scripts. A narrow gap separates them from Han characters (CSS Text 4, 8.5).
WESTERN = "0-9A-Za-z\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u0370-\u052f\u1e00-\u1fff"

OPENING = "「『（《〈【〔〖［｛"
CLOSING = "」』）》〉】〕〗］｝"
# Only in Chinese text; elsewhere, these characters are Western marks.
OPENING_QUOTES = "“‘"
CLOSING_QUOTES = "”’"
# Stops, which are at the lower left of the em box in Hans, and in the middle of it in Hant.
POINTS = "，。、；："
# Marks without space at a side that could be trimmed: they fill the em box or are centred in it, in both scripts.
UNTRIMMED_MARKS = "！？～"
# A dash or an ellipsis is two of these, which are never separated by a line break or by space.
DASHES_AND_ELLIPSES = "—…⸺─"
MIDDLE_DOTS = "·・‧"
# `LATIN_MARK` matches a middle dot or an apostrophe within a Latin word, such as DALL·E or d’Or: elsewhere in Chinese text
# it is Chinese punctuation.
LATIN_LETTERS = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
LATIN_MARK = f"(?<=[{LATIN_LETTERS}])[·’](?=[{LATIN_LETTERS}])"

# The space between Han and Western text, in ems, and a pattern that matches the empty string where they meet. CSS Text 4,
# 8.5.1, specifies an eighth; but poppler and pdfminer read a tenth or more as a space, and then a search for a word that
# mixes both scripts fails.
SCRIPT_GAP = 0.09
SCRIPT_BOUNDARY = f"(?<=[{IDEOGRAPHS}])(?=[{WESTERN}])|(?<=[{WESTERN}])(?=[{IDEOGRAPHS}])"

# Forbids a line break and is not drawn (Unicode Standard Annex 14, WJ).
WORD_JOINER = "\u2060"
