"""The translatable texts of a brief under stable ids, and whether each translation is up to date."""

import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import sha256
from typing import Any

from brief.model.brief import Brief
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import Diagnostic, Severity
from brief.model.source_location import Located, SourceLocation
from brief.model.text import EVERY_LOCALE, LocalisedText
from brief.model.translation import (
    GATED_STATES,
    GatedTexts,
    TranslatableText,
    Translation,
    TranslationRecord,
    TranslationState,
)
from brief.resolve.walk import list_text_fields

_DIGEST_DIGITS = 16
# Characters that are replaced in the ids of texts.
_NOT_IN_IDS = re.compile(r"[^\w/-]")


def collect_translatable(brief: Brief) -> tuple[dict[str, TranslatableText], list[Diagnostic]]:
    """Returns every text that is written separately for each locale, keyed by id and in the order of the brief, and an
    error for each further text with the same id.

    Text ids are made of the ids of records; entries of lists are numbered from 1.
    """
    texts: dict[str, TranslatableText] = {}
    sink = DiagnosticSink()
    for text in _list_texts(brief):
        if EVERY_LOCALE in text.text.phrases:
            continue
        if text.id in texts:
            sink.add_error(
                "duplicate-id",
                text.text.location,
                f"two texts are called '{text.id}'",
                "give each record an id of its own",
                related=texts[text.id].text.location,
            )
        texts.setdefault(text.id, text)
    return texts, sink.found


def assess_translations(
    texts: Iterable[TranslatableText], locales: Iterable[str], source_locale: str, record: TranslationRecord
) -> Iterator[Translation]:
    """Assesses each text in each locale. In the source locale a text is either current or missing, and so is a text that
    has no words in the source locale.

    A text that a regional locale inherits has the state that it has in the parent locale.
    """
    locales = tuple(locales)
    for text in texts:
        source = get_stripped_text(text, source_locale)
        digest = digest_source(source)
        for locale in locales:
            written_in = text.text.find_source_tag(locale) or locale
            phrase = text.text.phrases.get(written_in)
            location = phrase.location if phrase is not None else text.text.location
            state, origin = TranslationState.CURRENT, None
            if not get_stripped_text(text, written_in):
                state = TranslationState.MISSING
            elif source_locale not in (locale, written_in) and source:
                recorded = record.get(text.id, {}).get(written_in)
                origin = recorded.origin if recorded is not None else None
                if recorded is None:
                    state = TranslationState.UNREVIEWED
                elif recorded.digest != digest:
                    state = TranslationState.STALE
                else:
                    state = origin or TranslationState.CURRENT
            yield Translation(text, locale, state, location, origin)


def assess_brief(brief: Brief, record: TranslationRecord) -> tuple[Translation, ...]:
    """Assesses every text of a brief in each of its locales."""
    texts, _ = collect_translatable(brief)
    return tuple(assess_translations(texts.values(), brief.locales, str(brief.settings.source_locale), record))


def find_gated(assessed: Iterable[Translation]) -> GatedTexts:
    """Returns the translations that the gates of audiences decide on, by the location of the text and by locale."""
    gated: dict[tuple[SourceLocation, str], Translation] = {}
    for translation in assessed:
        if not any(condition in GATED_STATES for condition in translation.conditions):
            continue
        # A text that a YAML alias repeats has one location and two ids; the worse of the two states counts.
        key = translation.text.text.location, translation.locale
        previous = gated.get(key)
        if previous is None or _rank(translation) < _rank(previous):
            gated[key] = translation
    return gated


def report_unreviewed(assessed: Iterable[Translation]) -> Iterator[Diagnostic]:
    """Yields a warning for each locale with translations that were never accepted: they cannot become stale."""
    unreviewed: dict[str, list[Translation]] = {}
    for translation in assessed:
        # Texts that a regional locale inherits are reported in the locale in which they are written.
        is_own = translation.text.text.find_source_tag(translation.locale) == translation.locale
        if is_own and translation.state is TranslationState.UNREVIEWED:
            unreviewed.setdefault(translation.locale, []).append(translation)
    for locale, translations in unreviewed.items():
        is_one = len(translations) == 1
        message = f"{len(translations)} '{locale}' {'text was' if is_one else 'texts were'} never accepted"
        yield Diagnostic(
            "unreviewed-translation",
            f"{message}: no one would notice if {'its source text' if is_one else 'their source texts'} changed",
            translations[0].location,
            f"compare {'it' if is_one else 'them'} with the source, then run 'brief translate accept -l {locale}'",
            Severity.WARNING,
            locale=locale,
        )


def _rank(translation: Translation) -> int:
    """Returns the position of the state, from the worst (0) to the best."""
    return list(TranslationState).index(translation.state)


def get_stripped_text(text: TranslatableText, locale: str) -> str:
    """Returns the text as typed in the locale itself, stripped of surrounding space; empty if the locale has no text of
    its own.
    """
    phrase = text.text.phrases.get(locale)
    return phrase.source.strip() if phrase is not None else ""


@lru_cache(maxsize=10_000)
def digest_source(source: str) -> str:
    """Returns the first 64 bits of the SHA-256 of a source text, independent of how its lines are broken."""
    return sha256(fold_lines(source).encode()).hexdigest()[:_DIGEST_DIGITS]


def fold_lines(source: str) -> str:
    """Replaces all white space in a text with single spaces, so that texts with different line breaks are equal."""
    return " ".join(source.split())


def _list_texts(brief: Brief) -> Iterator[TranslatableText]:
    yield from _walk_texts(brief.settings, "brief", "brief", "brief")
    for name, theme in brief.themes.items():
        chapter = f"theme {name}"
        yield from _walk_texts(theme, f"theme/{name}", chapter, "theme", frozenset({"blocks"}))
        for block in theme.blocks:
            yield from _walk_texts(block, f"block/{block.id}", chapter, block.KIND)
    for name, specification in brief.specifications.items():
        where = f"vega/{_NOT_IN_IDS.sub('-', name.removesuffix('.json'))}"
        for path, index in _find_specification_texts(json.loads(specification.json), where):
            yield TranslatableText(path, "specifications", "vega", specification.words[index])
    for name, audience in brief.audiences.items():
        yield from _walk_texts(audience, f"audience/{name}", "audiences", "audience")
    for term in brief.glossary.terms:
        yield from _walk_texts(term, f"term/{term.id}", "glossary", "term")
    for name, source in brief.sources.items():
        yield from _walk_texts(source, f"source/{name}", "sources", "source", frozenset({"claims"}))
        for claim in source.claims:
            yield from _walk_texts(claim, f"claim/{name}/{claim.id}", "sources", "claim")


def _find_specification_texts(value: Any, path: str) -> Iterator[tuple[str, int]]:
    """Yields each text of a specification: its id, which is its path in the specification, and its index in `words`."""
    if isinstance(value, list):
        for number, entry in enumerate(value, 1):
            yield from _find_specification_texts(entry, f"{path}/{number}")
    elif isinstance(value, dict):
        if "$words" in value:
            yield path, value["$words"]
            return
        for name, part in value.items():
            yield from _find_specification_texts(part, f"{path}/{_NOT_IN_IDS.sub('-', name)}")


def _walk_texts(
    value: Any, path: str, chapter: str, kind: str, skip: frozenset[str] = frozenset()
) -> list[TranslatableText]:
    texts: list[TranslatableText] = []
    _collect_texts(value, path, texts, chapter, kind, skip)
    return texts


def _collect_texts(
    value: Any, path: str, texts: list[TranslatableText], chapter: str, kind: str, skip: frozenset[str] = frozenset()
) -> None:
    # Nested generators would pass each text through as many frames as the record is deep.
    if isinstance(value, LocalisedText):
        texts.append(TranslatableText(path, chapter, kind, value))
    elif isinstance(value, tuple):
        for number, entry in enumerate(value, 1):
            _collect_texts(entry, f"{path}/{number}", texts, chapter, kind)
    elif isinstance(value, Located):
        shorthand = getattr(value, "SHORTHAND", None)
        for name in list_text_fields(type(value)):
            if name in skip or (part := getattr(value, name)) is None:
                continue
            # "items/3", whether or not the entry is written with the key "text".
            is_unnamed = name == shorthand and isinstance(part, LocalisedText)
            _collect_texts(part, path if is_unnamed else f"{path}/{name}", texts, chapter, kind)
