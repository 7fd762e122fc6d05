"""Checks the wording of texts: avoided forms of names, text in a wrong script, and untranslated text."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from brief.model.brief import Brief
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import Diagnostic, Replacement, TextFix
from brief.model.han import IDEOGRAPH, LATIN_LETTERS
from brief.model.locale import split_subtags
from brief.model.record import dataclass
from brief.model.scripts import can_encode, find_chinese_script, find_script
from brief.model.text import EVERY_LOCALE, LocalisedText, Phrase
from brief.reading.values import shorten
from brief.resolve import terms, walk
from brief.resolve.authored_words import VERBATIM, read_authored_words, replace_quotations
from brief.resolve.checks.clean_texts import CleanTexts
from brief.resolve.checks.converters import load_converter
from brief.resolve.checks.latin_prose import (
    find_latin_prose,
    find_words_of_other_scripts,
    is_latin_prose,
    is_ordinary_phrase,
)
from brief.resolve.checks.style import check_phrase_style, list_allowed_forms, mask_forms

# A text with fewer Chinese characters may be the same in two locales: a name, a model number.
_MIN_PROSE = 24
# A text with fewer Chinese characters may be a name, for readers of another script: 中国人民银行.
_MIN_FOREIGN = 8

# The Table of General Standard Chinese Characters (通用规范汉字表, 2013) keeps these variants for names of people and places.
_NAME_CHARACTERS = frozenset("昇祕甦邨迺陞")
_LATIN_WORD = re.compile("[a-z]{2,} [a-z]{2,} [a-z]{2,}")
_LATIN_LETTER = re.compile(f"[{LATIN_LETTERS}]")
# Regions whose Traditional texts have the character forms of Hong Kong.
_WITH_HONG_KONG_FORMS = ("HK", "MO")


def check_wording(brief: Brief, clean: CleanTexts | None = None) -> list[Diagnostic]:
    """Reports problems of wording, each at the location of its phrase: avoided forms as errors, the rest as warnings.

    Texts that `clean` has are skipped.
    """
    sink, clean = DiagnosticSink(), clean or CleanTexts()
    allowed = {locale: _collect_allowed_forms(brief, locale) for locale in brief.locales}
    avoided = {locale: _collect_avoided_forms(brief, locale) for locale in brief.locales}
    names = terms.list_all_forms(brief.glossary.terms)
    # Texts about sources may quote misprints in order to correct them, so avoided forms are reported only in other texts.
    # Names of sources may be in any language.
    name_rule = clean.for_rule("script", repr(allowed))
    text_rule = clean.for_rule("script and avoided forms", repr((allowed, avoided, names)))
    source_rule = clean.for_rule("script of the ledger", repr((allowed, names)))
    source_names, source_texts = _divide_texts_of_sources(brief)
    for rule, texts in (
        (text_rule, _walk_own_texts(brief)),
        (source_rule, source_texts),
        (name_rule, source_names),
    ):
        for text in texts:
            content = walk.make_texts_key((text,))
            if rule.recall(content):
                continue
            before = len(sink.found)
            untranslated = _check_untranslated(text, names, sink)
            for locale, phrase in text.phrases.items():
                if locale in allowed:
                    may_be_foreign = rule is name_rule or locale in untranslated
                    if may_be_foreign or not _report_foreign_prose(locale, phrase, names, sink):
                        _check_script(locale, phrase, allowed[locale], sink)
                    if rule is text_rule:
                        _check_avoided_forms(avoided[locale], locale, phrase, sink)
            if len(sink.found) == before:
                rule.add(content)
    return sink.found


def check_phrase(brief: Brief, locale: str, phrase: Phrase, *, may_quote: bool = False) -> list[Diagnostic]:
    """Returns the diagnostics about the wording and style of a single phrase. With `may_quote`, it may have avoided forms and
    words of other languages.
    """
    sink = DiagnosticSink()
    if may_quote or not _report_foreign_prose(locale, phrase, terms.list_all_forms(brief.glossary.terms), sink):
        _check_script(locale, phrase, _collect_allowed_forms(brief, locale), sink)
    sink.found += check_phrase_style(brief, locale, phrase)
    if not may_quote:
        _check_avoided_forms(_collect_avoided_forms(brief, locale), locale, phrase, sink)
    return sink.found


def _walk_own_texts(brief: Brief) -> Iterator[LocalisedText]:
    """Yields all texts except those of sources, and except further forms of terms."""
    for record in (brief.settings, *brief.themes.values(), *brief.audiences.values()):
        yield from walk.walk_texts(record)
    for term in brief.glossary.terms:
        yield term.name
        yield term.says


def _divide_texts_of_sources(brief: Brief) -> tuple[list[LocalisedText], list[LocalisedText]]:
    """Returns the names of sources and of passages in them, which may be in any language, and all other texts of sources."""
    names: list[LocalisedText] = []
    for source in brief.sources.values():
        locators = (source.locator, *(claim.locator for claim in source.claims))
        names += [text for text in (source.title, source.publisher, source.author, *locators) if text is not None]
    name_ids = {id(text) for text in names}
    return names, [text for text in walk.walk_texts(tuple(brief.sources.values())) if id(text) not in name_ids]


def _collect_allowed_forms(brief: Brief, locale: str) -> list[str]:
    """Returns the forms under `also` in the glossary, longest first: a text may use them in any script."""
    phrases = (text.find_phrase(locale) for term in brief.glossary.terms for text in term.also)
    return sorted(
        {phrase.source for phrase in phrases if phrase and phrase.source}, key=lambda form: (-len(form), form)
    )


@dataclass(frozen=True, slots=True)
class AvoidedForm:
    """A form that must not be used, and the form of the term to use instead, or its id if it has no form in the locale.

    `is_certain` is false if there is no form, or if terms that avoid the same form have different ones. `longer_names` lists
    names that contain the form and are right: 阿里 may be avoided where 阿里巴巴 is not.
    """

    form: str
    replacement: str
    longer_names: tuple[str, ...]
    is_certain: bool


def _collect_avoided_forms(brief: Brief, locale: str) -> list[AvoidedForm]:
    """Returns each form to avoid in the locale."""
    names = list_allowed_forms(brief, locale)
    avoided = [
        (form, next(terms.list_term_forms(term, locale), None), term.id)
        for term in brief.glossary.terms
        for form in terms.list_avoided_forms(term, locale)
    ]
    replacements: dict[str, set[str | None]] = {}
    for form, replacement, _ in avoided:
        replacements.setdefault(form, set()).add(replacement)
    return [
        AvoidedForm(
            form,
            replacement or str(term_id),
            tuple(name for name in names if form in name and form != name),
            replacement is not None and len(replacements[form]) == 1,
        )
        for form, replacement, term_id in avoided
    ]


def _check_avoided_forms(forms: Sequence[AvoidedForm], locale: str, phrase: Phrase, sink: DiagnosticSink) -> None:
    typed = terms.extract_typed_text(phrase.runs)
    for avoided in forms:
        form = avoided.form
        if form in typed and terms.occurs_in_text(form, mask_forms(typed, avoided.longer_names)):
            message = f"'{form}' must not be used in '{locale}'"
            fix = _replace_form(avoided, phrase)
            sink.add_error("avoided-form", phrase.location, message, f"write '{avoided.replacement}'", fix=fix)


def _replace_form(avoided: AvoidedForm, phrase: Phrase) -> TextFix | None:
    """Returns the fix that replaces the avoided form with the form to use; None if that is not certain, or if the form is
    within a quotation or code.
    """
    if not avoided.is_certain:
        return None
    words = read_authored_words(phrase.source)
    occurrences = list(terms.find_in_text(avoided.form, mask_forms(words.text, avoided.longer_names)))
    if not occurrences or any(words.is_quoted(*span) for span in occurrences):
        return None
    spans = (words.find_span(*span) for span in occurrences)
    return TextFix(phrase.location, tuple(Replacement(start, end, avoided.replacement) for start, end in spans))


def _is_sentence(text: str) -> bool:
    return text.endswith((".", "!", "?")) and is_latin_prose(text)


def _check_untranslated(text: LocalisedText, names: tuple[str, ...], sink: DiagnosticSink) -> set[str]:
    """Warns about prose that is the same in two locales; returns the locales that are reported."""
    reported: set[str] = set()
    first_locales: dict[str, str] = {}
    for locale, phrase in text.phrases.items():
        typed = terms.extract_typed_text(phrase.runs).strip()
        is_prose = _LATIN_WORD.search(typed) or _is_sentence(typed) or len(IDEOGRAPH.findall(typed)) >= _MIN_PROSE
        is_same = locale != EVERY_LOCALE and typed in first_locales
        if is_same and (is_prose or _is_half_translated(text, locale, names)):
            sink.add_warning(
                "same-translation",
                phrase.location,
                f"the '{locale}' text is word for word the '{first_locales[typed]}' one",
                "translate it",
            )
            reported.add(locale)
        first_locales.setdefault(typed, locale)
    return reported


def _is_half_translated(text: LocalisedText, locale: str, names: tuple[str, ...]) -> bool:
    """Returns whether the Chinese text of a locale consists of ordinary words in Latin letters although another Chinese
    locale has Chinese words: `Main Findings` for Taiwan where the mainland has 主要发现.
    """
    if find_chinese_script(locale) is None:
        return False
    phrase = text.phrases[locale]
    chinese_phrases = (other for tag, other in text.phrases.items() if tag != locale and find_chinese_script(tag))
    return any(IDEOGRAPH.search(other.source) for other in chinese_phrases) and is_ordinary_phrase(
        phrase.source, terms.compile_forms(names)
    )


def _report_foreign_prose(locale: str, phrase: Phrase, names: tuple[str, ...], sink: DiagnosticSink) -> bool:
    """Warns about a text, or words of a text, in a script in which the locale's language is not written. Returns whether
    this makes another check of its script superfluous.
    """
    script, forms = find_script(locale), terms.compile_forms(names)
    if words := find_words_of_other_scripts(phrase.source, script, forms):
        message = f"the '{locale}' text has words of another language: '{shorten(words.replace(VERBATIM, '…'))}'"
        hint = f"write them in '{locale}', or put them in quotation marks; list a name under 'also' of a term"
        sink.add_warning("wrong-script", phrase.location, message, hint)
        return script == "Latn"
    latin_prose = find_latin_prose(phrase.source, forms) if script not in (None, "Latn") else None
    if latin_prose is None:
        return False
    sentence, is_whole_text = latin_prose
    excerpt = shorten(sentence.replace(VERBATIM, "…"))
    problem = "is in Latin letters" if is_whole_text else f"has a sentence in Latin letters: '{excerpt}'"
    hint = f"write it in '{locale}', or put it in quotation marks; list a name under 'also' of a term"
    sink.add_warning("wrong-script", phrase.location, f"the '{locale}' text {problem}", hint)
    return is_whole_text


def _check_script(locale: str, phrase: Phrase, allowed: list[str], sink: DiagnosticSink) -> None:
    """Warns about characters of the other Chinese script in a Chinese text, and about a Chinese text in a locale with Latin
    letters. Quotations in the other Chinese script and `allowed` forms are left out.
    """
    script = find_chinese_script(locale)
    if script is None:
        if find_script(locale) == "Latn" and _is_chinese(terms.extract_typed_text(phrase.runs)):
            message = f"the '{locale}' text is in Chinese characters"
            hint = f"write it in '{locale}', or quote the Chinese words within the text"
            sink.add_warning("wrong-script", phrase.location, message, hint)
        return
    typed = replace_quotations(
        terms.extract_typed_text(phrase.runs), lambda quoted: " " if _is_in_other_script(quoted, script) else quoted
    )
    for form in allowed:
        typed = typed.replace(form, " ")
    wrong = find_foreign_characters(typed, script)
    if script == "Hant" and split_subtags(locale)[2] in _WITH_HONG_KONG_FORMS:
        wrong = [character for character in wrong if not _is_of_hong_kong(character)]
    if wrong:
        other = "Traditional" if script == "Hans" else "Simplified"
        sink.add_warning(
            "wrong-script",
            phrase.location,
            f"the '{locale}' text has {other} characters: {' '.join(wrong)}",
            "check the wording; quote what is written so in its source, or list a name under 'also' of a term in the glossary",
        )


def _is_in_other_script(quoted: str, script: str) -> bool:
    """Returns whether a quotation is entirely in the other Chinese script; one with characters of both is a mistake."""
    other = "Hans" if script == "Hant" else "Hant"
    return bool(find_foreign_characters(quoted, script)) and not find_foreign_characters(quoted, other)


def _is_chinese(text: str) -> bool:
    """Returns whether a text has more Chinese characters than a name, and no Latin letters."""
    return len(IDEOGRAPH.findall(text)) >= _MIN_FOREIGN and not _LATIN_LETTER.search(text)


def find_foreign_characters(text: str, script: str) -> list[str]:
    """Returns the characters that texts in `script` (Hans or Hant) do not have, each once, in order of appearance.

    A character is foreign if OpenCC converts it into the script, and the national standard of the script (Big5 for `Hant`,
    GB 2312 for `Hans`) does not have it. A character that both scripts use is not foreign.
    """
    return [character for character in dict.fromkeys(IDEOGRAPH.findall(text)) if _is_foreign(character, script)]


@lru_cache(maxsize=100_000)
def _is_foreign(character: str, script: str) -> bool:
    if script == "Hans" and character in _NAME_CHARACTERS:
        return False
    configuration, charset = ("s2t", "big5") if script == "Hant" else ("t2s", "gb2312")
    # Loading a converter takes a tenth of a second, so the standard is checked first.
    return not can_encode(character, charset) and bool(load_converter(configuration).convert(character) != character)


def _is_of_hong_kong(character: str) -> bool:
    """Returns whether the character is the form of Hong Kong's standard (常用字字形表): 户, 税 and 温, which Simplified texts
    have too, and 恒, which OpenCC lacks.
    """
    standard_form = load_converter("hk2t").convert(character)
    is_converted_back = standard_form != character and load_converter("t2hk").convert(standard_form) == character
    return character == "恒" or bool(is_converted_back)
