"""`brief translate status`: lists missing and stale texts, and shows how much is done."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from brief.cli import options
from brief.cli.diagnostics import escape_controls, make_relative
from brief.model.counts import format_count
from brief.model.source_location import SourceLocation
from brief.model.translation import FUZZY_STATES, Translation, TranslationState
from brief.reading.layout import TRANSLATIONS
from brief.translate.progress import Progress, find_readable_texts, group_by_chapter, measure_progress
from brief.translate.state import fold_lines, get_stripped_text

_OPENING_LENGTH = 60
_BAR_WIDTH = 24
_TO_DO = (TranslationState.MISSING, *FUZZY_STATES)


@click.command
@click.option("-l", "--locale", "locales", metavar="LOCALE", multiple=True, help="Only this locale; repeatable.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, including unreviewed texts.")
@options.project
def command(locales: tuple[str, ...], as_json: bool, root: Path) -> None:
    """Show how much is translated, per locale, theme and audience, and which texts are missing or not accepted.

    A translation is stale if its source text has changed since 'brief translate accept', and unreviewed if it was
    never accepted. Word counts are of the source texts; in Chinese and Japanese every character counts. Always exits
    with 0; 'brief check' has an error for each missing text.
    """
    translations = options.load_translations(root)
    assessment = translations.assess(locales)
    source = translations.source_locale
    readers = find_readable_texts(translations.brief)
    by_locale = {
        locale: [translation for translation in assessment if translation.locale == locale]
        for locale in dict.fromkeys(translation.locale for translation in assessment)
    }
    if as_json:
        document = {locale: _to_json(of_locale, source, readers, root) for locale, of_locale in by_locale.items()}
        click.echo(json.dumps({"source_locale": source, "locales": document}, ensure_ascii=False, indent=2))
        return
    if not translations.record:
        click.echo(
            f"brief: there is no {TRANSLATIONS}: look at the translations, then run 'brief translate accept'", err=True
        )
    for locale, of_locale in by_locale.items():
        _show_locale(locale, of_locale, source, readers, root)


def _show_locale(
    locale: str,
    translations: Sequence[Translation],
    source: str,
    readers: Mapping[str, frozenset[SourceLocation]],
    root: Path,
) -> None:
    total_progress = measure_progress(translations, source)
    role = " (source)" if locale == source else ""
    click.echo(f"{locale}: {_format(total_progress)}{role}")
    for chapter, of_chapter in group_by_chapter(translations).items():
        if (part := measure_progress(of_chapter, source)).texts[TranslationState.CURRENT] < len(of_chapter):
            click.echo(f"  {chapter}: {_format(part)}")
    if total_progress.texts[TranslationState.CURRENT] < len(translations):
        for audience, locations in readers.items():
            of_audience = [each for each in translations if each.text.text.location in locations]
            click.echo(f"  audience {audience}: {_format(measure_progress(of_audience, source))}")
    for translation in translations:
        if translation.state in _TO_DO:
            location = make_relative(translation.location, root)
            opening = _quote_opening(get_stripped_text(translation.text, source))
            click.echo(escape_controls(f"  {location}: {translation.state} {translation.text.id} {opening}".rstrip()))


def _format(progress: Progress) -> str:
    """Formats a bar on a terminal, the share of the words, and the counts: "93% of 334 words, 27 of 29 texts; 1
    missing, 1 stale".
    """
    counts = ", ".join(
        f"{progress.texts[state]} {state}"
        for state in TranslationState
        if progress.texts[state] and state is not TranslationState.CURRENT
    )
    opening = f"{progress.percent}% of {format_count(progress.words.total(), 'word')}, {progress.done:,} of {format_count(progress.texts.total(), 'text')}"
    return f"{_draw_bar(progress)}{opening}{f'; {counts}' if counts else ''}"


def _draw_bar(progress: Progress) -> str:
    """Returns a bar of the accepted, the unreviewed and the remaining texts; empty unless standard output is a
    terminal.
    """
    total = progress.words.total()
    if not sys.stdout.isatty() or not total:
        return ""
    accepted = _BAR_WIDTH * progress.words[TranslationState.CURRENT] // total
    done = _BAR_WIDTH * progress.done_words // total
    return f"{'█' * accepted}{'▒' * (done - accepted)}{'░' * (_BAR_WIDTH - done)} "


def _quote_opening(source: str) -> str:
    opening = fold_lines(source)
    return (
        f"“{opening if len(opening) <= _OPENING_LENGTH else opening[: _OPENING_LENGTH - 1] + '…'}”" if opening else ""
    )


def _to_json(
    translations: Sequence[Translation], source: str, readers: Mapping[str, frozenset[SourceLocation]], root: Path
) -> dict[str, object]:
    return {
        **_count_texts(translations, source),
        "chapters": {
            chapter: _count_texts(of_chapter, source) for chapter, of_chapter in group_by_chapter(translations).items()
        },
        "audiences": {
            audience: _count_texts([each for each in translations if each.text.text.location in locations], source)
            for audience, locations in readers.items()
        },
        "to_do": [
            {
                "id": translation.text.id,
                "state": str(translation.state),
                "file": make_relative(translation.location, root).file,
                "line": translation.location.line,
                "column": translation.location.column,
                "source": get_stripped_text(translation.text, source),
            }
            for translation in translations
            if translation.state is not TranslationState.CURRENT
        ],
    }


def _count_texts(translations: Sequence[Translation], source: str) -> dict[str, int]:
    progress = measure_progress(translations, source)
    return {
        "texts": len(translations),
        "words": progress.words.total(),
        "words_done": progress.done_words,
        "percent": progress.percent,
        **{str(state): progress.texts[state] for state in TranslationState if state is not TranslationState.CURRENT},
    }
