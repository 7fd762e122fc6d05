"""Finds words in a script of other languages: Latin letters in Chinese, Hangul in English.

A name is not prose: its words have capitals, digits or dots (OpenAI, Sora 2, Booking.com), or are small words that occur in
names (Bank of England). Two other words in small letters are prose, however short they are (a cost). Italics mark titles of
works, which are not prose either.
"""

import re

from brief.model.han import HANGUL, HIRAGANA, IDEOGRAPH, KANA_LETTERS, KATAKANA, LATIN_LETTERS
from brief.model.scripts import can_encode
from brief.resolve.authored_words import VERBATIM, read_authored_words

# A word in small letters that is not part of a name such as scikit-learn, eBay, booking.com or d’Or.
_SMALL_WORD = re.compile(
    rf"(?<![{LATIN_LETTERS}0-9_.@/’'&+-])[a-zß-öø-ÿ]+(?![{LATIN_LETTERS}0-9_@/&+-]|[.’'][{LATIN_LETTERS}0-9])"
)
# Small words that occur in names and titles of several languages, and abbreviations.
_NAME_WORDS = re.compile(
    "and|aus|avg|aux|das|degli|dei|del|della|delle|den|der|des|dos|etc|for|from|las|les|los|max|min|per|sur|the|und|van|vom|von|with|zum|zur"
)
_MIN_LETTERS = 3
# Shorter words that occur in sentences, but not in names.
_SENTENCE_WORDS = re.compile("a|an|be|he|if|is|it|its|my|our|so|we")
_OPENINGS = re.compile(
    "A|An|Are|Do|Does|How|Is|It|Its|Our|Some|That|The|There|These|They|This|Those|We|What|When|Where|Which|Who|Why"
)
# A sentence within a text has at least this many words in small letters; with fewer, it may be a name.
_MIN_SMALL_WORDS = 2
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
# Words that do not belong into a text of the script, however short. Katakana and single letters such as の occur in names.
_FOREIGN_WORDS = {
    "Hans": re.compile(f"{_HANGUL}|{_TWO_KANA}"),
    "Hant": re.compile(f"{_HANGUL}|{_TWO_KANA}"),
    "Jpan": re.compile(_HANGUL),
    "Kore": re.compile(_TWO_KANA),
    "Latn": re.compile(rf"{_HANGUL}(?:\s+{_HANGUL})+|[^\s。]{{4,}}。"),
}
# One of these characters is in every match of `_FOREIGN_WORDS`. Japanese and Korean are not listed: a text is foreign there
# too if it has no kana or Hangul outside names and quotations.
_FOREIGN_CHARACTER = {
    "Hans": re.compile(f"[{HANGUL}{HIRAGANA}]"),
    "Hant": re.compile(f"[{HANGUL}{HIRAGANA}]"),
    "Latn": re.compile(f"[{HANGUL}。]"),
}
_KANA_OR_HANGUL = re.compile(f"[{KANA_LETTERS}{HANGUL}]")
# A text of at least this many ideographs without kana or Hangul may be Chinese.
_MIN_CHINESE = 6
# Three or more consecutive words in Latin letters, and verbs, with which these are a clause.
_RUN = re.compile(rf"[{LATIN_LETTERS}][{LATIN_LETTERS}'’,-]*(?: +[{LATIN_LETTERS}0-9][{LATIN_LETTERS}0-9'’,%-]*){{2,}}")
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|will|would|can|could|should|must|does|did|rose|fell|grew|remains?|shows?)\b"
)
_ENDS = re.compile(r"(?<=[。！？；\n])|(?<=[.!?])\s+")
_SENTENCE = re.compile(r"(?:(?<=\s)|(?<=[^\x00-\u024f])|^)[A-Z][^.!?]*[.!?]$")


def is_latin_prose(text: str) -> bool:
    """Returns whether the words in Latin letters are more than names: two words do not occur in names, or one does not and
    the text begins and ends like a sentence.
    """
    prose_words = [
        word
        for word in _SMALL_WORD.findall(text)
        if _SENTENCE_WORDS.fullmatch(word) or (len(word) >= _MIN_LETTERS and not _NAME_WORDS.fullmatch(word))
    ]
    if len(prose_words) != 1:
        return len(prose_words) > 1
    first = _WORD.search(text)
    opening = first[0] if first else ""
    return bool(_OPENINGS.fullmatch(opening)) or (opening[:1].isupper() and text.rstrip().endswith((".", "!", "?")))


def find_latin_prose(source: str, names: re.Pattern[str] | None) -> tuple[str, bool] | None:
    """Returns the first sentence or clause in Latin letters outside quotations, titles and `names`, and whether the whole
    text is in Latin letters; None if there is no such sentence.
    """
    text = _read_words(source, names)
    if _is_latin(text):
        return (text, True) if is_latin_prose(text) else None
    if not _SMALL_WORD.search(text):
        return None
    text = _read_words(_CITATIONS.sub("`-`", source), names)
    text = _BRACKETS.sub(lambda match: VERBATIM if _is_latin(match[0]) else match[0], text)
    for part in _ENDS.split(text):
        sentence = part.strip()
        if not _is_latin(sentence):
            match = _SENTENCE.search(sentence)
            sentence = match[0] if match else ""
        has_small_words = len(_SMALL_WORD.findall(sentence)) >= _MIN_SMALL_WORDS
        if _is_latin(sentence) and has_small_words and is_latin_prose(sentence):
            return sentence, False
    for run in _RUN.findall(text):
        if _VERB.search(run) and is_latin_prose(run):
            return run.strip(), False
    return None


def is_ordinary_phrase(source: str, names: re.Pattern[str] | None) -> bool:
    """Returns whether a text consists of words in Latin letters that are not names: "Higher risk", "Main Findings"."""
    text = _read_words(source, names) if _SMALL_WORD.search(source) else _mask_names(source, names)
    words = _WORD.findall(text)
    if not words or VERBATIM in text or not _is_latin(text) or re.search(r"\d|[a-z][A-Z]", text):
        return False
    if any(len(word) >= _MIN_LETTERS and not _NAME_WORDS.fullmatch(word) for word in _SMALL_WORD.findall(text)):
        return len(words) > 1
    return all(word.lower() in _ORDINARY or _NAME_WORDS.fullmatch(word) for word in words)


def _mask_names(source: str, names: re.Pattern[str] | None) -> str:
    """Returns the words of a text, with `VERBATIM` in the place of each name and each character of a quotation or title."""
    text = read_authored_words(_ITALICS.sub(lambda match: f"“{match[0]}”", source)).blank_quotations()
    return names.sub(VERBATIM, text) if names is not None else text


def find_words_of_other_scripts(source: str, script: str | None, names: re.Pattern[str] | None) -> str | None:
    """Returns words in a script that does not occur in texts of the locale's `script`, outside quotations, titles and
    `names`: Hangul or hiragana in Chinese, Chinese in Korean and Japanese. None if there are none.
    """
    if source.isascii() or script not in _FOREIGN_WORDS:
        return None
    # Masking is slow, and adds no characters of another script.
    if script in _FOREIGN_CHARACTER and not _FOREIGN_CHARACTER[script].search(source):
        return None
    text = _mask_names(source, names)
    if match := _FOREIGN_WORDS[script].search(text):
        return match[0]
    if script in ("Jpan", "Kore") and not _KANA_OR_HANGUL.search(text):
        ideographs = "".join(IDEOGRAPH.findall(text))
        is_chinese = script == "Kore" or "，" in text or not can_encode(ideographs, "euc_jisx0213")
        return text if len(ideographs) >= _MIN_CHINESE and is_chinese else None
    return None


def _read_words(source: str, names: re.Pattern[str] | None) -> str:
    """Returns the words of a text as `_mask_names` does; a text without words in small letters is unchanged."""
    return _mask_names(source, names) if _SMALL_WORD.search(source) else source


def _is_latin(text: str) -> bool:
    """Returns whether all letters of a text are Latin; true if it has none."""
    return not any(map(str.isalpha, _LETTER.sub("", text)))
