"""Options that several commands share."""

from pathlib import Path

import click

project = click.option(
    "-C",
    "root",
    metavar="PROJECT",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="The project folder (default: this one).",
)
