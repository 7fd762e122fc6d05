"""The table of formats: an entry and a module are all that a new format takes."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from projects import STARTER, ProjectCopy

import brief
from brief import Pack, Project
from brief.build.executors import list_worker_imports
from brief.inspection.documents import INSPECTIONS
from brief.inspection.extract import extract_parts
from brief.inspection.extract.part import BREAK
from brief.writers.formats import FORMATS, list_preloaded_modules
from brief.writers.pdf.engines import PDF_ENGINES

WRITER = '''\
"""Plain text."""

from brief.model.inline import to_plain_text
from brief.model.variant import Variant
from brief.store import spool
from brief.templating.template_set import TemplateSet
from brief.writers.result import WriterResult


def write(variant: Variant, template_set: TemplateSet) -> WriterResult:
    lines = [variant.title, *(to_plain_text(section.title) for section in variant.sections)]
    return WriterResult(spool("\\n".join(lines).encode()))
'''
ENTRY = """\
        OutputFormat(
            name="outline",
            label="Outline",
            file_label="Outline",
            suffix="txt",
            media_type="text/plain",
            write=_load_lazily("outline"),
            preflight=_load_lazily("outline"),
        ),
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program with a format more."""
    root = tmp_path_factory.mktemp("copy")
    source = Path(brief.__file__).parent
    shutil.copytree(source, root / "src/brief", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(source.parents[1] / "templates", root / "templates")
    (root / "src/brief/writers/outline.py").write_text(WRITER, "utf-8")
    table = root / "src/brief/writers/formats.py"
    said = table.read_text("utf-8")
    at = said.index("        OutputFormat(\n")
    table.write_text(said[:at] + ENTRY + said[at:], "utf-8")
    shutil.copytree(STARTER, root / "project")
    return root


def run(copy: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "brief", *arguments],
        cwd=copy / "project",
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(copy / "src"), "BRIEF_CACHE_DIR": "off", "HOME": str(copy)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_format_more_is_built_checked_and_listed(copy: Path) -> None:
    audience = copy / "project/content/audiences/council.yaml"
    said = audience.read_text("utf-8")
    assert "formats: [html, pdf, docx]" in said
    audience.write_text(said.replace("formats: [html, pdf, docx]", "formats: [html, outline]"), "utf-8")
    checked = run(copy, "check")
    assert (checked.returncode, checked.stderr.count("Traceback")) == (0, 0), checked.stderr
    built = run(copy, "build", "-a", "council", "-l", "en", "-f", "outline", "-o", "made")
    assert built.returncode == 0, built.stderr
    (made,) = (copy / "project/made").rglob("*.txt")
    assert made.read_text("utf-8").strip()
    assert "outline" in run(copy, "list").stdout


def test_every_format_is_complete() -> None:
    for name, form in FORMATS.items():
        assert form.name == name
        assert form.label
        assert form.file_label
        assert form.suffix.isalnum()
        assert "/" in form.media_type
        assert form.cost > 0
    assert len({form.suffix for form in FORMATS.values()}) == len(FORMATS)


def test_workers_preload_every_writer() -> None:
    for form in FORMATS.values():
        assert any(module.startswith("brief.writers.") for module in form.preload), f"'{form.name}' has no `preload`"
        assert set(form.preload) <= set(list_preloaded_modules())


def test_workers_preload_only_the_pdf_engine_that_they_need() -> None:
    for name, engine in PDF_ENGINES.items():
        others = {module for other in PDF_ENGINES.values() if other is not engine for module in other.preload}
        modules = set(list_preloaded_modules(["pdf", "html"], name))
        assert set(engine.preload) <= modules
        assert modules.isdisjoint(others)
    assert set(list_preloaded_modules()) >= set(PDF_ENGINES["weasyprint"].preload)
    assert modules.isdisjoint(list_preloaded_modules(["docx"], name))


def test_a_process_that_prints_by_typst_does_not_import_weasyprint() -> None:
    modules = list_worker_imports(["html", "docx", "pdf"], "typst")
    code = f"import importlib, sys; [importlib.import_module(name) for name in {modules}]; print('weasyprint' in sys.modules)"
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert made.stdout == "False\n"


def test_the_words_of_every_format_are_compared_or_it_says_that_they_are_not() -> None:
    assert set(INSPECTIONS) == set(FORMATS), "each format has a row in INSPECTIONS of inspection/documents.py"


@pytest.fixture(scope="module")
def every_format(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """The council's variant of the starter project in every format of the table."""
    project = ProjectCopy(tmp_path_factory.mktemp("formats") / "project")
    project.replace("content/audiences/council.yaml", "[html, pdf, docx]", f"[{', '.join(FORMATS)}]")
    return Project.load(project.root).build(["council"], ["en"], jobs=1)


@pytest.mark.parametrize("name", FORMATS)
def test_inspection_reads_the_words_of_every_format(every_format: Pack, name: str) -> None:
    """A format whose files are not taken apart would be searched for leaks in its compressed bytes."""
    artifact = every_format["council", "en", name]
    words = " ".join(part.words for part in extract_parts(artifact.name, artifact.data))
    assert words, f"inspection/extract/formats.py does not extract the words of '{name}'"
    assert "The trial has found its public." in " ".join(words.replace(BREAK, "").split())
