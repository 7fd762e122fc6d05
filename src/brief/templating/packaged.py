"""Finds the packaged template sets: inside the package in a wheel, at the top of a source checkout."""

from pathlib import Path

_HERE = Path(__file__).resolve()
PACKAGED = (_HERE.parents[1] / "template_sets", _HERE.parents[3] / "templates")


def is_packaged(path: Path, folder: Path) -> bool:
    """Returns whether the file of a set's `folder` is that of the packaged set of this name, or an unchanged copy of
    it.
    """
    same = next((file for root in PACKAGED if (file := root / folder.name / path.relative_to(folder)).is_file()), None)
    return same is not None and (path.resolve() == same or path.read_bytes() == same.read_bytes())


def is_packaged_folder(folder: Path) -> bool:
    """Returns whether the folder is a packaged set itself, all of whose files are packaged: most sets of a chain are."""
    return folder.resolve().parent in PACKAGED
