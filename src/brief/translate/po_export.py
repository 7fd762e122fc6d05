"""Writes texts to a PO file for translators, each with its location, its readers, its terms and how its claims print."""

import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, time

from brief.model.brief import Brief, Term
from brief.model.catalogue import Catalogue
from brief.model.inline import ClaimValue
from brief.model.locale import babel_identifier, primary_language
from brief.model.source_location import SourceLocation
from brief.model.translation import Translation, TranslationState
from brief.reading.catalogue import required_messages
from brief.resolve import terms, walk
from brief.resolve.claim_words import format_claim_value
from brief.resolve.select import select
from brief.translate.state import stripped_words

_HEADER = """# Texts of PROJECT, to be translated into {locale}.
# Braces and brackets stay as they are: {{source/claim}} prints a figure, [@source/claim] cites a source, [](#block)
# refers to a block; **strong** and *emphasis* may move with the words. Put it back with 'brief translate import'."""


def export_po(brief: Brief, locale: str, translations: Iterable[Translation], previous: Mapping[str, str]) -> bytes:
    """Makes a PO file in UTF-8 with the translations into one locale, in the order given.

    `previous` maps ids to the source texts that translations were made from, as far as they are known. The dates in the
    header are the brief's date, so that the same brief gives the same bytes.
    """
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import generate_po

    publisher = brief.settings.publisher.phrase(str(brief.settings.source_locale))
    from_whom = (
        publisher.source.strip() if publisher is not None and publisher.source.strip() else str(brief.settings.id)
    )
    moment = datetime.combine(brief.settings.date, time(), UTC)
    catalog = Catalog(
        locale=babel_identifier(locale),
        project=str(brief.settings.id),
        version=brief.settings.date.isoformat(),
        header_comment=_HEADER.format(locale=locale),
        msgid_bugs_address=from_whom,
        copyright_holder=from_whom,
        last_translator=from_whom,
        language_team=locale,
        creation_date=moment,
        revision_date=moment,
        fuzzy=False,
    )
    commenter = _Commenter(brief, locale)
    earlier: dict[str, str] = {}
    for translation in translations:
        text = translation.text
        source = stripped_words(text, str(brief.settings.source_locale))
        is_stale = translation.state is TranslationState.STALE
        message = catalog.add(
            source,
            stripped_words(text, locale),
            locations=[(translation.location.file, translation.location.line)],
            auto_comments=list(commenter.comments(translation)),
            context=text.id,
        )
        # The library mistakes "70% of" for a Python format string and would set a flag for it.
        message.flags = {"fuzzy"} if is_stale else set()
        if is_stale and text.id in previous:
            earlier[f"msgctxt {_quote_po(text.id)}\n"] = f"#| msgid {_quote_po(previous[text.id])}\n"
    lines = io.StringIO()
    # Not wrapped, because a claim's name must not be split across two lines.
    for line in generate_po(catalog, width=0):
        lines.write(earlier.get(line, "") + line)
    return lines.getvalue().encode()


def _quote_po(text: str) -> str:
    from babel.messages.pofile import escape

    return escape(text)


def _words_figures(words: Catalogue) -> bool:
    """Whether the catalogue is complete; English needs no translations."""
    return primary_language(words.locale) == "en" or required_messages() <= words.messages.keys()


class _Commenter:
    """Yields the comments that a translator needs with a text."""

    def __init__(self, brief: Brief, locale: str) -> None:
        self.brief = brief
        self.locale = locale
        self.source_locale = str(brief.settings.source_locale)
        # Without the interface words of the locale, its figures would print partly in English.
        self.printed_in = locale if _words_figures(brief.catalogues[locale]) else self.source_locale
        self.readers: dict[SourceLocation, list[str]] = {}
        for audience in brief.audiences:
            for text in {text.location: text for text in walk.walk_printed_texts(select(brief, audience))}:
                self.readers.setdefault(text, []).append(audience)

    def comments(self, translation: Translation) -> Iterator[str]:
        text = translation.text
        in_theme = f" in {text.chapter}" if text.chapter.startswith("theme ") and text.kind != "theme" else ""
        yield f"{text.kind}{in_theme}; {self._read_by(text.text.location)}"
        phrase = text.text.phrases.get(self.source_locale)
        if phrase is None:
            return
        yield from dict.fromkeys(comment for run in walk.walk_references(text.text) if (comment := self._prints(run)))
        typed_words = terms.extract_typed_text(phrase.runs)
        for term in self.brief.glossary.terms:
            if text.id != f"term/{term.id}/name" and terms.mentions_term(term, self.source_locale, typed_words):
                yield from self._name(term)

    def _read_by(self, location: SourceLocation) -> str:
        audiences = self.readers.get(location, [])
        if not audiences:
            return "printed in no variant"
        is_for_all = len(audiences) == len(self.brief.audiences) and len(audiences) > 1
        return f"read by {'all audiences' if is_for_all else ', '.join(audiences)}"

    def _prints(self, run: object) -> str:
        if not isinstance(run, ClaimValue) or run.claim.name not in self.brief.claims:
            return ""
        try:
            said = format_claim_value(run, self.brief, self.brief.catalogues[self.printed_in])
        except ValueError:
            return ""
        where = "" if self.printed_in == self.locale else f" in {self.printed_in}"
        return f"{{{run.claim}{run.modifiers}}} prints{where}: {said}"

    def _name(self, term: Term) -> Iterator[str]:
        source = next(terms.term_forms(term, self.source_locale), "")
        chosen = " or ".join(dict.fromkeys(terms.term_forms(term, self.locale)))
        avoided = ", ".join(dict.fromkeys(terms.list_avoided_forms(term, self.locale)))
        if source and chosen:
            yield f"name: {source} = {chosen}" + (f" (never: {avoided})" if avoided else "")
