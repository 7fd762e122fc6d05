"""A temporary copy of the program's own source, to be changed as a contributor would change it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
_COPIED = ("src", "templates", "tools", "docs/diagnostics.md", "pyproject.toml", "tests/conftest.py", "tests/support")
_MAIN = "from brief.cli import main; main()"


class SourceCopy:
    """The source in a folder of its own. Commands and tests run in new processes that import this copy."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in _COPIED:
            self.take(name)

    def take(self, name: str) -> None:
        """Copies one more file or folder of the repository."""
        target = self.root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            # With what Python compiled of it, which is valid until the file changes.
            shutil.copytree(ROOT / name, target)
        else:
            shutil.copy(ROOT / name, target)

    def write(self, name: str, text: str) -> None:
        (self.root / name).write_text(text, "utf-8")

    def append(self, name: str, text: str) -> None:
        self.write(name, (self.root / name).read_text("utf-8") + text)

    def insert_before(self, name: str, line: str, text: str) -> None:
        """Inserts `text` before the only occurrence of `line`."""
        old = (self.root / name).read_text("utf-8")
        assert old.count(line) == 1, f"{line!r} occurs {old.count(line)} times in {name}"
        self.write(name, old.replace(line, text + line))

    def brief(self, *args: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Runs the command line of the copy."""
        return self.python("-c", _MAIN, *args, cwd=cwd)

    def test(self, path: str, *options: str) -> subprocess.CompletedProcess[str]:
        """Runs the tests of one file in the copy."""
        if not (self.root / path).exists():
            self.take(path)
        return self.python("-m", "pytest", "-q", "-p", "no:cacheprovider", *options, path)

    def python(self, *args: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Runs Python with the copy as the only `brief` that it imports."""
        return self.run(sys.executable, *args, cwd=cwd)

    def run(self, program: str | Path, *args: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Runs a program for which the copy is the only `brief`."""
        environment = os.environ | {"PYTHONPATH": str(self.root / "src"), "BRIEF_CACHE_DIR": "off"}
        # The tests that are run here need no plugin, and to import all of them takes longer.
        environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        command = [str(program), *map(str, args)]
        return subprocess.run(
            command, cwd=cwd or self.root, env=environment, capture_output=True, text=True, check=False, timeout=300
        )
