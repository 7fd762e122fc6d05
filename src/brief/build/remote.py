"""Runs a task on another machine: packs what is sent, compares the two machines, and runs the task there.

The two machines share only the installed program: the variant and the template set arrive as bytes with their digests,
and the artifacts go back as bytes with their digests.
"""

import hashlib
import os
import pickle
import platform
import shutil
import tempfile
import threading
from collections import Counter
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from brief.build import fingerprint
from brief.build.render import Rendered, render
from brief.fonts.installed import list_installed_versions
from brief.fonts.latin import get_bundled_versions
from brief.model.appearance.look import Look
from brief.model.diagnostics import WorkerError
from brief.model.record import dataclass
from brief.model.variant import Variant
from brief.templating.template_set import TemplateSet
from brief.workers.pool import WorkerPool
from brief.workers.worker import run_call, write_call
from brief.writers.formats import list_preloaded_modules

ABSENT = "not there"


@dataclass(frozen=True, slots=True)
class PackedSet:
    """A template set as data.

    `folders` lists the set's own folder and those of the sets that it extends: for each one, its name in diagnostics,
    and its files by path.
    """

    name: str
    look: Look
    folders: tuple[tuple[str, Mapping[str, bytes]], ...]

    @classmethod
    def from_template_set(cls, template_set: TemplateSet) -> "PackedSet":
        folders = []
        served = frozenset(template_set.list_names())
        for folder in template_set.folders:
            layer = TemplateSet(template_set.name, (folder,), template_set.look)
            files = {name: layer.read(name) for name in layer.list_names() if name in served}
            folders.append((f"{folder.parent.name}/{folder.name}", files))
        return cls(template_set.name, template_set.look, tuple(folders))

    def serialise(self) -> tuple[str, bytes]:
        """Returns the SHA-256 of the set's bytes, and these bytes."""
        data = pickle.dumps(self, pickle.HIGHEST_PROTOCOL)
        return hashlib.sha256(data).hexdigest(), data

    def unpack(self, parent: Path) -> TemplateSet:
        """Writes the set's files into an existing folder, which is empty or was filled by an earlier call, and returns
        the set.
        """
        folders = []
        for number, (name, files) in enumerate(self.folders):
            # Diagnostics show the last two parts of the path.
            folder = parent / str(number) / name
            folders.append(folder)
            for path, data in files.items():
                target = folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
        return TemplateSet(self.name, tuple(folders), self.look)


@dataclass(frozen=True, slots=True)
class WorkerRequirements:
    """The requirements of a task for the machine that runs it.

    There, `digest_description(describe_machine(families))` must be `digest`, and the template set with the digest
    `template_set` must have been received. `seconds` is the time limit of a task.
    """

    families: tuple[str, ...]
    digest: str
    template_set: str
    seconds: float


class ReceivedSets:
    """The template sets that have arrived in this process, by digest, and how many builds use each."""

    def __init__(self) -> None:
        self._sets: dict[str, TemplateSet] = {}
        self._users: Counter[str] = Counter()
        self._lock = threading.Lock()

    def keep(self, digest: str, data: bytes, folder: str | None = None) -> None:
        """Counts one more user of a template set; for the first one, unpacks it for `get`.

        The set is unpacked into a new folder in `folder`; None means the system's folder for temporary files.

        Raises:
            WorkerError: the data does not have the digest.
        """
        with self._lock:
            self._users[digest] += 1
            if digest in self._sets:
                return
            if hashlib.sha256(data).hexdigest() != digest:
                raise WorkerError("the template set was corrupted in transit")
            packed_set = pickle.loads(data)  # noqa: S301 - from the machine whose tasks run here, and whole
            self._sets[digest] = packed_set.unpack(Path(tempfile.mkdtemp(prefix="brief-set-", dir=folder)))

    def get(self, digest: str) -> TemplateSet | None:
        return self._sets.get(digest)

    def forget(self, digest: str) -> None:
        """Counts one user fewer of a template set; removes its files if it was the last one."""
        with self._lock:
            self._users[digest] -= 1
            unused = None if self._users[digest] > 0 else self._sets.pop(digest, None)
        if unused is not None and unused.folders:
            shutil.rmtree(unused.folders[0].parents[2], ignore_errors=True)


# One for each process: Dask runs the plugin, which receives the sets, apart from the tasks, which need them.
RECEIVED_SETS = ReceivedSets()


@lru_cache(maxsize=8)
def describe_machine(families: tuple[str, ...]) -> dict[str, str]:
    """Maps everything on this machine on which artifacts depend to its version: interpreter, code, libraries, font
    families.

    The version of a family that is not installed is `ABSENT`.
    """
    fonts = list_installed_versions() | get_bundled_versions()
    software = {"code of brief": fingerprint.fingerprint_code()[:12], **fingerprint.list_dependency_versions()}
    return software | {f"font {family}": fonts.get(family, ABSENT) for family in families}


def digest_description(description: Mapping[str, str]) -> str:
    """Returns the SHA-256 of what `describe_machine` returned."""
    return hashlib.sha256(repr(sorted(description.items())).encode()).hexdigest()


def run_received_task(message: bytes, expected: WorkerRequirements) -> list[bytes]:
    """Runs a task that `pack_task` packed on another machine; returns its answer as messages for `open_answer`.

    A failure, such as unmet requirements, is in the answer and not raised.
    """
    messages: list[bytes] = []
    write_call(messages.append, _render_task, message, expected)
    return run_call(iter(messages))


def _render_task(message: bytes, expected: WorkerRequirements) -> Rendered:
    here = describe_machine(expected.families)
    if digest_description(here) != expected.digest:
        raise WorkerError(
            f"{platform.node()} differs in versions or fonts from the machine that started the build; it has {here}"
        )
    template_set = RECEIVED_SETS.get(expected.template_set)
    if template_set is None:
        raise WorkerError(f"{platform.node()} did not receive the template set")
    variant, formats = _unpack_task(message)
    # In a separate process, so that a document that hangs or takes too much memory does not end the Dask worker.
    return _start_pool(expected.seconds).submit(render, variant, template_set, formats).result()


def _unpack_task(message: bytes) -> tuple[Variant, tuple[str, ...]]:
    digest, body = message[:32], message[32:]
    if hashlib.sha256(body).digest() != digest:
        raise WorkerError("the task was corrupted in transit")
    variant, formats = pickle.loads(body)  # noqa: S301 - from the machine whose tasks run here, and whole
    return variant, formats


def pack_task(variant: Variant, formats: tuple[str, ...]) -> bytes:
    """Packs a task for `run_received_task`."""
    body = pickle.dumps((variant, formats), pickle.HIGHEST_PROTOCOL)
    return hashlib.sha256(body).digest() + body


@cache
def _start_pool(seconds: float) -> WorkerPool:
    # At most one process for each processor; each starts when it is first needed.
    return WorkerPool(os.cpu_count() or 1, seconds=seconds, preload=list_preloaded_modules())
