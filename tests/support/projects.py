"""Makes writable copies of the starter project, and runs the command line on them in this process."""

import contextlib
import functools
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import brief
from brief.cli import main
from brief.project.new_project import DEFAULT_LOCALES, LOCALES
from brief.reading.locale_selection import keep_locales

THEME = "content/themes/ridership.yaml"
SETTINGS = "content/brief.yaml"
SEED = "seeds/reader-survey.yaml"


def _write_starter(folder: Path) -> Path:
    """Writes the starter for research briefings in the locales that it has if none are chosen."""
    root = shutil.copytree(Path(brief.__file__).parent / "starters/research", folder / "research")
    for path in root.rglob("*.yaml"):
        path.write_text(keep_locales(path.read_text("utf-8"), DEFAULT_LOCALES, LOCALES), "utf-8")
    settings, people = root / SETTINGS, root / "recipients.csv"
    listed = f"locales: [{', '.join(LOCALES)}]"
    settings.write_text(
        settings.read_text("utf-8").replace(listed, f"locales: [{', '.join(DEFAULT_LOCALES)}]"), "utf-8"
    )
    rows = people.read_text("utf-8").splitlines(keepends=True)
    people.write_text(
        "".join(row for row in rows if row.strip().rpartition(",")[2] in ("locale", *DEFAULT_LOCALES)), "utf-8"
    )
    return root


_FOLDER = tempfile.TemporaryDirectory(prefix="brief-starter-")
STARTER = _write_starter(Path(_FOLDER.name))

_STRICTER_RULES = re.compile(
    r"^# Every item must state its clearance.*\n|^explicit_clearance: true\n|^ *clearance: public\n"
    r"|^# A statement that draws on no claim.*\n|^require_claims: true\n",
    re.M,
)

# Stands in a test's text where the error is expected; taken out before the text is used.
HERE = "▸"


@dataclass(frozen=True)
class Run:
    """The result of a command."""

    status: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Found:
    """One diagnostic as `brief check --format json` reports it."""

    code: str
    severity: str
    file: str
    line: int
    column: int
    message: str
    hint: str
    related: str

    @property
    def where(self) -> tuple[str, int, int]:
        return self.file, self.line, self.column


def run_brief(*args: str | Path, cwd: Path) -> Run:
    """Runs the command line as a shell would, without the cost of a new process.

    A build is made in this process too, unless `args` say by how many others, for each imports the engines first.
    """
    if args[:1] == ("build",) and not {"--jobs", "--cluster", "--help"}.intersection(args):
        args = (*args, "--jobs", "1")
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with (
        contextlib.chdir(cwd),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        patch.object(sys, "argv", ["brief", *map(str, args)]),
    ):
        try:
            main()
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
    read = [stream.buffer.getvalue().decode() for stream in (out, err)]
    return Run(status, *read)


class ProjectCopy:
    """A copy of the starter project, or another, for tests to change."""

    def __init__(self, root: Path, original: Path = STARTER) -> None:
        self.root = root
        shutil.copytree(original, root)
        if original == STARTER:
            self._leave_out_stricter_rules()

    def _leave_out_stricter_rules(self) -> None:
        """What new projects say everywhere is left out again, so that a test need not say it of all that it adds."""
        for name in (SETTINGS, THEME, SEED, "content/glossary.yaml"):
            self.write(name, _STRICTER_RULES.sub("", self.read(name)))

    def read(self, name: str) -> str:
        return (self.root / name).read_text("utf-8")

    def write(self, name: str, content: str | bytes) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def replace(self, name: str, old: str, new: str) -> tuple[str, int, int]:
        """Replaces `old`, which must occur once, by `new` and returns the location that `HERE` marks in it."""
        text = self.read(name)
        assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times in {name}"
        return self.mark(name, text.replace(old, new))

    def mark(self, name: str, text: str) -> tuple[str, int, int]:
        """Writes a file and returns the location that `HERE` marks in it, or (file, 0, 0)."""
        before, marked, after = text.partition(HERE)
        assert HERE not in after
        self.write(name, before + after)
        lines = before.split("\n")
        return (name, len(lines), len(lines[-1]) + 1) if marked else (name, 0, 0)

    def accept_translations(self) -> None:
        """Records the translations of the starter, which the copy still has, as accepted."""
        self.write("content/translations.lock", _accept_starter())

    def run(self, *args: str) -> Run:
        return run_brief(*args, "-C", self.root, cwd=self.root)

    def start(self, *args: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        """Starts the command line in a separate process, so that it can be killed."""
        return subprocess.Popen(
            [sys.executable, "-c", "from brief.cli import main; main()", *args, "-C", self.root],
            env={**os.environ, **(env or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def check(self, *args: str) -> tuple[int, list[Found]]:
        """Runs `brief check` and returns the exit status and the diagnostics.

        No one accepts the translations that tests write; a warning about that is left out if it is the copy's own.
        """
        ran = self.run("check", "--format", "json", *args)
        found = [_read_found(diagnostic) for diagnostic in json.loads(ran.stdout)]
        has_record = (self.root / "content/translations.lock").exists()
        return ran.status, [each for each in found if has_record or each.code != "unreviewed-translation"]

    def page(self, audience: str = "council", locale: str = "en") -> str:
        """Builds one variant as HTML."""
        built = self.run("build", "-f", "html", "-a", audience, "-l", locale, "--jobs", "1", "--draft")
        assert built.status == 0, built.stderr
        return Path(self.root.parent / built.stdout.strip()).read_text("utf-8")

    def files(self, folder: str = ".") -> dict[str, bytes | str]:
        """Lists everything below a folder: the bytes of files, the targets of links, and "folder"."""
        return {path.relative_to(self.root).as_posix(): _content(path) for path in (self.root / folder).rglob("*")}


@functools.cache
def _accept_starter() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        copy = ProjectCopy(Path(folder) / "project")
        assert copy.run("translate", "accept").status == 0
        return (copy.root / "content/translations.lock").read_bytes()


def _content(path: Path) -> bytes | str:
    if path.is_symlink():
        return f"link to {path.readlink()}"
    return "folder" if path.is_dir() else path.read_bytes()


def _read_found(diagnostic: dict[str, object]) -> Found:
    related = diagnostic.pop("related")
    location = "{file}:{line}:{column}".format(**related) if isinstance(related, dict) else ""
    return Found(**{key: "" if value is None else value for key, value in diagnostic.items()}, related=location)  # type: ignore[arg-type]
