"""The commands and snippets of the documentation: all are valid. Those of the tutorial run in
packaging/test_wheel.py, and others in test_sessions.py.
"""

import ast
import importlib
import itertools
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml
from doc_snippets import ROOT, list_snippets, run_page, run_shell

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


def test_a_stale_translation_is_refused_and_marked_as_the_session_shows(tmp_path: Path) -> None:
    said = run_page("stale-translations.md", tmp_path)
    for command in ("build", "approve", "plan", "send"):
        assert f"{command}: status 1" in said
    assert (tmp_path / "demo/output/night-buses").is_dir()


# What the author of the content names: columns of datasets and the values in `where`, colours, and codes of diagnostics.
NAMED_BY_AUTHORS = {"columns", "where", "values", "colours", "allow", "quantity_columns", "units"}
# The keys of GitHub's workflows, of which `with` has the inputs of an action.
OF_WORKFLOWS = {"uses", "run", "with", "if", "path", "sarif_file", "fetch-depth"}
LOCALE = re.compile("[a-z]{2}(-Han[st](-HK)?)?")
OF_SNAPSHOTS = {"images", "resolution", "tolerance", "colour_difference", "pixels_per_thousand"}


@pytest.fixture(scope="module")
def known_keys(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The keys of all files of a project, and of the other files that pages show."""
    folder = tmp_path_factory.mktemp("schemas")
    run_shell("brief new demo --starter one-page", folder)
    schemas = [json.loads(path.read_text("utf-8")) for path in (folder / "demo/.schema").glob("*.json")]
    inputs: dict[str, object] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["inputs"]
    return {key for schema in schemas for key in list_properties(schema)} | OF_WORKFLOWS | OF_SNAPSHOTS | inputs.keys()


def list_properties(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        properties = schema.get("properties")
        yield from properties if isinstance(properties, dict) else ()
    for value in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from list_properties(value)


def list_keys(value: object) -> Iterator[str]:
    """Yields the keys that the program defines, without those that an author names."""
    if isinstance(value, dict):
        for key, content in value.items():
            is_text = LOCALE.fullmatch(str(key)) is not None
            yield from () if is_text else (key,)
            if not is_text and not (key in NAMED_BY_AUTHORS and isinstance(content, dict)):
                yield from list_keys(content)
    elif isinstance(value, list):
        for item in value:
            yield from list_keys(item)


@pytest.mark.parametrize(("page", "text"), list_snippets("yaml"))
def test_yaml_has_keys_that_there_are(page: str, text: str, known_keys: set[str]) -> None:
    # An ellipsis stands for what the reader would write there.
    content = yaml.safe_load(text.replace(", ...}", "}"))
    assert content is not None
    assert [key for key in list_keys(content) if key not in known_keys] == [], page


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
