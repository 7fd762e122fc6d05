"""Command groups that import a command only when it is called, so that `--help` is fast."""

from collections.abc import Mapping
from difflib import get_close_matches
from importlib import import_module

import click

from brief.workers.collector import pause_collector


class LazyGroup(click.Group):
    """A group of commands. `summaries` maps the name of each to a one-line description.

    The module of that name in `package` defines the command as `command`, and is imported only when the command runs.
    """

    package: str
    summaries: Mapping[str, str]

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self.summaries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.summaries:
            return None
        # Imports leave no garbage, but make so many objects that the collector would search them several times.
        with pause_collector():
            command: click.Command = import_module(f"{self.package}.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Finds the command; raises UsageError for an unknown name, and suggests the closest one."""
        name = args[0]
        if not name.startswith("-") and name not in self.summaries:
            close = get_close_matches(name, self.summaries, n=1)
            hint = f"; did you mean '{close[0]}'?" if close else f"; run '{ctx.command_path} --help' for a list"
            ctx.fail(f"unknown command '{name}'{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(self.summaries.items()))
