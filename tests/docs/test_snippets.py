"""The commands and snippets of the documentation: those of the tutorial are run, all others are at least valid."""

import ast
import contextlib
import importlib
import itertools
import json
import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest
import yaml

from brief.cli.main import group

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


def list_commands() -> list[tuple[str, str]]:
    """Lists the commands of `brief` in the shell snippets of all pages."""
    joined = ((page, text.replace("\\\n", " ")) for page, text in list_snippets("sh"))
    lines = ((page, line.strip()) for page, text in joined for line in text.splitlines())
    return list(dict.fromkeys((page, line) for page, line in lines if line.startswith("brief ")))


@pytest.mark.parametrize(("page", "line"), list_commands())
def test_a_command_is_one_that_brief_has(page: str, line: str) -> None:
    words = shlex.split(line, comments=True)
    words = list(itertools.takewhile(lambda word: word not in {"||", "&&", "|", ">"}, words))[1:]
    command: click.Command = group
    context = click.Context(group, info_name="brief")
    while isinstance(command, click.Group):
        name = words.pop(0)
        found = command.get_command(context, name)
        assert found is not None, f"{page}: there is no command {name!r}"
        command, context = found, click.Context(found, info_name=name, parent=context)
    # Whether files exist is not checked here, and values are only split.
    command.make_parser(context).parse_args(words)


def run_page(name: str, folder: Path) -> str:
    """Runs the shell snippets of a page in a new folder, and returns what they print; what the page shows must be in it."""
    steps = [text for page, text in list_snippets("sh") if page == name]
    shown = [text for page, text in list_snippets("text") if page == name]
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "BRIEF_CACHE_DIR": str(folder / "cache"),
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
            shell.communicate("\n".join(steps))
        finally:
            # A step that fails leaves the servers that earlier ones started.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(shell.pid, signal.SIGKILL)
    said = printed.read_text("utf-8")
    assert shell.returncode == 0, said
    for expected in shown:
        assert expected in said
    return said


def test_the_tutorial_does_what_it_says(tmp_path: Path) -> None:
    assert "status 1" in run_page("tutorial.md", tmp_path)
    assert (tmp_path / "heat-pumps/output/heat-pumps").is_dir()


def test_a_stale_translation_is_refused_and_marked_as_the_session_shows(tmp_path: Path) -> None:
    said = run_page("stale-translations.md", tmp_path)
    for command in ("build", "approve", "plan", "send"):
        assert f"{command}: status 1" in said
    assert (tmp_path / "demo/output/night-buses").is_dir()


@pytest.mark.parametrize(("page", "text"), list_snippets("yaml"))
def test_yaml_can_be_read(page: str, text: str) -> None:
    # An ellipsis stands for what the reader would write there.
    assert yaml.safe_load(text.replace(", ...}", "}")) is not None, page


@pytest.mark.parametrize(("page", "text"), list_snippets("json"))
def test_json_can_be_read(page: str, text: str) -> None:
    for document in re.split(r"\n(?=\{)", text):
        assert json.loads(document), page


@pytest.mark.parametrize(("page", "text"), list_snippets("python"))
def test_python_can_be_parsed_and_imports_what_there_is(page: str, text: str) -> None:
    for node in ast.walk(ast.parse(text.replace(", ...}", "}"), page)):
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("brief"):
            module = importlib.import_module(str(node.module))
            assert [each.name for each in node.names if not hasattr(module, each.name)] == []
