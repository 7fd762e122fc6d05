"""Loading an earlier state of the project, or another project, for a command that compares."""

import sys
from dataclasses import replace
from pathlib import Path

import click

from brief.cli.diagnostics import DiagnosticFormat, show
from brief.model.diagnostics import ContentError
from brief.project.project import Project
from brief.project.revisions import ComparisonSide, open_side


def load_revision(name: str, root: Path) -> Project:
    """The project as it was at a git revision or is in another folder; ends the program where that has faults."""
    with open_side(name, root) as side:
        return load_side(side)


def load_side(side: ComparisonSide) -> Project:
    """The project of one side; shows its faults and ends the program where it has any."""
    try:
        return Project.load(side.folder)
    except ContentError as error:
        click.echo(f"brief: {side.name} has faults:", err=True)
        # Where a revision was put out to be read is nothing to anybody, and gone.
        faults = [
            replace(d, message=d.message.replace(str(side.folder.resolve()), side.name)) for d in error.diagnostics
        ]
        show(faults, DiagnosticFormat.TEXT, side.folder, of_revision=True)
        sys.exit(1)
