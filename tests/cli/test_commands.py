"""The table of commands and the modules of commands name the same commands, and each explains itself."""

import pkgutil
from importlib import import_module

import pytest
from click.testing import CliRunner

from brief.cli import commands
from brief.cli.main import COMMANDS, group


def test_every_module_is_listed_and_every_command_has_a_module() -> None:
    assert {module.name for module in pkgutil.iter_modules(commands.__path__)} == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_help(name: str) -> None:
    assert import_module(f"brief.cli.commands.{name}").command.help
    shown = CliRunner().invoke(group, [name, "--help"])
    assert (shown.exit_code, f"{name} [OPTIONS]" in shown.output) == (0, True)
