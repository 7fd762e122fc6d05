"""A closed or full standard output or standard error ends a command with one line, and never looks like errors in the content."""

import subprocess
import sys

import pytest
from projects import ProjectCopy

COMMANDS = (
    *(("list",), ("evidence",), ("schema",), ("check",), ("--help",)),
    *(
        ("check", "--format", "json"),
        ("translate", "status"),
        ("mail", "status"),
        ("explain", "bare-figure"),
        ("--version",),
    ),
    ("build", "--help"),
)


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_a_closed_standard_output_is_one_line(project: ProjectCopy, arguments: tuple[str, ...]) -> None:
    command = [sys.executable, "-c", "from brief.cli.main import main; main()", *arguments]
    closed = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" >&-', "sh", *command],
        cwd=project.root,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert (closed.returncode, closed.stderr) == (3, "brief: standard output is closed\n")
    loud = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" 2>&-', "sh", *command],
        cwd=project.root,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert (loud.returncode, loud.stdout) == (3, "brief: standard error is closed\n")
    silent = subprocess.run(["/bin/sh", "-c", 'exec "$@" >&- 2>&-', "sh", *command], cwd=project.root, check=False)
    assert silent.returncode == 3


def test_a_full_standard_error_is_not_an_error_in_the_content(project: ProjectCopy) -> None:
    command = [sys.executable, "-c", "from brief.cli.main import main; main()", "check"]
    full = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" 2>/dev/full', "sh", *command],
        cwd=project.root,
        stdout=subprocess.PIPE,
        check=False,
    )
    assert full.returncode == 3
