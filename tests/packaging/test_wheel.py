"""The wheel is self-contained: what is in it, and that a fresh environment builds a new project with it.

What the wheel depends on is lent by the environment that runs the tests; `./run wheel` installs that as well.
"""

import os
import subprocess
import sys
import sysconfig
import tarfile
import time
import venv
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from doc_snippets import run_page

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Environment:
    """A fresh virtual environment with the wheel in it."""

    folder: Path

    def run(self, program: str, *arguments: str, cwd: Path) -> str:
        """What the program printed; it must succeed."""
        command = [str(self.folder / "bin" / program), *arguments]
        done = subprocess.run(command, cwd=cwd, env=_surroundings(), capture_output=True, text=True, encoding="utf-8")
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _build(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _build(tmp_path_factory.mktemp("sdist"), target="sdist")


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder, with_pip=False, symlinks=True)
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "install"]
    subprocess.run([*pip, "--quiet", "--no-index", "--no-deps", str(wheel)], check=True)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    # A folder named in a .pth file is searched last, and .pth files inside it are not read: the editable install of
    # this very project stays out of sight.
    (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return Environment(folder)


def test_holds_the_package_and_its_data_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"brief"}
    template_sets = (ROOT / "templates").rglob("*")
    packaged = (ROOT / "src" / "brief").rglob("*")
    wanted = {
        *(f"brief/template_sets/{path.relative_to(ROOT / 'templates')}" for path in template_sets if path.is_file()),
        *(str(path.relative_to(ROOT / "src")) for path in packaged if path.is_file() and path.suffix != ".pyc"),
    }
    assert wanted == {name for name in names if name.startswith("brief/")}
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_is_the_same_whenever_it_is_built(wheel: Path, tmp_path: Path) -> None:
    assert _build(tmp_path).read_bytes() == wheel.read_bytes()


def test_what_is_published_is_as_the_index_wants_it(wheel: Path, sdist: Path) -> None:
    program = [sys.executable, "-m", "twine", "check", "--strict", str(wheel), str(sdist)]
    checked = subprocess.run(program, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_source_distribution_makes_the_same_wheel(wheel: Path, sdist: Path, tmp_path: Path) -> None:
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "source")  # noqa: S202 - made by the fixture
    (source,) = (tmp_path / "source").iterdir()
    assert _build(tmp_path / "dist", source).read_bytes() == wheel.read_bytes()


def test_imports_a_document(environment: Environment, tmp_path: Path) -> None:
    environment.run("brief", "new", "demo", "-l", "en", cwd=tmp_path)
    (tmp_path / "demo/report.md").write_text("# Demand\n\nIt grew.\n", "utf-8")
    written = environment.run("brief", "import", "report.md", "--clearance", "public", cwd=tmp_path / "demo")
    assert written.split() == ["content/themes/demand.yaml", "content/brief.yaml"]


def test_builds_a_new_project(environment: Environment, tmp_path: Path) -> None:
    where = environment.run("python", "-c", "import brief; print(brief.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(environment.folder)
    environment.run("brief", "new", "demo", cwd=tmp_path)
    built = environment.run("brief", "build", "-a", "council", "-l", "zh-Hant", cwd=tmp_path / "demo").splitlines()
    assert {Path(name).suffix for name in built} == {".html", ".pdf", ".docx"}
    assert all((tmp_path / "demo" / name).stat().st_size for name in built)


def test_the_tutorial_leads_to_a_pack_within_its_ten_minutes(environment: Environment, tmp_path: Path) -> None:
    """The commands take seconds, so that the minutes are the reader's."""
    began = time.monotonic()
    said = run_page("tutorial.md", tmp_path, environment.folder / "bin")
    assert time.monotonic() - began < 120
    assert "status 1" in said
    assert list((tmp_path / "heat-pumps/output/ferries/owners").glob("*.zh-Hans.pdf"))


def _build(folder: Path, source: Path = ROOT, target: str = "wheel") -> Path:
    hatchling = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(folder)]
    subprocess.run(hatchling, cwd=source, check=True, capture_output=True)
    (built,) = folder.glob("brief_press*")
    return built


def _surroundings() -> Mapping[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
