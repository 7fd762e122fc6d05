"""Atomic output: fills a new generation folder, then switches one link to it.

`output/<brief>` is a link to the newest complete generation, the folder `output/.<brief>.<n>`. The previous generation
is kept until the next build begins, so that its readers can finish. A build that is killed leaves the link unchanged;
the next build removes the unfinished generation.
"""

import json
import os
import shutil
from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from brief.model.diagnostics import Diagnostic, MachineError
from brief.model.record import dataclass
from brief.publish import failpoints
from brief.publish.destination import require_output_folder
from brief.publish.durable_files import make_folders, sync_folder, write_new
from brief.publish.lock import Waiting, open_lock
from brief.publish.network_filesystem import check_network_filesystem
from brief.publish.paths import MANIFEST, make_safe_stem, require_safe

# The format of an artifact that packs the others of an audience into one file.
ARCHIVE = "zip"
# The audience, locale and format of an artifact.
ArtifactKey = tuple[str, str, str]

# Marks a generation that is still being filled, so that the next build recognises what a killed build left.
_UNFINISHED = ".unfinished"


class FilesInParts(Mapping[str, bytes]):
    """Files that need not be in memory as a whole."""

    @abstractmethod
    def read_chunks(self, name: str) -> Iterator[bytes]:
        """Yields the bytes of a file in order, in parts."""


def publish(folder: Path, brief: str, files: Mapping[str, bytes], manifest: bytes) -> Path:
    """Makes `folder/<brief>` contain exactly these files and the manifest, in one step.

    Raises:
        ContentError: a name leads out of the pack, or two names are the same file on some systems.
        RequestError: output may not be written to the folder (see `require_output_folder`).
        MachineError: the folder cannot be written to; the message says which output is in place.
        OutputLockedError: another build is writing there.
    """
    with reserve(folder, brief) as location:
        return location.publish(files, manifest)


@dataclass(frozen=True, slots=True)
class ReservedOutput:
    """The output folder of one brief, checked to be writable and locked against other builds."""

    folder: Path
    name: str
    warnings: tuple[Diagnostic, ...] = ()

    @property
    def link(self) -> Path:
        return self.folder / self.name

    def publish(self, files: Mapping[str, bytes], manifest: bytes) -> Path:
        """Makes `link` lead to exactly these files and the manifest, in one step, and returns it.

        Raises:
            ContentError: a name leads out of the pack, or two names are the same file on some systems.
            MachineError: the folder cannot be written to; the message says which output is in place.
        """
        require_safe(files)
        earlier = _read_link(self.link)
        generation = self.folder / f".{self.name}.{max(_list_generations(self.folder, self.name), default=0) + 1}"
        try:
            with _explain_errors(
                self.folder, lambda: f"; {_describe_space(files, manifest, self.folder)}, the old output is unchanged"
            ):
                _write_generation(generation, files, manifest)
                sync_folder(self.folder)
                failpoints.pass_point("generation-synced")
                _switch_link(self.link, generation)
        except BaseException:
            # An interruption may arrive during the switch; then the new output is in place.
            if _read_link(self.link) != generation.name:
                _remove(generation)
            _remove(_make_link_path(self.link))
            raise
        with _explain_errors(self.folder, lambda: "; the new output is in place, but not yet durable"):
            sync_folder(self.folder)
        failpoints.pass_point("switch-synced")
        _remove_generations(self.folder, self.name, earlier)
        failpoints.pass_point("cleared")
        return self.link

    def count_removed_files(self, names: Iterable[str]) -> int:
        """Counts the files of the published pack, apart from its manifest, that are not in `names`; 0 without a pack."""
        pack = Path(os.path.realpath(self.link))
        present = {
            Path(folder, name).relative_to(pack).as_posix() for folder, _, files in os.walk(pack) for name in files
        }
        return len(present - {MANIFEST, *names})

    def count_deselected_files(self, wanted: Set[ArtifactKey], *, archived: bool, copied: bool) -> int:
        """Counts the files of the present pack that a pack of the wanted artifacts, which need not be made for this, does not
        have: with `archived`, it has the archives of their audiences, and with `copied`, it may have any copies.
        """
        try:
            manifest = json.loads((self.link / MANIFEST).read_bytes())
            audiences = {audience for audience, *_ in wanted}
            kept = [
                each["path"]
                for each in manifest["artifacts"]
                if (each["audience"], each["locale"], each["format"]) in wanted
                or (archived and each["format"] == ARCHIVE and each["audience"] in audiences)
            ]
            kept += [each["path"] for each in manifest.get("copies", ())] if copied else ()
        except (OSError, ValueError, LookupError, TypeError):
            # The pack is compared again when the new one is made.
            return 0
        return self.count_removed_files(kept)


@contextmanager
def reserve(
    folder: Path, brief: str, waiting: Waiting | None = None, project: Path | None = None
) -> Iterator[ReservedOutput]:
    """Locks `folder/<brief>` while a pack is made for it, and checks first that it can be written. `project` is the folder of
    the project.

    If another build holds the lock and `waiting` is given, calls `waiting` with the name of that build's process and
    waits for its end.

    Folders that this call makes are removed at the end if they are empty.

    Raises:
        RequestError: output may not be written to the folder (see `require_output_folder`).
        MachineError: the folder cannot be written to, or something that `brief` did not make is in the way.
        OutputLockedError: another build is writing there, and `waiting` is None.
    """
    require_output_folder(folder, project)
    name = make_safe_stem(brief)
    require_safe([name])
    with _explain_errors(folder):
        new_folders = make_folders(folder)
    try:
        with _hold_lock(folder / f".{name}.lock", waiting):
            with _explain_errors(folder):
                _prepare_folder(folder, name)
            failpoints.pass_point("reserved")
            yield ReservedOutput(folder, name, check_network_filesystem(folder))
        failpoints.pass_point("released")
    finally:
        for path in reversed(new_folders):
            with suppress(OSError):
                path.rmdir()


@contextmanager
def _hold_lock(path: Path, waiting: Waiting | None) -> Iterator[None]:
    """Takes the lock. Turns errors in taking it into diagnostics; errors raised while it is held pass through."""
    lock = open_lock(path, waiting)
    with _explain_errors(path.parent):
        lock.__enter__()
    try:
        yield
    finally:
        lock.__exit__(None, None, None)


@contextmanager
def _explain_errors(folder: Path, more: Callable[[], str] = lambda: "") -> Iterator[None]:
    """Turns an OSError into a MachineError, and appends `more()` to its message."""
    try:
        yield
    except OSError as problem:
        raise MachineError(f"cannot write to {folder}: {problem.strerror or problem}{more()}") from problem


def _describe_space(files: Mapping[str, bytes], manifest: bytes, folder: Path) -> str:
    needed = sum(map(len, files.values())) + len(manifest)
    try:
        free = f", {shutil.disk_usage(folder).free:,} are free"
    except OSError:
        free = ""
    return f"{needed:,} bytes are needed{free}"


def _prepare_folder(folder: Path, name: str) -> None:
    """Removes what killed builds left, and tries the operations that publishing needs."""
    link = folder / name
    target = _read_link(link)
    if os.path.lexists(link) and (target is None or _parse_number(target, name) is None):
        raise MachineError(f"{link} exists and was not made by brief; move it elsewhere")
    _remove(_make_link_path(link))
    _remove_generations(folder, name)
    os.symlink(f".{name}.0", _make_link_path(link))
    os.unlink(_make_link_path(link))


def _write_generation(generation: Path, files: Mapping[str, bytes], manifest: bytes) -> None:
    os.mkdir(generation)
    (generation / _UNFINISHED).touch()
    failpoints.pass_point("generation-made")
    folders = {PurePosixPath(name).parent for name in files}
    subfolders = sorted({part for folder in folders for part in (folder, *folder.parents)} - {PurePosixPath(".")})
    for folder in subfolders:
        os.mkdir(generation / folder)
    for name in files:
        data = files.read_chunks(name) if isinstance(files, FilesInParts) else files[name]
        write_new(generation / name, data)
    # Written last: a folder with a manifest is complete.
    write_new(generation / MANIFEST, manifest)
    os.unlink(generation / _UNFINISHED)
    failpoints.pass_point("manifest-written")
    for folder in reversed(subfolders):
        sync_folder(generation / folder)
    sync_folder(generation)


def _switch_link(link: Path, generation: Path) -> None:
    os.symlink(generation.name, _make_link_path(link))
    failpoints.pass_point("link-made")
    os.rename(_make_link_path(link), link)
    failpoints.pass_point("link-switched")


def _make_link_path(link: Path) -> Path:
    return link.with_name(f".{link.name}.link")


def _read_link(link: Path) -> str | None:
    """Returns the target of a link, without following it; None if there is no link."""
    try:
        return os.readlink(link)
    except OSError:
        return None


def _parse_number(entry: str, name: str) -> int | None:
    """Parses the number in a generation's name; None if `entry` is not one."""
    number = entry.removeprefix(f".{name}.")
    return int(number) if number != entry and number.isascii() and number.isdecimal() else None


def _list_generations(folder: Path, name: str) -> dict[int, Path]:
    numbered = {_parse_number(entry, name): folder / entry for entry in os.listdir(folder)}
    return {number: path for number, path in numbered.items() if number is not None}


def _remove_generations(folder: Path, name: str, earlier: str | None = None) -> None:
    """Removes every generation except the current one, which the link leads to, and `earlier`."""
    names_to_keep = (_read_link(folder / name), earlier)
    for path in _list_generations(folder, name).values():
        if path.name not in names_to_keep and _is_generation(path):
            _remove(path)


def _is_generation(path: Path) -> bool:
    """Returns whether `path` may be removed: a link, an empty folder, or a folder that an earlier build made.

    Any other folder of such a name belongs to the user.
    """
    if path.is_symlink() or not path.is_dir():
        return path.is_symlink()  # only the link itself is removed
    return (path / _UNFINISHED).is_file() or (path / MANIFEST).is_file() or not any(path.iterdir())


def _remove(path: Path) -> None:
    """Removes a folder or a link, never the target of a link; leaves to the next build what cannot be removed."""
    # An old generation may contain text that is now withheld, so a passing failure is retried.
    for _ in range(2):
        if not os.path.lexists(path):
            return
        with suppress(OSError):
            if path.is_symlink() or path.is_file():
                os.unlink(path)
            else:
                _remove_folder(path)


def _remove_folder(path: Path) -> None:
    """Removes a generation, its marker file last, so that the next build recognises one that was removed only in
    part.
    """
    with suppress(OSError):  # on a full disk no marker can be written, and removing matters most
        (path / _UNFINISHED).touch()
    for entry in path.iterdir():
        if entry.name != _UNFINISHED:
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry, ignore_errors=True)
            else:
                entry.unlink()
    (path / _UNFINISHED).unlink(missing_ok=True)
    path.rmdir()
