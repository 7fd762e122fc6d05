"""`templates/brand.yaml`: one file with an organisation's colours, logo and faces, for every look and every format."""

import re
from pathlib import Path

import pytest
import readback
from lxml import etree
from projects import ProjectCopy

from brief import Pack, Project
from brief.model.appearance.contrast import DARK_GROUND, adjust_for_dark, compute_contrast_ratio
from brief.model.diagnostics import ContentError, Severity
from brief.templating.template_set import find_template_set, list_template_sets

BRAND = "templates/brand.yaml"
SETTINGS = 'colours: {brand: "#5b2a86", accent: "#0a7f6f"}\nlogo: logo.svg\nfaces: {en: {sans: [Source Serif 4]}}\n'
LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 60" width="240" height="60">'
    '<circle cx="30" cy="30" r="26" fill="#5b2a86"/></svg>'
)
PUBLISHER = "Example Research"


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Pack]:
    """The starter's council variant, plain and branded."""
    made = {}
    for name in ("plain", "branded"):
        project = ProjectCopy(tmp_path_factory.mktemp(name) / "project")
        if name == "branded":
            project.write(BRAND, SETTINGS)
            project.write("templates/logo.svg", LOGO)
        made[name] = Project.load(project.root).build(["council"], ["en"], jobs=1)
    return made


def html(pack: Pack) -> str:
    return pack["council", "en", "html"].data.decode()


class TestOneFile:
    def test_colours_the_page_and_its_charts(self, packs: dict[str, Pack]) -> None:
        page = html(packs["branded"])
        assert "--brand: #5b2a86;" in page
        drawing = re.search(r'<div class="drawing".*?</div>', page, re.S)
        assert drawing is not None
        assert "#5b2a86" in drawing[0]
        assert "#5b2a86" not in html(packs["plain"])

    def test_colours_the_pdf(self, packs: dict[str, Pack]) -> None:
        # Colours of PDF are parts of one (ISO 32000-1, 8.6.4.3).
        fill = rb"0\.3568\d* 0\.1647\d* 0\.5254\d* rg"
        assert re.search(fill, readback.pdf_content(packs["branded"]["council", "en", "pdf"].data))
        assert not re.search(fill, readback.pdf_content(packs["plain"]["council", "en", "pdf"].data))

    def test_colours_the_word_document_its_theme_and_its_charts(self, packs: dict[str, Pack]) -> None:
        parts = readback.docx_parts(packs["branded"]["council", "en", "docx"].data)
        assert b"5B2A86" in parts["word/styles.xml"]
        assert b'<a:accent1><a:srgbClr val="5B2A86"/>' in parts["word/theme/theme1.xml"]
        pictures = [data for name, data in parts.items() if name.endswith(".svg") or name.startswith("word/charts/")]
        assert any(b"5b2a86" in data.lower() and b"circle" not in data for data in pictures)

    def test_puts_the_logo_on_each_with_the_publisher_as_its_words(self, packs: dict[str, Pack]) -> None:
        assert re.search(rf'<img class="logo" src="data:image/svg[^"]*" alt="{PUBLISHER}"', html(packs["branded"]))
        first = readback.pdf_alternatives(packs["branded"]["council", "en", "pdf"].data)
        assert first[0] == PUBLISHER
        parts = readback.docx_parts(packs["branded"]["council", "en", "docx"].data)
        root = etree.fromstring(parts["word/document.xml"])
        described = [name.get("descr") for name in root.iter("{*}docPr")]
        assert described[0] == PUBLISHER
        assert any(b"circle" in data for name, data in parts.items() if name.endswith(".svg"))
        assert "{{" not in parts["word/document.xml"].decode()

    def test_sets_each_in_its_faces(self, packs: dict[str, Pack]) -> None:
        assert '--sans: "Source Serif 4", sans-serif;' in html(packs["branded"])
        assert not [
            font for font in readback.pdf_fonts(packs["branded"]["council", "en", "pdf"].data) if "Inter" in font
        ]
        styles = readback.docx_parts(packs["branded"]["council", "en", "docx"].data)["word/styles.xml"]
        assert b'"Inter"' not in styles

    @pytest.mark.parametrize("name", list_template_sets())
    def test_is_for_every_set(self, project: ProjectCopy, name: str) -> None:
        project.write(BRAND, SETTINGS)
        project.write("templates/logo.svg", LOGO)
        look = find_template_set(name, project.root).look
        assert (look.colours["brand"], look.colours["insight"], look.series[0]) == ("#5b2a86",) * 3
        assert look.logo is not None
        assert look.logo.media_type == "image/svg+xml"


@pytest.mark.parametrize(
    ("settings", "code", "line", "column"),
    [
        pytest.param("extends: base\n", "unknown-key", 1, 1, id="is-no-set"),
        pytest.param("logo: nowhere.svg\n", "missing-image", 1, 7, id="no-such-logo"),
        pytest.param("logo: ../content/brief.yaml\n", "image-path", 1, 7, id="logo-from-elsewhere"),
        pytest.param("logo: brand.yaml\n", "image-format", 1, 7, id="logo-of-no-picture"),
        pytest.param("colours: {brand: accent, accent: brand}\n", "colour", 1, 18, id="colours-in-a-circle"),
        pytest.param("series: [brnd]\n", "colour", 1, 10, id="series-of-no-role"),
    ],
)
def test_errors(project: ProjectCopy, settings: str, code: str, line: int, column: int) -> None:
    project.write(BRAND, settings)
    with pytest.raises(ContentError) as caught:
        find_template_set("base", project.root)
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.code, diagnostic.location.file, diagnostic.location.line, diagnostic.location.column) == (
        code,
        BRAND,
        line,
        column,
    )


@pytest.mark.parametrize(("folder", "beside"), [("", "brand.yaml"), ("mine/", "set.yaml")])
def test_a_missing_logo_is_to_be_put_beside_the_file_that_names_it(
    project: ProjectCopy, folder: str, beside: str
) -> None:
    project.write("templates/mine/set.yaml", "extends: base\n")
    project.write(f"templates/{folder}{beside}", f"{'extends: base' if folder else ''}\nlogo: brand.svg\n")
    with pytest.raises(ContentError) as caught:
        find_template_set("mine", project.root)
    assert caught.value.diagnostics[0].hint == f"put brand.svg beside {beside}"


class TestContrast:
    def test_a_brand_colour_too_light_for_its_title_is_reported_with_one_that_would_do(
        self, project: ProjectCopy
    ) -> None:
        project.write(BRAND, 'colours: {brand: "#ffb000"}\n')
        status, found = project.check()
        assert status == 0
        (diagnostic,) = [diagnostic for diagnostic in found if diagnostic.code == "low-contrast"]
        assert (diagnostic.severity, diagnostic.where) == (Severity.WARNING, (BRAND, 1, 18))
        better = re.search("#[0-9a-f]{6}", diagnostic.hint)
        assert better is not None
        assert compute_contrast_ratio(better[0], find_template_set("base").look.colours["tint"]) >= 4.5

    def test_text_on_paper_and_boxes_is_looked_at_too(self, project: ProjectCopy) -> None:
        project.write(BRAND, 'colours: {muted: "#aaaaaa", paper: "#222222"}\n')
        told = {d.location.column for d in find_template_set("base", project.root).diagnostics}
        assert told >= {18}

    @pytest.mark.parametrize("name", list_template_sets())
    def test_the_packaged_sets_can_be_read(self, name: str) -> None:
        assert find_template_set(name).diagnostics == ()

    @pytest.mark.parametrize("colour", ["#000000", "#12355b", "#ffd400", "#ff0000"])
    def test_any_colour_can_be_read_in_the_dark(self, colour: str) -> None:
        assert compute_contrast_ratio(adjust_for_dark(colour), DARK_GROUND) >= 4.5

    def test_black_on_white_is_21(self) -> None:
        assert compute_contrast_ratio("#000000", "#ffffff") == pytest.approx(21)
        assert compute_contrast_ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


class TestAudience:
    """An audience may have a look of its own."""

    def test_prints_in_its_own_set_and_the_others_as_before(self, project: ProjectCopy) -> None:
        before = Project.load(project.root).build(formats=["html"], locales=["en"], jobs=1)
        project.replace("content/audiences/council.yaml", "depth: full", "depth: full\ntemplate_set: board")
        loaded = Project.load(project.root)
        after = loaded.build(formats=["html"], locales=["en"], jobs=1)
        assert before["public", "en", "html"] == after["public", "en", "html"]
        assert before["council", "en", "html"].inputs != after["council", "en", "html"].inputs
        assert loaded.make_variant("council", "en").template_set == "board"
        assert {template_set.name for template_set in loaded.list_template_sets()} == {"base", "board"}

    def test_a_misspelt_name_is_reported_at_its_reference(self, project: ProjectCopy) -> None:
        where = project.replace("content/audiences/council.yaml", "depth: full", "depth: full\ntemplate_set: ▸bord")
        _, found = project.check()
        (diagnostic,) = found
        assert (diagnostic.code, diagnostic.where) == ("unknown-template-set", where)

    def test_what_is_wrong_in_its_own_set_is_found(self, project: ProjectCopy) -> None:
        project.replace("content/audiences/council.yaml", "depth: full", "depth: full\ntemplate_set: mine")
        project.write("templates/mine/set.yaml", "extends: board\n")
        project.write("templates/mine/terms.html.j2", "{% if %}")
        assert [diagnostic.code for diagnostic in project.check()[1]] == ["template-syntax"]


class TestStyleSheets:
    def test_go_on_where_those_of_the_parent_end(self, project: ProjectCopy) -> None:
        project.write("templates/mine/set.yaml", "extends: base\n")
        project.write("templates/mine/screen.css", ".callout { color: red }")
        layers = find_template_set("mine", project.root).read_layers("screen.css")
        assert [shown for shown, _ in layers] == ["templates/base/screen.css", "templates/mine/screen.css"]
        project.replace("content/brief.yaml", "template_set: base", "template_set: mine")
        page = project.page()
        assert page.index(".masthead") < page.index(".callout { color: red }")

    def test_a_parent_s_counts_for_what_an_artifact_is_made_from(self, project: ProjectCopy) -> None:
        from brief.build.fingerprint import fingerprint_template_set

        for name, parent in (("one", "base"), ("two", "one")):
            project.write(f"templates/{name}/set.yaml", f"extends: {parent}\n")
            project.write(f"templates/{name}/print.css", f"/* {name} */")
        before = fingerprint_template_set(find_template_set("two", project.root))
        Path(project.root / "templates/one/print.css").write_text("p { color: red }")
        assert fingerprint_template_set(find_template_set("two", project.root)) != before
