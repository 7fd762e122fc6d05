"""From a project folder to a pack, without reading the project at all where nothing has changed.

A pack is kept under a digest of every file that a build could read, of the order, and of all that prints. Nothing that
reads or prints is imported before that digest has turned out to be new.
"""

import math
import os
import stat
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

from brief.build import fingerprint
from brief.build.cache_entries import find_pack, keep_pack
from brief.model.artifact import Order
from brief.model.diagnostics import Diagnostic
from brief.publish.pack import Pack
from brief.reading.listing import list_files
from brief.store import default_store, digest
from brief.templating.packaged import PACKAGED

# Where a project's files are; whoever lets a build read elsewhere must add it here.
_READ = ("content", "seeds", "data", "templates")


Progress = Callable[[int, int], None]


def build_project(
    root: Path,
    order: Order,
    *,
    jobs: int | None = None,
    progress: Progress | None = None,
    ready: Callable[[str], None] | None = None,
) -> tuple[Pack, tuple[Diagnostic, ...]]:
    """The pack of an order, and the warnings of the checks. `ready` is called with the brief's id before the work.

    Raises:
        BriefError: as `Project.load` and `Project.build` do.
    """
    store = default_store()
    key = fingerprint_project(root, order) if store else ""
    kept = find_pack(store, key) if store else None
    if kept is not None:
        if ready is not None:
            ready(kept[0].brief)
        return kept

    from brief.build import executors
    from brief.project.project import Project

    jobs = jobs or os.cpu_count() or 1
    asked = (order.audiences, order.locales, order.formats)
    with executors.start_workers_early(jobs, math.prod(map(len, asked)) or None) as workers:
        project = Project.load(root)
        if ready is not None:
            ready(project.brief.settings.id)
        pack = project.build(*asked, jobs=jobs, executor=workers, progress=progress)
    # What was changed meanwhile may or may not have been read in its old form.
    if store and fingerprint_project(root, order) == key:
        keep_pack(store, key, pack, project.diagnostics)
    return pack, project.diagnostics


def list_input_folders(root: Path) -> tuple[Path, ...]:
    """Where the files are that a build of the project can read, whether there are such folders or not."""
    return (*(root / name for name in _READ), *PACKAGED)


def fingerprint_project(root: Path, order: Order) -> str:
    """Digest of the order and of all that its pack can depend on.

    Raises:
        MachineError: there is no fontconfig.
    """
    read = (
        part
        for number, folder in enumerate(list_input_folders(root))
        for part in (str(number), *_describe_files(folder))
    )
    return digest("pack", repr(order), fingerprint.fingerprint_machine(), *read)


def _describe_files(folder: Path) -> Iterator[str]:
    """Name and digest of every file below the folder, in order of name."""
    for path in list_files(folder):
        yield path.relative_to(folder).as_posix()
        yield _digest_file(path)


def _digest_file(path: Path) -> str:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return "not a file"
        return sha256(path.read_bytes()).hexdigest()
    except OSError as problem:
        return f"unreadable: {problem.errno}"
