"""A closed standard output ends a command with one line, and a closed standard error drops the messages."""

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
    silent = subprocess.run(["/bin/sh", "-c", 'exec "$@" >&- 2>&-', "sh", *command], cwd=project.root, check=False)
    assert silent.returncode == 3
