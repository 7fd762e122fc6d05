"""Output that a reader sees whole: a generation folder is filled, then one link is switched to it.

`output/<brief>` is a link to the newest complete generation, which stands beside it as `output/.<brief>.<n>`. The one that
it led to before stays until the next build begins, so that whoever is reading it can finish. A build that dies leaves the
link where it was; the next one clears away what it left.
"""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from brief.model.diagnostics import Diagnostic, MachineError
from brief.publish import failpoints
from brief.publish.durable_files import make_folders, sync_folder, write_new
from brief.publish.filesystem import network_warning
from brief.publish.lock import Waiting, locked
from brief.publish.paths import MANIFEST, require_safe, safe_stem


def publish(folder: Path, brief: str, files: Mapping[str, bytes], manifest: bytes) -> Path:
    """Makes `folder/<brief>` hold exactly these files and the manifest, in one step.

    Raises:
        ContentError: a name leaves the pack, or two names are one on some systems.
        MachineError: the folder cannot be written to; the old output still stands.
        OutputLockedError: another build is writing there.
    """
    with reserve(folder, brief) as location:
        return location.publish(files, manifest)


@dataclass(frozen=True, slots=True)
class Reserved:
    """A place for one brief's output, known to be writable and held against other builds."""

    folder: Path
    name: str
    warnings: tuple[Diagnostic, ...] = ()

    @property
    def link(self) -> Path:
        return self.folder / self.name

    def publish(self, files: Mapping[str, bytes], manifest: bytes) -> Path:
        """Makes `link` lead to exactly these files and the manifest, in one step, and returns it.

        Raises:
            ContentError: a name leaves the pack, or two names are one on some systems.
            MachineError: the folder cannot be written to; the message says whether the old output still stands.
        """
        require_safe(files)
        needed = sum(map(len, files.values())) + len(manifest)
        earlier = _target(self.link)
        generation = self.folder / f".{self.name}.{max(_numbers(self.folder, self.name), default=0) + 1}"
        try:
            with _explained(self.folder, lambda: f"; {_space(needed, self.folder)}, the old output still stands"):
                _fill(generation, files, manifest)
                sync_folder(self.folder)
                failpoints.point("generation-synced")
                _switch(self.link, generation)
        except BaseException:
            # An interruption may come at the very moment of the switch; then the new output is what stands.
            if _target(self.link) != generation.name:
                _remove(generation)
            _remove(_fresh(self.link))
            raise
        with _explained(self.folder, lambda: "; the new output is in place, but may not outlast a power cut"):
            sync_folder(self.folder)
        failpoints.point("switch-synced")
        _clear(self.folder, self.name, earlier)
        failpoints.point("cleared")
        return self.link

    def left_out(self, names: Iterable[str]) -> int:
        """How many files of the pack that stands there now are not among these names."""
        pack = Path(os.path.realpath(self.link))
        standing = {
            Path(folder, name).relative_to(pack).as_posix() for folder, _, files in os.walk(pack) for name in files
        }
        return len(standing - {MANIFEST, *names})


@contextmanager
def reserve(folder: Path, brief: str, waiting: Waiting | None = None) -> Iterator[Reserved]:
    """Holds `folder/<brief>` while a pack is made for it; whatever would hinder writing is found before the work.

    Where another build holds it: with `waiting`, that is called with the other's name, and its end is waited for.

    Raises:
        MachineError: the folder cannot be written to, or something that is not ours stands there.
        OutputLockedError: another build is writing there, and `waiting` is None.
    """
    name = safe_stem(brief)
    require_safe([name])
    with _explained(folder):
        made = make_folders(folder)
    try:
        with _held(folder / f".{name}.lock", waiting):
            with _explained(folder):
                _probe(folder, name)
            failpoints.point("reserved")
            yield Reserved(folder, name, network_warning(folder))
        failpoints.point("released")
    finally:
        for path in reversed(made):
            with suppress(OSError):
                path.rmdir()


@contextmanager
def _held(path: Path, waiting: Waiting | None) -> Iterator[None]:
    """The lock; what goes wrong in taking it is explained, what goes wrong under it is not touched."""
    lock = locked(path, waiting)
    with _explained(path.parent):
        lock.__enter__()
    try:
        yield
    finally:
        lock.__exit__(None, None, None)


@contextmanager
def _explained(folder: Path, more: Callable[[], str] = lambda: "") -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise MachineError(f"cannot write to {folder}: {problem.strerror or problem}{more()}") from problem


def _space(needed: int, folder: Path) -> str:
    try:
        free = f", {shutil.disk_usage(folder).free:,} are free"
    except OSError:
        free = ""
    return f"{needed:,} bytes are needed{free}"


def _probe(folder: Path, name: str) -> None:
    """Clears what dead builds left, and tries what publishing will do."""
    link = folder / name
    target = _target(link)
    if os.path.lexists(link) and (target is None or _number(target, name) is None):
        raise MachineError(f"{link} is not a link made by an earlier build; move it away")
    _remove(_fresh(link))
    _clear(folder, name)
    os.symlink(f".{name}.0", _fresh(link))
    os.unlink(_fresh(link))


def _fill(generation: Path, files: Mapping[str, bytes], manifest: bytes) -> None:
    os.mkdir(generation)
    failpoints.point("generation-made")
    folders = {PurePosixPath(name).parent for name in files}
    below = sorted({part for folder in folders for part in (folder, *folder.parents)} - {PurePosixPath(".")})
    for folder in below:
        os.mkdir(generation / folder)
    for name, data in files.items():
        write_new(generation / name, data)
    # Last, so that a folder with a manifest is a complete one.
    write_new(generation / MANIFEST, manifest)
    failpoints.point("manifest-written")
    for folder in reversed(below):
        sync_folder(generation / folder)
    sync_folder(generation)


def _switch(link: Path, generation: Path) -> None:
    os.symlink(generation.name, _fresh(link))
    failpoints.point("link-made")
    os.rename(_fresh(link), link)
    failpoints.point("link-switched")


def _fresh(link: Path) -> Path:
    return link.with_name(f".{link.name}.link")


def _target(link: Path) -> str | None:
    """What a link says, without following it; None where there is no link."""
    try:
        return os.readlink(link)
    except OSError:
        return None


def _number(entry: str, name: str) -> int | None:
    """The number of a generation's name."""
    number = entry.removeprefix(f".{name}.")
    return int(number) if number != entry and number.isascii() and number.isdecimal() else None


def _numbers(folder: Path, name: str) -> dict[int, Path]:
    found = {_number(entry, name): folder / entry for entry in os.listdir(folder)}
    return {number: path for number, path in found.items() if number is not None}


def _clear(folder: Path, name: str, earlier: str | None = None) -> None:
    """Removes every generation but the one that the link leads to, and the `earlier` one."""
    kept = (_target(folder / name), earlier)
    for path in _numbers(folder, name).values():
        if path.name not in kept:
            _remove(path)


def _remove(path: Path) -> None:
    """Removes a folder or a link, and never what a link leads to; what cannot be removed is left to the next build."""
    # Withheld text may be in an old generation: what fails for a moment is tried again.
    for _ in range(2):
        if not os.path.lexists(path):
            return
        with suppress(OSError):
            if path.is_symlink() or path.is_file():
                os.unlink(path)
            else:
                shutil.rmtree(path, ignore_errors=True)
