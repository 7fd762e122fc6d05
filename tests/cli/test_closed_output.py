"""A closed standard output ends a command with one line, and messages that cannot be written are not lost unnoticed."""

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


@pytest.mark.parametrize("stream", ["2>/dev/full", "2>&-"])
def test_a_message_that_cannot_be_written_is_no_success(project: ProjectCopy, stream: str) -> None:
    command = [sys.executable, "-c", "from brief.cli.main import main; main()"]
    order = f'exec "$@" {stream}'
    checked = subprocess.run(
        ["/bin/sh", "-c", order, "sh", *command, "check"], cwd=project.root, check=False, capture_output=True
    )
    assert checked.returncode == 3
    # Where there was nothing to say, nothing was lost.
    silent = subprocess.run(
        ["/bin/sh", "-c", order, "sh", *command, "--version"], cwd=project.root, check=False, capture_output=True
    )
    assert (silent.returncode, silent.stdout.split()[0]) == (0, b"brief")


@pytest.mark.parametrize("order", ['"$@" evidence | true', '"$@" evidence 2>&1 | true', '"$@" check 2>&1 | true'])
def test_a_reader_that_wants_no_more_ends_it_quietly(project: ProjectCopy, order: str) -> None:
    command = [sys.executable, "-c", "from brief.cli.main import main; main()"]
    script = f"set -o pipefail; {order}; echo $?"
    ran = subprocess.run(
        ["/bin/bash", "-c", script, "bash", *command], cwd=project.root, check=False, capture_output=True, text=True
    )
    assert (ran.stdout, ran.stderr) == ("0\n", "")
