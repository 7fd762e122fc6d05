"""The type of options that name a single file to write."""

from pathlib import Path
from typing import Any

import click

from brief.publish.output_file import find_output_problem


class OutputFile(click.Path):
    """A path that a file may be written to: not a source of the project, nor a file of a pack, nor a record of mail."""

    def __init__(self) -> None:
        super().__init__(dir_okay=False, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Returns the path; raises BadParameter if it must not be written to."""
        path = Path(str(super().convert(value, param, ctx)))
        if problem := find_output_problem(path):
            self.fail(f"'{path}' {problem}; choose another file", param, ctx)
        return path
