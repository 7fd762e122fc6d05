"""Checks that every locale prints and cites the same claims, refers to the same blocks, and marks the same passages."""

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import replace

from brief.model.brief import Brief
from brief.model.counts import format_count
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import Diagnostic
from brief.model.inline import AuthoredRun, Cite, ClaimValue, CrossReference, Emphasis, Link, Strong
from brief.model.text import LocalisedText, Phrase
from brief.reading.texts import markup
from brief.reading.texts.prose import parse_prose
from brief.resolve import walk
from brief.resolve.checks.clean_texts import CleanTexts
from brief.resolve.checks.typed_figures import (
    compile_name_pattern,
    count_marks,
    find_typed_claims,
    join_typed_words,
    uses_italics,
)
from brief.resolve.figures.typed_numbers import find_differing_numbers, find_missing_numbers, read_typed_numbers
from brief.resolve.numerals.small_numbers import find_counts, find_differing_counts

_DIGIT = re.compile("[0-9０-９]|[一二三四五六七八九十]月|[一二三四](?:季|四半期)|quart(?:er|al)|trimestre")
_MALFORMED = frozenset(("bad-placeholder", "bad-citation"))


def check_parity(brief: Brief, clean: CleanTexts) -> list[Diagnostic]:
    """Reports each text whose references in a locale differ from those in the first locale, and warns about different
    numbers and markup.

    Unknown references are reported elsewhere. Each may be a misspelt one, so it makes up for one missing reference here.
    """
    sink = DiagnosticSink()
    records = (brief.settings, *brief.themes.values(), *brief.audiences.values(), *brief.sources.values())
    blocks = walk.list_anchors(brief)
    for text in walk.walk_texts((*records, brief.glossary)):
        _compare_locales(text, brief, blocks, sink)
        _compare_marks(text, sink)
        _compare_links(text, sink)
    names = compile_name_pattern(brief)
    for text in walk.walk_texts((brief.settings, *brief.themes.values(), *brief.audiences.values(), brief.glossary)):
        _compare_numbers(text, names, clean, sink)
        _compare_numbers_in_words(text, sink)
    return sink.found


def _compare_numbers(
    text: LocalisedText, names: re.Pattern[str] | None, clean: CleanTexts, sink: DiagnosticSink
) -> None:
    """Warns about a text whose numbers, months or times in digits differ from those of the first locale."""
    phrases = [(tag, phrase) for tag, phrase in text.phrases.items() if phrase.source]
    if len(phrases) < 2 or not any(_DIGIT.search(phrase.source) for _, phrase in phrases):
        return
    (first_tag, first), *others = phrases
    first_words = join_typed_words(first.runs, names)
    for tag, phrase in others:
        words = join_typed_words(phrase.runs, names)
        # Fast path: most texts have no digits apart from those of their references. Texts with the same digits may still
        # differ in their marks and scales: 1.234, 3 million and 3亿.
        if not _DIGIT.search(first_words) and not _DIGIT.search(words):
            continue
        # Numbers depend on the words of the two texts alone.
        rule = clean.for_rule("typed numbers", first_tag, first_words, tag)
        if rule.recall(words):
            continue
        first_numbers, numbers = read_typed_numbers(first_words, first_tag), read_typed_numbers(words, tag)
        differing = find_differing_numbers(first_numbers, numbers)
        if differing is None:
            # A claim may print the number in one of them, which is reported as a different reference.
            are_comparable = _list_claims(first) == _list_claims(phrase)
            missing = are_comparable and find_missing_numbers(first_numbers, first_words, numbers, words, tag)
            extra = are_comparable and find_missing_numbers(numbers, words, first_numbers, first_words, first_tag)
            if missing or extra:
                sink.add_warning(
                    "number-mismatch",
                    phrase.location,
                    f"the '{tag}' text lacks {missing}, which the '{first_tag}' text has"
                    if missing
                    else f"the '{tag}' text has {extra}, which the '{first_tag}' text lacks",
                    "correct one of them, or record the figure as a claim",
                    related=first.location,
                )
            else:
                rule.add(words)
        else:
            first_number, number = differing
            sink.add_warning(
                "number-mismatch",
                phrase.location,
                f"the '{tag}' text has {number} where the '{first_tag}' text has {first_number}",
                "correct one of them, or record the figure as a claim",
                related=first.location,
            )


def _list_claims(phrase: Phrase) -> list[str]:
    """Lists the claims that a phrase prints, sorted."""
    return sorted(str(run.claim) for run in walk.walk_run_references(phrase.runs) if isinstance(run, ClaimValue))


def _compare_numbers_in_words(text: LocalisedText, sink: DiagnosticSink) -> None:
    """Warns about a text whose counts in words differ from those of the first locale: "three wards" and 四个病区."""
    phrases = [(tag, phrase) for tag, phrase in text.phrases.items() if phrase.source]
    if len(phrases) < 2:
        return
    (first_tag, first), *others = phrases
    first_words = join_typed_words(first.runs, None)
    # Most texts count nothing in words.
    if not find_counts(first_words, first_tag):
        return
    for tag, phrase in others:
        differing = find_differing_counts((first_words, first_tag), (join_typed_words(phrase.runs, None), tag))
        if differing is None:
            continue
        sink.add_warning(
            "number-mismatch",
            phrase.location,
            f"the '{tag}' text counts {differing[1]} in words where the '{first_tag}' text counts {differing[0]}",
            "correct one of them, or record the figure as a claim",
            related=first.location,
        )


def _compare_links(text: LocalisedText, sink: DiagnosticSink) -> None:
    """Warns about a link that leads elsewhere than in the first locale, unless it leads to the same page in another language."""
    phrases = [(tag, phrase) for tag, phrase in text.phrases.items() if phrase.source]
    if not any("](" in phrase.source for _, phrase in phrases):
        return
    (first_tag, first), *others = phrases
    expected = [*_list_addresses(first.runs)]
    for tag, phrase in others:
        actual = [*_list_addresses(phrase.runs)]
        # A different number of links is reported as a difference of markup.
        if len(actual) != len(expected) or actual == expected:
            continue
        from brief.resolve.localised_addresses import find_other_addresses  # rarely needed

        extra, missing = find_other_addresses(actual, expected), find_other_addresses(expected, actual)
        for address, other in zip(extra, missing, strict=False):
            sink.add_warning(
                "link-mismatch",
                phrase.location,
                f"the '{tag}' text links to {address} where the '{first_tag}' text links to {other}",
                "correct one of them, or write 'allow: {link-mismatch: ...}' with the reason if both are right",
                related=first.location,
            )


def _list_addresses(runs: Iterable[object]) -> Iterator[str]:
    """Yields the addresses of the links, in order."""
    for run in runs:
        if isinstance(run, Link):
            yield run.url
        elif isinstance(run, Strong | Emphasis):
            yield from _list_addresses(run.children)


def _compare_locales(text: LocalisedText, brief: Brief, blocks: Container[str], sink: DiagnosticSink) -> None:
    """Reports each locale whose references differ from those of the first locale."""
    claims = brief.claims
    phrases = [(tag, phrase) for tag, phrase in text.phrases.items() if phrase.source]
    if not any("{" in phrase.source or "[" in phrase.source for _, phrase in phrases):
        return
    (first_tag, first), *others = phrases
    for tag, phrase in others:
        mismatch = describe_mismatch(first, phrase, claims, blocks)
        if mismatch and not _report_typed(first_tag, first, tag, phrase, brief, sink):
            sink.add_error(
                "reference-mismatch",
                phrase.location,
                f"compared with the '{first_tag}' text, the '{tag}' text {mismatch}",
                "all locales print and cite the same claims",
                related=first.location,
            )


def _report_typed(first_tag: str, first: Phrase, tag: str, phrase: Phrase, brief: Brief, sink: DiagnosticSink) -> bool:
    """Reports each figure that is typed in one of the texts and printed from a claim in the other; returns whether there
    are any.
    """
    has_reported = False
    for claim_tag, with_claim, typed_tag, typed in ((first_tag, first, tag, phrase), (tag, phrase, first_tag, first)):
        claims = {run.claim.name for run in walk.walk_run_references(typed.runs) if isinstance(run, ClaimValue)}
        missing = [
            run
            for run in walk.walk_run_references(with_claim.runs)
            if isinstance(run, ClaimValue) and run.claim.name in brief.claims and run.claim.name not in claims
        ]
        for run in find_typed_claims(missing, typed, typed_tag, brief):
            placeholder = _format_reference(run)
            message = f"the '{typed_tag}' text types a figure that the '{claim_tag}' text takes from {placeholder}"
            sink.add_error("typed-figure", typed.location, message, f"write {placeholder}", related=with_claim.location)
            has_reported = True
    return has_reported


def _compare_marks(text: LocalisedText, sink: DiagnosticSink) -> None:
    """Warns about a text whose number of links, footnotes, list items, or other marked words and parts differs from that
    of the first locale.
    """
    phrases = [(tag, phrase) for tag, phrase in text.phrases.items() if phrase.source]
    if not any(phrase.parts or character in phrase.source for _, phrase in phrases for character in "*_`]$"):
        return
    (first_tag, first), *others = phrases
    for tag, phrase in others:
        with_emphasis = uses_italics(first_tag) and uses_italics(tag)
        expected, actual = (count_marks(side, with_emphasis=with_emphasis) for side in (first, phrase))
        differences = [
            f"{format_count(actual[name], name)} where the '{first_tag}' text has {expected[name]}"
            for name in expected
            if expected[name] != actual[name]
        ]
        if differences:
            message = f"the '{tag}' text has {' and '.join(differences)}"
            sink.add_warning(
                "markup-mismatch",
                phrase.location,
                message,
                "mark the same words, and divide the text in the same way",
                related=first.location,
            )


def describe_mismatch(source: Phrase, translation: Phrase, claims: Container[str], blocks: Container[str]) -> str:
    """Describes how a translation's references differ from those of its source: "lacks {a/b} and also has [](#c)". Returns
    "" if they are the same.
    """
    if list(walk.walk_run_references(source.runs)) == list(walk.walk_run_references(translation.runs)):
        return ""
    expected, actual = (_count_valid(phrase, claims, blocks) for phrase in (source, translation))
    missing, extra = expected - actual, actual - expected
    if not missing and not extra:
        return ""
    differences = (
        [f"lacks {_format_references(missing)}"] if missing.total() > _count_broken(translation, actual) else []
    )
    differences += [f"also has {_format_references(extra)}"] if extra.total() > _count_broken(source, expected) else []
    return " and ".join(differences)


def _count_valid(phrase: Phrase, claims: Container[str], blocks: Container[str]) -> Counter[str]:
    """Counts the valid references of a phrase, as typed."""
    references = walk.walk_run_references(phrase.runs)
    return Counter(_format_reference(run) for run in references if _is_resolvable(run, claims, blocks))


def _count_broken(phrase: Phrase, valid: Counter[str]) -> int:
    """Counts the references of a phrase that are unknown or malformed."""
    unknown = sum(1 for _ in walk.walk_run_references(phrase.runs)) - valid.total()
    # A malformed reference is not among the runs. Only parsing distinguishes it from text in a code span that looks like one.
    sink = DiagnosticSink()
    if phrase.parts:
        parse_prose(phrase.source, phrase.location, lambda: lambda _: phrase.location, sink)
    else:
        markup.parse(phrase.source, phrase.location, lambda _: phrase.location, sink)
    return unknown + sum(diagnostic.code in _MALFORMED for diagnostic in sink.found)


def _is_resolvable(run: AuthoredRun, claims: Container[str], blocks: Container[str]) -> bool:
    match run:
        case CrossReference(target):
            return target.name in blocks
        case ClaimValue(claim) | Cite(claim):
            return claim.name in claims
        case _:
            return False


def _format_reference(run: AuthoredRun) -> str:
    match run:
        case CrossReference(target):
            return f"[](#{target})"
        case ClaimValue():
            # Each language may spell a number or not.
            return f"{{{run.claim}{replace(run, is_spelled=False).modifiers}}}"
        case Cite(claim):
            return f"[@{claim}]"
        case other:
            raise AssertionError(other)


def _format_references(references: Counter[str]) -> str:
    return ", ".join(sorted(references.elements()))
