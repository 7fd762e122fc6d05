"""The briefing as the benchmarks use it: a copy to edit, and what other tools take in place of its content.

Whatever loads the project does so in a process of its own: on Linux a new process counts the memory of the one that
starts it as its own, so the one that measures must stay small.
"""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_SCRIPTS = Path(__file__).parent / "scripts"
# Reads well at the end of any Chinese sentence, and is written alike in both scripts.
_ADDED = "此句已改。"


def copy(source: Path, target: Path) -> Path:
    """The project's own files, without its output."""
    for name in ("content", "seeds", "templates"):
        if (source / name).is_dir():
            shutil.copytree(source / name, target / name)
    return target


@dataclass(frozen=True)
class Sentence:
    """A sentence to edit: in one locale, in a text that these audiences are shown."""

    file: str
    text: str
    audiences: list[str]

    def edit(self) -> None:
        path = Path(self.file)
        path.write_text(path.read_text("utf-8").replace(self.text, self.text + _ADDED, 1), "utf-8")


def sentences(root: Path) -> tuple[list[Sentence], Sentence]:
    """For each audience one that no other is shown, if it has any, and one that the most are shown."""
    found = [Sentence(**each) for each in json.loads(_output("sentences.py", root))]
    own = {each.audiences[0]: each for each in reversed(found) if len(each.audiences) == 1}
    return list(own.values()), max(found, key=lambda each: len(each.audiences))


@dataclass(frozen=True)
class Prepared:
    """The variants for other tools (see scripts/prepare.py), by name with their locale."""

    folder: Path
    locales: dict[str, str]

    def path(self, name: str, suffix: str) -> Path:
        return self.folder / f"{name}.{suffix}"


def prepare(root: Path, folder: Path) -> Prepared:
    folder.mkdir()
    _output("prepare.py", root, folder)
    return Prepared(folder, json.loads((folder / "locales").read_text()))


def _output(script: str, *arguments: Path) -> bytes:
    command = [sys.executable, _SCRIPTS / script, *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
