"""Every packaged template set prints every block kind, in every format and locale; and how `board` and `paper` look."""

import io
import re
import subprocess
from itertools import pairwise
from pathlib import Path

import page
import pytest
import readback
import verapdf
from PIL import Image, ImageChops, ImageStat
from test_kinds import _printed, _words, read_samples, write_every_kind

from brief import Pack, Project
from brief.templating.template_set import list_template_sets
from brief.writers.docx.body.columns import spans_columns

LOCALES = ("en", "zh-Hans", "zh-Hant")
# The set `base` is tested kind by kind, and its pages with the briefing's.
SETS = ("board", "paper")
PAGES = Path(__file__).parent / "pages"


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Pack]:
    """For each set, the starter project with every kind's sample in one theme."""
    made = {}
    for name in SETS:
        project = write_every_kind(tmp_path_factory.mktemp(name) / "project")
        audience = "content/audiences/council.yaml"
        project.write(audience, project.read(audience) + f"template_set: {name}\n")
        made[name] = Project.load(project.root).build(audiences=["council"], jobs=1)
    return made


def test_no_other_set_is_left_untried() -> None:
    assert set(list_template_sets()) == {"base", *SETS}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", SETS)
class TestSet:
    def test_every_kind_is_printed_whole_in_every_format(self, packs: dict[str, Pack], name: str, locale: str) -> None:
        pack = packs[name]
        assert pack.diagnostics == ()
        formats = {
            "html": _words(readback.html_text(pack["council", locale, "html"].data)),
            "pdf": _words(readback.pdf_text(pack["council", locale, "pdf"].data)),
            "docx": _words(readback.docx_outline(pack["council", locale, "docx"].data)),
        }
        for text in _printed(read_samples(), locale):
            for form, words in formats.items():
                assert _words(text) in words, form

    def test_the_pdf_can_be_read_by_machines(self, packs: dict[str, Pack], name: str, locale: str) -> None:
        data = packs[name]["council", locale, "pdf"].data
        report = page.validate_pdf_bytes(data, profile=page.ValidationProfile.PDF_UA_1)
        assert report.is_compliant, [failure.message for failure in report.failures]

    def test_a_page_looks_as_it_did(
        self, packs: dict[str, Pack], name: str, locale: str, request: pytest.FixtureRequest
    ) -> None:
        number = {"board": 3, "paper": 1}[name]
        image = readback.pdf_page_image(packs[name]["council", locale, "pdf"].data, number)
        kept = PAGES / f"{name}.{locale}.png"
        if request.config.getoption("update_snapshots"):
            kept.write_bytes(image)
        with Image.open(io.BytesIO(image)) as fresh, Image.open(kept) as old:
            assert fresh.size == old.size
            assert ImageStat.Stat(ImageChops.difference(fresh.convert("L"), old.convert("L"))).mean[0] < 1.0


def test_verapdf_finds_no_fault(packs: dict[str, Pack], tmp_path: Path) -> None:
    files = {
        (f"{name}.{locale}", flavour): packs[name]["council", locale, "pdf"].data
        for name in SETS
        for locale in LOCALES
        for flavour in ("ua1", "2a")
    }
    assert verapdf.find_faults(files, tmp_path) == {}


@pytest.mark.parametrize("locale", LOCALES)
def test_board_is_landscape(packs: dict[str, Pack], locale: str) -> None:
    sizes = subprocess.run(
        ["pdfinfo", "-"], input=packs["board"]["council", locale, "pdf"].data, check=True, capture_output=True
    ).stdout.decode()
    assert "841.89 x 595.276" in sizes


@pytest.mark.parametrize("locale", LOCALES)
class TestFootnotes:
    """In `paper`, a reference is at the bottom of the page on which a theme first cites it, and in the list as well."""

    def test_in_the_pdf(self, packs: dict[str, Pack], locale: str) -> None:
        text = readback.pdf_text(packs["paper"]["council", locale, "pdf"].data)
        title = packs["paper"]["council", locale, "html"].data.decode().split("<cite>")[1].split("</cite>")[0]
        assert _words(text).count(_words(title)) == 2
        assert _words(title) in _words(text.split("\n----\n")[0])

    def test_in_word(self, packs: dict[str, Pack], locale: str) -> None:
        parts = readback.docx_parts(packs["paper"]["council", locale, "docx"].data)
        document, notes = (parts[f"word/{name}.xml"].decode() for name in ("document", "footnotes"))
        title = packs["paper"]["council", locale, "html"].data.decode().split("<cite>")[1].split("</cite>")[0]
        # One for the only source, and one of the sample of long text.
        assert document.count("<w:footnoteReference ") == 2
        assert 'w:customMarkFollows="1" w:id="1"/><w:t>1</w:t>' in document
        assert title in notes
        # With the two separators that every document has.
        assert notes.count("<w:footnote ") == 4
        assert "footnotes+xml" in parts["[Content_Types].xml"].decode()


def test_paper_is_set_in_two_columns_in_word_but_for_what_needs_the_width(packs: dict[str, Pack]) -> None:
    document = readback.docx_parts(packs["paper"]["council", "en", "docx"].data)["word/document.xml"].decode()
    sections = document.split("<w:sectPr")[1:]
    columns = ['w:num="2"' in section.split("</w:sectPr>")[0] for section in sections]
    assert len(columns) > 4
    assert all(one != other for one, other in pairwise(columns[1:]))


def test_paper_sets_the_same_kinds_in_columns_on_pages_and_in_word(tmp_path: Path) -> None:
    template = (Path(__file__).parents[1] / "templates/paper/blocks.html.j2").read_text("utf-8")
    (listed,) = re.findall(r"set running = \[(.*?)\]", template)
    variant = Project.load(write_every_kind(tmp_path / "project").root).make_variant("council", "en")
    in_columns = {block.KIND for section in variant.sections for block in section.blocks if not spans_columns(block)}
    assert in_columns == set(re.findall('"([a-z-]+)"', listed)), "correct blocks.html.j2 or spans_columns"
