"""The type of options that name a single file to write."""

from pathlib import Path
from typing import Any

import click

from brief.publish.output_file import find_output_problem


class OutputFile(click.Path):
    """A path to write a file to: not one of the project's sources, nor in a pack, nor a record of mail."""

    def __init__(self) -> None:
        super().__init__(dir_okay=False, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Returns the path; fails as a usage error if it must not be written to."""
        path = Path(str(super().convert(value, param, ctx)))
        if problem := find_output_problem(path):
            self.fail(f"'{path}' {problem}; choose another file", param, ctx)
        return path
