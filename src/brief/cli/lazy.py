"""Command groups that import a command only when it is called, so that `--help` is fast."""

from collections.abc import Mapping
from difflib import get_close_matches
from importlib import import_module

import click

from brief.workers.collector import pause_collector


class LazyGroup(click.Group):
    """A group whose `summaries` maps the names of commands to one-line descriptions. The module of that name in
    `package` defines `command`, and is imported only when the command runs.
    """

    package: str
    summaries: Mapping[str, str]

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self.summaries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.summaries:
            return None
        # Imports leave no garbage, and the collector would search the new objects again and again.
        with pause_collector():
            command: click.Command = import_module(f"{self.package}.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Finds the command; for an unknown name, the error suggests the closest one."""
        name = args[0]
        if not name.startswith("-") and name not in self.summaries:
            close = get_close_matches(name, self.summaries, n=1)
            hint = f"; did you mean '{close[0]}'?" if close else f"; run '{ctx.command_path} --help' for a list"
            ctx.fail(f"unknown command '{name}'{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(self.summaries.items()))
