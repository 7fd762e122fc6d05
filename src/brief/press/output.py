"""Output that a reader sees whole: a generation folder is filled, then one link is switched to it.

`output/<brief>` is a link to the newest complete generation, which stands beside it as `output/.<brief>.<n>`. A build
that dies leaves the link where it was; the next one clears away what it left.
"""

import fcntl
import os
import shutil
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from brief.model.diagnostics import MachineError, OutputLockedError
from brief.press.pack import MANIFEST


def publish(folder: Path, brief: str, files: Mapping[str, bytes], manifest: bytes) -> Path:
    """Makes `folder/<brief>` hold exactly these files and the manifest, in one step.

    Raises:
        MachineError: the folder cannot be written to.
        OutputLockedError: another build is writing there.
    """
    link = folder / brief
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder / f".{brief}.lock"):
            if link.exists() and not link.is_symlink():
                raise MachineError(f"{link} is not a link made by an earlier build; move it away")
            generation = _next_generation(folder, brief)
            try:
                _fill(generation, files, manifest)
                _switch(link, generation)
            except OSError:
                shutil.rmtree(generation, ignore_errors=True)
                raise
            _clear(folder, brief, keep=generation)
    except OSError as problem:
        needed = sum(len(data) for data in files.values()) + len(manifest)
        raise MachineError(
            f"cannot write to {folder}: {problem.strerror}; {needed:,} bytes are needed, the old output still stands"
        ) from problem
    return link


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Holds the folder's lock. The system frees it when the process ends, however it ends."""
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "another process"
            raise OutputLockedError(f"{path.parent} is being written to by {holder}") from None
        file.truncate(0)
        file.write(f"process {os.getpid()} on {socket.gethostname()}")
        file.flush()
        yield


def _generations(folder: Path, brief: str) -> dict[int, Path]:
    prefix = f".{brief}."
    numbered = {path.name.removeprefix(prefix): path for path in folder.glob(f"{prefix}*") if path.is_dir()}
    return {int(number): path for number, path in numbered.items() if number.isdecimal()}


def _next_generation(folder: Path, brief: str) -> Path:
    return folder / f".{brief}.{max(_generations(folder, brief), default=0) + 1}"


def _fill(generation: Path, files: Mapping[str, bytes], manifest: bytes) -> None:
    for name, data in files.items():
        _write(generation / name, data)
    # Last, so that a folder with a manifest is a complete one.
    _write(generation / MANIFEST, manifest)
    for path in (*generation.rglob("*"), generation):
        if path.is_dir():
            _sync_folder(path)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _switch(link: Path, generation: Path) -> None:
    fresh = link.with_name(f".{link.name}.link")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(generation.name)
    fresh.replace(link)
    _sync_folder(link.parent)


def _clear(folder: Path, brief: str, keep: Path) -> None:
    for path in _generations(folder, brief).values():
        if path != keep:
            shutil.rmtree(path, ignore_errors=True)


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
