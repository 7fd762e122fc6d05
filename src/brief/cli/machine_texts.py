"""Shows which texts a program wrote into the content."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from brief.cli.diagnostics import DiagnosticFormat, show
from brief.model.diagnostics import has_errors

if TYPE_CHECKING:
    from brief.project.machine_texts import MachineTexts


def show_written(done: "MachineTexts", root: Path, how: str) -> int:
    """Prints what was written and what was refused; returns the exit status."""
    if done.diagnostics:
        show(done.diagnostics, DiagnosticFormat.TEXT, root)
    for name, count in Counter(text.text.location.file for text in done.written).items():
        click.echo(f"{name}: {count} '{done.locale}' text{'' if count == 1 else 's'} {how}")
    count = len(done.written)
    hint = (
        f"; look at {'it' if count == 1 else 'them'}, then run 'brief translate accept -l {done.locale}'"
        if count
        else ""
    )
    click.echo(f"brief: {count} text{'' if count == 1 else 's'} {how}{hint}", err=True)
    return 1 if has_errors(done.diagnostics) else 0
