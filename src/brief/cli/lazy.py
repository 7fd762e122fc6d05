"""Groups of commands that import a command when it is called, so that `--help` is instant."""

from collections.abc import Mapping
from importlib import import_module

import click


class LazyGroup(click.Group):
    """`commands_of` has what each command does, in one line, by its name; its module in `package` defines `command`."""

    package: str
    commands_of: Mapping[str, str]

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self.commands_of)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.commands_of:
            return None
        command: click.Command = import_module(f"{self.package}.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(self.commands_of.items()))
