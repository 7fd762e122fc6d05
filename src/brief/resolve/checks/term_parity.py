"""A name of the glossary that a block has in the source language must be in it in every language."""

from collections.abc import Iterable, Mapping

from brief.model.blocks import Block
from brief.model.brief import Brief, Term
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import Diagnostic
from brief.model.text import Phrase
from brief.resolve import terms, walk

_Texts = list[tuple[Phrase, str]]


def check_terms_in_all_locales(brief: Brief) -> list[Diagnostic]:
    """Warns of each block that names a term in the source locale, and in another one nowhere.

    Whole blocks are compared, not single texts: a language may repeat a name where another says "it".
    """
    sink = DiagnosticSink()
    source = brief.settings.source_locale
    if source not in brief.locales:
        return []
    named = {
        tag: [(term, tuple(terms.list_term_forms(term, tag))) for term in brief.glossary.terms] for tag in brief.locales
    }
    for theme in brief.themes.values():
        for block in theme.blocks:
            texts = {tag: _list_texts(block, tag) for tag in brief.locales}
            expected = _find_named(named[source], texts[source])
            for tag in brief.locales:
                if expected and texts[tag]:
                    given = _find_named(named[tag], texts[tag])
                    for term, forms in named[tag]:
                        if forms and term.id in expected and term.id not in given:
                            _report(term, (source, tag), expected[term.id], texts[tag], sink)
    return sink.found


def _list_texts(block: Block, tag: str) -> _Texts:
    """Returns the texts of a block in a locale with the words that their author typed."""
    phrases = (text.phrases.get(tag) for text in walk.walk_texts((block,)))
    return [(phrase, terms.extract_typed_text(phrase.runs)) for phrase in phrases if phrase and phrase.source]


def _find_named(named: Iterable[tuple[Term, tuple[str, ...]]], texts: _Texts) -> Mapping[str, Phrase]:
    """Returns the first text that names each term."""
    together = "\n".join(words for _, words in texts)
    found = {}
    for term, forms in named:
        if any(terms.occurs_in_text(form, together) for form in forms):
            found[str(term.id)] = next(
                phrase for phrase, words in texts if any(terms.occurs_in_text(form, words) for form in forms)
            )
    return found


def _report(term: Term, tags: tuple[str, str], first: Phrase, texts: _Texts, sink: DiagnosticSink) -> None:
    source, tag = tags
    avoided = tuple(terms.list_avoided_forms(term, tag))
    if any(terms.occurs_in_text(form, words) for form in avoided for _, words in texts):
        # Reported as a form that must not be used.
        return
    # A translation is written below its source.
    after = sorted((phrase for phrase, _ in texts if phrase.location >= first.location), key=lambda each: each.location)
    name, form = (next(terms.list_term_forms(term, each)) for each in (source, tag))
    sink.warning(
        "term-mismatch",
        (after[0] if after else texts[0][0]).location,
        f"the {source} text names '{name}', and the {tag} text of the block nowhere names '{form}'",
        f"write '{form}', or list the form that the text uses under 'also' of term '{term.id}'",
        related=first.location,
    )
