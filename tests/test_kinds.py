"""Every block kind in every format and locale, from one small sample each; in PDF, all of them in one document."""

import html
import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree

import page as validator
import pytest
import readback
import snapshots
import yaml
from projects import SETTINGS, ProjectCopy
from syrupy.assertion import SnapshotAssertion

from brief import Pack, Project
from brief.model import blocks

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
SAMPLES = Path(__file__).parent / "kinds"
KINDS = sorted(path.stem for path in SAMPLES.glob("*.yaml"))
LOCALES = ("en", "zh-Hans", "zh-Hant")

THEME = """\
id: ridership
title: {en: The sample, zh-Hans: 样例, zh-Hant: 範例}
summary: {en: One kind., zh-Hans: 一种内容块。, zh-Hant: 一種內容區塊。}
takeaways: []
blocks:
"""


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Pack]:
    """For each kind, the starter project with that kind's sample as its only content."""
    made = {}
    for kind in KINDS:
        root = tmp_path_factory.mktemp(kind) / "project"
        ProjectCopy(root)
        shutil.copytree(SAMPLES / "assets", root / "content" / "assets")
        shutil.copytree(SAMPLES / "vega", root / "content" / "vega")
        sample = (SAMPLES / f"{kind}.yaml").read_text("utf-8")
        (root / "content/themes/ridership.yaml").write_text(THEME + sample, "utf-8")
        add_claims(root)
        made[kind] = Project.load(root).build(audiences=["council"], formats=["html", "docx"], jobs=1)
    return made


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """The starter project with every kind's sample in one theme, in PDF."""
    root = tmp_path_factory.mktemp("all") / "project"
    write_every_kind(root)
    return Project.load(root).build(audiences=["council"], formats=["pdf"], jobs=1)


def write_every_kind(root: Path) -> ProjectCopy:
    """Writes the starter project with every kind's sample in one theme."""
    project = ProjectCopy(root)
    for folder in ("assets", "vega"):
        shutil.copytree(SAMPLES / folder, root / "content" / folder)
    project.write("content/themes/ridership.yaml", THEME + join_samples())
    add_claims(root)
    return project


@cache
def join_samples() -> str:
    """Returns the samples of all kinds, each with ids of its own."""
    return yaml.safe_dump(read_samples(), allow_unicode=True, sort_keys=False, width=10_000)


@cache
def read_samples() -> list[dict[str, object]]:
    """Reads the samples of all kinds, each with ids of its own."""
    blocks = []
    for path in sorted(SAMPLES.glob("*.yaml")):
        text = path.read_text("utf-8").replace("#sample", f"#{path.stem}-sample")
        for block in yaml.safe_load(text):
            blocks.append({**block, "id": f"{path.stem}-{block['id']}"})
    return blocks


def add_claims(root: Path) -> None:
    """Adds the claims that the samples draw and the starter project does not have."""
    with (root / "seeds/reader-survey.yaml").open("a", encoding="utf-8") as source:
        source.write((SAMPLES / "claims/reader-survey.yaml").read_text("utf-8"))


def test_every_kind_has_a_sample() -> None:
    assert {kind.KIND for kind in get_args(blocks.Block)} == set(KINDS), "each kind has tests/kinds/<kind>.yaml"


def test_every_kind_of_chart_has_a_sample() -> None:
    samples = yaml.safe_load((SAMPLES / "chart.yaml").read_text("utf-8"))
    assert {sample["chart"] for sample in samples} == set(blocks.ChartKind)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", KINDS)
class TestKind:
    def test_html(self, packs: dict[str, Pack], kind: str, locale: str, snapshot: SnapshotAssertion) -> None:
        page = packs[kind]["council", locale, "html"].data
        assert readback.html_main(page) == snapshot(extension_class=snapshots.Html)

    def test_docx(self, packs: dict[str, Pack], kind: str, locale: str, snapshot: SnapshotAssertion) -> None:
        document = packs[kind]["council", locale, "docx"].data
        assert readback.docx_body(document) == snapshot(extension_class=snapshots.Xml)

    def test_every_format_says_what_the_sample_says(self, packs: dict[str, Pack], kind: str, locale: str) -> None:
        pack = packs[kind]
        formats = {
            "html": _words(readback.html_text(pack["council", locale, "html"].data)),
            "docx": _words(readback.docx_outline(pack["council", locale, "docx"].data)),
        }
        blocks = yaml.safe_load((SAMPLES / f"{kind}.yaml").read_text("utf-8"))
        for text in _printed(blocks, locale):
            for name, words in formats.items():
                assert _words(text) in words, name


def test_nothing_is_wider_than_its_column_in_word(tmp_path: Path) -> None:
    """`paper` sets Word documents in two columns."""
    project = write_every_kind(tmp_path / "project")
    project.replace(SETTINGS, "template_set: base", "template_set: paper")
    pack = Project.load(project.root).build(["council"], ["en"], ["docx"], jobs=1)
    document = readback.docx_parts(pack["council", "en", "docx"].data)["word/document.xml"]
    body = ElementTree.fromstring(document)[0]  # noqa: S314  our own file
    checked, elements = 0, []
    for element in body:
        elements.append(element)
        for section in element.iter(f"{WORD}sectPr"):
            page, margins = (section.find(f"{WORD}{name}") for name in ("pgSz", "pgMar"))
            assert page is not None
            assert margins is not None
            room = int(page.get(f"{WORD}w", 0)) - sum(
                int(margins.get(f"{WORD}{side}", 0)) for side in ("left", "right")
            )
            columns = section.find(f"{WORD}cols")
            is_divided = columns is not None and columns.get(f"{WORD}num") == "2"
            for width in (width for each in elements for width in list_widths(each)):
                assert width <= (room / 2 if is_divided else room) + 20
                checked += 1
            elements = []
    assert checked > 10


def list_widths(element: ElementTree.Element) -> Iterator[int]:
    """The widths of drawings and tables, in twentieths of a point."""
    yield from (int(each.get("cx", 0)) // 635 for each in element.iter(f"{DRAWING}extent"))
    for grid in element.iter(f"{WORD}tblGrid"):
        yield sum(int(each.get(f"{WORD}w", 0)) for each in grid)


@pytest.mark.parametrize("locale", LOCALES)
class TestPdf:
    def test_it_reads_as_it_did(self, printed: Pack, locale: str, snapshot: SnapshotAssertion) -> None:
        document = printed["council", locale, "pdf"].data
        assert readback.pdf_summary(document) == snapshot(extension_class=snapshots.Plain)

    def test_it_is_fit_for_readers_and_archives(self, printed: Pack, locale: str) -> None:
        for profile in ("ua1", "2a"):
            report = validator.validate_pdf_bytes(printed["council", locale, "pdf"].data, profile=profile)
            assert [failure.message for failure in report.failures] == []

    def test_it_says_what_the_samples_say(self, printed: Pack, locale: str) -> None:
        said = _words(readback.pdf_text(printed["council", locale, "pdf"].data))
        for text in _printed(read_samples(), locale):
            assert _words(text) in said


def _printed(value: object, locale: str) -> Iterator[str]:
    """The sample's plain texts in a locale; alternative texts are not printed, markup is another test's matter."""
    match value:
        case dict() if locale in value:
            if not re.search(r"[{*\[<]", value[locale]):
                yield value[locale]
        case dict():
            for key, part in value.items():
                if key != "description":
                    yield from _printed(part, locale)
        case list():
            for part in value:
                yield from _printed(part, locale)


def _words(text: str) -> str:
    """The words alone: no spaces, no citation marks, no joiners."""
    return re.sub(r"\[\d+\]", "", re.sub(r"\s+|[\u2060\ufeff]", "", html.unescape(text)))
