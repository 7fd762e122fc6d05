"""Runs `brief check --fix`, and prints what was fixed and what was not."""

import sys
from pathlib import Path

import click

from brief.cli.diagnostics import escape_controls, make_relative
from brief.model.counts import format_count
from brief.project.fixing import Fixes, plan_fixes

_MAX_LISTED = 5


def show_changes(root: Path) -> None:
    """Prints the changes that `write_fixes` would make, as a unified diff on standard output for git and patch.

    Says on standard error how many problems it would fix, and which not.
    """
    fixes = plan_fixes(root)
    is_read_by_program = not sys.stdout.isatty()
    for line in fixes.describe_changes():
        # `escape_controls` replaces tabs, which a diff must keep.
        escaped = line if is_read_by_program else "\t".join(map(escape_controls, line.removesuffix("\r").split("\t")))
        click.echo(f"{escaped}\n".encode(), nl=False)
    _report(fixes, "would fix")


def write_fixes(root: Path) -> None:
    """Fixes the project, and says on standard error how many problems it fixed, and which not."""
    fixes = plan_fixes(root)
    fixes.write()
    _report(fixes, "fixed")


def _report(fixes: Fixes, verb: str) -> None:
    problems, files = len(fixes.fixed), len({*fixes.contents, *fixes.renamed.values()})
    count = f"{format_count(problems, 'problem')} in {format_count(files, 'file')}"
    click.echo(f"brief: {verb} {count}" if problems else "brief: nothing to fix", err=True)
    for withdrawn in fixes.withdrawn:
        problem = withdrawn.diagnostic
        location = make_relative(problem.location, fixes.root)
        text = f"{location}: not fixed[{problem.code}]: {problem.message}: {withdrawn.reason}"
        click.echo(escape_controls(text), err=True)
    if fixes.accepted:
        click.echo(
            f"brief: accepted translations of {_format_names(fixes.accepted)} stay accepted: no word changed", err=True
        )
    if fixes.stale:
        message = f"brief: words of {_format_names(fixes.stale)} changed, so their translations are stale: review them, then run "
        click.echo(f"{message}'brief translate accept'", err=True)


def _format_names(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - _MAX_LISTED} more" if len(names) > _MAX_LISTED else ""
    return f"{', '.join(names[:_MAX_LISTED])}{more}"
