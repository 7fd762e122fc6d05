"""Finds figures that authors typed instead of taking them from a claim, and counts the markup of texts."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache

from brief.model.brief import Brief
from brief.model.catalogue import Catalogue
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import Diagnostic
from brief.model.inline import (
    AuthoredRun,
    AuthoredRuns,
    ClaimValue,
    Code,
    Emphasis,
    Footnote,
    Formula,
    Link,
    Strong,
    Text,
)
from brief.model.locale import get_primary_language
from brief.model.prose import ProseHeading, ProseList, ProseParts, ProseQuotation, ProseTable, list_texts
from brief.model.scripts import find_chinese_script
from brief.model.source_location import Ref, SourceLocation
from brief.model.text import LocalisedText, Phrase
from brief.resolve import walk
from brief.resolve.checks.clean_texts import CleanRule, CleanTexts
from brief.resolve.claim_words import format_claim_value
from brief.resolve.figures.typed_words import FigureWords, find_figures, list_figure_words

_DIGITS = re.compile(r"[0-9]+(?:[.,'\u2019][0-9]+)*")
_DIGIT_RUN = re.compile("[0-9]+")


def check_typed_figures(brief: Brief, clean: CleanTexts) -> list[Diagnostic]:
    """Warns about each quantity that is typed into a text or a specification of the brief. The hint names the claim that
    prints it, if exactly one does.

    Texts of claims and of the glossary are not checked.
    """
    sink = DiagnosticSink()
    names = compile_name_pattern(brief)
    specifications = brief.specifications.values()

    @cache
    def list_words(locale: str) -> FigureWords:
        # There is no catalogue for a text in every locale, nor for any locale if the settings could not be read.
        return list_figure_words(brief.catalogues.get(locale) or Catalogue("en"))

    rules = _RulesByLocale(brief, clean, names)
    for typed in (typed for specification in specifications for typed in specification.typed):
        for figure in (
            (typed.text,)
            if typed.is_number
            else _find_figures(typed.text, list_words(str(brief.settings.source_locale)), names)
        ):
            message = f"'{figure}' is typed into a specification instead of taken from a claim"
            sink.add_warning(
                "bare-figure", typed.location, message, "give it to the block as data, from a claim or a dataset"
            )
    for record in (brief.settings, *brief.themes.values(), *brief.audiences.values(), *specifications):
        for text in walk.walk_texts(record):
            for locale, location, figure in _find_typed(text, names, list_words, rules):
                claim = _find_claim(figure, locale, brief)
                hint = (
                    f"write {{{claim}}}"
                    if claim
                    else "record it as a claim of its source in seeds/, and write {source/claim}"
                )
                message = f"'{figure}' is typed instead of taken from a claim"
                sink.add_warning("bare-figure", location, message, hint)
    return sink.found


class _RulesByLocale:
    """The texts of each locale that have no typed figures, given the words of its catalogue and the names with digits."""

    def __init__(self, brief: Brief, clean: CleanTexts, names: re.Pattern[str] | None) -> None:
        self._brief, self._clean = brief, clean
        self._names = names.pattern if names is not None else ""
        self._rules: dict[str, CleanRule] = {}

    def get(self, locale: str) -> CleanRule:
        """Returns the rule of a locale; also of one without a catalogue."""
        if locale not in self._rules:
            catalogue = self._brief.catalogues.get(locale)
            words = repr(sorted(catalogue.messages.items())) if catalogue is not None else ""
            self._rules[locale] = self._clean.for_rule("bare-figure", locale, words, self._names)
        return self._rules[locale]


def _find_typed(
    text: LocalisedText,
    names: re.Pattern[str] | None,
    list_words: Callable[[str], FigureWords],
    rules: _RulesByLocale,
) -> Iterator[tuple[str, SourceLocation, str]]:
    """Yields the locale, the location and the text of each typed figure."""
    for locale, phrase in text.phrases.items():
        # Making the tables of a language takes longer than checking most texts.
        if not _DIGIT_RUN.search(phrase.source) or rules.get(locale).recall(phrase.source):
            continue
        figure_words = list_words(locale)
        locator, is_clean = _FigureLocator(phrase), True
        for words in _list_typed_words(phrase.runs):
            for figure in _find_figures(words, figure_words, names):
                is_clean = False
                yield locale, locator.locate(figure), figure
        if is_clean:
            rules.get(locale).add(phrase.source)


# Cached, because nearly all words of a project are the same after an edit.
@lru_cache(maxsize=50_000)
def _find_figures(words: str, figure_words: FigureWords, names: re.Pattern[str] | None) -> tuple[str, ...]:
    return tuple(find_figures(names.sub(" ", words) if names else words, figure_words))


class _FigureLocator:
    """Locates the typed figures of a phrase, which are given in the order of its source, except for those of footnotes."""

    def __init__(self, phrase: Phrase) -> None:
        self._phrase = phrase
        self._next = 0

    def locate(self, figure: str) -> SourceLocation:
        """Returns the location of the next occurrence of the figure; the location of the phrase if it is not found."""
        source, first_digits = self._phrase.source, _DIGIT_RUN.search(figure)
        position = source.find(figure, self._next)
        position = position if position >= 0 else source.find(figure)
        number = len(_DIGIT_RUN.findall(source[:position]))
        if first_digits is None or position < 0 or number >= len(self._phrase.numbers):
            return self._phrase.location
        self._next = position + len(figure)
        location = self._phrase.numbers[number]
        return SourceLocation(location.file, location.line, max(location.column - first_digits.start(), 1))


def _list_typed_words(runs: AuthoredRuns) -> Iterator[str]:
    """Yields the words between placeholders, without code."""
    for run in runs:
        match run:
            case Text(text):
                yield text
            case Strong(children) | Emphasis(children) | Link(_, children):
                yield from _list_typed_words(children)
            case _:
                pass


def join_typed_words(runs: AuthoredRuns, names: re.Pattern[str] | None) -> str:
    """Returns the words between placeholders, without code and without names that contain digits."""
    words = "\n".join(_list_typed_words(runs))
    return names.sub(" ", words) if names else words


def compile_name_pattern(brief: Brief) -> re.Pattern[str] | None:
    """Compiles a pattern of the names in the glossary that contain digits; None if there are none."""
    forms = {
        phrase.source
        for term in brief.glossary.terms
        for text in (term.name, *term.also)
        for phrase in text
        if re.search("[0-9]", phrase.source)
    }
    return re.compile("|".join(map(re.escape, sorted(forms, key=len, reverse=True)))) if forms else None


def _find_claim(figure: str, locale: str, brief: Brief) -> str | None:
    """Returns the claim that prints the figure in the locale; None if no claim or several claims do. Dataset cells are left
    out.
    """
    catalogue_locale = locale if locale in brief.catalogues else str(brief.settings.source_locale)
    claims = [
        name
        for name in brief.claims
        if "[" not in name and _is_same_figure(_format_claim(name, catalogue_locale, brief), figure)
    ]
    return claims[0] if len(claims) == 1 else None


def _format_claim(name: str, locale: str, brief: Brief) -> str:
    catalogue = brief.catalogues.get(locale)
    if catalogue is None:
        return ""
    try:
        return format_claim_value(ClaimValue(Ref(name), "bare"), brief, catalogue)
    except ValueError:
        return ""


def _is_same_figure(printed: str, figure: str) -> bool:
    return bool(printed) and _normalise(printed) == _normalise(figure)


def _normalise(text: str) -> str:
    """Returns the text without white space, case-folded, and with straight apostrophes."""
    return re.sub(r"\s", "", text).replace("\u2019", "'").casefold()


def find_typed_claims(missing: Sequence[ClaimValue], phrase: Phrase, locale: str, brief: Brief) -> list[ClaimValue]:
    """Returns those of the `missing` placeholders whose figure, or its first number, is typed in the phrase."""
    words = _normalise(" ".join(_list_typed_words(phrase.runs)))
    typed_numbers = _DIGITS.findall(words)
    typed = []
    for run in missing:
        printed = _normalise(_format_claim(run.claim.name, locale, brief))
        numbers = _DIGITS.findall(printed)
        if printed and (printed in words or (numbers and numbers[0] in typed_numbers)):
            typed.append(run)
    return typed


def count_marks(phrase: Phrase, *, with_emphasis: bool) -> dict[str, int]:
    """Counts the links, strong passages, code spans, formulas and footnotes of a phrase, and the headings, list items,
    quotations and table rows of long text, each by its English name. `with_emphasis` also counts emphasised passages.
    """
    names = {
        Link: "link",
        Strong: "strong passage",
        Code: "code span",
        Formula: "formula",
        Emphasis: "emphasised passage",
    }
    counts = dict.fromkeys((*names.values(), "footnote"), 0)
    if not with_emphasis:
        del counts[names[Emphasis]]
    for run in _walk_runs(phrase.runs):
        name = names.get(type(run))
        if name in counts:
            counts[name] += 1
    counts["footnote"] = sum(isinstance(run, Footnote) for text in list_texts(phrase.parts) for run in text)
    counts |= dict.fromkeys(("heading", "list item", "quotation", "table row"), 0)
    for name in _name_parts(phrase.parts):
        counts[name] += 1
    return counts


def _name_parts(parts: ProseParts[AuthoredRun]) -> Iterator[str]:
    """Yields the English name of each part of long text. Paragraphs are left out, because translators may divide them
    differently.
    """
    for part in parts:
        match part:
            case ProseHeading():
                yield "heading"
            case ProseList(entries=entries):
                for entry in entries:
                    yield "list item"
                    yield from _name_parts(entry)
            case ProseQuotation(parts=inner):
                yield "quotation"
                yield from _name_parts(inner)
            case ProseTable(rows=rows):
                yield from ("table row" for _ in rows)
            case _:
                pass


@cache
def uses_italics(locale: str) -> bool:
    """Returns whether texts of the locale use italics; Chinese, Japanese and Korean do not."""
    return find_chinese_script(locale) is None and get_primary_language(locale) not in ("ja", "ko")


def _walk_runs(runs: AuthoredRuns) -> Iterator[object]:
    for run in runs:
        yield run
        if isinstance(run, Strong | Emphasis | Link):
            yield from _walk_runs(run.children)
