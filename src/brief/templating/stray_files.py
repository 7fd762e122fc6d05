"""Finds files among a project's template sets that no template set uses."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path, PurePosixPath

from brief.model.diagnostic_sink import find_nearest_name
from brief.model.diagnostics import Diagnostic, Severity
from brief.model.source_location import SourceLocation
from brief.reading.layout import is_exempt_if_unused, is_hidden_or_backup
from brief.templating.packaged import PACKAGED
from brief.templating.set_file import BRAND, SETTINGS

_FOLDER = "templates"
_TEXT_SUFFIXES = (".j2", ".css", ".yaml", ".svg", ".typ", ".txt", ".html")
_MAX_BYTES = 1_000_000


def find_stray_files(root: Path, used: Collection[str] | None = None) -> Iterator[Diagnostic]:
    """Yields a warning for each file below `templates/` that nothing reads: files beside the sets, and files of a set.
    Also yields one for each set whose name is not in `used`, unless that is None, which means unknown.

    A set uses files with the same name as a file of a packaged set, and files that its own text files name.
    """
    packaged_names = _list_packaged_names()
    folder = root / _FOLDER
    if folder.resolve() in (packaged.resolve() for packaged in PACKAGED):
        # A checkout of the program itself.
        return
    brand = _read_text(folder / BRAND)
    sets = sorted(path for path in folder.glob("*") if path.is_dir() and not is_hidden_or_backup(path.name))
    for path in sorted(path for path in folder.glob("*") if path.is_file()):
        if path.name != BRAND and path.name not in brand and not is_exempt_if_unused(path.name):
            hint = (
                f"did you mean {_FOLDER}/{BRAND}?"
                if find_nearest_name(path.name, (BRAND,))
                else f"move it into the folder of a template set that uses it, or out of {_FOLDER}/"
            )
            yield _report(path, root, hint)
    for set_folder in sets:
        files = sorted(
            path
            for path in set_folder.rglob("*")
            if path.is_file() and not is_hidden_or_backup(path.relative_to(set_folder).as_posix())
        )
        if used is not None and set_folder.name not in used and files:
            yield _report_unused_set(set_folder, files, root, used)
        texts = [(path, _read_text(path)) for path in files if path.name.endswith(_TEXT_SUFFIXES)]
        for path in files:
            name = path.relative_to(set_folder).as_posix()
            if name in (SETTINGS, *packaged_names) or is_exempt_if_unused(name):
                continue
            if not any(path.name in text for other, text in texts if other != path):
                yield _report(path, root, _suggest(name, packaged_names))


def _report_unused_set(set_folder: Path, files: Sequence[Path], root: Path, used: Collection[str]) -> Diagnostic:
    first = set_folder / SETTINGS if set_folder / SETTINGS in files else files[0]
    near = find_nearest_name(set_folder.name, {*used, *_list_packaged_sets()} - {set_folder.name})
    name = first.relative_to(set_folder).as_posix()
    hint = (
        f"did you mean {_FOLDER}/{near}/{name}?"
        if near
        else f"write 'template_set: {set_folder.name}' in content/brief.yaml or in an audience, or remove the set"
    )
    return replace(_report(first, root, hint), message=f"no audience uses the template set '{set_folder.name}'")


def _suggest(name: str, packaged_names: frozenset[str]) -> str:
    if name == BRAND:
        return f"write its keys in {SETTINGS}, or move it to {_FOLDER}/{BRAND}, which applies to every template set"
    # Names in one folder begin alike, so only the last part is compared.
    paths = {PurePosixPath(path).name: path for path in sorted((*packaged_names, SETTINGS), reverse=True)}
    near = find_nearest_name(PurePosixPath(name).name, paths)
    return f"did you mean {paths[near]}?" if near else "remove it, or use it in a template"


def _report(path: Path, root: Path, hint: str) -> Diagnostic:
    location = SourceLocation(path.relative_to(root).as_posix())
    return Diagnostic("unused-file", "nothing reads this file", location, hint, Severity.WARNING)


def _list_packaged_sets() -> set[str]:
    return {set_folder.name for folder in PACKAGED for set_folder in folder.glob("*")}


@cache
def _list_packaged_names() -> frozenset[str]:
    """Lists the names that a file of a set may have because a packaged set has them."""
    return frozenset(
        path.relative_to(set_folder).as_posix()
        for folder in PACKAGED
        for set_folder in folder.glob("*")
        for path in set_folder.rglob("*")
        if path.is_file()
    )


def _read_text(path: Path) -> str:
    try:
        return path.read_bytes()[:_MAX_BYTES].decode("utf-8", "replace")
    except OSError:
        return ""
