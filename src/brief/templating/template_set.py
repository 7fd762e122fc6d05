"""Finds a template set by name, with its chain of parents and its look."""

import itertools
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from functools import lru_cache
from pathlib import Path, PurePosixPath

from brief.model.appearance.brand import Brand, LimitSettings, Orientation, Placement, Role, SetSettings
from brief.model.appearance.contrast import find_low_contrasts
from brief.model.appearance.look import DEFAULT_PDF_ENGINE, Faces, Look, RenderLimits
from brief.model.diagnostic_sink import suggest_name
from brief.model.diagnostics import ContentError, Diagnostic
from brief.model.record import dataclass
from brief.model.scripts import find_script
from brief.model.source_location import Ref, SourceLocation
from brief.reading.layout import is_hidden_or_backup
from brief.templating.packaged import PACKAGED, is_packaged, is_packaged_folder
from brief.templating.set_file import BRAND, SETTINGS, SetFile, read_set_file

_SET_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
# Half of a surrogate pair is how Python spells a byte that is not UTF-8; no template could name such a file.
_FORBIDDEN_IN_NAMES = re.compile(r"[\\\0:\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class TemplateSet:
    """A template set. `folders` is the chain from the set itself to its root; a file is taken from the first folder
    that has it.

    `diagnostics` has warnings about colours in which text can hardly be read.
    """

    name: str
    folders: tuple[Path, ...]
    look: Look = field(hash=False)
    diagnostics: tuple[Diagnostic, ...] = field(default=(), hash=False, compare=False)

    def read(self, name: str) -> bytes:
        """Returns the bytes of the file `name` ("screen.css", "block/table.html.j2") from the first folder that has it.

        Raises:
            FileNotFoundError: no folder of the chain has such a file.
            PermissionError: the name is not a plain path below the set, is a hidden file or a backup, or is a symbolic
                link that leads out of the set.
        """
        path = self.find_path(name)
        with path.open("rb") as file:
            return file.read()

    def read_layers(self, name: str) -> tuple[tuple[str, bytes], ...]:
        """Returns every file `name` of the chain, from its root to the set itself: how messages name it, and its bytes.

        A style sheet continues the style sheet of the parent. Raises as `read` does.
        """
        owners = [folder for folder in self.folders if os.path.lexists(folder.joinpath(*_split_name(name)))]
        if not owners:
            raise FileNotFoundError(f"the template set {self.name!r} has no file {name}")
        paths = [(_resolve_inside(folder, name), folder) for folder in reversed(owners)]
        return tuple((format_path(path, folder), path.read_bytes()) for path, folder in paths)

    def find_path(self, name: str) -> Path:
        """Returns the path that `read` reads; raises as `read` does."""
        parts = _split_name(name)
        for folder in self.folders:
            if os.path.lexists(folder.joinpath(*parts)):
                return _resolve_inside(folder, name)
        raise FileNotFoundError(f"the template set {self.name!r} has no file {name}")

    def has_own(self, pattern: str) -> bool:
        """Returns whether any file of the set that matches `pattern`, such as "*.j2", is the project's own, not a
        packaged one.

        Tests print every kind of content with the packaged sets, so that a check of content need not try them.
        """
        return any(
            not is_packaged(path, folder)
            for folder in self.folders
            if not is_packaged_folder(folder)
            for path in folder.rglob(pattern)
            if path.is_file() or path.is_symlink()
        )

    def display_name(self, name: str) -> str:
        """Returns the path of the file `name` for messages: in the folder of the chain that has it, or else in the
        set's own.
        """
        try:
            path = self.find_path(name)
        except OSError:
            path = self.folders[0] / name
        folder = next(folder for folder in self.folders if path.is_relative_to(folder))
        return format_path(path, folder)

    def list_names(self) -> tuple[str, ...]:
        """Lists the names of all files that `find_path` accepts, sorted."""
        names = {
            path.relative_to(folder).as_posix()
            for folder in self.folders
            for path in folder.rglob("*")
            if path.is_file()
        }
        return tuple(sorted(name for name in names if self._can_serve(name)))

    def check_faces(self, locales: Iterable[Ref]) -> tuple[Diagnostic, ...]:
        """Returns an error for each locale for whose script the look has no faces; faces of other scripts lack its
        letters.
        """
        settings_path = format_path(self.folders[0] / SETTINGS, self.folders[0])
        return tuple(
            Diagnostic(
                "missing-faces",
                f"the template set {self.name!r} has no faces for '{locale}' (script {find_script(locale.name)})",
                locale.location,
                f"add 'faces: {{{locale}: {{serif: [...], sans: [...]}}}}' to {settings_path} or templates/{BRAND}",
            )
            for locale in locales
            if not self.look.has_faces_for(locale.name)
        )

    def _can_serve(self, name: str) -> bool:
        try:
            self.find_path(name)
        except OSError:
            return False
        return True


def _resolve_inside(folder: Path, name: str) -> Path:
    parts = _split_name(name)
    path = folder.joinpath(*parts)
    if _has_links(folder, parts) and not path.resolve().is_relative_to(folder.resolve()):
        raise PermissionError(f"{name} is a link that leads out of the template set {folder.name!r}")
    if not stat.S_ISREG(path.stat().st_mode):
        raise PermissionError(f"{name} is not a file")
    return path


def _has_links(folder: Path, parts: tuple[str, ...]) -> bool:
    """Returns whether a symbolic link is among the steps from the folder to a file. Most sets have none, and resolving
    all paths would be slow.
    """
    steps = itertools.accumulate(parts, os.path.join, initial=os.fspath(folder))
    return any(os.path.islink(step) for step in itertools.islice(steps, 1, None))  # noqa: PTH114 - often, for each page


def format_path(path: Path, folder: Path) -> str:
    """Returns the path of a file of a set for messages: `templates/base/block/table.html.j2`."""
    return (PurePosixPath(folder.parent.name) / folder.name / path.relative_to(folder).as_posix()).as_posix()


def find_template_set(name: str | Ref, project: Path | None = None) -> TemplateSet:
    """Finds the set `name`. Diagnostics about the name have the location of the reference `name`.

    The project's own `templates/` takes precedence over the packaged sets, and its `brand.yaml` over both.

    Raises:
        ContentError: no such set, errors in `set.yaml` or `brand.yaml`, or a cycle of `extends`.
    """
    folders: list[Path] = []
    brand = _read_brand(project)
    chain: list[SetFile[SetSettings]] = []
    reference = name if isinstance(name, Ref) else Ref(name)
    name_to_read: Ref | None = reference
    while name_to_read is not None:
        folder = _find_folder(name_to_read, project)
        if folder in folders:
            names = " -> ".join([*(f.name for f in folders), name_to_read.name])
            message = f"template sets extend each other: {names}"
            raise ContentError([Diagnostic("template-set-cycle", message, name_to_read.location)])
        folders.append(folder)
        chain.append(read_set_file(folder / SETTINGS, format_path(folder / SETTINGS, folder), SetSettings))
        name_to_read = chain[-1].settings.extends
    look, locations = _read_look(brand, chain, format_path(folders[0] / SETTINGS, folders[0]))
    return TemplateSet(reference.name, tuple(folders), look, find_low_contrasts(look.colours, locations))


def list_template_sets(project: Path | None = None) -> tuple[str, ...]:
    """Lists the names of the sets that `find_template_set` finds, sorted."""
    return tuple(sorted({path.parent.name for root in _list_roots(project) for path in root.glob(f"*/{SETTINGS}")}))


def _list_roots(project: Path | None) -> Iterator[Path]:
    roots = (project / "templates", *PACKAGED) if project else PACKAGED
    return (root for root in roots if root.is_dir())


def _read_brand(project: Path | None) -> SetFile[Brand] | None:
    """Reads the project's `brand.yaml`; returns None if there is no such file."""
    path = project / "templates" / BRAND if project else None
    return read_set_file(path, f"templates/{BRAND}", Brand) if path is not None and path.is_file() else None


def _find_folder(name: Ref, project: Path | None) -> Path:
    if _SET_NAME.fullmatch(name.name):
        for root in _list_roots(project):
            if (root / name.name / SETTINGS).is_file():
                return root / name.name
    hint = suggest_name(name.name, list_template_sets(project))
    message = f"unknown template set '{name}'"
    raise ContentError([Diagnostic("unknown-template-set", message, name.location, hint=hint)])


def _read_look(
    brand: SetFile[Brand] | None, chain: list[SetFile[SetSettings]], settings_path: str
) -> tuple[Look, dict[str, SourceLocation]]:
    """Combines the look from `brand` and the `chain` of a set and its parents, the set first. Each entry is taken from
    the first of them that has it. Also returns the location of each colour. `settings_path` is the path of the set's
    file for messages.
    """
    colours: dict[str, str] = {}
    locations: dict[str, SourceLocation] = {}
    faces: dict[str, dict[str, tuple[str, ...]]] = {}
    files: list[SetFile[Brand]] = [brand, *chain] if brand else [*chain]
    for settings in (file.settings for file in reversed(files)):
        colours |= {role.value: colour.name.lower() for role, colour in settings.colours.items()}
        locations |= {role.value: colour.location for role, colour in settings.colours.items()}
        for locale, families in settings.faces.items():
            names_by_kind = {kind: _list_names(getattr(families, kind)) for kind in ("serif", "sans", "mono")}
            faces[locale] = {**faces.get(locale, {}), **{kind: names for kind, names in names_by_kind.items() if names}}
    series = next((_list_names(file.settings.series) for file in files if file.settings.series), ())
    missing = [f"colours.{role}" for role in Role if role not in colours]
    missing += [] if series else ["series"]
    missing += [] if "en" in faces else ["faces.en"]
    missing += [
        f"faces.{tag}.{kind}" for tag, kinds in faces.items() for kind in ("serif", "sans") if kind not in kinds
    ]
    if missing:
        message = f"this template set and those it extends do not set: {', '.join(missing)}"
        raise ContentError(
            [Diagnostic("missing-field", message, SourceLocation(settings_path), hint="add 'extends: base'")]
        )
    # Diagnostics about a colour have the location of the role from which it is taken.
    taken_from = {role: colour if colour in colours else role for role, colour in colours.items()}
    colours = {role: _resolve_role_colour(role, colours, locations) for role in colours}
    look = Look(
        colours=colours,
        series=tuple(colours.get(colour.lower(), colour.lower()) for colour in series),
        faces={tag: Faces(kinds["serif"], kinds["sans"], kinds.get("mono", ())) for tag, kinds in faces.items()},
        logo=next((file.logo for file in files if file.logo), None),
        has_footnotes=next((file.settings.references for file in chain if file.settings.references), None)
        is Placement.FOOTNOTES,
        has_compact=next((file.settings.compact for file in chain if file.settings.compact is not None), True),
        is_landscape=next((file.settings.orientation for file in chain if file.settings.orientation), None)
        is Orientation.LANDSCAPE,
        pdf_engine=next((file.settings.pdf_engine for file in chain if file.settings.pdf_engine), DEFAULT_PDF_ENGINE),
        limits=_read_limits([file.settings.limits for file in chain if file.settings.limits]),
        leaves_out=next((file.settings.leaves_out for file in chain if file.settings.leaves_out is not None), ()),
    )
    return look, {role: locations[origin] for role, origin in taken_from.items()}


def _read_limits(settings: list[LimitSettings]) -> RenderLimits:
    """Reads the limits of a render, each from the nearest set in the chain that defines it."""
    defaults = RenderLimits()
    return RenderLimits(
        next(
            (float(limit_settings.seconds) for limit_settings in settings if limit_settings.seconds is not None),
            defaults.seconds,
        ),
        next(
            (limit_settings.megabytes for limit_settings in settings if limit_settings.megabytes is not None),
            defaults.megabytes,
        ),
    )


def _list_names(refs: Iterable[Ref]) -> tuple[str, ...]:
    return tuple(ref.name for ref in refs)


def _resolve_role_colour(role: str, colours: Mapping[str, str], locations: Mapping[str, SourceLocation]) -> str:
    """Returns the colour of a role, or of the role that it is taken from."""
    colour = colours[role]
    if (taken := colours.get(colour, colour)) in colours:
        message = f"{role} takes its colour from {colour}, which itself takes it from another role"
        raise ContentError(
            [Diagnostic("colour", message, locations[role], hint=f'set {colour} to a colour, as in "#12355b"')]
        )
    return taken


@lru_cache(maxsize=1024)
def _split_name(name: str) -> tuple[str, ...]:
    pure = PurePosixPath(name)
    if not name or _FORBIDDEN_IN_NAMES.search(name) or pure.is_absolute() or ".." in pure.parts:
        raise PermissionError(f"{name!r} is not a path inside the template set")
    # Files that a set does not list are not part of its digest: artifacts would count as current after they changed.
    if is_hidden_or_backup(name):
        raise PermissionError(f"{name} is a hidden file or a backup, and no part of the template set")
    return pure.parts
