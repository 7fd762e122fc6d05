"""Finds the packaged template sets: inside the package in a wheel, at the top of a source checkout."""

from pathlib import Path

_HERE = Path(__file__).resolve()
PACKAGED = (_HERE.parents[1] / "template_sets", _HERE.parents[3] / "templates")


def is_packaged(path: Path, folder: Path) -> bool:
    """Returns whether a file of a set is packaged, or an unchanged copy of a packaged file.

    `folder` is the folder of the set, which has the set's name; `path` is below it.
    """
    packaged = next(
        (file for root in PACKAGED if (file := root / folder.name / path.relative_to(folder)).is_file()), None
    )
    return packaged is not None and (path.resolve() == packaged or path.read_bytes() == packaged.read_bytes())


def is_packaged_folder(folder: Path) -> bool:
    """Returns whether the folder is a packaged set, so that its files need not be compared with packaged ones."""
    return folder.resolve().parent in PACKAGED
