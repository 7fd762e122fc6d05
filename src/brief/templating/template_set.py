"""Template sets: finding one by name, its chain of parents, and its look."""

import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TypeVar

from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.locale import best_match
from brief.model.place import Place
from brief.templating.packaged import PACKAGED
from brief.templating.set_file import SETTINGS, SetFile, read_set_file

ROLES = (
    "brand",
    "accent",
    "ink",
    "muted",
    "rule",
    "tint",
    "paper",
    "note",
    "insight",
    "warning",
    "question",
)
_SET_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
# Half of a surrogate pair is how Python spells a byte that is not UTF-8; no template could name such a file.
_FORBIDDEN_IN_NAMES = re.compile(r"[\\\0:\ud800-\udfff]")
_LEFT_BESIDE = re.compile(r"\..*|.*~|#.*#", re.DOTALL)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Faces:
    """Font families in order of preference: the Latin face first, then the regional Han face."""

    serif: tuple[str, ...]
    sans: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """What `set.yaml` says: colours by role (see `ROLES`) as `#rrggbb`, colours of data series, faces by locale tag."""

    colours: Mapping[str, str]
    series: tuple[str, ...]
    faces: Mapping[str, Faces]

    def faces_for(self, locale: str) -> Faces:
        """The faces of the locale or of the nearest tag above it (RFC 4647 section 3.4), else those of English."""
        return self.faces[best_match(locale, self.faces) or "en"]


@dataclass(frozen=True, slots=True)
class TemplateSet:
    """One look. `folders` is the chain from the set itself to its root; a file is taken from the first that has it."""

    name: str
    folders: tuple[Path, ...]
    look: Look = field(hash=False)

    def read(self, name: str) -> bytes:
        """The bytes of the file `name` ("screen.css", "block/table.html.j2") from the first folder that has it.

        Raises:
            FileNotFoundError: no folder of the chain has such a file.
            PermissionError: the name is not a plain path below the set, is `left_beside` it, or is a symlink that leads
                out of the set.
        """
        path = self.path(name)
        with path.open("rb") as file:
            return file.read()

    def path(self, name: str) -> Path:
        """Where `read` takes the file from; raises as `read` does."""
        parts = _parts(name)
        for folder in self.folders:
            path = folder.joinpath(*parts)
            if not os.path.lexists(path):
                continue
            if not path.resolve().is_relative_to(folder.resolve()):
                raise PermissionError(f"{name} is a link that leads out of the template set {folder.name!r}")
            if not stat.S_ISREG(path.stat().st_mode):
                raise PermissionError(f"{name} is not a file")
            return path
        raise FileNotFoundError(f"the template set {self.name!r} has no file {name}")

    def shown(self, name: str) -> str:
        """The file `name` as messages name it: by the folder of the chain that has it, or would have it."""
        try:
            path = self.path(name)
        except OSError:
            path = self.folders[0] / name
        folder = next(folder for folder in self.folders if path.is_relative_to(folder))
        return display(path, folder)

    def names(self) -> tuple[str, ...]:
        """Every file that the set can serve, sorted: the names that `path` accepts."""
        found = {
            path.relative_to(folder).as_posix()
            for folder in self.folders
            for path in folder.rglob("*")
            if path.is_file()
        }
        return tuple(sorted(name for name in found if self._serves(name)))

    def _serves(self, name: str) -> bool:
        try:
            self.path(name)
        except OSError:
            return False
        return True


def left_beside(name: str) -> bool:
    """Whether `name` is hidden (".name") or a backup ("name~", "#name#"): what programs leave beside a set's files."""
    return any(_LEFT_BESIDE.fullmatch(part) for part in PurePosixPath(name).parts)


def display(path: Path, folder: Path) -> str:
    """A file of a set as messages name it: `templates/base/block/table.html.j2`."""
    return (PurePosixPath(folder.parent.name) / folder.name / path.relative_to(folder).as_posix()).as_posix()


def find_set(name: str, project: Path | None = None) -> TemplateSet:
    """The set `name`: the project's own `templates/` comes before the packaged sets.

    Raises:
        ContentError: no such set, a faulty `set.yaml`, or a circle of `extends`.
    """
    folders: list[Path] = []
    files: list[SetFile] = []
    wanted: str | None = name
    place = Place("")
    while wanted is not None:
        folder = _folder(wanted, project, place)
        if folder in folders:
            chain = " -> ".join([*(f.name for f in folders), wanted])
            raise ContentError([Diagnostic("template-set-circle", f"template sets extend each other: {chain}", place)])
        shown = display(folder / SETTINGS, folder)
        parsed = read_set_file(folder / SETTINGS, shown, ROLES)
        folders.append(folder)
        files.append(parsed)
        wanted, place = parsed.extends, parsed.extends_place
    return TemplateSet(name, tuple(folders), _look(files, display(folders[0] / SETTINGS, folders[0])))


def available_sets(project: Path | None = None) -> tuple[str, ...]:
    """Names of the sets that `find_set` knows, sorted."""
    return tuple(sorted({path.parent.name for root in _roots(project) for path in root.glob(f"*/{SETTINGS}")}))


def _roots(project: Path | None) -> Iterator[Path]:
    roots = (project / "templates", *PACKAGED) if project else PACKAGED
    return (root for root in roots if root.is_dir())


def _folder(name: str, project: Path | None, place: Place) -> Path:
    if _SET_NAME.fullmatch(name):
        for root in _roots(project):
            if (root / name / SETTINGS).is_file():
                return root / name
    known = ", ".join(available_sets(project)) or "none"
    raise ContentError(
        [Diagnostic("unknown-template-set", f"there is no template set {name!r}", place, hint=f"there are: {known}")]
    )


def _look(files: list[SetFile], shown: str) -> Look:
    """Nearer sets override farther ones role by role and locale by locale."""
    colours: dict[str, str] = {}
    faces: dict[str, dict[str, tuple[str, ...]]] = {}
    series: tuple[str, ...] = ()
    for file in reversed(files):
        colours |= file.colours
        series = file.series or series
        for locale, families in file.faces.items():
            faces[locale] = {**faces.get(locale, {}), **families}
    missing = [f"colours.{role}" for role in ROLES if role not in colours]
    missing += [] if series else ["series"]
    missing += [] if "en" in faces else ["faces.en"]
    missing += [
        f"faces.{tag}.{kind}" for tag, kinds in faces.items() for kind in ("serif", "sans") if kind not in kinds
    ]
    if missing:
        message = f"neither this template set nor those it extends say: {', '.join(missing)}"
        raise ContentError([Diagnostic("missing-field", message, Place(shown), hint="add 'extends: base'")])
    return Look(colours, series, {tag: Faces(kinds["serif"], kinds["sans"]) for tag, kinds in faces.items()})


def _parts(name: str) -> tuple[str, ...]:
    pure = PurePosixPath(name)
    if not name or _FORBIDDEN_IN_NAMES.search(name) or pure.is_absolute() or ".." in pure.parts:
        raise PermissionError(f"{name!r} is not a path inside the template set")
    # What a set does not list is no part of its digest: artifacts made before it changed would pass for current.
    if left_beside(name):
        raise PermissionError(f"{name} is a hidden file or a backup, and no part of the template set")
    return pure.parts
