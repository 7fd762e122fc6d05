"""The same variants by other tools, each as its manual shows. One function for each tool; all return a cost."""

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from briefing import Prepared
from meter import Cost, run

_BROWSERS = ("chromium", "chromium-headless-shell", "google-chrome")

HERE = Path(__file__).parent
PANDOC = Path(str(find_spec("pypandoc").origin)).parent / "files/pandoc"  # type: ignore[union-attr]
FONTS = {"en": "Noto Serif CJK SC", "zh-Hans": "Noto Serif CJK SC", "zh-Hant": "Noto Serif CJK TC"}
PYTHON = sys.executable
ZERO = Cost(0, 0, 0)
Peer = Callable[[Prepared, Path], Cost]


def weasyprint_loop(prepared: Prepared, work: Path) -> Cost:
    """A new process of WeasyPrint for each PDF, tagged as ours are; python-docx for the DOCX, all in one process; the
    HTML is there.
    """
    cost = ZERO
    weasyprint = (Path(PYTHON).with_name("weasyprint"), "--pdf-variant", "pdf/ua-1")
    for name in prepared.locales:
        cost += run([*weasyprint, prepared.path(name, "html"), f"{name}.pdf"], work)
    return cost + run([PYTHON, HERE / "scripts/plain_docx.py", prepared.folder, work], work)


def pandoc_weasyprint(prepared: Prepared, work: Path) -> Cost:
    return _pandoc(prepared, work, "weasyprint")


def pandoc_typst(prepared: Prepared, work: Path) -> Cost:
    return _pandoc(prepared, work, "typst")


def typst_alone(prepared: Prepared, work: Path) -> Cost:
    """One compiler for all PDFs, in one process."""
    return run([PYTHON, HERE / "scripts/typst_all.py", prepared.folder, work], work)


def docxtpl(prepared: Prepared, work: Path) -> Cost:
    """One template for all DOCX, in one process."""
    return run([PYTHON, HERE / "scripts/docxtpl_all.py", prepared.folder, work], work)


def chromium(prepared: Prepared, work: Path) -> Cost:
    browser = next(filter(shutil.which, _BROWSERS), _BROWSERS[0])
    cost = ZERO
    for name in prepared.locales:
        flags = ("--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={work / 'profile'}")
        page = prepared.path(name, "html").as_uri()
        cost += run([browser, *flags, "--no-pdf-header-footer", f"--print-to-pdf={work / name}.pdf", page], work)
    return cost


def _pandoc(prepared: Prepared, work: Path, engine: str) -> Cost:
    """A process for each file, as a Makefile would have it."""
    environment = {"PATH": f"{_typst_command(work)}:{Path(PYTHON).parent}:{os.environ['PATH']}"}
    cost = ZERO
    for name in prepared.locales:
        source = prepared.path(name, "md")
        font = ("-V", f"mainfont={FONTS[prepared.locales[name]]}")
        cost += run([PANDOC, source, "-s", "--embed-resources", "-o", f"{name}.html"], work, environment)
        cost += run([PANDOC, source, "-s", "--toc", "-o", f"{name}.docx"], work, environment)
        pdf = [PANDOC, source, "-s", "--toc", f"--pdf-engine={engine}", *font, "-o", f"{name}.pdf"]
        cost += run(pdf, work, environment)
    return cost


def _typst_command(work: Path) -> Path:
    """PyPI has Typst as a library alone; pandoc wants a command."""
    folder = work / "bin"
    folder.mkdir(exist_ok=True)
    command = folder / "typst"
    command.write_text(f"#!{PYTHON}\n" + (HERE / "scripts/typst_command.py").read_text())
    command.chmod(0o755)
    return folder


@dataclass(frozen=True)
class Entry:
    """What a tool made: which formats decides what `brief` is compared with."""

    name: str
    formats: tuple[str, ...]
    measure: Peer


PEERS = (
    Entry("WeasyPrint, a process each, and python-docx", (), weasyprint_loop),
    Entry("pandoc, PDF through WeasyPrint", (), pandoc_weasyprint),
    Entry("pandoc, PDF through Typst", (), pandoc_typst),
    Entry("Chromium, PDF alone", ("pdf",), chromium),
    Entry("Typst, one compiler, PDF alone", ("pdf",), typst_alone),
    Entry("docxtpl, DOCX alone", ("docx",), docxtpl),
)
