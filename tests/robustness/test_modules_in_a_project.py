"""A project from somebody else may have files with the names of libraries: they are not imported."""

import os
import subprocess
import sys
from pathlib import Path

from projects import ProjectCopy

LIBRARIES = (
    "PIL", "brief", "cffi", "docx", "fitz", "fontTools", "jinja2", "lxml", "pikepdf", "resvg_py", "typst", "uharfbuzz",
    "vl_convert", "weasyprint", "yaml",
)  # fmt: skip
# With a second thread, workers are copies of a new interpreter instead of this process.
COMMAND = """
import threading
threading.Thread(target=threading.Event().wait, daemon=True).start()
from brief.cli import main
main()
"""


def test_no_module_of_a_project_is_imported(tmp_path: Path, project: ProjectCopy) -> None:
    for library in LIBRARIES:
        project.write(
            f"{library}.py", f"open({str(tmp_path / 'imported')!r}, 'w').write({library!r})\nraise SystemExit\n"
        )
    for engine in ("weasyprint", "typst"):
        # The installed command does not search the working folder either.
        ran = subprocess.run(
            [sys.executable, "-P", "-c", COMMAND, "build", "-a", "council", "-l", "en", "--jobs", "2", "--pdf-engine", engine],
            cwd=project.root,
            env={**os.environ, "BRIEF_CACHE_DIR": "off"},
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr
    assert not (tmp_path / "imported").exists()
