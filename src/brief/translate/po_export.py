"""Writes texts to a PO file for translators, each with its location, its readers, its terms and how its claims print."""

import io
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time

from brief.model.brief import Brief
from brief.model.locale import make_babel_identifier
from brief.model.translation import FUZZY_STATES, Translation, TranslationState
from brief.translate.context import Contexts
from brief.translate.state import get_stripped_text

_HEADER = """# Texts of PROJECT, to be translated into {locale}.
# Braces and brackets stay as they are: {{source/claim}} prints a figure, [@source/claim] cites a source, [](#block)
# refers to a block; **strong** and *emphasis* may move with the words. Put it back with 'brief translate import'."""


def export_po(
    brief: Brief, contexts: Contexts, translations: Iterable[Translation], previous: Mapping[str, str]
) -> bytes:
    """Makes a PO file in UTF-8 with the translations into the locale of `contexts`, in the order given.

    `previous` maps ids to the source texts from which translations were made, as far as these are known. The dates in the
    header are the brief's date, so that the same brief gives the same bytes.
    """
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import generate_po

    locale = contexts.locale
    publisher = brief.settings.publisher.find_phrase(str(brief.settings.source_locale))
    publisher_name = (
        publisher.source.strip() if publisher is not None and publisher.source.strip() else str(brief.settings.id)
    )
    midnight = datetime.combine(brief.settings.date, time(), UTC)
    catalog = Catalog(
        locale=make_babel_identifier(locale),
        project=str(brief.settings.id),
        version=brief.settings.date.isoformat(),
        header_comment=_HEADER.format(locale=locale),
        msgid_bugs_address=publisher_name,
        copyright_holder=publisher_name,
        last_translator=publisher_name,
        language_team=locale,
        creation_date=midnight,
        revision_date=midnight,
        fuzzy=False,
    )
    # Keyed by the line before which each is written. Written here, because the library would wrap them.
    previous_lines: dict[str, str] = {}
    for translation in translations:
        text = translation.text
        source = get_stripped_text(text, str(brief.settings.source_locale))
        is_stale = translation.state is TranslationState.STALE
        is_fuzzy = translation.state in FUZZY_STATES
        message = catalog.add(
            source,
            get_stripped_text(text, locale),
            locations=[(translation.location.file, translation.location.line)],
            auto_comments=list(contexts.list_comments(translation)),
            context=text.id,
        )
        # The library mistakes "70% of" for a Python format string and would set a flag for it.
        message.flags = {"fuzzy"} if is_fuzzy else set()
        if is_stale and text.id in previous:
            previous_lines[f"msgctxt {_quote_po(text.id)}\n"] = f"#| msgid {_quote_po(previous[text.id])}\n"
    lines = io.StringIO()
    # Not wrapped, because a claim's name must not be split across two lines.
    for line in generate_po(catalog, width=0):
        lines.write(previous_lines.get(line, "") + line)
    return lines.getvalue().encode()


def _quote_po(text: str) -> str:
    from babel.messages.pofile import escape

    return escape(text)
