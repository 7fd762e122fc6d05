"""`brief doctor`: what is missing is named, with the command that installs it."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

from projects import ProjectCopy, run_brief

ROOT = Path(__file__).parents[2]
_WITHOUT_PANGO = """
import cffi
loaded = cffi.FFI.dlopen
def dlopen(self, name, flags=0):
    if name is not None and "pango" in name:
        raise OSError(f"cannot load library '{name}'")
    return loaded(self, name, flags)
cffi.FFI.dlopen = dlopen
from brief.cli import main
main()
"""


def test_a_machine_with_everything_is_sound(project: ProjectCopy) -> None:
    ran = project.run("doctor", "--json")
    assert ran.status == 0
    found = {each["name"]: each for each in json.loads(ran.stdout)}
    assert all(each["found"] for each in found.values() if each["needed"])
    assert found["PDF engine 'weasyprint'"]["needed"]
    assert "Pango" in found["PDF engine 'weasyprint'"]["found"]
    assert found["PDF engine 'typst'"]["found"].startswith("Typst ")
    assert not found["PDF engine 'typst'"]["needed"]
    assert {"font Noto Serif CJK SC", "font Noto Serif CJK TC"} <= set(found)
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert {f"extra '{extra}'" for extra in extras} <= set(found)


def test_a_face_that_the_project_needs_and_the_machine_lacks_is_named(project: ProjectCopy) -> None:
    project.write("templates/brand.yaml", "faces:\n  en: {serif: [Nowhere Serif]}\n")
    ran = project.run("doctor")
    assert (ran.status, "MISSING  font Nowhere Serif: install it, or name another" in ran.stdout) == (3, True), (
        ran.stdout
    )


def test_elsewhere_than_in_a_project_it_looks_at_the_machine(tmp_path: Path) -> None:
    ran = run_brief("doctor", cwd=tmp_path)
    assert (ran.status, "ok       git:" in ran.stdout) == (0, True)


def test_without_pango_it_says_what_to_install_and_so_does_a_build(project: ProjectCopy) -> None:
    for arguments in (["doctor"], ["build", "-f", "pdf", "-a", "public", "-l", "en", "--jobs", "1"]):
        command = [sys.executable, "-c", _WITHOUT_PANGO, *arguments, "-C", str(project.root)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        said = ran.stdout + ran.stderr
        assert ran.returncode == 3, said
        assert "PDF needs Pango: cannot load library" in said
        assert "apt-get install libpango-1.0-0 libpangoft2-1.0-0" in said
        assert "Traceback" not in said
