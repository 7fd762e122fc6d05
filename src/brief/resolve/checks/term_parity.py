"""Checks that a block which names a term of the glossary in one language also names it in the others, and that texts which a
regional locale inherits have the names of its region.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from brief.model.brief import Brief, Term
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import Diagnostic
from brief.model.scripts import find_parent_locale
from brief.model.text import EVERY_LOCALE, LocalisedText, Phrase
from brief.resolve import terms, walk
from brief.resolve.checks.clean_texts import CleanTexts
from brief.resolve.checks.style import mask_forms

# Phrases with the words that their authors typed.
_Texts = list[tuple[Phrase, str]]


def check_terms_in_all_locales(brief: Brief, clean: CleanTexts | None = None) -> list[Diagnostic]:
    """Warns about each block that names a term in the source locale but nowhere in another locale, or in another locale but
    nowhere in the source locale.

    Whole blocks are compared, not single texts, because a language may repeat a name where another says "it". The title,
    summary and takeaways of a theme are compared like a block. Blocks that `clean` has are skipped.
    """
    sink, clean = DiagnosticSink(), clean or CleanTexts()
    source = brief.settings.source_locale
    if source not in brief.locales:
        return []
    preferred = {
        tag: [(term, tuple(terms.list_term_forms(term, tag))) for term in brief.glossary.terms] for tag in brief.locales
    }
    rule_forms = [
        (tag, str(term.id), forms, *terms.list_avoided_forms(term, tag))
        for tag in preferred
        for term, forms in preferred[tag]
    ]
    # An avoided form names the term too; another check reports it.
    all_forms = {
        tag: [(term, (*forms, *terms.list_avoided_forms(term, tag))) for term, forms in preferred[tag]]
        for tag in preferred
    }
    rule = clean.for_rule("terms", source, repr(rule_forms))
    outdated = {tag: _list_outdated(brief, tag) for tag in brief.locales}
    _check_inherited(brief, outdated, sink)
    for theme in brief.themes.values():
        for part in (replace(theme, blocks=()), *theme.blocks):
            part_texts = tuple(walk.walk_texts((part,)))
            is_block = part.id != theme.id
            content = walk.make_texts_key(part_texts)
            if rule.recall(content):
                continue
            kind = "block" if is_block else "theme"
            before, depends_on_blocks = len(sink.found), False
            written_tags = {tag for text in part_texts for tag in text.phrases}
            texts = {tag: _list_texts(part_texts, tag) for tag in brief.locales}
            expected = _find_named(all_forms[source], texts[source])
            added: dict[str, dict[str, Phrase]] = {}
            for tag in brief.locales:
                if texts[tag] and tag in written_tags and tag != source:
                    actual = _find_named(all_forms[tag], texts[tag])
                    for term, forms in preferred[tag]:
                        name = str(term.id)
                        is_added = name in actual and name not in expected
                        if is_added and _is_named_alone(forms, preferred[tag], texts[tag]):
                            added.setdefault(name, {})[tag] = actual[name]
                    for term, forms in preferred[tag]:
                        inherited = outdated[tag].get(str(term.id), ())
                        if (
                            forms
                            and term.id in expected
                            and term.id not in actual
                            and not _any_form_occurs(inherited, texts[tag])
                        ):
                            # A takeaway may describe what a block of its theme names.
                            block_texts = () if is_block else walk.walk_texts(theme.blocks)
                            if _any_form_occurs(forms, _list_texts(block_texts, tag)):
                                depends_on_blocks = True
                                continue
                            _report_missing(term, (source, tag), expected[term.id], texts[tag], kind, sink)
            if texts[source] and source in written_tags:
                for term, forms in preferred[source]:
                    phrases = added.get(str(term.id))
                    if forms and phrases and not _is_explained(term, forms, expected, brief, texts[source]):
                        _report_added(term, source, phrases, texts[source], kind, sink)
            if len(sink.found) == before and not depends_on_blocks:
                rule.add(content)
    return sink.found


def _list_outdated(brief: Brief, tag: str) -> Mapping[str, tuple[str, ...]]:
    """Maps the id of each term that a regional locale names differently from its parent to the forms of the parent alone."""
    parent = find_parent_locale(tag)
    if not parent:
        return {}
    forms = {
        str(term.id): [list(terms.list_term_forms(term, locale)) for locale in (parent, tag)]
        for term in brief.glossary.terms
    }
    return {
        name: tuple(form for form in parent_forms if form not in own_forms)
        for name, (parent_forms, own_forms) in forms.items()
        if own_forms and parent_forms[:1] != own_forms[:1]
    }


def _any_form_occurs(forms: Iterable[str], texts: _Texts) -> bool:
    return any(terms.occurs_in_text(form, words) for form in forms for _, words in texts)


def _check_inherited(brief: Brief, outdated: Mapping[str, Mapping[str, tuple[str, ...]]], sink: DiagnosticSink) -> None:
    """Warns about each text that a regional locale inherits, and in which a term has the name of the parent locale."""
    for tag, parent_forms in outdated.items():
        if not any(parent_forms.values()):
            continue
        own_forms = {str(term.id): list(terms.list_term_forms(term, tag)) for term in brief.glossary.terms}
        longest_first = sorted((form for forms in own_forms.values() for form in forms), key=len, reverse=True)
        for text in walk.walk_texts((brief.settings, *brief.themes.values(), *brief.audiences.values())):
            phrase = text.find_phrase(tag)
            if phrase is None or tag in text.phrases or EVERY_LOCALE in text.phrases:
                continue
            words = mask_forms(terms.extract_typed_text(phrase.runs), longest_first)
            for name, forms in parent_forms.items():
                for form in (form for form in forms if terms.occurs_in_text(form, words)):
                    sink.add_warning(
                        "term-mismatch",
                        phrase.location,
                        f"the '{tag}' text is inherited and names '{form}', which is '{own_forms[name][0]}' in '{tag}'",
                        f"write a text for '{tag}', or list '{form}' under 'also' of term '{name}' for '{tag}'",
                    )


def _list_texts(texts: Iterable[LocalisedText], tag: str) -> _Texts:
    """Returns the phrases of the texts in a locale, including inherited ones, but not those for every locale."""
    phrases = (text.find_phrase(tag) for text in texts if EVERY_LOCALE not in text.phrases)
    return [(phrase, terms.extract_typed_text(phrase.runs)) for phrase in phrases if phrase and phrase.source]


def _find_named(forms_by_term: Iterable[tuple[Term, tuple[str, ...]]], texts: _Texts) -> Mapping[str, Phrase]:
    """Maps the id of each term that the texts name to the first phrase that names it."""
    all_words = "\n".join(words for _, words in texts)
    first_phrases = {}
    for term, forms in forms_by_term:
        if any(terms.occurs_in_text(form, all_words) for form in forms):
            first_phrases[str(term.id)] = next(
                phrase for phrase, words in texts if any(terms.occurs_in_text(form, words) for form in forms)
            )
    return first_phrases


def _is_named_alone(forms: Sequence[str], all_forms: Iterable[tuple[Term, Sequence[str]]], texts: _Texts) -> bool:
    """Returns whether one of the forms occurs other than within a longer form of another term: 扩散Transformer does not name
    Transformer.
    """
    longer = [
        other
        for _, term_forms in all_forms
        for other in term_forms
        if other not in forms and any(form in other for form in forms)
    ]
    longer.sort(key=len, reverse=True)
    return any(terms.occurs_in_text(form, mask_forms(words, longer)) for form in forms for _, words in texts)


def _is_explained(term: Term, forms: Sequence[str], expected: Collection[str], brief: Brief, texts: _Texts) -> bool:
    """Returns whether the source texts mean the term without naming it: they name something that it owns, or have the last
    words of its name, as in "the AI computing centre". `expected` has the ids of the terms that they name.
    """
    if any(
        other.owner is not None and other.owner.name == str(term.id)
        for other in brief.glossary.terms
        if str(other.id) in expected
    ):
        return True
    ends = {" ".join(form.split()[start:]).casefold() for form in forms for start in range(1, len(form.split()) - 1)}
    all_words = "\n".join(words for _, words in texts).casefold()
    return any(terms.occurs_in_text(end, all_words) for end in ends)


def _report_added(
    term: Term, source: str, phrases: Mapping[str, Phrase], texts: _Texts, kind: str, sink: DiagnosticSink
) -> None:
    """Warns about a term that only translations name: either they say who or what is meant, or they say something else."""
    first, *others = phrases
    subject = f"'{first}' text names" if not others else ", ".join(f"'{tag}'" for tag in phrases) + " texts name"
    form, name = (next(terms.list_term_forms(term, tag)) for tag in (first, source))
    sink.add_warning(
        "term-mismatch",
        phrases[first].location,
        f"the {subject} '{form}', but the '{source}' text of the {kind} does not name '{name}'",
        f"correct one of them, or list the form that the '{source}' text uses under 'also' of term '{term.id}'",
        related=texts[0][0].location,
    )


def _report_missing(
    term: Term, tags: tuple[str, str], first: Phrase, texts: _Texts, kind: str, sink: DiagnosticSink
) -> None:
    """Warns about a term that only the source names, first in the phrase `first`. `tags` are the source locale and the
    other locale.
    """
    source, tag = tags
    # A translation is written below its source.
    below = sorted(phrase.location for phrase, _ in texts if phrase.location >= first.location)
    name, form = (next(terms.list_term_forms(term, locale)) for locale in (source, tag))
    sink.add_warning(
        "term-mismatch",
        below[0] if below else texts[0][0].location,
        f"the '{source}' text names '{name}', but the '{tag}' text of the {kind} does not name '{form}'",
        f"write '{form}', or list the form that the text uses under 'also' of term '{term.id}'",
        related=first.location,
    )
