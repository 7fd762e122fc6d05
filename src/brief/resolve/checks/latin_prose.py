"""Finds what is written in the letters of other languages: Latin ones in Chinese, Hangul in English.

A name is not prose: its words have capitals, digits or dots (OpenAI, Sora 2, Booking.com), or are the small words that names have
(Bank of England). Two more words in small letters are prose, however short it is (a cost). Italics mark titles of works.
"""

import re

from brief.model.han import HANGUL, HIRAGANA, IDEOGRAPH, KANA_LETTERS, KATAKANA, LATIN_LETTERS
from brief.model.scripts import can_encode
from brief.resolve.authored_words import VERBATIM, read_authored_words

# A word in small letters that is no part of a name such as scikit-learn, eBay, booking.com or d’Or.
_SMALL_WORD = re.compile(
    rf"(?<![{LATIN_LETTERS}0-9_.@/’'&+-])[a-zß-öø-ÿ]+(?![{LATIN_LETTERS}0-9_@/&+-]|[.’'][{LATIN_LETTERS}0-9])"
)
# In names and titles of several languages, and abbreviations.
_IN_NAMES = re.compile(
    "and|aus|avg|aux|das|degli|dei|del|della|delle|den|der|des|dos|etc|for|from|las|les|los|max|min|per|sur|the|und|van|vom|von|with|zum|zur"
)
_MIN_LETTERS = 3
# Shorter words that sentences have and names do not.
_OF_SENTENCES = re.compile("a|an|be|he|if|is|it|its|my|our|so|we")
_OPENINGS = re.compile(
    "A|An|Are|Do|Does|How|Is|It|Its|Our|Some|That|The|There|These|They|This|Those|We|What|When|Where|Which|Who|Why"
)
# A sentence within a text has at least this many words in small letters; fewer may be a name at its end.
_LEAST_IN_SENTENCE = 2
_WORD = re.compile(f"[{LATIN_LETTERS}]+")
# Words of headings, which names rarely consist of.
_ORDINARY_WORDS = """
about actions advice aims all analysis annex answers appendix approach assessment assumptions at background balance basis benefits
brief budget by capacity case cases causes challenges change changes charts comparison conclusion conclusions conditions
consequences context cost costs current data decision decisions definitions demand details developments difference differences
drivers effects emissions estimates events evidence examples executive expected expenditure facts figures final findings first
forecast forecasts funding future general goals growth higher highlights history how impact implications important improvements in
indicators information introduction investment issues key later latest less lessons limits list long low lower main major market
markets measures method methodology methods milestones more most new next notes numbers objectives of old open opportunities
options other outcomes outlook over overview parts past people performance plan planning plans policy position present price
prices priorities problem problems process progress projections proposal proposals purpose question questions rates reasons
recommendation recommendations references remaining report requirements response responses results revenue review risk risks
sales schedule scope second short situation solutions source sources staff stages status steps strengths structure summary
supply table tables targets terms third threats time timeline timetable to total trends uncertainties update use users views we
weaknesses what when where who why work year years
"""
_ORDINARY = frozenset(_ORDINARY_WORDS.split())
_LETTER = re.compile(f"[{LATIN_LETTERS}]")
_ITALICS = re.compile(r"(?<![\w*\\])(?P<mark>[*_])(?![*_\s])[^*_\n]+(?P=mark)(?![\w*])")
# In a longer text, a link names a page, and a footnote cites a work, in its own language.
_CITATIONS = re.compile(r"(?<!!)\[(?!\^)[^\[\]\n]*\]\([^()\s]*\)|^ {0,3}\[\^[^\]\s]+\]:.*$", re.M)
_BRACKETS = re.compile(r"\([^()]*\)|（[^（）]*）")
_HANGUL = f"[{HANGUL}]{{2,}}"
_TWO_KANA = f"[{KANA_LETTERS}]+[{HIRAGANA}]|[{HIRAGANA}][{KATAKANA}]"
# Words that are no text of the script, however short; katakana and single letters such as の are in names.
_FOREIGN_WORDS = {
    "Hans": re.compile(f"{_HANGUL}|{_TWO_KANA}"),
    "Hant": re.compile(f"{_HANGUL}|{_TWO_KANA}"),
    "Jpan": re.compile(_HANGUL),
    "Kore": re.compile(_TWO_KANA),
    "Latn": re.compile(rf"{_HANGUL}(?:\s+{_HANGUL})+|[^\s。]{{4,}}。"),
}
_KANA_OR_HANGUL = re.compile(f"[{KANA_LETTERS}{HANGUL}]")
# A text of at least this many ideographs without kana or Hangul may be Chinese.
_LEAST_CHINESE = 6
# Words in a row in Latin letters, and those of them that make a clause.
_RUN = re.compile(rf"[{LATIN_LETTERS}][{LATIN_LETTERS}'’,-]*(?: +[{LATIN_LETTERS}0-9][{LATIN_LETTERS}0-9'’,%-]*){{2,}}")
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|will|would|can|could|should|must|does|did|rose|fell|grew|remains?|shows?)\b"
)
_ENDS = re.compile(r"(?<=[。！？；\n])|(?<=[.!?])\s+")
_SENTENCE = re.compile(r"(?:(?<=\s)|(?<=[^\x00-\u024f])|^)[A-Z][^.!?]*[.!?]$")


def is_latin_prose(text: str) -> bool:
    """Returns whether the words in Latin letters are more than names."""
    small = _SMALL_WORD.findall(text)
    telling = [
        word
        for word in small
        if _OF_SENTENCES.fullmatch(word) or (len(word) >= _MIN_LETTERS and not _IN_NAMES.fullmatch(word))
    ]
    if len(telling) != 1:
        return len(telling) > 1
    first = _WORD.search(text)
    opening = first[0] if first else ""
    return bool(_OPENINGS.fullmatch(opening)) or (opening[:1].isupper() and text.rstrip().endswith((".", "!", "?")))


def find_latin_prose(source: str, names: re.Pattern[str] | None) -> tuple[str, bool] | None:
    """Finds the first sentence in Latin letters, other than quotations, titles and `names`, and returns it with whether the
    whole text is in Latin letters.
    """
    text = _read_words(source, names)
    if _is_latin(text):
        return (text, True) if is_latin_prose(text) else None
    if not _SMALL_WORD.search(text):
        return None
    text = _read_words(_CITATIONS.sub("`-`", source), names)
    text = _BRACKETS.sub(lambda match: VERBATIM if _is_latin(match[0]) else match[0], text)
    for part in _ENDS.split(text):
        found = part.strip()
        if not _is_latin(found):
            match = _SENTENCE.search(found)
            found = match[0] if match else ""
        if _is_latin(found) and len(_SMALL_WORD.findall(found)) >= _LEAST_IN_SENTENCE and is_latin_prose(found):
            return found, False
    for run in _RUN.findall(text):
        if _VERB.search(run) and is_latin_prose(run):
            return run.strip(), False
    return None


def is_ordinary_phrase(source: str, names: re.Pattern[str] | None) -> bool:
    """Returns whether a text has only words in Latin letters that are no names: "Higher risk", "Main Findings"."""
    text = _read_words(source, names) if _SMALL_WORD.search(source) else _mask_names(source, names)
    words = _WORD.findall(text)
    if not words or VERBATIM in text or not _is_latin(text) or re.search(r"\d|[a-z][A-Z]", text):
        return False
    if any(len(word) >= _MIN_LETTERS and not _IN_NAMES.fullmatch(word) for word in _SMALL_WORD.findall(text)):
        return len(words) > 1
    return all(word.lower() in _ORDINARY or _IN_NAMES.fullmatch(word) for word in words)


def _mask_names(source: str, names: re.Pattern[str] | None) -> str:
    text = read_authored_words(_ITALICS.sub(lambda match: f"“{match[0]}”", source)).blank_quotations()
    return names.sub(VERBATIM, text) if names is not None else text


def find_words_of_other_scripts(source: str, script: str | None, names: re.Pattern[str] | None) -> str | None:
    """Finds words in a script that texts of the locale's `script` do not have, other than quotations, titles and `names`:
    Hangul or hiragana in Chinese, Chinese in Korean and Japanese.
    """
    if source.isascii() or script not in _FOREIGN_WORDS:
        return None
    text = read_authored_words(_ITALICS.sub(lambda match: f"“{match[0]}”", source)).blank_quotations()
    text = names.sub(VERBATIM, text) if names is not None else text
    if found := _FOREIGN_WORDS[script].search(text):
        return found[0]
    if script in ("Jpan", "Kore") and not _KANA_OR_HANGUL.search(text):
        ideographs = "".join(IDEOGRAPH.findall(text))
        is_chinese = script == "Kore" or "，" in text or not can_encode(ideographs, "euc_jisx0213")
        return text if len(ideographs) >= _LEAST_CHINESE and is_chinese else None
    return None


def _read_words(source: str, names: re.Pattern[str] | None) -> str:
    """Reads the words of a text, with one character in the place of each quotation, title and name."""
    if not _SMALL_WORD.search(source):
        return source
    text = read_authored_words(_ITALICS.sub(lambda match: f"“{match[0]}”", source)).blank_quotations()
    return names.sub(VERBATIM, text) if names is not None else text


def _is_latin(text: str) -> bool:
    return not any(map(str.isalpha, _LETTER.sub("", text)))
