"""The commands and snippets of the documentation: all are valid, and those of the tutorial are run; see test_sessions.py too."""

import ast
import importlib
import itertools
import json
import re
import shlex
from pathlib import Path

import click
import pytest
import yaml
from doc_snippets import list_snippets, run_page

from brief.cli.main import group


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


def test_the_tutorial_does_what_it_says(tmp_path: Path) -> None:
    assert "status 1" in run_page("tutorial.md", tmp_path)
    assert (tmp_path / "heat-pumps/output/ferries").is_dir()


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
