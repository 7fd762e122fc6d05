"""The repository's own briefing: 36 artifacts, as readers and other programs find them."""

import io
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import readback
import snapshots
from page_balance import empty_feet
from PIL import Image, ImageChops, ImageStat
from syrupy.assertion import SnapshotAssertion

import brief
from brief import Artifact, Pack, Project
from brief.model.inline import to_plain_text
from brief.model.variant import Callout, Chart, Figure, ListBlock, Paragraph, Quote, Table, Timeline, Variant

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("briefing")]

ROOT = Path(__file__).parents[1]
AUDIENCES = ("executive", "investor", "engineering", "policy")
LOCALES = ("en", "zh-Hans", "zh-Hant")
VARIANTS = [(audience, locale) for audience in AUDIENCES for locale in LOCALES]
REGION = {"zh-Hans": "SC", "zh-Hant": "TC"}
# The range of text on an A4 page, in points from its top: between header and footer.
TEXT = (70, 772)
Printed = dict[tuple[str, str], bytes]


@pytest.fixture(scope="module")
def project(briefing_project: Project) -> Project:
    return briefing_project


@pytest.fixture(scope="module")
def pack(briefing: Pack) -> Pack:
    return briefing


@pytest.fixture(scope="module")
def word_as_printed(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Printed:
    """Every variant's Word document as LibreOffice prints it."""
    documents = [pack[audience, locale, "docx"].data for audience, locale in VARIANTS]
    printed = readback.libreoffice_pdfs(documents, tmp_path_factory.mktemp("office"))
    return dict(zip(VARIANTS, printed, strict=True))


def test_there_is_one_artifact_for_each_audience_locale_and_format(pack: Pack) -> None:
    assert {(a.audience, a.locale, a.format) for a in pack} == {
        (audience, locale, form) for audience, locale in VARIANTS for form in ("html", "pdf", "docx")
    }
    assert len(pack) == 36


def test_nothing_in_the_briefing_draws_a_warning(project: Project, pack: Pack) -> None:
    assert project.diagnostics == ()
    assert pack.diagnostics == ()


@pytest.mark.parametrize(("audience", "locale"), VARIANTS)
class TestVariant:
    def test_html(self, pack: Pack, audience: str, locale: str, snapshot: SnapshotAssertion) -> None:
        page = pack[audience, locale, "html"].data.decode()
        assert page == snapshot(extension_class=snapshots.Html)

    def test_pdf(self, pack: Pack, audience: str, locale: str, snapshot: SnapshotAssertion) -> None:
        assert readback.pdf_summary(pack[audience, locale, "pdf"].data) == snapshot(extension_class=snapshots.Plain)

    def test_docx(self, pack: Pack, audience: str, locale: str, snapshot: SnapshotAssertion) -> None:
        assert readback.docx_outline(pack[audience, locale, "docx"].data) == snapshot(extension_class=snapshots.Plain)

    def test_html_asks_for_nothing_outside_itself(self, pack: Pack, audience: str, locale: str) -> None:
        page = pack[audience, locale, "html"].data.decode()
        loaded = re.findall(r'(?:src|srcset|poster|data|action)="([^"]*)"|url\(([^)]*)\)|@import\s+([^;]*)', page)
        assert all(value.startswith("data:") for group in loaded for value in group if value)
        assert "<script" not in page
        assert not re.search(r"<link[^>]+stylesheet", page)

    def test_pdf_is_set_in_the_faces_of_its_region(self, pack: Pack, audience: str, locale: str) -> None:
        fonts = readback.pdf_fonts(pack[audience, locale, "pdf"].data)
        assert not [font for font in fonts if "not embedded" in font]
        regions = {match[1].upper() for font in fonts if (match := re.search(r"CJK-?(sc|tc|jp|kr|hk)", font, re.I))}
        assert regions == ({REGION[locale]} if locale in REGION else set())

    def test_docx_opens_in_libreoffice_and_says_what_the_pdf_says(
        self, project: Project, word_as_printed: Printed, audience: str, locale: str
    ) -> None:
        printed = readback.pdf_text(word_as_printed[audience, locale])
        variant = project.make_variant(audience, locale)
        assert "\ufffd" not in printed
        words = _letters(printed)
        assert len(words) > 1000
        for section in variant.sections:
            for text in (section.title, section.summary, *section.takeaways):
                assert _letters(to_plain_text(text)) in words

    def test_no_opening_of_a_theme_is_torn_in_word(
        self, project: Project, word_as_printed: Printed, audience: str, locale: str
    ) -> None:
        """The first takeaway is on the page of the summary, and no page but the last is half empty."""
        data = word_as_printed[audience, locale]
        pages = [_letters(page) for page in readback.pdf_text(data).split("\n----\n")]
        for section in project.make_variant(audience, locale).sections:
            opening = [
                _letters(to_plain_text(text)) for text in (section.title, section.summary, *section.takeaways[:1])
            ]
            assert any(all(text in page for text in opening) for page in pages), section.id
        # A summary and a takeaway that would leave a little more than a third are kept together.
        assert max(empty_feet(data, 27, 25)[:-1]) < 0.4


@pytest.mark.parametrize("locale", LOCALES)
class TestPdfAndWord:
    """The longest variant, as the print engine and as LibreOffice print it."""

    def test_every_page_has_the_same_head_and_foot(
        self, project: Project, pack: Pack, word_as_printed: Printed, locale: str
    ) -> None:
        variant = project.make_variant("engineering", locale)
        folio = variant.catalogue.get("Page %(page)s of %(pages)s")
        title, marking = _letters(variant.title), _letters(variant.marking or "")
        for data in (pack["engineering", locale, "pdf"].data, word_as_printed["engineering", locale]):
            pages = readback.pdf_lines(data)
            assert len(pages) > 10
            for number, lines in enumerate(pages[1:], 2):
                foot = variant.publisher + variant.date_text + folio % {"page": number, "pages": len(pages)}
                # In between, PDF names the theme, and a table that runs on.
                head = _letters(lines[0])
                assert head.startswith(title)
                assert head.endswith(marking)
                assert _letters(lines[-1]) == _letters(foot)

    def test_text_headings_and_captions_come_in_the_same_order(
        self, project: Project, pack: Pack, word_as_printed: Printed, locale: str
    ) -> None:
        """On the pages of the PDF, text goes on where an exhibit does not fit, so each is in order by itself."""
        told = list(_running_text(project.make_variant("engineering", locale)))
        assert len(told) > 80
        pdf = pack["engineering", locale, "pdf"].data
        _require_order(pdf, [text for text, is_exhibit in told if not is_exhibit])
        _require_order(pdf, [text for text, is_exhibit in told if is_exhibit])
        _require_order(word_as_printed["engineering", locale], [text for text, _ in told])


def _require_order(data: bytes, told: list[str]) -> None:
    words, at = _letters(readback.pdf_text(data, between=TEXT)), 0
    for text in map(_letters, told):
        found = words.find(text, at)
        assert found >= 0, f"{text!r} does not come after {words[max(0, at - 60) : at]!r}"
        at = found + len(text)


def _running_text(variant: Variant) -> Iterator[tuple[str, bool]]:
    """Numbers of sections, headings and lines of text, and captions of exhibits; cells of tables are side by side."""
    for section in variant.sections:
        yield f"{section.number}{to_plain_text(section.title)}", False
        yield from ((to_plain_text(text), False) for text in (section.summary, *section.takeaways))
        for block in section.blocks:
            yield to_plain_text(block.heading or ()), False
            match block:
                case Paragraph() | Callout():
                    yield to_plain_text(block.text), False
                case ListBlock():
                    yield from ((to_plain_text(item), False) for item in block.items)
                case Quote():
                    yield to_plain_text(block.text) + to_plain_text(block.attribution), False
                case Table() | Chart() | Timeline() | Figure():
                    yield f"{block.label}{to_plain_text(block.title)}", True
    for source in variant.sources:
        yield to_plain_text(source.title), False


def _letters(text: str) -> str:
    """Letters and Han characters only: spaces, line breaks and hyphens differ from one layout to the other."""
    return re.sub(r"\[\d+(,\s*\d+)*\]|[\W_]", "", text)


def test_the_other_engine_prints_every_variant() -> None:
    pack = Project.load(ROOT, pdf_engine="typst").build(formats=["pdf"], jobs=1)
    assert (len(pack.artifacts), pack.diagnostics) == (len(AUDIENCES) * len(LOCALES), ())


@pytest.mark.parametrize("locale", LOCALES)
def test_the_executive_variant_has_two_pages(pack: Pack, locale: str) -> None:
    assert pack["executive", locale, "pdf"].pages == 2


def test_the_executive_verdict_has_at_most_25_words(project: Project) -> None:
    (section,) = project.make_variant("executive", "en").sections
    assert len(to_plain_text(section.summary).split()) <= 25


def test_the_four_variants_differ_in_selection_order_and_depth(project: Project) -> None:
    orders = {audience: [s.id for s in project.make_variant(audience, "en").sections] for audience in AUDIENCES}
    assert len({tuple(order) for order in orders.values()}) == len(AUDIENCES)
    blocks = {
        audience: {block.id for s in project.make_variant(audience, "en").sections for block in s.blocks}
        for audience in AUDIENCES
    }
    for audience in AUDIENCES[1:]:
        others = set().union(*(blocks[other] for other in AUDIENCES if other != audience))
        assert blocks[audience] - others, f"{audience} has no block of its own"


def test_two_builds_in_two_folders_and_processes_are_identical(pack: Pack, tmp_path: Path) -> None:
    """The short audience and the longest, which between them have every layout and kind of block of the briefing.

    In one locale: all of them, of a smaller project, are built in other surroundings.
    """
    made = {("executive", "zh-Hant"), ("engineering", "zh-Hant")}
    folder = tmp_path / "another" / "copy"
    for part in ("content", "seeds"):
        shutil.copytree(ROOT / part, folder / part)
    options = ["-l", "zh-Hant", "-a", "executive", "-a", "engineering"]
    command = [sys.executable, "-m", "brief", "build", "--jobs", "1", *options]
    environment = {"PYTHONHASHSEED": "2", "TZ": "Etc/GMT-2", "PATH": "/usr/bin:/bin", "BRIEF_CACHE_DIR": "off"}
    environment["PYTHONPATH"] = str(Path(brief.__file__).parents[1])
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    expected = {f"{each.audience}/{each.name}": each.data for each in pack if (each.audience, each.locale) in made}
    assert len(expected) == len(made) * 3
    assert {name: (folder / "output/ai-video" / name).read_bytes() for name in expected} == expected


def test_a_changed_quantity_changes_what_prints_it_in_every_language_and_nothing_else(
    project: Project, pack: Pack, tmp_path: Path
) -> None:
    """Seko's cost per advert goes from 500 to 612 yuan in `seeds/`; no content file is touched."""
    for part in ("content", "seeds"):
        shutil.copytree(ROOT / part, tmp_path / part)
    ledger = tmp_path / "seeds/naodong-2026.yaml"
    text = ledger.read_text("utf-8")
    changed = text.replace("quantity: {value: 500, unit: CNY}", "quantity: {value: 612, unit: CNY}")
    assert changed != text
    ledger.write_text(changed, "utf-8")
    rebuilt = Project.load(tmp_path).build(formats=["html"])
    printing = {a for a in AUDIENCES if "naodong-2026/ad-cost-before" in _claims_printed(project, a)}
    assert printing == {"executive", "investor", "engineering", "policy"}
    for artifact in rebuilt:
        before = pack[artifact.audience, artifact.locale, "html"].data.decode()
        after = artifact.data.decode()
        if artifact.audience in printing:
            assert before != after
            assert _put_back(after, artifact) == before
        else:
            assert before == after


def _claims_printed(project: Project, audience: str) -> set[str]:
    from brief.resolve import walk
    from brief.resolve.select import select

    shown = select(project.brief, audience)
    return {ref.name for ref in walk.walk_claims((*shown.themes.values(), *shown.audiences.values()))}


def _put_back(page: str, artifact: Artifact) -> str:
    old, new = {"en": ("RMB 500", "RMB 612"), "zh-Hans": ("500元", "612元"), "zh-Hant": ("人民幣500元", "人民幣612元")}[
        artifact.locale
    ]
    assert new in page
    return page.replace(new, old)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("page", [1, 3])
def test_pages_look_as_they_did(pack: Pack, locale: str, page: int, request: pytest.FixtureRequest) -> None:
    """A cover and a page of text, at 40 dots an inch; a few odd pixels of another rasteriser are let pass."""
    image = readback.pdf_page_image(pack["investor", locale, "pdf"].data, page)
    kept = Path(__file__).parent / "pages" / f"investor.{locale}.{page}.png"
    if request.config.getoption("update_snapshots"):
        kept.parent.mkdir(exist_ok=True)
        kept.write_bytes(image)
    with Image.open(io.BytesIO(image)) as fresh, Image.open(kept) as old:
        assert fresh.size == old.size
        difference = ImageChops.difference(fresh.convert("L"), old.convert("L"))
        assert ImageStat.Stat(difference).mean[0] < 1.0


def test_docx_carries_no_trace_of_the_tool_that_wrote_it(pack: Pack) -> None:
    for artifact in pack:
        if artifact.format == "docx":
            with zipfile.ZipFile(io.BytesIO(artifact.data)) as archive:
                core = archive.read("docProps/core.xml").decode()
            assert "python-docx" not in core
