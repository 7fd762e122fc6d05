"""Adds a check, a block kind, a PDF engine, a look and a locale by the recipes of src/brief/README.md, in a copy of the source."""

import sys
from pathlib import Path

import pytest
from projects import SETTINGS, THEME, ProjectCopy
from source_copy import SourceCopy

pytestmark = pytest.mark.slow

CHECK = '''"""Warns of titles in capitals."""

from collections.abc import Iterator

from brief.model.brief import Brief
from brief.model.diagnostics import Diagnostic, Severity


def check_titles(brief: Brief) -> Iterator[Diagnostic]:
    """Warns of themes whose English title is in capitals."""
    for theme in brief.themes.values():
        phrase = theme.title.find_phrase("en")
        if phrase is not None and str(phrase.source).isupper():
            yield Diagnostic("capital-title", "the title is in capitals", phrase.location, severity=Severity.WARNING)
'''
EXPLANATION = """
[capital-title]
summary = 'The title of a theme is in capitals.'
fix = 'Write it in lower case.'
"""

AUTHORED = '''@dataclass(frozen=True, slots=True, kw_only=True)
class Aside(BlockBase):
    """A remark beside the text."""

    KIND: ClassVar = "aside"
    text: LocalisedText


'''
RESOLVED = AUTHORED.replace("LocalisedText", "Runs")
ASIDE = "  - kind: aside\n    id: remark\n    text: {en: A remark., zh-Hans: 旁注。, zh-Hant: 旁註。}\n"

ENGINE = '''"""A PDF engine that prints an empty page."""

import io

import pikepdf

from brief.model.diagnostics import Diagnostic
from brief.model.variant import Variant
from brief.store.spooled_bytes import spool
from brief.templating.template_set import TemplateSet
from brief.writers.result import WriterResult


class EmptyEngine:
    name = "empty"
    distributions = ("pikepdf",)
    preload = ("pikepdf",)
    lays_out_css = False
    main_template = "print.empty"

    def describe_version(self) -> str:
        return f"pikepdf {pikepdf.__version__}"

    def write(self, variant: Variant, template_set: TemplateSet) -> WriterResult:
        document, buffer = pikepdf.new(), io.BytesIO()
        document.add_blank_page()
        document.save(buffer, deterministic_id=True)
        return WriterResult(spool(buffer.getvalue()), 1)

    def preflight(self, variant: Variant, template_set: TemplateSet) -> None:
        pass

    def find_unsupported(self, template_set: TemplateSet) -> tuple[Diagnostic, ...]:
        return ()
'''


@pytest.fixture
def source(tmp_path: Path) -> SourceCopy:
    return SourceCopy(tmp_path / "source")


def test_a_check_is_one_function_and_one_line(source: SourceCopy, project: ProjectCopy) -> None:
    project.replace(THEME, "More riders at night", "NIGHT BUSES")
    source.write("src/brief/resolve/checks/titles.py", CHECK)
    assert "capital-title" not in source.brief("check", cwd=project.root).stdout
    forgotten = source.test("tests/resolve/checks/test_table_of_checks.py")
    assert (forgotten.returncode, "check_titles of titles.py" in forgotten.stdout) == (1, True), forgotten.stdout

    table = "src/brief/resolve/checks/__init__.py"
    source.insert_before(
        table, "from brief.resolve.checks.visibility", "from brief.resolve.checks.titles import check_titles\n"
    )
    source.insert_before(table, '    "parity": ', '    "titles": lambda inputs: check_titles(inputs.brief),\n')
    assert "warning[capital-title]: the title is in capitals" in source.brief("check", cwd=project.root).stdout
    unexplained = source.test("tests/test_explain.py", "-k", "every_code")
    assert (unexplained.returncode, "capital-title" in unexplained.stdout) == (1, True)
    source.append("src/brief/explanations.toml", EXPLANATION)
    assert source.test("tests/test_explain.py", "-k", "every_code").returncode == 0


def test_the_type_checker_names_every_place_that_a_block_kind_needs(source: SourceCopy) -> None:
    add_to_models(source)
    found = source.run(Path(sys.executable).with_name("zmypy"), "--python-executable", sys.executable, "src")
    named = {line.partition(":")[0] for line in found.stdout.splitlines() if "Aside" in line and ": error:" in line}
    assert named == {
        "src/brief/resolve/select.py",
        "src/brief/resolve/gates.py",
        "src/brief/resolve/localise/blocks.py",
        "src/brief/resolve/checks/evidence.py",
        "src/brief/resolve/checks/references.py",
        "src/brief/inspection/words/passages.py",
        "src/brief/writers/docx/body/blocks.py",
        "src/brief/writers/docx/body/columns.py",
        "src/brief/writers/markdown/__init__.py",
        "src/brief/writers/landscape.py",
    }, found.stdout


def test_a_block_kind_is_printed_in_every_format(source: SourceCopy, project: ProjectCopy) -> None:
    project.replace("content/audiences/council.yaml", "[html, pdf, docx]", "[html, pdf, docx, json, md]")
    project.replace(THEME, "blocks:\n", f"blocks:\n{ASIDE}")
    unknown = source.brief("check", cwd=project.root)
    assert (unknown.returncode, "unknown-kind" in unknown.stdout) == (1, True)

    add_to_models(source)
    evidence, markdown = "src/brief/resolve/checks/evidence.py", "src/brief/writers/markdown/__init__.py"
    edit(source, evidence, "    Block,\n", "    Aside,\n    Block,\n")
    edit(source, evidence, "Callout() | Quote()", "Callout() | Aside() | Quote()")
    edit(source, markdown, "    Block,\n", "    Aside,\n    Block,\n")
    edit(source, markdown, "case Paragraph():", "case Paragraph() | Aside():")
    passages = "src/brief/inspection/words/passages.py"
    edit(source, passages, "    Block,\n", "    Aside,\n    Block,\n")
    edit(source, passages, "case Paragraph(text=text):", "case Paragraph(text=text) | Aside(text=text):")
    edit(source, "src/brief/resolve/select.py", "    Callout,\n", "    Aside,\n    Callout,\n")
    edit(source, "src/brief/resolve/select.py", "Callout() | Quote()", "Callout() | Aside() | Quote()")
    edit(source, "src/brief/resolve/gates.py", "    Block,\n", "    Aside,\n    Block,\n")
    edit(source, "src/brief/resolve/gates.py", "case Table() | Paragraph()", "case Table() | Aside() | Paragraph()")
    references = "src/brief/resolve/checks/references.py"
    edit(source, references, "case blocks.Paragraph() | ", "case blocks.Paragraph() | blocks.Aside() | ")
    landscape = "src/brief/writers/landscape.py"
    edit(source, landscape, "    Block,\n", "    Aside,\n    Block,\n")
    edit(source, landscape, "case Paragraph():", "case Paragraph() | Aside():")
    columns = "src/brief/writers/docx/body/columns.py"
    edit(source, columns, "    Block,\n", "    Aside,\n    Block,\n")
    edit(source, columns, "case Paragraph() |", "case Paragraph() | Aside() |")
    case = "            case authored.Quote():\n"
    resolved = "            case authored.Aside():\n                return resolved.Aside(**common, text=self.texts.localise(block.text))\n"
    source.insert_before("src/brief/resolve/localise/blocks.py", case, resolved)
    untemplated = source.brief("build", "-a", "council", "-l", "en", "-f", "html", "-o", "made", cwd=project.root)
    assert (untemplated.returncode, "block/aside.html.j2" in untemplated.stderr) == (1, True)

    template = (
        '{% from "runs.html.j2" import words with context %}\n<p id="{{ block.id }}">{{ words(block.text) }}</p>\n'
    )
    source.write("templates/base/block/aside.html.j2", template)
    composed = "        case Aside():\n            yield composer.compose_paragraph(WordStyle.BODY, *composer.compose_runs(block.text))\n"
    source.insert_before("src/brief/writers/docx/body/blocks.py", "        case Quote():\n", composed)
    edit(source, "src/brief/writers/docx/body/blocks.py", "    Quote,\n", "    Aside,\n    Quote,\n")
    built = source.brief("build", "-a", "council", "-l", "en", "-o", "made", cwd=project.root)
    assert built.returncode == 0, built.stderr
    assert len(built.stdout.splitlines()) == 5
    for suffix in ("html", "json", "md"):
        (page,) = (project.root / "made").rglob(f"*.en.{suffix}")
        assert "A remark." in page.read_text("utf-8")


def add_to_models(source: SourceCopy) -> None:
    for module, record in (("blocks", AUTHORED), ("variant", RESOLVED)):
        name = f"src/brief/model/{module}.py"
        source.insert_before(name, "@dataclass(frozen=True, slots=True, kw_only=True)\nclass Quote(", record)
        edit(source, name, "Block = Paragraph | ", "Block = Paragraph | Aside | ")


def edit(source: SourceCopy, name: str, old: str, new: str) -> None:
    text = (source.root / name).read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times in {name}"
    source.write(name, text.replace(old, new))


def test_a_chart_kind_is_asked_for_its_data_and_its_drawing(source: SourceCopy, project: ProjectCopy) -> None:
    edit(
        source, "src/brief/model/blocks.py", '    SLOPE = "slope"\n', '    SLOPE = "slope"\n    LOLLIPOP = "lollipop"\n'
    )
    source.take("tests/charts/test_geometry.py")
    lacking = source.test("tests/charts/test_kinds_of_charts.py", "-k", "every_kind_is_named_and_drawn")
    assert (lacking.returncode != 0, "LOLLIPOP" in lacking.stdout) == (True, True), lacking.stdout

    name = '    ChartKind.LOLLIPOP: ChartKindSpec("Lollipop chart", series=(1, 1)),\n'
    source.insert_before("src/brief/model/chart_kinds.py", "    ChartKind.SLOPE: ChartKindSpec", name)
    drawing = "    ChartKind.LOLLIPOP: _BARS,\n"
    source.insert_before("src/brief/charts/kinds.py", "    ChartKind.SLOPE: ChartDrawing", drawing)
    project.replace(THEME, "chart: bars", "chart: lollipop")
    built = source.brief("build", "-a", "council", "-l", "en", "-f", "html", "-o", "made", cwd=project.root)
    assert built.returncode == 0, built.stderr
    (page,) = (project.root / "made").rglob("*.html")
    assert "Lollipop chart" in page.read_text("utf-8")


def test_a_pdf_engine_is_one_class_and_one_line(source: SourceCopy, project: ProjectCopy) -> None:
    project.write("templates/plain/set.yaml", "extends: base\npdf_engine: empty\n")
    project.replace(SETTINGS, "template_set: base", "template_set: plain")
    source.write("src/brief/writers/pdf/empty_engine.py", ENGINE)
    unknown = source.brief("check", cwd=project.root)
    assert unknown.returncode == 1
    assert "templates/plain/set.yaml:2:13: error[unknown-pdf-engine]: unknown PDF engine 'empty'" in unknown.stdout
    assert "weasyprint" in unknown.stdout

    table = "src/brief/writers/pdf/engines.py"
    source.insert_before(
        table, "from brief.writers.pdf.weasyprint", "from brief.writers.pdf.empty_engine import EmptyEngine\n"
    )
    edit(source, table, "for engine in (_WEASYPRINT, ", "for engine in (EmptyEngine(), _WEASYPRINT, ")
    built = source.brief("build", "-a", "council", "-l", "en", "-f", "pdf", "-o", "made", cwd=project.root)
    # The engine prints an empty page, which no build publishes.
    assert built.returncode == 1
    assert "error[missing-words]: pdf of 'council' in 'en': of " in built.stderr


def test_a_look_is_a_folder_with_what_differs(source: SourceCopy, project: ProjectCopy) -> None:
    project.replace(SETTINGS, "template_set: base", "template_set: green")
    unknown = source.brief("check", cwd=project.root)
    assert (unknown.returncode, "unknown-template-set" in unknown.stdout) == (1, True)
    project.write("templates/green/set.yaml", 'extends: base\ncolours: {brand: "#14532d"}\n')
    assert source.brief("check", cwd=project.root).returncode == 0
    built = source.brief("build", "-a", "council", "-l", "en", "-f", "html", "-o", "made", cwd=project.root)
    assert built.returncode == 0, built.stderr
    (page,) = (project.root / "made").rglob("*.html")
    assert "#14532d" in page.read_text("utf-8")


def test_a_locale_is_asked_for_its_catalogue_its_faces_and_its_texts(source: SourceCopy, project: ProjectCopy) -> None:
    project.replace(SETTINGS, "zh-Hant]", "zh-Hant, sv]")
    asked = source.brief("check", "--format", "json", cwd=project.root)
    assert asked.returncode == 1
    for code in ("missing-catalogue", "missing-translation"):
        assert f'"{code}"' in asked.stdout, asked.stdout
