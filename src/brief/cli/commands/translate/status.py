"""`brief translate status`: what is missing, what is stale."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from brief.cli import options
from brief.cli.diagnostics import from_here, printable
from brief.model.translation import Translation, TranslationState
from brief.reading.layout import TRANSLATIONS
from brief.translate.state import fold_lines, stripped_words

_SHOWN = 60


@click.command
@click.option("-l", "--locale", "locales", metavar="LOCALE", multiple=True, help="Only this locale; repeatable.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: unreviewed texts too.")
@options.project
def command(locales: tuple[str, ...], as_json: bool, root: Path) -> None:
    """Show which texts are missing and which translations are stale, per locale and theme.

    A translation is stale whose source text has changed since 'brief translate accept', and unreviewed if it was
    never accepted. This is a report and ends with 0; 'brief check' has an error for each missing text.
    """
    translations = options.translations(root)
    found = translations.status(locales)
    source = translations.source_locale
    by_locale = {
        locale: [translation for translation in found if translation.locale == locale]
        for locale in dict.fromkeys(translation.locale for translation in found)
    }
    if as_json:
        plain = {locale: _plain(listed, source, root) for locale, listed in by_locale.items()}
        click.echo(json.dumps({"source_locale": source, "locales": plain}, ensure_ascii=False, indent=2))
        return
    if not translations.record:
        click.echo(
            f"brief: there is no {TRANSLATIONS}: look at the translations, then run 'brief translate accept'", err=True
        )
    for locale, listed in by_locale.items():
        counts = Counter(translation.state for translation in listed)
        is_target = locale != source
        click.echo(f"{locale}: {_counted(counts, is_target)} of {len(listed)} texts{'' if is_target else ' (source)'}")
        for chapter, of_chapter in _by_chapter(listed).items():
            if wrong := _to_do(of_chapter):
                click.echo(f"  {chapter}: {_counted(wrong, is_target, all_states=False)}")
        for translation in listed:
            if translation.state in (TranslationState.MISSING, TranslationState.STALE):
                location = from_here(translation.location, root)
                said = _opening(stripped_words(translation.text, source))
                click.echo(printable(f"  {location}: {translation.state} {translation.text.id} {said}".rstrip()))


def _counted(counts: Counter[TranslationState], is_target: bool, *, all_states: bool = True) -> str:
    states = (
        (TranslationState.MISSING, TranslationState.STALE, TranslationState.UNREVIEWED)
        if is_target
        else (TranslationState.MISSING,)
    )
    return ", ".join(f"{counts[state]} {state}" for state in states if all_states or counts[state])


def _to_do(listed: Sequence[Translation]) -> Counter[TranslationState]:
    return Counter(translation.state for translation in listed if translation.state is not TranslationState.CURRENT)


def _by_chapter(listed: Sequence[Translation]) -> dict[str, list[Translation]]:
    chapters: dict[str, list[Translation]] = {}
    for translation in listed:
        chapters.setdefault(translation.text.chapter, []).append(translation)
    return chapters


def _opening(source: str) -> str:
    said = fold_lines(source)
    return f"“{said if len(said) <= _SHOWN else said[: _SHOWN - 1] + '…'}”" if said else ""


def _plain(listed: Sequence[Translation], source: str, root: Path) -> dict[str, object]:
    return {
        "texts": len(listed),
        **_counts(listed),
        "chapters": {chapter: _counts(of_chapter) for chapter, of_chapter in _by_chapter(listed).items()},
        "to_do": [
            {
                "id": translation.text.id,
                "state": str(translation.state),
                "file": from_here(translation.location, root).file,
                "line": translation.location.line,
                "column": translation.location.column,
                "source": stripped_words(translation.text, source),
            }
            for translation in listed
            if translation.state is not TranslationState.CURRENT
        ],
    }


def _counts(listed: Sequence[Translation]) -> dict[str, int]:
    counts = _to_do(listed)
    return {str(state): counts[state] for state in TranslationState if state is not TranslationState.CURRENT}
