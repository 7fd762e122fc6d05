"""Finds files of a project that nothing reads, and suggests where each was most likely meant to be."""

import os
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from itertools import chain
from pathlib import Path, PurePosixPath

from brief.model.appearance.brand import Brand, SetSettings
from brief.model.brief import Audience, Glossary, Settings, Theme
from brief.model.diagnostic_sink import DiagnosticSink, find_nearest_name
from brief.model.diagnostics import RenameFix
from brief.model.evidence import Source
from brief.model.figures.declared_units import DeclaredUnits
from brief.model.source_location import SourceLocation
from brief.reading.layout import (
    ASSETS,
    AUDIENCES,
    CATALOGUES,
    DATA,
    GLOSSARY,
    SETTINGS,
    SOURCES,
    THEMES,
    TRANSLATIONS,
    UNITS,
    VEGA,
    is_exempt_if_unused,
    is_hidden_or_backup,
)
from brief.reading.record_hints import list_record_keys

BRAND = "templates/brand.yaml"
_SET_FILE = "templates/NAME/set.yaml"
# The single files of a project: the path at which a file of that name is read.
_SINGLE_FILES: Mapping[str, str] = {
    PurePosixPath(path).name: path for path in (SETTINGS, GLOSSARY, UNITS, TRANSLATIONS, BRAND)
}
# The folders whose files are read one by one, and the suffixes of these files.
_FOLDERS: Mapping[str, str] = {THEMES: ".yaml", AUDIENCES: ".yaml", SOURCES: ".yaml", CATALOGUES: ".po"}
_TEMPLATES = "templates"
_YAML = (".yaml", ".yml")
_PICTURES = (".png", ".jpg", ".jpeg", ".svg", ".gif", ".webp", ".avif")
# The record in a single file or in the files of a folder, and what messages call it.
_CONTENTS: Mapping[str, tuple[type, str]] = {
    SETTINGS: (Settings, "the settings of a brief"),
    GLOSSARY: (Glossary, "a glossary"),
    UNITS: (DeclaredUnits, "units"),
    THEMES: (Theme, "a theme"),
    AUDIENCES: (Audience, "an audience"),
    SOURCES: (Source, "a source"),
    _SET_FILE: (SetSettings, "a template set"),
}
_KEY = re.compile(r"^([a-z_]+):", re.MULTILINE)
# The folders of a project, and the suffixes of the files that are read in them.
_TOP_FOLDERS: Mapping[str, tuple[str, ...]] = {
    "content": (*_YAML, ".po", ".json", *_PICTURES),
    SOURCES: _YAML,
    DATA: (".csv", ".xlsx", ".ods"),
    _TEMPLATES: (*_YAML, ".j2", ".css", ".typ", ".docx"),
}
# Names that people may give to these folders.
_SYNONYMS = {"sources": SOURCES, "dataset": DATA, "datasets": DATA}
# `tests` is not a misspelt `templates`.
_MIN_SIMILARITY = 0.75
_IMPORTABLE = (".md", ".docx", ".bib", ".ris", ".csv", ".xlsx", ".ods")
_MAX_FILES = 2_000


def warn_of_stray_files(root: Path, sink: DiagnosticSink) -> None:
    """Warns about files in content/ and seeds/ that nothing reads, and about content outside of these folders.

    Folders of pictures and catalogues, and files that `brief.yaml` does not list, have checks of their own.
    """
    for name in (*list_misplaced(root), *_list_below(root, "content"), *_list_below(root, SOURCES)):
        if not _is_read(name):
            hint = _suggest_place(name, root)
            fix = _suggest_rename(root, name)
            sink.add_warning("unused-file", SourceLocation(name), "nothing reads this file", hint, fix=fix)


def warn_of_unlisted_file(root: Path, name: str, what: str, sink: DiagnosticSink) -> None:
    """Warns about a theme or an audience (`what`) that `brief.yaml` does not list, or another file in that folder."""
    path = PurePosixPath(name)
    place = find_place_by_keys(_list_keys(root / name), path.parent.as_posix())
    if place in (None, path.parent.as_posix()):
        hint = f"add it to '{what}s:'"
    else:
        hint = f"did you mean {_join(place, path.name)}?"
    sink.add_warning("unused-file", SourceLocation(name), f"{SETTINGS} does not list {what} '{path.stem}'", hint)


def find_place_by_keys(keys: Collection[str], own: str | None = None) -> str | None:
    """Returns the folder or single file that a YAML file with these keys belongs to.

    A key counts more if fewer kinds of files have it. Returns `own` if that is among the best, or if several are.
    """
    keys_by_place = {place: list_record_keys(record).keys() & {*keys} for place, (record, _) in _CONTENTS.items()}
    key_counts = Counter(chain.from_iterable(keys_by_place.values()))
    weights = {place: sum(Fraction(1, key_counts[key]) for key in present) for place, present in keys_by_place.items()}
    best = max(weights.values())
    places = [place for place, weight in weights.items() if weight == best]
    return own if own in places or len(places) > 1 else places[0]


def report_misplaced(name: str, keys: Collection[str], sink: DiagnosticSink) -> bool:
    """Returns whether the top-level keys of a file are those of files in another place, which is reported."""
    path = PurePosixPath(name)
    own = name if name in _CONTENTS else path.parent.as_posix()
    place = find_place_by_keys(keys, own)
    if place is None or place == own:
        return False
    what = _CONTENTS[place][1]
    if place == _SET_FILE and list_record_keys(Brand).keys() >= {*keys}:
        # Every key of a brand is also one of a set.
        place, what = BRAND, "a brand"
    message = f"this file has the keys of {what}, and not of {_CONTENTS[own][1]}"
    sink.add_error("misplaced-file", SourceLocation(name), message, f"did you mean {_join(place, path.name)}?")
    return True


def _join(place: str, name: str) -> str:
    """Returns the path of a file of that name in a folder, or the path of a single file."""
    return f"{place}/{name}" if place in _FOLDERS else place


def list_misplaced(root: Path) -> Iterator[str]:
    """Yields files that are named like content, but are at the top of the project or in folders that are not read."""
    for entry in _scan(root):
        if (
            entry.is_file()
            and PurePosixPath(entry.name).with_suffix(".yaml").name in _SINGLE_FILES
            and _is_yaml(entry.name)
        ):
            yield entry.name
        elif entry.is_dir(follow_symlinks=False) and entry.name not in _TOP_FOLDERS:
            top = _find_nearest_top(entry.name)
            if top is not None and _is_same_folder(root / top, Path(entry.path)):
                continue
            endings = (
                _TOP_FOLDERS[top] if top is not None else (*_YAML, ".po") if _find_nearest_folder(entry.name) else ()
            )
            if endings:
                yield from (name for name in _list_below(root, entry.name) if name.lower().endswith(endings))


def _find_nearest_top(folder: str) -> str | None:
    """Returns the folder that a misspelt name means, such as `templates` for `template`; None if none is similar."""
    return _SYNONYMS.get(folder.casefold()) or find_nearest_name(folder, _TOP_FOLDERS, _MIN_SIMILARITY)


def _is_same_folder(first: Path, second: Path) -> bool:
    """Returns whether two names mean one folder, as `Content` and `content` do if case does not count."""
    try:
        return first.samefile(second)
    except OSError:
        return False


def _list_below(root: Path, folder: str) -> Iterator[str]:
    """Yields the files below a folder, at most `_MAX_FILES`, without hidden files, backups and notes."""
    count = 0
    for parent, folders, names in os.walk(root / folder):
        folders[:] = sorted(name for name in folders if not is_hidden_or_backup(name))
        for name in sorted(names):
            path = Path(parent, name)
            count += 1
            if count > _MAX_FILES:
                return
            if path.is_file() and not is_exempt_if_unused(name):
                yield path.relative_to(root).as_posix()


def _scan(folder: Path) -> list["os.DirEntry[str]"]:
    try:
        with os.scandir(folder) as entries:
            return sorted((item for item in entries if not is_hidden_or_backup(item.name)), key=lambda item: item.name)
    except OSError:
        return []


def _is_read(name: str) -> bool:
    """Returns whether a file at this path is read, or checked elsewhere."""
    if name in _SINGLE_FILES.values() or name.startswith((f"{ASSETS}/", f"{VEGA}/")):
        return True
    path = PurePosixPath(name)
    return _FOLDERS.get(path.parent.as_posix()) == path.suffix


def _suggest_place(name: str, root: Path) -> str:
    """Returns a hint with the path at which the file was most likely meant to be."""
    path = PurePosixPath(name)
    folder = path.parent.as_posix()
    # Editors that know no YAML save `costs.yaml.txt`.
    written = PurePosixPath(path.stem) if path.suffix.lower() == ".txt" and _is_yaml(path.stem) else path
    renamed = written.with_suffix(".yaml").name if _is_yaml(written.name) else path.name
    corrected = _suggest_top(path)
    if corrected is not None:
        return f"did you mean {corrected}?"
    if renamed in _SINGLE_FILES:
        return f"rename it to {_SINGLE_FILES[renamed]}"
    by_content = _suggest_by_keys(root / name, renamed) if folder == "content" and _is_yaml(path.name) else None
    if by_content is not None:
        return f"did you mean {by_content}?"
    nearest = folder if folder in _FOLDERS else _find_nearest_folder(folder)
    if nearest is not None and (_FOLDERS[nearest] == PurePosixPath(renamed).suffix):
        if nearest == folder:
            return f"files end in {_FOLDERS[nearest]}; rename it to {renamed}"
        return f"did you mean {nearest}/{renamed}?"
    if path.suffix.lower() in _IMPORTABLE:
        return f"move it out of {path.parts[0]}/; 'brief import' makes content of it"
    if path.suffix.lower() in _PICTURES:
        return f"pictures are in {ASSETS}/"
    if path.suffix.lower() == ".json":
        return f"specifications of charts are in {VEGA}/; or move it out of {path.parts[0]}/"
    if not _is_yaml(path.name) and path.suffix != ".po":
        return f"remove it, or move it out of {path.parts[0]}/"
    return f"move it to {THEMES}/, {AUDIENCES}/, {SOURCES}/ or {ASSETS}/, or remove it"


def _suggest_top(path: PurePosixPath) -> PurePosixPath | None:
    """Returns the path with its misspelt top folder, also one within `content`, corrected; None if none is similar."""
    first, *rest = path.parts
    if first == "content":
        first, *rest = rest
    if not rest or (first == path.parts[0] and first in _TOP_FOLDERS):
        return None
    top = _find_nearest_top(first)
    return PurePosixPath(top, *rest) if top is not None and path.suffix.lower() in _TOP_FOLDERS[top] else None


def _list_keys(file: Path) -> list[str]:
    """Returns the top-level keys of a file that may not be valid YAML; none if it cannot be read."""
    try:
        return _KEY.findall(file.read_text("utf-8", "replace"))
    except OSError:
        return []


def _suggest_by_keys(file: Path, renamed: str) -> str | None:
    """Returns the path of a YAML file according to its keys, or else to its name; None if none is similar."""
    place = find_place_by_keys(_list_keys(file))
    if place is not None:
        return _join(place, renamed)
    by_stem = {PurePosixPath(name).stem: path for name, path in _SINGLE_FILES.items() if _is_yaml(name)}
    nearest = find_nearest_name(PurePosixPath(renamed).stem, by_stem, _MIN_SIMILARITY)
    return by_stem[nearest] if nearest is not None else None


def _suggest_rename(root: Path, name: str) -> RenameFix | None:
    """Returns the fix that renames a file from `.yml` to `.yaml`.

    Returns None if it would not be read under that name, or if a different file has the name.
    """
    path = PurePosixPath(name)
    renamed = path.with_suffix(".yaml").as_posix()
    if path.suffix != ".yml" or not _is_read(renamed):
        return None
    if os.path.lexists(root / renamed):
        try:
            if (root / renamed).read_bytes() != (root / name).read_bytes():
                return None
        except OSError:
            return None
    return RenameFix(renamed)


def _find_nearest_folder(folder: str) -> str | None:
    """Returns the folder that a misspelt or misplaced one means, such as `content/themes` for `themes`, or None."""
    by_name = {PurePosixPath(path).name: path for path in _FOLDERS}
    first = PurePosixPath(folder).parts[:1]
    for part in reversed(PurePosixPath(folder).parts):
        nearest = find_nearest_name(part, by_name)
        if nearest is not None:
            return by_name[nearest]
    return SOURCES if first == (SOURCES,) else None


def _is_yaml(name: str) -> bool:
    return name.lower().endswith(_YAML)
