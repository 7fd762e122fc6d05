"""Precision and recall of the checks of wording, on labelled sentences; `docs/checking.md` states the figures.

A mistake counts as found if a code of its family is reported: whether a character is of the other script alone or of both
is not what matters. A code of another family is a false alarm, and so is any for a sentence without a mistake.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import yaml

from brief.model.brief import Brief
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.source_location import UNKNOWN_LOCATION
from brief.model.text import Phrase
from brief.reading.project_files import read_project
from brief.reading.texts import markup
from brief.resolve.checks.wording import check_phrase

CORPUS = Path(__file__).parent
DOCUMENT = CORPUS.parents[1] / "docs" / "checking.md"
READ: Mapping[str, Any] = yaml.load((CORPUS / "sentences.yaml").read_text("utf-8"), yaml.CSafeLoader)
LOCALES = ("en", "zh-Hans", "zh-Hant")
FAMILIES: Mapping[str, str] = {
    "wrong-script": "script",
    "wrong-conversion": "script",
    "regional-form": "region",
    "avoided-form": "term",
    "quotation-marks": "style",
    "straight-quotes": "style",
    "half-width-punctuation": "style",
    "doubled-space": "style",
    "unit-space": "style",
}
# Measured; a change of the checks may raise them.
PRECISION = 0.99
RECALL = {"script": 1.0, "region": 0.97, "term": 1.0, "style": 0.96}


@dataclass(frozen=True)
class Counts:
    """How many mistakes were found, missed, and reported without reason."""

    found: int
    missed: int
    false: int

    @property
    def precision(self) -> float:
        return self.found / (self.found + self.false)

    @property
    def recall(self) -> float:
        return self.found / (self.found + self.missed)


@pytest.fixture(scope="module")
def brief(tmp_path_factory: pytest.TempPathFactory) -> Brief:
    """The base project with the names that the sentences have."""
    root = tmp_path_factory.mktemp("sentences") / "project"
    copytree(CORPUS / "base", root)
    terms = yaml.safe_dump({"terms": READ["terms"]}, allow_unicode=True)
    (root / "content/glossary.yaml").write_text(terms, "utf-8")
    read = read_project(root).brief
    assert read is not None
    assert len(read.glossary.terms) == 4
    return read


def report(brief: Brief, locale: str, words: str) -> set[str]:
    sink = DiagnosticSink()
    runs = markup.parse(words, UNKNOWN_LOCATION, lambda _: UNKNOWN_LOCATION, sink)
    assert sink.found == []
    return {each.code for each in check_phrase(brief, locale, Phrase(words, runs))}


def judge(brief: Brief) -> Iterator[tuple[str, str, str, str]]:
    """Each verdict: its locale, the family of the check, "found", "missed" or "false", and the sentence."""
    for locale in LOCALES:
        for words in READ["sentences"][locale]["right"]:
            for code in sorted(report(brief, locale, words)):
                yield locale, FAMILIES[code], "false", words
        for mistake in READ["sentences"][locale]["wrong"]:
            family, words = FAMILIES[mistake["code"]], mistake["text"]
            reported = {FAMILIES[code] for code in report(brief, locale, words)}
            yield locale, family, "found" if family in reported else "missed", words
            yield from ((locale, other, "false", words) for other in sorted(reported - {family}))


@pytest.fixture(scope="module")
def verdicts(brief: Brief) -> list[tuple[str, str, str, str]]:
    return list(judge(brief))


def count(verdicts: list[tuple[str, str, str, str]], family: str | None = None, locale: str | None = None) -> Counts:
    counted = Counter(verdict for tag, kind, verdict, _ in verdicts if family in (None, kind) and locale in (None, tag))
    return Counts(counted["found"], counted["missed"], counted["false"])


def test_there_are_enough_sentences_and_each_is_there_once() -> None:
    every = []
    for locale in LOCALES:
        right, wrong = READ["sentences"][locale]["right"], READ["sentences"][locale]["wrong"]
        assert len(right) >= 100
        assert len(wrong) >= 100
        assert all(mistake["at"] in mistake["text"] for mistake in wrong)
        every += [*right, *(mistake["text"] for mistake in wrong)]
    assert len(every) == len(set(every)) >= 900


def test_precision(verdicts: list[tuple[str, str, str, str]]) -> None:
    false = [verdict for verdict in verdicts if verdict[2] == "false"]
    assert count(verdicts).precision >= PRECISION, false


@pytest.mark.parametrize("family", RECALL)
def test_recall(verdicts: list[tuple[str, str, str, str]], family: str) -> None:
    missed = [verdict for verdict in verdicts if verdict[1:3] == (family, "missed")]
    assert count(verdicts, family).recall >= RECALL[family], missed


def test_the_document_states_what_is_measured(verdicts: list[tuple[str, str, str, str]]) -> None:
    rows = [
        f"| {family} | {' | '.join(_cell(count(verdicts, family, locale)) for locale in LOCALES)} |"
        for family in RECALL
    ]
    rows.append(f"| all | {' | '.join(_cell(count(verdicts, None, locale)) for locale in LOCALES)} |")
    text = DOCUMENT.read_text("utf-8")
    table = re.findall(r"^\| (?:script|region|term|style|all) \|.*\|$", text, re.M)
    assert table == rows, "\n".join(rows)


def _cell(counts: Counts) -> str:
    if not counts.found + counts.missed + counts.false:
        return "–"
    return f"{counts.found} of {counts.found + counts.missed}, {counts.false} false"
