"""The characters that Chinese typesetting tells apart (Requirements for Chinese Text Layout, CLREQ, 3.1 and 3.2.1).

Each constant of characters is the inside of a character class of a regular expression.
"""

IDEOGRAPHS = "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
# Letters and digits of Western scripts, between which and Han characters an eighth of an em is left (CSS Text 4, 8.5).
WESTERN = "0-9A-Za-z\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u0370-\u052f\u1e00-\u1fff"

OPENING = "「『（《〈【〔〖［｛"
CLOSING = "」』）》〉】〕〗］｝"
# In Chinese alone; the same characters serve as Western marks elsewhere.
OPENING_QUOTES = "“‘"
CLOSING_QUOTES = "”’"
# Points that sit at the lower left of their squares in Hans, and in the middle of them in Hant.
POINTS = "，。、；："
# Marks that fill their squares, or stand in the middle of them in both scripts.
FULL = "！？～"
# A dash and an ellipsis are two of these, never divided and never opened.
DOUBLED = "—…⸺─"
MIDDLE_DOTS = "·・‧"

# Ems between Han and Western text (CSS Text 4, 8.5.1), and a pattern that matches, empty, where they meet.
ROOM = 0.125
MEETING = f"(?<=[{IDEOGRAPHS}])(?=[{WESTERN}])|(?<=[{WESTERN}])(?=[{IDEOGRAPHS}])"

# Keeps a line from breaking where it stands, and is not seen (Unicode Standard Annex 14, WJ).
WORD_JOINER = "\u2060"
