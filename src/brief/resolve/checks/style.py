"""Checks style, with fixes: quotation marks, width of punctuation, spaces, wrong characters, and words of another region.

Each check examines one phrase, and adds at most one diagnostic, with all replacements.
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

# Maps half-width marks to the full-width marks of Chinese texts: GB/T 15834-2011, 4; 重訂標點符號手冊 (2008).
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
# Several spaces, except at the ends of a line and beside the bars of table rows.
_DOUBLED = re.compile(r"(?<=[^\s|]) {2,}(?=[^\s|])")
# Full-width marks, which have their own space.
_MARK_WITH_SPACE = re.compile(f"[{OPENING}{CLOSING}{POINTS}{UNTRIMMED_MARKS}]")
_LIST_MARK = re.compile(r"[ ]*(?:[-*+]|\d{1,3}[.)])")
_LATIN = f"0-9{LATIN_LETTERS}"
_SPACED = re.compile(f"(?<=[{IDEOGRAPHS}]) (?=[{_LATIN}])|(?<=[{_LATIN}%]) (?=[{IDEOGRAPHS}])")
_UNSPACED = re.compile(f"(?<=[{IDEOGRAPHS}])(?=[{_LATIN}])|(?<=[{_LATIN}%])(?=[{IDEOGRAPHS}])")
# Only units that are unambiguous: 5G, 4K, 10x, 100m (million) and 3D are names or other abbreviations.
_UNITS = (
    "kWh|MWh|GWh|TWh|Wh|kW|MW|GW|TW|kV|kWp|MWp|kg|mg|kt|Mt|km|cm|mm|nm|ml|mL|Hz|min|kHz|MHz|GHz|THz|kB|MB|GB|TB|PB|Mbit|Gbit|kPa|MPa"
    "|hPa|bar|kJ|MJ|GJ|TJ|EJ|mmol|mmHg|kcal|dB|ppm|°C|°F|ha|km/h|EUR|USD|CNY|GBP|JPY|TWD|HKD"
)
# A number directly before its unit. A space is also the rule in Chinese (GB 3101-1993; SI Brochure, 5.4.3), though it is
# often left out.
_RUN_TOGETHER = re.compile(rf"(?<![A-Za-z0-9.,_/-])[0-9]+(?:[.,][0-9]+)*(?=(?P<unit>{_UNITS})(?![A-Za-z0-9]))")
# In Chinese, a number after a Latin word is part of a name: A100 80GB.
_RUN_TOGETHER_IN_CHINESE = re.compile(rf"(?<![A-Za-z0-9] ){_RUN_TOGETHER.pattern}")
# Notes of authors and translators that words are still to be written.
_UNFINISHED = re.compile(
    r"\b(?:TODO|FIXME|XXX+|TKTK|TK TK)\b|(?i:\blorem ipsum\b)|[（(【\[]?待(?:翻[译譯]|[译譯]|补充|補充|填写|填寫|润色|潤色)[）)】\]]?(?=$|[:：，。;；）)】\]\s])"
)
# Only between letters: elsewhere, the same mark closes a quotation.
_CURLY_APOSTROPHE = re.compile(r"(?<=[^\W\d_])’(?=[^\W\d_])")
_MAX_LISTED = 6


def check_style(brief: Brief, clean: CleanTexts | None = None) -> list[Diagnostic]:
    """Warns about problems of style in every text of the brief, each at the location of its phrase. Texts that `clean` has
    are skipped.
    """
    sink, clean = DiagnosticSink(), clean or CleanTexts()
    allowed = {locale: list_allowed_forms(brief, locale) for locale in brief.locales}
    curly = {locale: _uses_curly_apostrophes(brief, locale) for locale in brief.locales if _is_latin(locale)}
    spaces = brief.settings.han_latin_spaces
    rule = clean.for_rule("style", repr((allowed, curly, spaces)))
    records = (brief.settings, *brief.themes.values(), *brief.audiences.values(), *brief.sources.values())
    terms = (text for term in brief.glossary.terms for text in (term.name, term.says))
    for text in (*(text for record in records for text in walk.walk_texts(record)), *terms):
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
    """Returns the warnings about the style of one phrase. Straight apostrophes are reported only if it has straight quotation
    marks, too.
    """
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
    """Runs all checks on a phrase. `spaces` is the setting `han_latin_spaces`, and `curly` says whether the locale uses
    typographic apostrophes.
    """
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
    """Returns whether the texts of the locale use typographic apostrophes, so that straight ones are inconsistent. A text
    counts too if the fix of its straight quotation marks would also replace its apostrophes.
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
    replacements, is_certain = replace_straight_quotes(text, marks, apostrophes='"' in text)
    for start, end, replacement in reversed(replacements if is_certain else []):
        text = f"{text[:start]}{replacement}{text[end:]}"
    return _CURLY_APOSTROPHE.search(text) is not None


def _warn(
    code: str,
    words: AuthoredWords,
    phrase: Phrase,
    message: str,
    hint: str,
    replacements: Sequence[tuple[int, int, str]] | None,
    sink: DiagnosticSink,
    *,
    is_typographic: bool = True,
) -> None:
    """Adds a warning with a fix that makes the replacements, each with its start and end in `words.text` and the new text.

    There is no fix without replacements, or if one would change more than words.
    """
    fix = None
    if replacements and all(VERBATIM not in words.text[start:end] for start, end, _ in replacements):
        spans = ((*words.find_span(start, end), replacement) for start, end, replacement in replacements)
        in_source = tuple(Replacement(start, end, replacement) for start, end, replacement in spans)
        fix = TextFix(phrase.location, in_source, is_typographic=is_typographic)
    sink.add_warning(code, phrase.location, message, hint, fix=fix)


def _format_marks(marks: Mapping[str, object] | Sequence[str]) -> str:
    distinct = list(dict.fromkeys(marks))
    return " ".join(distinct[:_MAX_LISTED]) + (" …" if len(distinct) > _MAX_LISTED else "")


def _check_unfinished(words: AuthoredWords, phrase: Phrase, locale: str, sink: DiagnosticSink) -> None:
    match = _UNFINISHED.search(words.text)
    if match:
        message = f"the '{locale}' text has a note that it is not finished: {match[0]}"
        sink.add_warning("unfinished-text", phrase.location, message, "finish the text")


def _check_doubled_spaces(words: AuthoredWords, phrase: Phrase, locale: str, sink: DiagnosticSink) -> None:
    if "  " not in words.text:
        return
    replacements = []
    for match in _DOUBLED.finditer(words.text):
        start, end = words.find_span(*match.span())
        # Spaces around removed markup are not adjacent in the source.
        is_adjacent = end - start == match.end() - match.start()
        if is_adjacent and not _is_in_table_or_list(words.text, match.start()):
            beside = words.text[match.start() - 1] + words.text[match.end()]
            replacements.append((match.start(), match.end(), "" if _MARK_WITH_SPACE.search(beside) else " "))
    if replacements:
        first_start, first_end, _ = replacements[0]
        context = words.text[max(0, first_start - 12) : first_end + 12].replace("\n", " ")
        message = f"the '{locale}' text has more than one space between words: '{context.replace(VERBATIM, '…')}'"
        hint = "write one space, or none beside a full-width mark"
        _warn("doubled-space", words, phrase, message, hint, replacements, sink)


def _is_in_table_or_list(text: str, position: int) -> bool:
    """Returns whether spaces at the position are in a table row or follow a list marker."""
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
    replacements, is_certain = replace_straight_quotes(words.text, marks, apostrophes=curly or '"' in words.text)
    if replacements:
        straight = _format_marks([words.text[start:end] for start, end, _ in replacements])
        hint = f"write {marks.describe()}" if marks else "write the quotation marks of the language"
        message = f"the '{locale}' text has straight quotation marks or apostrophes: {straight}"
        _warn("straight-quotes", words, phrase, message, hint, replacements if is_certain else None, sink)


def _check_chinese_quotes(
    words: AuthoredWords, phrase: Phrase, locale: str, chinese: str, sink: DiagnosticSink
) -> None:
    """Warns about foreign quotation marks: “” and ‘’ are right in Hans (GB/T 15834-2011, 4.8), 「」 and 『』 in Hant
    (重訂標點符號手冊, 2008).
    """
    replacements, is_certain = replace_quotes(words.text, chinese)
    if replacements:
        native = "“ ” and within them ‘ ’" if chinese == "Hans" else "「 」 and within them 『 』"
        foreign = _format_marks([words.text[start:end] for start, end, _ in replacements])
        message = f"the '{locale}' text has quotation marks of another language: {foreign}"
        fix = replacements if is_certain else None
        _warn("quotation-marks", words, phrase, message, f"write {native}", fix, sink)


def _check_width(words: AuthoredWords, phrase: Phrase, locale: str, sink: DiagnosticSink) -> None:
    if words.text.isascii():
        return
    replacements = sorted(_find_half_width(words.text))
    if replacements:
        marks = _format_marks([words.text[start:end].strip() for start, end, _ in replacements])
        wide = _format_marks([replacement for _, _, replacement in replacements])
        message = f"the '{locale}' text has half-width punctuation: {marks}"
        _warn("half-width-punctuation", words, phrase, message, f"write {wide}", replacements, sink)


def _find_half_width(text: str) -> Iterator[tuple[int, int, str]]:
    """Yields the start and end of each half-width mark with the spaces beside it, and the full-width mark, in any order."""
    yield from ((match.start(), match.end(), "……") for match in _DOTS.finditer(text))
    widened = text
    for match in _PARENTHESES.finditer(text):
        start, end = match.span()
        opening, closing = text.index("(", start), match.end("inner")
        before = text[start - 1 : start]
        after = text[end : end + 1]
        if not _CHINESE_CHARACTER.search(before + after) and not IDEOGRAPH.search(match["inner"]):
            continue
        # Full-width marks contain space, so typed spaces are removed.
        first = start if _CHINESE_CHARACTER.match(before) else opening
        last = end if _CHINESE_CHARACTER.match(after) else closing + 1
        yield first, opening + 1, "（"
        yield closing, last, "）"
        widened = f"{widened[:opening]}（{widened[opening + 1 : closing]}）{widened[closing + 1 :]}"
    # Each replaced mark becomes full-width in `widened`, so that a mark beside it is found too: 真的)! and 真的?!
    position = 0
    while half_width := _HALF_WIDTH.search(widened, position):
        mark = next(group for group in half_width.groups() if group)
        start, end = half_width.span()
        position = half_width.start(half_width.lastgroup or 0) + 1
        if mark == "." and (text[start - 1 : start].isdigit() or text.startswith("..", start)):
            continue
        if half_width["last"] and not IDEOGRAPH.search(text):
            continue
        widened = f"{widened[: position - 1]}{_WIDE_MARKS[mark]}{widened[position:]}"
        # The space before a mark at the end of a text is not part of the match.
        yield (
            start,
            end if end < len(text) and text[end] != "\n" else start + len(half_width[0].rstrip(" ")),
            _WIDE_MARKS[mark],
        )


def _check_spaces_between_scripts(
    words: AuthoredWords, phrase: Phrase, locale: str, spaces: bool | None, sink: DiagnosticSink
) -> None:
    """Checks the house rule `han_latin_spaces`, if the project has one. Pages have a gap between the scripts either way."""
    if spaces is None:
        return
    pattern, replacement = (_UNSPACED, " ") if spaces else (_SPACED, "")
    replacements = [
        (match.start(), match.end(), replacement)
        for match in pattern.finditer(words.text)
        # Beside removed markup it is undecided whether a space belongs inside or outside.
        if not spaces or _are_adjacent(words, match.start())
    ]
    if replacements:
        position = replacements[0][0]
        context = words.text[max(0, position - 3) : position + 4].replace(VERBATIM, "…").replace("\n", " ")
        problem, hint = ("no space", "write one") if spaces else ("a space", "remove it")
        message = f"the '{locale}' text has {problem} between Chinese and Latin characters: '{context}'"
        _warn("han-latin-space", words, phrase, message, hint, replacements, sink)


def _are_adjacent(words: AuthoredWords, position: int) -> bool:
    return words.starts[position] - words.starts[position - 1] == 1


def _check_conversions(
    words: AuthoredWords, phrase: Phrase, locale: str, chinese: str, allowed: Sequence[str], sink: DiagnosticSink
) -> None:
    text = words.text
    # The text is searched unmasked, because the patterns need the context.
    replacements = [
        (position, position + 1, replacement)
        for position, replacement in find_wrong_conversions(text, chinese)
        if not _is_in_allowed_form(text, allowed, position)
    ]
    if replacements:
        pairs = _format_marks([f"{text[start]} ({replacement})" for start, _, replacement in replacements])
        message = f"the '{locale}' text has characters that a conversion left wrong: {pairs}"
        hint = "write the character in brackets; list a name that is written so under 'also' of a term"
        _warn("wrong-conversion", words, phrase, message, hint, replacements, sink, is_typographic=False)


def _is_in_allowed_form(text: str, allowed: Sequence[str], position: int) -> bool:
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
    foreign_words = list(find_foreign_words(text, locale))
    if foreign_words:
        pairs = "; ".join(dict.fromkeys(f"'{each.word}' ('{each.replacement}')" for each in foreign_words))
        message = f"the '{locale}' text has words that are not used in {name_region(locale)}: {pairs}"
        hint = "write the word in brackets; list a name that has it under 'also' of a term, or quote it"
        # A match that may be parts of two words is not replaced.
        replacements = [(each.start, each.end, each.replacement) for each in foreign_words if each.is_sure]
        _warn("regional-form", words, phrase, message, hint, replacements, sink, is_typographic=False)


def _check_units(
    words: AuthoredWords, phrase: Phrase, locale: str, sink: DiagnosticSink, pattern: re.Pattern[str] = _RUN_TOGETHER
) -> None:
    matches = list(pattern.finditer(words.text))
    if matches:
        replacements = [(match.end(), match.end(), " ") for match in matches]
        figures = _format_marks([f"{match[0]}{match['unit']}" for match in matches])
        message = f"the '{locale}' text has a number and its unit without a space: {figures}"
        _warn("unit-space", words, phrase, message, "write a space before the unit", replacements, sink)
