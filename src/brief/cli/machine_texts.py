"""Prints which texts a program wrote into the content."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from brief.cli.diagnostics import DiagnosticFormat, show
from brief.model.diagnostics import has_errors

if TYPE_CHECKING:
    from brief.project.machine_texts import MachineTexts


def show_machine_texts(texts: "MachineTexts", root: Path, participle: str) -> int:
    """Prints how many texts were written to each file, and the diagnostics; returns the exit status.

    `participle` says what was done with the texts, such as "drafted".
    """
    if texts.diagnostics:
        show(texts.diagnostics, DiagnosticFormat.TEXT, root)
    for name, count in Counter(text.text.location.file for text in texts.written).items():
        click.echo(f"{name}: {count} '{texts.locale}' text{'' if count == 1 else 's'} {participle}")
    count = len(texts.written)
    hint = (
        f"; look at {'it' if count == 1 else 'them'}, then run 'brief translate accept -l {texts.locale}'"
        if count
        else ""
    )
    click.echo(f"brief: {count} text{'' if count == 1 else 's'} {participle}{hint}", err=True)
    return 1 if has_errors(texts.diagnostics) else 0
