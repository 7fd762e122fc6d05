"""Checks style, with fixes: quotation marks, width of punctuation, spaces, characters and words of a region.

Each check examines one phrase, and reports all that it finds in one diagnostic with all replacements.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from brief.model.brief import Brief
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import Diagnostic, Replacement, TextFix
from brief.model.han import CLOSING, IDEOGRAPH, IDEOGRAPHS, LATIN_LETTERS, OPENING, POINTS, UNTRIMMED_MARKS, WESTERN
from brief.model.locale import get_primary_language
from brief.model.scripts import find_chinese_script, find_script
from brief.model.text import Phrase
from brief.resolve import walk
from brief.resolve.authored_words import VERBATIM, AuthoredWords, read_authored_words
from brief.resolve.checks.clean_texts import CleanTexts
from brief.resolve.checks.conversions import find_wrong_conversions
from brief.resolve.checks.quotes import QUOTES, QuotationMarks, replace_quotes, replace_straight_quotes
from brief.resolve.checks.regional import find_foreign_words, name_region

# The full-width mark for a half-width one in a Chinese text: GB/T 15834-2011, 4; 重訂標點符號手冊 (2008).
_WIDE_MARKS = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）", ".": "。"}
_CHINESE = f"{IDEOGRAPHS}{OPENING}{CLOSING}“”‘’{POINTS}{UNTRIMMED_MARKS}"
_CHINESE_CHARACTER = re.compile(f"[{_CHINESE}]")
_HALF_WIDTH = re.compile(
    f"(?<=[{_CHINESE}])(?P<before>[,;:?!])[ ]*"
    f"|(?<=[{WESTERN}%{VERBATIM})])[ ]?(?P<after>[,;?!])[ ]*(?=[{IDEOGRAPHS}{OPENING}“‘])"
    f"|(?<=[A-Za-z{VERBATIM})])(?P<colon>:)[ ]*(?=[{IDEOGRAPHS}{OPENING}“‘])"
    f"|(?<=[{IDEOGRAPHS}{CLOSING}”])(?P<stop>\\.)(?=\\s|$|[{_CHINESE}])[ ]*(?=[{_CHINESE}])?"
    f"|(?<={VERBATIM})(?P<last>\\.)(?=[{IDEOGRAPHS}]|$)"
)
_PARENTHESES = re.compile(r"[ ]?\((?P<inner>[^()]*)\)[ ]?")
_DOTS = re.compile(f"(?<=[{_CHINESE}])(?:\\.{{3,}}|。{{3,}}|…(?!…)(?<!……))|(?<!\\.)\\.{{3,}}(?=[{IDEOGRAPHS}])")
# Except in table rows and in the indentation of lists.
_DOUBLED = re.compile(r"(?<=[^\s|]) {2,}(?=[^\s|])")
_LIST_MARK = re.compile(r"[ ]*(?:[-*+]|\d{1,3}[.)])")
_LATIN = f"0-9{LATIN_LETTERS}"
_SPACED = re.compile(f"(?<=[{IDEOGRAPHS}]) (?=[{_LATIN}])|(?<=[{_LATIN}%]) (?=[{IDEOGRAPHS}])")
_UNSPACED = re.compile(f"(?<=[{IDEOGRAPHS}])(?=[{_LATIN}])|(?<=[{_LATIN}%])(?=[{IDEOGRAPHS}])")
# Only units that are unambiguous: 5G, 4K, 10x, 100m (million) and 3D are names or other abbreviations.
_UNITS = (
    "kWh|MWh|GWh|TWh|Wh|kW|MW|GW|TW|kV|kWp|MWp|kg|mg|kt|Mt|km|cm|mm|nm|ml|mL|Hz|min|kHz|MHz|GHz|THz|kB|MB|GB|TB|PB|Mbit|Gbit|kPa|MPa"
    "|hPa|bar|kJ|MJ|GJ|TJ|EJ|mmol|mmHg|kcal|dB|ppm|°C|°F|ha|km/h|EUR|USD|CNY|GBP|JPY|TWD|HKD"
)
# A space is also the rule in Chinese (GB 3101-1993; SI Brochure, 5.4.3), though it is often left out.
_RUN_TOGETHER = re.compile(rf"(?<![A-Za-z0-9.,_/-])[0-9]+(?:[.,][0-9]+)*(?=(?P<unit>{_UNITS})(?![A-Za-z0-9]))")
# After a Latin word, it is part of a name: A100 80GB.
_RUN_TOGETHER_IN_CHINESE = re.compile(rf"(?<![A-Za-z0-9] ){_RUN_TOGETHER.pattern}")
# What authors and translators leave in the place of words that are still to be written.
_UNFINISHED = re.compile(
    r"\b(?:TODO|FIXME|XXX+|TKTK|TK TK)\b|(?i:\blorem ipsum\b)|[（(【\[]?待(?:翻[译譯]|[译譯]|补充|補充|填写|填寫|润色|潤色)[）)】\]]?(?=$|[:：，。;；）)】\]\s])"
)
# Elsewhere, the same mark closes a quotation.
_CURLY_APOSTROPHE = re.compile(r"(?<=[^\W\d_])’(?=[^\W\d_])")
_MOST_LISTED = 6


def check_style(brief: Brief, clean: CleanTexts | None = None) -> list[Diagnostic]:
    """Warns about problems of style in every text of the brief, each at the location of its phrase. Texts that are
    known as `clean` are skipped.
    """
    sink, clean = DiagnosticSink(), clean or CleanTexts()
    allowed = {locale: list_allowed_forms(brief, locale) for locale in brief.locales}
    curly = {locale: _uses_curly_apostrophes(brief, locale) for locale in brief.locales if _is_latin(locale)}
    spaces = brief.settings.han_latin_spaces
    rule = clean.for_rule("style", repr((allowed, curly, spaces)))
    records = (brief.settings, *brief.themes.values(), *brief.audiences.values(), *brief.sources.values())
    terms = (text for term in brief.glossary.terms for text in (term.name, term.says))
    for text in (*(found for record in records for found in walk.walk_texts(record)), *terms):
        content = walk.make_texts_key((text,))
        if rule.recall(content):
            continue
        before = len(sink.found)
        for locale, phrase in text.phrases.items():
            if locale in allowed:
                _check(phrase, locale, allowed[locale], sink, spaces, curly=curly.get(locale, False))
        if len(sink.found) == before:
            rule.add(content)
    return sink.found


def check_phrase_style(brief: Brief, locale: str, phrase: Phrase) -> list[Diagnostic]:
    """Checks the style of one phrase."""
    sink = DiagnosticSink()
    _check(phrase, locale, list_allowed_forms(brief, locale), sink, brief.settings.han_latin_spaces, curly=False)
    return sink.found


def list_allowed_forms(brief: Brief, locale: str) -> list[str]:
    """Returns the forms of names in the glossary, longest first. Rules of style do not apply within them."""
    phrases = (text.find_phrase(locale) for term in brief.glossary.terms for text in (term.name, *term.also))
    return sorted(
        {phrase.source for phrase in phrases if phrase and phrase.source}, key=lambda form: (-len(form), form)
    )


def mask_forms(text: str, forms: Sequence[str]) -> str:
    """Returns the text with every form replaced by as many `VERBATIM` characters."""
    for form in forms:
        if form in text:
            text = text.replace(form, VERBATIM * len(form))
    return text


def _check(
    phrase: Phrase, locale: str, allowed: Sequence[str], sink: DiagnosticSink, spaces: bool | None, *, curly: bool
) -> None:
    if not phrase.source:
        return
    words = read_authored_words(phrase.source)
    _check_doubled_spaces(words, phrase, locale, sink)
    _check_unfinished(words, phrase, locale, sink)
    if (chinese := find_chinese_script(locale)) is not None:
        _check_chinese_quotes(words, phrase, locale, chinese, sink)
        _check_width(words, phrase, locale, sink)
        _check_spaces_between_scripts(words, phrase, locale, spaces, sink)
        _check_conversions(words, phrase, locale, chinese, allowed, sink)
        _check_region(words, phrase, locale, allowed, sink)
        _check_units(words, phrase, locale, sink, _RUN_TOGETHER_IN_CHINESE)
    elif _is_latin(locale):
        _check_straight_quotes(words, phrase, locale, sink, curly=curly)
        _check_units(words, phrase, locale, sink)


def _is_latin(locale: str) -> bool:
    return find_script(locale) == "Latn"


def _uses_curly_apostrophes(brief: Brief, locale: str) -> bool:
    """Returns whether the texts of the locale use typographic apostrophes, so that straight ones are inconsistent.

    It also counts if only the fix of straight quotation marks in a text makes its apostrophes so.
    """
    records = (brief.settings, *brief.themes.values(), *brief.audiences.values(), *brief.sources.values())
    terms = (text for term in brief.glossary.terms for text in (term.name, term.says))
    texts = (*(text for record in records for text in walk.walk_texts(record)), *terms)
    phrases = [phrase for text in texts for tag, phrase in text.phrases.items() if tag == locale]
    if any(_CURLY_APOSTROPHE.search(phrase.source) for phrase in phrases):
        return True
    marks = QUOTES.get(get_primary_language(locale))
    return any(_becomes_curly(phrase.source, marks) for phrase in phrases if "'" in phrase.source)


def _becomes_curly(source: str, marks: QuotationMarks | None) -> bool:
    """Returns whether the fix of straight quotation marks writes a typographic apostrophe within a word."""
    text = read_authored_words(source).text
    found, is_whole = replace_straight_quotes(text, marks, apostrophes='"' in text)
    for start, end, replacement in reversed(found if is_whole else []):
        text = f"{text[:start]}{replacement}{text[end:]}"
    return _CURLY_APOSTROPHE.search(text) is not None


def _warn(
    code: str,
    words: AuthoredWords,
    phrase: Phrase,
    message: str,
    hint: str,
    found: Sequence[tuple[int, int, str]] | None,
    sink: DiagnosticSink,
    *,
    typographic: bool = True,
) -> None:
    """Warns with a fix that makes the replacements `found`: start and end in the words of the phrase, and the new words."""
    fix = None
    if found:
        spans = ((*words.find_span(start, end), replacement) for start, end, replacement in found)
        replacements = tuple(Replacement(start, end, replacement) for start, end, replacement in spans)
        if all(VERBATIM not in words.text[start:end] for start, end, _ in found):
            fix = TextFix(phrase.location, replacements, is_typographic=typographic)
    sink.add_warning(code, phrase.location, message, hint, fix=fix)


def _format_marks(marks: Mapping[str, object] | Sequence[str]) -> str:
    named = list(dict.fromkeys(marks))
    return " ".join(named[:_MOST_LISTED]) + (" …" if len(named) > _MOST_LISTED else "")


def _check_unfinished(words: AuthoredWords, phrase: Phrase, locale: str, sink: DiagnosticSink) -> None:
    found = _UNFINISHED.search(words.text)
    if found:
        message = f"the '{locale}' text has a note that it is not finished: {found[0]}"
        sink.add_warning("unfinished-text", phrase.location, message, "finish the text")


def _check_doubled_spaces(words: AuthoredWords, phrase: Phrase, locale: str, sink: DiagnosticSink) -> None:
    if "  " not in words.text:
        return
    found = [
        (match.start(), match.end(), " ")
        for match in _DOUBLED.finditer(words.text)
        if not _is_in_table_or_list(words.text, match.start())
    ]
    # Spaces around removed markup are not adjacent in the source.
    found = [
        each for each in found if words.find_span(*each[:2])[1] - words.find_span(*each[:2])[0] == each[1] - each[0]
    ]
    if found:
        near = words.text[max(0, found[0][0] - 12) : found[0][1] + 12].replace("\n", " ")
        message = f"the '{locale}' text has more than one space between words: '{near.replace(VERBATIM, '…')}'"
        _warn("doubled-space", words, phrase, message, "write one space", found, sink)


def _is_in_table_or_list(text: str, position: int) -> bool:
    """Returns whether spaces belong to the layout of a table or follow a list marker."""
    line = text.rfind("\n", 0, position) + 1
    return text[line : line + 40].lstrip().startswith("|") or (
        position - line < 40 and _LIST_MARK.fullmatch(text, line, position) is not None
    )


def _check_straight_quotes(
    words: AuthoredWords, phrase: Phrase, locale: str, sink: DiagnosticSink, *, curly: bool
) -> None:
    if '"' not in words.text and "'" not in words.text:
        return
    marks = QUOTES.get(get_primary_language(locale))
    found, is_whole = replace_straight_quotes(words.text, marks, apostrophes=curly or '"' in words.text)
    if found:
        kinds = _format_marks([words.text[start:end] for start, end, _ in found])
        hint = f"write {marks.describe()}" if marks else "write the quotation marks of the language"
        message = f"the '{locale}' text has straight quotation marks or apostrophes: {kinds}"
        _warn("straight-quotes", words, phrase, message, hint, found if is_whole else None, sink)


def _check_chinese_quotes(
    words: AuthoredWords, phrase: Phrase, locale: str, chinese: str, sink: DiagnosticSink
) -> None:
    """Warns about foreign quotation marks: “” and ‘’ are right in Hans (GB/T 15834-2011, 4.8), 「」 and 『』 in Hant
    (重訂標點符號手冊, 2008).
    """
    found, is_whole = replace_quotes(words.text, chinese)
    if found:
        native = "“ ” and within them ‘ ’" if chinese == "Hans" else "「 」 and within them 『 』"
        kinds = _format_marks([words.text[start:end] for start, end, _ in found])
        message = f"the '{locale}' text has quotation marks of another language: {kinds}"
        _warn("quotation-marks", words, phrase, message, f"write {native}", found if is_whole else None, sink)


def _check_width(words: AuthoredWords, phrase: Phrase, locale: str, sink: DiagnosticSink) -> None:
    if words.text.isascii():
        return
    found = sorted(_find_half_width(words.text))
    if found:
        marks = _format_marks([words.text[start:end].strip() for start, end, _ in found])
        wide = _format_marks([replacement for _, _, replacement in found])
        message = f"the '{locale}' text has half-width punctuation: {marks}"
        _warn("half-width-punctuation", words, phrase, message, f"write {wide}", found, sink)


def _find_half_width(text: str) -> Iterator[tuple[int, int, str]]:
    yield from ((match.start(), match.end(), "……") for match in _DOTS.finditer(text))
    widened = text
    for match in _PARENTHESES.finditer(text):
        start, end = match.span()
        opens, closes = text.index("(", start), match.end("inner")
        beside = text[start - 1 : start] + text[end : end + 1]
        if not _CHINESE_CHARACTER.search(beside) and not IDEOGRAPH.search(match["inner"]):
            continue
        before = text[start - 1 : start]
        after = text[end : end + 1]
        # Full-width marks contain their own space, so typed spaces are removed.
        first = start if _CHINESE_CHARACTER.match(before) else opens
        last = end if _CHINESE_CHARACTER.match(after) else closes + 1
        yield first, opens + 1, "（"
        yield closes, last, "）"
        widened = f"{widened[:opens]}（{widened[opens + 1 : closes]}）{widened[closes + 1 :]}"
    # Once a mark is widened, the mark beside it is beside a Chinese one: 真的)! and 真的?!
    position = 0
    while half := _HALF_WIDTH.search(widened, position):
        mark = next(each for each in half.groups() if each)
        start, end = half.span()
        position = half.start(half.lastgroup or 0) + 1
        if mark == "." and (text[start - 1 : start].isdigit() or text.startswith("..", start)):
            continue
        if half["last"] and not IDEOGRAPH.search(text):
            continue
        widened = f"{widened[: position - 1]}{_WIDE_MARKS[mark]}{widened[position:]}"
        # The space before a mark at the end of a text is not part of the match.
        yield (
            start,
            end if end < len(text) and text[end] != "\n" else start + len(half[0].rstrip(" ")),
            _WIDE_MARKS[mark],
        )


def _check_spaces_between_scripts(
    words: AuthoredWords, phrase: Phrase, locale: str, wanted: bool | None, sink: DiagnosticSink
) -> None:
    """Checks the project's house rule, if it has a rule. Pages always have a gap between the scripts."""
    if wanted is None:
        return
    pattern, replacement = (_UNSPACED, " ") if wanted else (_SPACED, "")
    found = [(match.start(), match.end(), replacement) for match in pattern.finditer(words.text)]
    # Within removed markup it is undecided whether a space belongs inside or outside.
    found = [each for each in found if wanted is False or _are_adjacent(words, each[0])]
    if found:
        at = found[0][0]
        near = words.text[max(0, at - 3) : at + 4].replace(VERBATIM, "…").replace("\n", " ")
        what, hint = ("no space", "write one") if wanted else ("a space", "remove it")
        message = f"the '{locale}' text has {what} between Chinese and Latin characters: '{near}'"
        _warn("han-latin-space", words, phrase, message, hint, found, sink)


def _are_adjacent(words: AuthoredWords, position: int) -> bool:
    return words.starts[position] - words.starts[position - 1] == 1


def _check_conversions(
    words: AuthoredWords, phrase: Phrase, locale: str, chinese: str, allowed: Sequence[str], sink: DiagnosticSink
) -> None:
    text = words.text
    found = [
        (position, position + 1, replacement)
        for position, replacement in find_wrong_conversions(text, chinese)
        if not _is_masked(text, allowed, position)
    ]
    if found:
        pairs = _format_marks([f"{text[start]} ({replacement})" for start, _, replacement in found])
        message = f"the '{locale}' text has characters that a conversion left wrong: {pairs}"
        hint = "write the character in brackets; list a name that is written so under 'also' of a term"
        _warn("wrong-conversion", words, phrase, message, hint, found, sink, typographic=False)


def _is_masked(text: str, allowed: Sequence[str], position: int) -> bool:
    """Returns whether a character is in an allowed form. The text is searched unmasked, because patterns need the context."""
    return any(
        match.start() <= position < match.end()
        for form in allowed
        if form in text
        for match in re.finditer(re.escape(form), text)
    )


def _check_region(
    words: AuthoredWords, phrase: Phrase, locale: str, allowed: Sequence[str], sink: DiagnosticSink
) -> None:
    # Fast path: most texts have none even before masking.
    if not any(find_foreign_words(words.text, locale)):
        return
    text = mask_forms(words.blank_quotations(), allowed)
    found = list(find_foreign_words(text, locale))
    if found:
        pairs = "; ".join(dict.fromkeys(f"'{each.word}' ('{each.replacement}')" for each in found))
        message = f"the '{locale}' text has words that are not used in {name_region(locale)}: {pairs}"
        hint = "write the word in brackets; list a name that has it under 'also' of a term, or quote it"
        # Parts of two words that meet would be changed.
        replacements = [(each.start, each.end, each.replacement) for each in found if each.is_sure]
        _warn("regional-form", words, phrase, message, hint, replacements, sink, typographic=False)


def _check_units(
    words: AuthoredWords, phrase: Phrase, locale: str, sink: DiagnosticSink, pattern: re.Pattern[str] = _RUN_TOGETHER
) -> None:
    matches = list(pattern.finditer(words.text))
    if matches:
        found = [(match.end(), match.end(), " ") for match in matches]
        near = _format_marks([f"{match[0]}{match['unit']}" for match in matches])
        message = f"the '{locale}' text has a number and its unit without a space: {near}"
        _warn("unit-space", words, phrase, message, "write a space before the unit", found, sink)
