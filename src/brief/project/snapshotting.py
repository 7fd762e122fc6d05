"""Compares what a project publishes with its snapshots, and accepts differences."""

from collections.abc import Iterator
from pathlib import Path

from brief.model.artifact import BuildSelection, Progress
from brief.model.diagnostics import Diagnostic, RequestError, sort_diagnostics
from brief.model.record import dataclass
from brief.model.source_location import Ref
from brief.project.incremental import BuildRequest, build_project
from brief.publish.paths import make_safe_stem
from brief.snapshots.capture import capture
from brief.snapshots.comparison import (
    ArtifactDrift,
    Selection,
    compare_artifact,
    describe_drift,
    describe_unused,
    find_unused,
)
from brief.snapshots.folder import read_snapshots, replace_snapshots
from brief.snapshots.settings import SETTINGS, ImageTolerance, read_settings


@dataclass(frozen=True, slots=True)
class SnapshotComparison:
    """The result of comparing the artifacts of a request with their snapshots.

    `drifts` has one entry for each artifact, whether or not it differs. `unused` lists snapshot files that belong to no
    artifact. `before` has the snapshot files that were compared, by name.
    """

    brief: str
    drifts: tuple[ArtifactDrift, ...]
    unused: tuple[str, ...]
    before: dict[str, bytes]
    tolerance: ImageTolerance

    def make_diagnostics(self) -> tuple[Diagnostic, ...]:
        """Returns a diagnostic for every difference and every unused file."""
        return sort_diagnostics(self._describe())

    def _describe(self) -> Iterator[Diagnostic]:
        for drift in self.drifts:
            yield from describe_drift(drift)
        yield from describe_unused(self.unused)

    def accept(self, root: Path) -> None:
        """Updates the snapshots of the project at `root`: all of them or, if that fails, none.

        Raises:
            OutputLockedError, MachineError: as `replace_snapshots` does.
        """
        new_files = {name: data for drift in self.drifts if drift.differs for name, data in drift.files.items()}
        removed = [*self.unused, *(name for drift in self.drifts for name in drift.removed)]
        if new_files or removed:
            replace_snapshots(root, self.before, new_files, removed)


def compare_snapshots(
    root: Path, requested: BuildSelection, *, jobs: int | None = None, progress: Progress | None = None
) -> SnapshotComparison:
    """Builds the project, unless its last pack is up to date, and compares the pack with the snapshots.

    Raises:
        BriefError: as `build_project` does; the settings of snapshots or the request have errors.
    """
    settings = read_settings(root)
    selection = BuildSelection(
        _choose("audience", requested.audiences, settings.audiences),
        _choose("locale", requested.locales, settings.locales),
        _choose("format", requested.formats, settings.formats),
    )
    before = read_snapshots(root)
    try:
        pack = build_project(root, BuildRequest(selection), jobs=jobs, progress=progress).pack
    except RequestError as problem:
        listed = settings.audiences or settings.locales or settings.formats
        raise RequestError(
            f"{SETTINGS}: {problem}" if listed and requested == BuildSelection() else str(problem)
        ) from None
    drifts = tuple(
        compare_artifact(artifact, capture(artifact, settings), before, settings.tolerance) for artifact in pack
    )
    published = {(artifact.audience, artifact.locale, artifact.format) for artifact in pack}
    folders = Selection(tuple(map(make_safe_stem, requested.audiences)), requested.locales, requested.formats)
    return SnapshotComparison(pack.brief, drifts, find_unused(before, published, folders), before, settings.tolerance)


def _choose(what: str, requested: tuple[str, ...], listed: tuple[Ref, ...]) -> tuple[str, ...]:
    """Returns the requested names; if none are requested, the names that the settings list.

    Raises:
        RequestError: a requested name is not among those that the settings list.
    """
    allowed = [ref.name for ref in listed]
    for name in requested:
        if allowed and name not in allowed:
            raise RequestError(f"{SETTINGS} does not name the {what} '{name}': add it there, or leave it out")
    return requested or tuple(allowed)
