"""Checks that a glossary name in a text of a block is also in the texts of its other languages, and that the texts which a regional
locale inherits have the names of the region.
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

_Texts = list[tuple[Phrase, str]]


def check_terms_in_all_locales(brief: Brief, clean: CleanTexts | None = None) -> list[Diagnostic]:
    """Warns about each block that names a term in the source locale, but nowhere in another locale, or the other way round.

    Whole blocks are compared, not single texts: a language may repeat a name where another says "it"; so are the title, summary
    and takeaways of a theme. Blocks that are known as `clean` are skipped.
    """
    sink, clean = DiagnosticSink(), clean or CleanTexts()
    source = brief.settings.source_locale
    if source not in brief.locales:
        return []
    named = {
        tag: [(term, tuple(terms.list_term_forms(term, tag))) for term in brief.glossary.terms] for tag in brief.locales
    }
    forms = [
        (tag, str(term.id), each, *terms.list_avoided_forms(term, tag)) for tag in named for term, each in named[tag]
    ]
    # A form that must not be used names the term nevertheless, and is reported as such.
    meant = {
        tag: [(term, (*known, *terms.list_avoided_forms(term, tag))) for term, known in named[tag]] for tag in named
    }
    rule = clean.for_rule("terms", source, repr(forms))
    outdated = {tag: _list_outdated(brief, tag) for tag in brief.locales}
    _check_inherited(brief, outdated, sink)
    for theme in brief.themes.values():
        for part in (replace(theme, blocks=()), *theme.blocks):
            written = tuple(walk.walk_texts((part,)))
            is_block = part.id != theme.id
            content = walk.make_texts_key(written)
            if rule.recall(content):
                continue
            kind = "block" if is_block else "theme"
            before, depends_on_blocks = len(sink.found), False
            own = {tag for text in written for tag in text.phrases}
            texts = {tag: _list_texts(written, tag) for tag in brief.locales}
            expected = _find_named(meant[source], texts[source])
            added: dict[str, dict[str, Phrase]] = {}
            for tag in brief.locales:
                if texts[tag] and tag in own and tag != source:
                    given = _find_named(meant[tag], texts[tag])
                    for term, known in named[tag]:
                        name = str(term.id)
                        if name in given and name not in expected and _is_named_alone(known, named[tag], texts[tag]):
                            added.setdefault(name, {})[tag] = given[name]
                    for term, known in named[tag]:
                        inherited = outdated[tag].get(str(term.id), ())
                        if (
                            known
                            and term.id in expected
                            and term.id not in given
                            and not _any_form_occurs(inherited, texts[tag])
                        ):
                            # A takeaway may describe what its theme names.
                            around = () if is_block else walk.walk_texts(theme.blocks)
                            if _any_form_occurs(known, _list_texts(around, tag)):
                                depends_on_blocks = True
                                continue
                            _report(term, (source, tag), expected[term.id], texts[tag], kind, sink)
            if texts[source] and source in own:
                for term, known in named[source]:
                    naming = added.get(str(term.id))
                    if known and naming and not _is_explained(term, known, expected, brief, texts[source]):
                        _report_added(term, source, naming, texts[source], kind, sink)
            if len(sink.found) == before and not depends_on_blocks:
                rule.add(content)
    return sink.found


def _list_outdated(brief: Brief, tag: str) -> Mapping[str, tuple[str, ...]]:
    """Returns the forms of each term that the parent of a regional locale has and the locale itself replaces."""
    parent = find_parent_locale(tag)
    if not parent:
        return {}
    forms = {
        str(term.id): [list(terms.list_term_forms(term, each)) for each in (parent, tag)]
        for term in brief.glossary.terms
    }
    return {
        name: tuple(form for form in theirs if form not in own)
        for name, (theirs, own) in forms.items()
        if own and theirs[:1] != own[:1]
    }


def _any_form_occurs(forms: Iterable[str], texts: _Texts) -> bool:
    return any(terms.occurs_in_text(form, words) for form in forms for _, words in texts)


def _check_inherited(brief: Brief, outdated: Mapping[str, Mapping[str, tuple[str, ...]]], sink: DiagnosticSink) -> None:
    """Warns about each text that a regional locale inherits although it names a term otherwise there."""
    for tag, replaced in outdated.items():
        if not any(replaced.values()):
            continue
        own = {str(term.id): list(terms.list_term_forms(term, tag)) for term in brief.glossary.terms}
        known = sorted((form for forms in own.values() for form in forms), key=len, reverse=True)
        for text in walk.walk_texts((brief.settings, *brief.themes.values(), *brief.audiences.values())):
            phrase = text.find_phrase(tag)
            if phrase is None or tag in text.phrases or EVERY_LOCALE in text.phrases:
                continue
            words = mask_forms(terms.extract_typed_text(phrase.runs), known)
            for name, forms in replaced.items():
                for form in (each for each in forms if terms.occurs_in_text(each, words)):
                    sink.add_warning(
                        "term-mismatch",
                        phrase.location,
                        f"the '{tag}' text is inherited and names '{form}', which is '{own[name][0]}' in '{tag}'",
                        f"write a text for '{tag}', or list '{form}' under 'also' of term '{name}' for '{tag}'",
                    )


def _list_texts(written: Iterable[LocalisedText], tag: str) -> _Texts:
    """Returns the texts that a block has in a locale or that it inherits, with the words that their author typed."""
    phrases = (text.find_phrase(tag) for text in written if EVERY_LOCALE not in text.phrases)
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


def _is_named_alone(known: Sequence[str], named: Iterable[tuple[Term, Sequence[str]]], texts: _Texts) -> bool:
    """Returns whether a form occurs other than within a longer form of another term: 扩散Transformer is no Transformer."""
    longer = [form for _, forms in named for form in forms if any(each != form and each in form for each in known)]
    longer.sort(key=len, reverse=True)
    return any(
        terms.occurs_in_text(form, mask_forms(words, [each for each in longer if each not in known]))
        for form in known
        for _, words in texts
    )


def _is_explained(term: Term, known: Sequence[str], expected: Collection[str], brief: Brief, texts: _Texts) -> bool:
    """Returns whether the source text means the term without its name: as the owner of what it names, or by the end of the
    name, as in "the AI computing centre".
    """
    if any(
        each.owner is not None and each.owner.name == str(term.id)
        for each in brief.glossary.terms
        if str(each.id) in expected
    ):
        return True
    ends = {" ".join(form.split()[at:]).casefold() for form in known for at in range(1, len(form.split()) - 1)}
    together = "\n".join(words for _, words in texts).casefold()
    return any(terms.occurs_in_text(end, together) for end in ends)


def _report_added(
    term: Term, source: str, naming: Mapping[str, Phrase], texts: _Texts, kind: str, sink: DiagnosticSink
) -> None:
    """Warns about a term that only translations name: they say who or what was meant, or say something else."""
    first, *others = naming
    listed = f"'{first}' text names" if not others else ", ".join(f"'{tag}'" for tag in naming) + " texts name"
    form, name = (next(terms.list_term_forms(term, each)) for each in (first, source))
    sink.add_warning(
        "term-mismatch",
        naming[first].location,
        f"the {listed} '{form}', but the '{source}' text of the {kind} does not name '{name}'",
        f"correct one of them, or list the form that the '{source}' text uses under 'also' of term '{term.id}'",
        related=texts[0][0].location,
    )


def _report(term: Term, tags: tuple[str, str], first: Phrase, texts: _Texts, kind: str, sink: DiagnosticSink) -> None:
    source, tag = tags
    # A translation is written below its source.
    after = sorted((phrase for phrase, _ in texts if phrase.location >= first.location), key=lambda each: each.location)
    name, form = (next(terms.list_term_forms(term, each)) for each in (source, tag))
    sink.add_warning(
        "term-mismatch",
        (after[0] if after else texts[0][0]).location,
        f"the '{source}' text names '{name}', but the '{tag}' text of the {kind} does not name '{form}'",
        f"write '{form}', or list the form that the text uses under 'also' of term '{term.id}'",
        related=first.location,
    )
