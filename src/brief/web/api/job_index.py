"""Indexes the jobs of the service by id and by artifact, and caches which artifacts are built for later jobs."""

import threading
from collections import OrderedDict

from brief.web.api.artifact_files import ArtifactFiles
from brief.web.api.callers import Caller
from brief.web.api.job import TrackedJob
from brief.web.api.job_store import get_time
from brief.web.api.limits import Limits
from brief.web.api.pack_requests import ArtifactKey
from brief.web.api.problems import ProblemError
from brief.web.api.work import BuiltArtifact

_RETRY = "5"  # seconds
_MAX_ARTIFACTS = 5_000


class JobIndex:
    """The jobs in the order in which they were accepted, and the artifacts of each caller. Every method is thread-safe."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._jobs: OrderedDict[str, TrackedJob] = OrderedDict()
        # The latest job that contains an artifact, keyed by caller, and by the digest and the name of the artifact.
        self._latest: dict[tuple[str, str, str], TrackedJob] = {}

    def admit(self, job: TrackedJob, caller: Caller) -> None:
        """Adds a new job.

        Raises:
            ProblemError: too many jobs are unfinished, in total or for this caller.
        """
        headers = {"Retry-After": _RETRY}
        with self._lock:
            unfinished = [each for each in self._jobs.values() if not each.is_final]
            if len(unfinished) >= self._limits.jobs:
                raise ProblemError("queue-full", headers=headers)
            if sum(each.record.caller == caller.name for each in unfinished) >= self._limits.jobs_of_caller:
                raise ProblemError("too-many-jobs", headers=headers)
            self._jobs[job.id] = job

    def restore(self, job: TrackedJob) -> None:
        """Adds a job that the service accepted before it was restarted."""
        with self._lock:
            self._jobs[job.id] = job

    def remove(self, job: TrackedJob) -> None:
        """Removes a job that has no artifacts yet."""
        with self._lock:
            del self._jobs[job.id]

    def find(self, id_: str) -> TrackedJob | None:
        with self._lock:
            return self._jobs.get(id_)

    def list_jobs(self) -> list[TrackedJob]:
        with self._lock:
            return list(self._jobs.values())

    def add_artifact(self, job: TrackedJob, built: BuiltArtifact) -> None:
        """Records that a job contains an artifact."""
        with self._lock:
            self._latest[job.record.caller, built.artifact.sha256, built.artifact.name] = job

    def find_by_artifact(self, caller: Caller, sha256: str, name: str) -> TrackedJob | None:
        """Returns the caller's latest job that contains the artifact, or None."""
        with self._lock:
            return self._latest.get((caller.name, sha256, name))

    def remove_old(self) -> list[TrackedJob]:
        """Removes the jobs that have ended and are too old or too many, oldest first, and returns them."""
        with self._lock:
            finished = [job for job in self._jobs.values() if job.is_final]
            expired = [
                job
                for position, job in enumerate(finished)
                if len(finished) - position > self._limits.kept
                or get_time() - job.record.accepted > self._limits.keep_seconds
            ]
            for job in expired:
                del self._jobs[job.id]
                for built in job.record.artifacts:
                    key = (job.record.caller, built.artifact.sha256, built.artifact.name)
                    if self._latest.get(key) is job:
                        del self._latest[key]
        return expired


class ArtifactCache:
    """Caches which artifacts were built from each project, so that equal ones are built once. It is thread-safe.

    `saved` is the name of the file in which the service saved the project for its workers.
    """

    def __init__(self, files: ArtifactFiles) -> None:
        self._files = files
        self._lock = threading.Lock()
        self._built: OrderedDict[tuple[str, ArtifactKey], BuiltArtifact] = OrderedDict()

    def find(self, saved: str, key: ArtifactKey) -> BuiltArtifact | None:
        """Returns the artifact if it was built and its file still exists, or None."""
        with self._lock:
            built = self._built.get((saved, key))
            if built is None or not self._files.has(built):
                return None
            self._built.move_to_end((saved, key))
            return built

    def keep(self, saved: str, key: ArtifactKey, built: BuiltArtifact) -> None:
        with self._lock:
            self._built[saved, key] = built
            while len(self._built) > _MAX_ARTIFACTS:
                self._built.popitem(last=False)
