"""What worker processes do for a pack request. This module does not import the web framework."""

import os
import pickle
import tempfile
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from brief.build.fingerprint import fingerprint_template_set
from brief.inspection.leaks import Inspector
from brief.model.artifact import Artifact
from brief.model.diagnostics import ContentError, Diagnostic, make_write_error
from brief.model.record import dataclass
from brief.project.project import Project
from brief.store import digest, spool
from brief.web.api.models import Cell
from brief.web.api.pack_requests import read_pack_request
from brief.web.api.repeats import condense_repeats

if TYPE_CHECKING:
    from brief.build.cluster import ClusterAccess, ClusterExecutor

_MAX_PROJECTS = 3


@dataclass(slots=True)
class _WorkerState:
    """What a worker process keeps from one task to the next.

    `saved` has the projects that it read from files of `save_project`, by file name; `loaded` those that it loaded with
    data, by root.
    """

    saved: OrderedDict[str, tuple[Project, Inspector]] = field(default_factory=OrderedDict)
    loaded: OrderedDict[str, Project] = field(default_factory=OrderedDict)
    cluster: "ClusterExecutor | None" = None


# Global, because the pool calls functions, which share nothing else.
_state = _WorkerState()


@dataclass(frozen=True, slots=True)
class BuiltArtifact:
    """An artifact without its bytes, which are in the artifact folder; `size` is their number."""

    artifact: Artifact
    size: int
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class LoadedData:
    """The file of a project with the data of a pack request, and the warnings that the data adds."""

    saved: Path
    warnings: tuple[Diagnostic, ...]


def save_project(project: Project, template_digests: Sequence[str], folder: Path) -> Path:
    """Saves a project in `folder` for the workers, so that all of them build exactly this state; returns the path.

    The file name is a digest of the project and of the `template_digests` of its template sets, whose files are not part
    of the saved project.
    """
    data = pickle.dumps(replace(project, reading_cache={}, _folder=None), pickle.HIGHEST_PROTOCOL)
    path = folder / f"{digest(data, *template_digests)}.pickle"
    if not path.exists():
        write_atomically(path, data)
    return path


def load_with_data(
    root: Path,
    base: Path | None,
    body: str,
    folder: Path,
    pdf_engine: str = "",
) -> LoadedData:
    """Loads and checks the project at `root` with the data of a pack request, and saves it in `folder`, which exists.

    `body` is the JSON of the request; it is read here, because its records take many times its memory. `base` is the
    file of the saved project without the data, or None if it is complete only with them. `pdf_engine` is as for
    `Project.load`, and is used only without a `base`. Files that have not changed since this process last loaded the
    project are not read again.

    Raises:
        ContentError: the project or the data have errors; of many that are alike, the first ones with their number.
        DiskFullError: the disk is full.
    """
    try:
        return _load_with_data(root, base, read_pack_request(body.encode()).data, folder, pdf_engine)
    except ContentError as error:
        raise ContentError(condense_repeats(error.diagnostics)) from None


def _load_with_data(
    root: Path, base: Path | None, data: Mapping[str, Sequence[Mapping[str, Cell]]], folder: Path, pdf_engine: str
) -> LoadedData:
    previous = _state.loaded.get(str(root))
    earlier: tuple[Diagnostic, ...] = ()
    if base is not None:
        saved = _open_project(base)[0]
        earlier = saved.diagnostics
        project = (replace(previous, given_tables=saved.given_tables) if previous else saved).with_data(data)
    else:
        project = previous.with_data(data) if previous else Project.load(root, data=data, pdf_engine=pdf_engine)
    _state.loaded[str(root)] = replace(project, given_tables={})
    while len(_state.loaded) > _MAX_PROJECTS:
        _state.loaded.popitem(last=False)
    warnings = tuple(each for each in project.diagnostics if each not in earlier)
    # Template sets can change while the data stay the same.
    template_digests = tuple(map(fingerprint_template_set, project.list_template_sets()))
    return LoadedData(save_project(project, template_digests, folder), condense_repeats(warnings))


def build_artifact(
    saved: Path, audience: str, locale: str, format_name: str, folder: Path, cluster: "ClusterAccess | None" = None
) -> BuiltArtifact:
    """Builds and inspects one artifact of a saved project, and stores its bytes in `folder` by their SHA-256.

    With `cluster`, the artifact is rendered on the cluster.

    Raises:
        WorkerError: the cluster cannot be reached, or failed.
        ContentError: the artifact cannot be built, or contains something that its audience may not see.
        MachineError: a font or library is missing.
    """
    project, inspector = _open_project(saved)
    executor = _connect(cluster) if cluster is not None else None
    pack = project.build([audience], [locale], [format_name], jobs=1, executor=executor, inspector=inspector)
    artifact = pack[audience, locale, format_name]
    path, data = make_artifact_path(folder, artifact.sha256), artifact.data
    # An existing file of that name may be damaged.
    if not path.exists() or path.read_bytes() != data:
        try:
            path.parent.mkdir(mode=0o700, exist_ok=True)
        except OSError as problem:
            raise make_write_error(str(path.parent), problem) from problem
        write_atomically(path, data)
    return BuiltArtifact(replace(artifact, content=spool()), len(data), pack.diagnostics)


def make_artifact_path(folder: Path, sha256: str) -> Path:
    """Returns the path of the bytes with this digest."""
    return folder / sha256[:2] / sha256


def write_atomically(path: Path, data: bytes) -> None:
    """Writes a file atomically, readable only by its owner.

    Raises:
        DiskFullError: the disk is full.
        MachineError: the file cannot be written for another reason.
    """
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=".new-", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as problem:
        raise make_write_error(str(path), problem) from problem


def open_saved_project(saved: Path) -> Project:
    """Returns the project that `save_project` saved."""
    return _open_project(saved)[0]


def _connect(access: "ClusterAccess") -> "ClusterExecutor":
    """Returns an executor on the cluster; the connection is kept for later artifacts with the same access."""
    from brief.build.cluster import join_cluster

    if _state.cluster is None or _state.cluster.access != access or not _state.cluster.is_connected:
        if _state.cluster is not None:
            _state.cluster.disconnect()
        _state.cluster = join_cluster(access)
    return _state.cluster


def _open_project(saved: Path) -> tuple[Project, Inspector]:
    name = saved.name
    projects = _state.saved
    if name not in projects:
        project: Project = pickle.loads(saved.read_bytes())  # noqa: S301 - written by the service that started this worker
        projects[name] = project, Inspector(project.brief, project.get_template_set, project.seeds)
        while len(projects) > _MAX_PROJECTS:
            projects.popitem(last=False)
    projects.move_to_end(name)
    return projects[name]
