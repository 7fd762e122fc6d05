"""Shows the progress of a command: a bar on a terminal, and a line while the command waits for another process."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from brief.model.artifact import Progress


@contextmanager
def show_progress(title: str = "Printing") -> Iterator[Progress | None]:
    """Shows a bar on standard error; yields its callback for (done, total), or None if that is not a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as ProgressBar

    columns = (TextColumn(title), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with ProgressBar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def print_wait(holder: str) -> None:
    """Prints that the command waits for the process `holder`, which holds a lock."""
    click.echo(f"brief: waiting for {holder}", err=True)
