"""A corpus of invalid projects: each case is a small change to the project in `base/`, with the diagnostics it must
cause.

To add a case, write `<name>/case.yaml`; its keys are those of `Case`. Cases that are only found by rendering are `whole`.
"""

import base64
import re
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import yaml

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import Diagnostic
from brief.project.checking import check_project
from brief.project.loading import read_and_check
from brief.reading import catalogue
from brief.reading.explanations import load_explanations
from brief.reading.reading_cache import ReadingCache
from brief.reading.text_file import TextFile

CORPUS = Path(__file__).parent
BASE = CORPUS / "base"


@dataclass(frozen=True)
class Case:
    """A case: changes, in this order, and what is expected, as `file:line:column: severity[code]`."""

    expect: list[str]
    about: str = ""
    rename: dict[str, str] = field(default_factory=dict)
    remove: list[str] = field(default_factory=list)
    edit: list[dict[str, str]] = field(default_factory=list)
    append: list[dict[str, str]] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    bytes: dict[str, str] = field(default_factory=dict)
    workbook: Mapping[str, Any] | None = None
    whole: bool = False

    def make(self, root: Path) -> None:
        shutil.copytree(BASE, root)
        for old, new in self.rename.items():
            (root / old).rename(root / new)
        for name in self.remove:
            (root / name).unlink()
        for change in self.edit:
            path = root / change["file"]
            text = path.read_text("utf-8")
            assert text.count(change["old"]) == 1, change
            path.write_text(text.replace(change["old"], change["new"]), "utf-8")
        for change in self.append:
            path = root / change["file"]
            path.write_text(path.read_text("utf-8") + change["text"], "utf-8")
        if self.workbook is not None:
            _write_workbook(root / self.workbook["file"], self.workbook)
        written = {name: text.encode() for name, text in self.files.items()}
        for name, data in {**written, **{name: base64.b64decode(text) for name, text in self.bytes.items()}}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(data)


def _write_workbook(path: Path, workbook: Mapping[str, Any]) -> None:
    """Writes a workbook of two sheets; the second has the rows."""
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Cover")
        sheet = book.add_worksheet(workbook["sheet"])
        for number, row in enumerate(workbook["rows"]):
            sheet.write_row(number, 0, row)
        if "merged" in workbook:
            sheet.merge_range(workbook["merged"], "5")
        if workbook.get("hidden"):
            sheet.hide()


def load(name: str) -> Case:
    # libyaml's loader: there are hundreds of cases.
    loader = yaml.CSafeLoader((CORPUS / name / "case.yaml").read_text("utf-8"))
    return Case(**loader.get_single_data())


NAMES = sorted(path.parent.name for path in CORPUS.glob("*/case.yaml"))


@pytest.fixture(scope="module")
def records() -> ReadingCache:
    """What was read of files that most cases share."""
    return {}


@pytest.fixture(scope="module", autouse=True)
def _catalogues_read_once() -> Any:
    """The interface words are the same in all cases, and take longer to read than the content."""
    read: dict[tuple[str, str, str], tuple[Any, list[Diagnostic]]] = {}
    parse = catalogue.parse

    def parse_once(file: TextFile, locale: str, sink: DiagnosticSink) -> Any:
        key = file.name, file.text, locale
        if key not in read:
            own = DiagnosticSink()
            read[key] = parse(file, locale, own), own.found
        made, found = read[key]
        sink.found += found
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "parse", parse_once)
        yield


@pytest.mark.parametrize("name", NAMES)
def test_a_case_causes_what_it_says(name: str, records: ReadingCache, tmp_path: Path) -> None:
    case = load(name)
    root = tmp_path / "project"
    case.make(root)
    found = check_project(root) if case.whole else read_and_check(root, records)[1]
    assert [f"{each.location}: {each.severity}[{each.code}]" for each in found] == case.expect


def test_the_base_has_no_fault(records: ReadingCache) -> None:
    assert read_and_check(BASE, records)[1] == ()


# Codes that no content of a small project causes, by the folders of the tests that expect them.
TEST_FOLDERS: Mapping[str, str] = {
    "templating writers cli mail resolve": (
        "mail-style missing-faces missing-print-template renderer-failed template-field template-style"
    ),
    "mail inspection cli translate": (
        "above-clearance bad-address bad-cell bad-name bad-plan bounced different-content domain-not-allowed duplicate-copy "
        "duplicate-recipient look-alike many-recipients message-too-large namesakes needs-smtputf8 no-address no-copies "
        "no-copy no-sender not-before not-in-pack other-pack other-sender other-sheets other-variant pack-outdated plan-changed "
        "settled-message too-many-errors two-audiences two-clearances unknown-message unsafe-header"
    ),
    "publish inspection mail cli diff robustness": (
        "bad-manifest broken-link document-language document-title embargo font-not-embedded missing-words not-approved "
        "not-inspected output-on-network pack-changed pack-extra pack-manifest pack-missing same-name unsafe-name "
        "withheld-text words-out-of-order wrong-face wrong-page-number"
    ),
    "snapshots": (
        "snapshot-fonts snapshot-image snapshot-missing snapshot-outline snapshot-pages snapshot-text snapshot-unused"
    ),
    "translate cli": (
        "derived-translation draft-answer drafted-translation fuzzy-translation interrupted-import stopped-pack "
        "unknown-text unwritable-text xliff-syntax"
    ),
    "cli reading": (
        "bibliography import-assumed import-collision import-leftover import-omitted import-simplified import-structure "
        "import-unreadable import-unwritable unknown-entry"
    ),
    "fonts reading cli build translate charts": (
        "font-embedding missing-font outside-link slow-subsetter special-file unreadable-file vega-missing"
    ),
    # Content causes these, but it would be of many bytes, a workbook with formats, or a chart that has to be drawn.
    "reading mail project charts resolve": (
        "cell-format chart-labels chart-left-out file-too-large hidden-cells label-left-out unknown-dataset vega-not-drawn"
    ),
}
# libyaml refuses half of a surrogate pair as `yaml-syntax` (tests/reading/test_bad_encoding.py).
UNREACHABLE = frozenset({"surrogate"})
# One test expects each of these for several inputs.
IN_ONE_TABLE = frozenset(
    {
        "cell-format",
        "font-embedding",
        "import-unwritable",
        "not-inspected",
        "other-variant",
        "output-on-network",
        "too-many-errors",
        "wrong-face",
    }
)
ELSEWHERE = frozenset(code for codes in TEST_FOLDERS.values() for code in codes.split())


def test_every_code_that_content_can_cause_has_two_cases() -> None:
    counts = Counter(
        code for name in NAMES for code in {line.rpartition("[")[2].rstrip("]") for line in load(name).expect}
    )
    assert sum(len(codes.split()) for codes in TEST_FOLDERS.values()) == len(ELSEWHERE)
    known = set(load_explanations())
    assert known >= ELSEWHERE | UNREACHABLE
    lacking = {code for code in known - ELSEWHERE - UNREACHABLE if counts[code] < 2}
    assert lacking == set(), "write two cases of each, or list them in TEST_FOLDERS with the folders of their tests"
    assert {code for code in ELSEWHERE if counts[code] >= 2} == set(), (
        "these have cases, so remove them from TEST_FOLDERS"
    )


@pytest.mark.parametrize("folders", TEST_FOLDERS)
def test_every_other_code_is_expected_twice_in_its_folders(folders: str) -> None:
    texts = [path.read_text("utf-8") for folder in folders.split() for path in (CORPUS.parent / folder).rglob("*.py")]
    expected = {
        code: sum(len(re.findall(rf"""["'\[]{code}(?:["'\]]|\\\])""", text)) for text in texts)
        for code in TEST_FOLDERS[folders].split()
    }
    assert {code for code, times in expected.items() if times < (1 if code in IN_ONE_TABLE else 2)} == set()


def test_the_corpus_is_large_enough() -> None:
    assert len(NAMES) >= 400
