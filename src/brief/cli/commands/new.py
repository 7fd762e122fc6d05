"""`brief new`: a small working project."""

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import click


@click.command
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def command(folder: Path) -> None:
    """Start a small working project in three locales.

    DIR must not exist yet, or be empty.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise click.UsageError(f"{folder} exists and is not an empty folder")
    _copy(resources.files("brief") / "starter", folder)
    click.echo(f"{folder} is ready. Next: cd {folder} && brief build")


def _copy(source: Traversable, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for entry in source.iterdir():
        if entry.is_dir():
            _copy(entry, target / entry.name)
        else:
            (target / entry.name).write_bytes(entry.read_bytes())
