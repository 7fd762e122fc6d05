"""Where the packaged template sets are: inside the package in a wheel, at the top of a source checkout."""

from pathlib import Path

_HERE = Path(__file__).resolve()
PACKAGED = (_HERE.parents[1] / "template_sets", _HERE.parents[3] / "templates")


def is_packaged(folder: Path) -> bool:
    """Whether the folder is that of a packaged set, whichever way its path leads there."""
    return folder.resolve().parent in PACKAGED
