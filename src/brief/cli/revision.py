"""Loads an earlier revision of the project, or another project, for a command that compares."""

import sys
from dataclasses import replace
from pathlib import Path

import click

from brief.cli.diagnostics import DiagnosticFormat, show
from brief.model.diagnostics import ContentError
from brief.project.project import Project
from brief.project.revisions import ComparisonSide, open_side


def load_revision(name: str, root: Path) -> Project:
    """Loads a project from a git revision or another folder; if it has errors, prints them and exits with 1."""
    with open_side(name, root) as side:
        return load_side(side)


def load_side(side: ComparisonSide) -> Project:
    """Loads one of the two projects that are compared; if it has errors, prints them and exits with 1."""
    try:
        return Project.load(side.folder)
    except ContentError as error:
        click.echo(f"brief: {side.name} has errors:", err=True)
        # The folder of a revision is temporary, so messages have the name of the revision instead.
        diagnostics = [
            replace(d, message=d.message.replace(str(side.folder.resolve()), side.name)) for d in error.diagnostics
        ]
        show(diagnostics, DiagnosticFormat.TEXT, side.folder, of_revision=True)
        sys.exit(1)
