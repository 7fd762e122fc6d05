"""A corpus of invalid projects: each case is a small change to the project in `base/`, with the diagnostics it must
cause.

To add a case, write `<name>/case.yaml`; its keys are those of `Case`. Cases that are only found by rendering are `whole`; those
that only a command reports have commands to `run`.
"""

import base64
import re
import shlex
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import yaml
from projects import run_brief

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
UNREVIEWED = "[unreviewed-translation]"
REPORTED = re.compile(r"^(\S+: (?:error|warning|note)\[[a-z-]+\])", re.MULTILINE)


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
    run: list[str] = field(default_factory=list)

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
    if case.run:
        found = _run_commands(root, case.run)
    else:
        diagnostics = check_project(root) if case.whole else read_and_check(root, records)[1]
        found = [f"{each.location}: {each.severity}[{each.code}]" for each in diagnostics]
    # No one has accepted the translations of the base.
    expects_it = any(UNREVIEWED in line for line in case.expect)
    assert [line for line in found if expects_it or UNREVIEWED not in line] == case.expect


def _run_commands(root: Path, commands: Sequence[str]) -> list[str]:
    """Runs commands of `brief` in the project, and lists what the last one reports, in order and without repetition."""
    for command in commands:
        ran = run_brief(*shlex.split(command), cwd=root)
    return list(dict.fromkeys(REPORTED.findall(ran.stdout + ran.stderr)))


def test_the_base_has_no_fault(records: ReadingCache) -> None:
    found = read_and_check(BASE, records)[1]
    assert [each.code for each in found] == ["unreviewed-translation"] * 2


# Codes that no case can cause: why, the folders of the tests that expect each of them, and the codes.
OTHERS: Sequence[tuple[str, str, str]] = (
    (
        "a template set with a broken reference.docx, style sheet of mail or print engine, made by the tests",
        "templating writers cli mail resolve",
        "mail-style missing-print-template page-limit renderer-failed template-field template-style",
    ),
    (
        "a plan, a pack or a ledger of mail that is changed between two commands, or a server that answers",
        "mail inspection cli translate",
        "above-clearance bad-cell bad-plan bounced different-content many-recipients message-too-large namesakes "
        "needs-smtputf8 no-copies no-copy not-before other-pack other-sender other-sheets other-variant pack-outdated "
        "plan-changed settled-message too-many-errors two-clearances unknown-message unsafe-header",
    ),
    (
        "a pack or an artifact that is changed after it was built, or a file system of another machine",
        "publish inspection mail cli diff robustness",
        "bad-manifest font-not-embedded not-inspected output-on-network pack-changed pack-extra pack-manifest pack-missing "
        "same-name unsafe-name withheld-text wrong-page-number",
    ),
    (
        "content that is changed after its snapshots were accepted",
        "snapshots",
        "snapshot-fonts snapshot-image snapshot-outline snapshot-pages snapshot-text snapshot-unused",
    ),
    (
        "a program that answers with drafts, an import that is killed, or a pack that is older than a setting",
        "translate cli",
        "draft-answer interrupted-import stopped-pack unwritable-text",
    ),
    (
        "a document in two languages, or a folder that changes while it is imported",
        "cli reading",
        "import-leftover import-structure import-unwritable",
    ),
    (
        "fonts, libraries, links or special files of the machine",
        "fonts reading cli build translate charts",
        "font-embedding outside-link slow-subsetter special-file vega-missing",
    ),
    (
        "many bytes, a workbook with formats, data that a program hands over, or a chart that has to be drawn",
        "reading mail project charts resolve",
        "cell-format chart-labels chart-left-out file-too-large hidden-cells label-left-out unknown-dataset vega-not-drawn",
    ),
)
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
    }
)
ELSEWHERE = frozenset(code for *_, codes in OTHERS for code in codes.split())


def test_every_code_that_content_can_cause_has_two_cases() -> None:
    counts = Counter(
        code for name in NAMES for code in {line.rpartition("[")[2].rstrip("]") for line in load(name).expect}
    )
    assert sum(len(codes.split()) for *_, codes in OTHERS) == len(ELSEWHERE)
    known = set(load_explanations())
    assert known >= ELSEWHERE | UNREACHABLE
    lacking = {code for code in known - ELSEWHERE - UNREACHABLE if counts[code] < 2}
    assert lacking == set(), (
        "write two cases of each, or list them in OTHERS with the reason and the folders of their tests"
    )
    assert {code for code in ELSEWHERE if counts[code] >= 2} == set(), "these have cases, so remove them from OTHERS"


@pytest.mark.parametrize(("folders", "codes"), [(folders, codes) for _, folders, codes in OTHERS])
def test_every_other_code_is_expected_twice_in_its_folders(folders: str, codes: str) -> None:
    texts = [path.read_text("utf-8") for folder in folders.split() for path in (CORPUS.parent / folder).rglob("*.py")]
    expected = {
        code: sum(len(re.findall(rf"""["'\[]{code}(?:["'\]]|\\\])""", text)) for text in texts)
        for code in codes.split()
    }
    assert {code for code, times in expected.items() if times < (1 if code in IN_ONE_TABLE else 2)} == set()


def test_the_corpus_is_large_enough() -> None:
    assert len(NAMES) >= 530
