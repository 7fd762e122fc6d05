"""Lists the snippets of the documentation, and runs those of a page."""

import contextlib
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_FENCE = re.compile(r"^( *)```(\w*)[^\n]*\n(.*?)^ *```$", re.M | re.S)


def list_snippets(language: str) -> list[tuple[str, str]]:
    """Lists the snippets in a language with the pages that they are from."""
    found = []
    for page in PAGES:
        for indent, name, text in _FENCE.findall(page.read_text("utf-8")):
            if name == language:
                found.append((page.name, "\n".join(line.removeprefix(indent) for line in text.splitlines())))
    return found


def run_page(name: str, folder: Path, programs: Path = Path(sys.executable).parent) -> str:
    """Runs the shell snippets of a page in a new folder, and returns what they print; what the page shows must be in it.

    `brief` is the one in the folder `programs`.
    """
    said = run_shell("\n".join(text for page, text in list_snippets("sh") if page == name), folder, programs)
    for expected in (text for page, text in list_snippets("text") if page == name):
        assert expected in said
    return said


def run_shell(
    script: str, folder: Path, programs: Path = Path(sys.executable).parent, cache: Path | None = None
) -> str:
    """Runs a script, of which no command may fail, in a folder, and returns what it prints.

    `brief` is the one in the folder `programs`; its cache is new unless one is given.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    environment = (dict(os.environ) if programs == Path(sys.executable).parent else inherited) | {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "BRIEF_CACHE_DIR": str(cache or folder / "cache"),
    }
    printed = folder / "printed.txt"
    with (
        printed.open("w") as output,
        subprocess.Popen(
            ["bash", "-e", "-o", "pipefail"],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=environment,
            text=True,
            start_new_session=True,
        ) as shell,
    ):
        try:
            shell.communicate(script)
        finally:
            # A step that fails leaves the servers that earlier ones started.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(shell.pid, signal.SIGKILL)
    said = printed.read_text("utf-8")
    assert shell.returncode == 0, said
    return said
