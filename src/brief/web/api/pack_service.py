"""Accepts pack requests, has workers build them, and decides what each caller may see of the result."""

import secrets
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, cast

from brief.build.executors import list_worker_imports
from brief.model.brief import Brief
from brief.model.counts import format_count
from brief.model.diagnostics import (
    BriefError,
    ContentError,
    DiskFullError,
    MachineError,
    WorkerError,
    WorkerTimeoutError,
    make_write_error,
)
from brief.publish.lock import open_lock
from brief.store import digest
from brief.web.api.artifact_files import ArtifactFiles
from brief.web.api.callers import Caller
from brief.web.api.cluster_link import ClusterLink
from brief.web.api.job import TrackedJob
from brief.web.api.job_index import ArtifactCache, JobIndex
from brief.web.api.job_store import JobRecord, JobStore, get_time
from brief.web.api.limits import Limits
from brief.web.api.models import FINAL_STATES, PackRequest
from brief.web.api.pack_requests import ArtifactKey, plan_pack, read_pack_request
from brief.web.api.problems import ProblemError
from brief.web.api.saved_projects import SavedProjects
from brief.web.api.sources import Outline, ProjectSource
from brief.web.api.stopping import StoppingErrors
from brief.web.api.task_queue import QueuedJob, Task, TaskQueue
from brief.web.api.work import BuiltArtifact, LoadedData, build_artifact, load_with_data
from brief.workers.pool import WorkerPool

Report = Callable[[str], None]

_REFRESH_SECONDS = 2
_WORK_MODULES = ("brief.web.api.work", *list_worker_imports())


class PackService:
    """Builds packs of a project in worker processes. Pack requests and artifacts in `folder` survive a restart.

    Without `workers`, it has workers of its own. With `cluster`, the URL of a Dask scheduler, they have artifacts
    rendered there. `report` is called with a line for each failure. Two services cannot share a folder: the second one
    fails to start.
    """

    def __init__(
        self,
        source: ProjectSource,
        folder: Path,
        limits: Limits,
        report: Report,
        workers: WorkerPool | None = None,
        cluster: str | None = None,
    ) -> None:
        self.source = source
        self.limits = limits
        self._report = report
        self._folder = folder
        self._workers = workers or WorkerPool(
            limits.slots, seconds=limits.variant_seconds, memory=limits.memory, preload=_WORK_MODULES
        )
        self._queue = TaskQueue(self._workers, limits.slots)
        self._cluster = ClusterLink(cluster, limits.variant_seconds) if cluster else None
        self._lock = threading.RLock()
        self._jobs = JobIndex(limits)
        self._brief: Brief | None = None
        self.stopping = StoppingErrors()
        self._read_at = 0.0
        # The records of a body take fifty times its memory while it is read.
        self._reading = threading.Semaphore(2)
        self._is_started = False
        self._folder_lock = open_lock(folder / "lock", hint="give the second one another folder")

    def start(self, callers: Callable[[str], Caller | None]) -> None:
        """Starts the workers and resumes the pack requests that were unfinished at the last stop.

        `callers` returns the caller with a name, or None; pack requests of callers that no longer exist are cancelled.

        Raises:
            MachineError: the folder cannot be written.
            OutputLockedError: another service uses the folder.
            WorkerError: the cluster cannot be reached, or its workers would make different files.
        """
        with self._lock:
            if self._is_started:
                return
            try:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as problem:
                raise make_write_error(str(self._folder), problem) from problem
            self._store = JobStore(self._folder / "jobs")
            self._folder_lock.__enter__()
            self._is_started = True
            self.artifacts = ArtifactFiles(self._folder / "artifacts", self.limits.artifact_bytes)
            self._artifact_cache = ArtifactCache(self.artifacts)
            try:
                self._saved = SavedProjects(self._folder / "projects")
                self._reach_cluster()
            except BriefError:
                self._is_started = False
                self._folder_lock.__exit__(None, None, None)
                raise
            for record in list(self._store.read(self._report)):
                self._resume(record, callers)
        self._workers.start(self.limits.slots, copies=True)

    def _reach_cluster(self) -> None:
        """Connects to the cluster before any pack request is resumed, because without the cluster it would fail."""
        if self._cluster is not None:
            # Errors of the content are reported to the callers.
            with suppress(ContentError):
                revision = self.read_outline().revision
                if revision is not None:
                    self._cluster.connect(self._saved.save(revision))

    def prepare_close(self) -> None:
        """Starts and records nothing more: what the workers leave unfinished is built after the next start.

        Must be called before another owner of the workers stops them.
        """
        self._queue.close()

    def close(self) -> None:
        """Stops the workers. Unfinished pack requests stay on disk and are built after the next start."""
        self.prepare_close()
        with self._lock:
            if not self._is_started:
                return
            self._is_started = False
            for job in self._jobs.list_jobs():
                if job.timer is not None:
                    job.timer.cancel()
        self._workers.abort()
        if self._cluster is not None:
            self._cluster.close()
        self._folder_lock.__exit__(None, None, None)

    def read_outline(self) -> Outline:
        """Returns what can be requested; raises ContentError as the source does."""
        self._read_at = time.monotonic()
        outline = self.source.read_outline()
        self._brief = outline.brief
        self.stopping.update(outline.revision)
        return outline

    def is_outdated(self) -> bool:
        """Returns whether the access rights in the content may have changed: it was not read for two seconds."""
        return time.monotonic() - self._read_at > _REFRESH_SECONDS

    def refresh(self) -> None:
        """Reads the content again if it has changed; new errors in it do not affect what is already built."""
        with suppress(ContentError):
            self.read_outline()

    def submit(self, caller: Caller, body: bytes) -> TrackedJob:
        """Accepts a pack request, which then survives a restart.

        Raises:
            ProblemError: the pack request has errors, or too many pack requests are unfinished.
            ContentError: the project has errors.
            DiskFullError: the disk is full; nothing is left of the pack request.
            MachineError: the pack request cannot be written to the disk for another reason.
        """
        with self._reading:
            request = read_pack_request(body)
            data_digest = _digest_data(request)
        outline = self.read_outline()
        planned = plan_pack(outline.brief, caller, request, self.limits.variants)
        record = JobRecord(secrets.token_urlsafe(18), caller.name, get_time(), body.decode("utf-8"), planned)
        job = TrackedJob(record, request.brief, data_digest)
        del request
        self._jobs.admit(job, caller)
        try:
            self._store.write(record)
            self._begin(job, outline)
        except BaseException:
            self._jobs.remove(job)
            self._store.remove(job.id)
            self._saved.release(job.id)
            raise
        self._forget_old()
        return job

    def find(self, caller: Caller, id_: str) -> TrackedJob | None:
        """Returns the caller's job with this id; None if the caller has no such job, or may not see all of it."""
        job = self._jobs.find(id_)
        if job is None or job.record.caller != caller.name or not self._may_see(caller, job):
            return None
        return job

    def find_artifact(self, caller: Caller, sha256: str, name: str) -> BuiltArtifact | None:
        """Returns an artifact of one of the caller's jobs; None if the caller has no such artifact or may not see it."""
        job = self._jobs.find_by_artifact(caller, sha256, name)
        if job is None or not self._may_see(caller, job):
            return None
        return next(built for built in job.record.artifacts if built.artifact.sha256 == sha256)

    def cancel(self, job: TrackedJob) -> None:
        """Cancels a job that has not ended, and stops the tasks that no other job waits for."""
        self._end(job, partial(job.end, "cancelled"))

    # Running a job.

    def _begin(self, job: TrackedJob, outline: Outline) -> None:
        job.queued = QueuedJob(job.record.caller, partial(self._handle_result, job), partial(self._mark_started, job))
        saved = self._saved.save(outline.revision, job.id) if outline.revision is not None else None
        if saved is not None and job.data_digest is None:
            self._add_variants(job, saved)
            return
        # The data of a pack request is also checked in a worker, because a large table takes time.
        load_key = ("load", (saved.name, job.data_digest) if saved is not None else job.id)
        folder = self._saved.make_folder(load_key, job.id)
        arguments = (outline.root, saved, job.record.body, folder, outline.pdf_engine)
        self._add_tasks(job, [Task(load_key, load_with_data, arguments)])

    def _add_variants(self, job: TrackedJob, saved: Path) -> None:
        tasks = []
        try:
            access = self._cluster.connect(saved) if self._cluster else None
        except (MachineError, WorkerError) as problem:
            self._fail(job, problem)
            return
        for key in job.planned:
            existing = self._artifact_cache.find(saved.name, key)
            if existing is not None:
                self._add(job, key, existing)
                continue
            arguments = (saved, key.audience, key.locale, key.format, self.artifacts.folder, access)
            # By its path, because the file is kept only for the jobs that hold this one.
            tasks.append(Task((saved, key), build_artifact, arguments))
        self._add_tasks(job, tasks)

    def _add_tasks(self, job: TrackedJob, tasks: list[Task]) -> None:
        if tasks and job.queued is not None:
            self._queue.add(job.queued, tasks)
            if job.is_final:
                # It was cancelled in the meantime.
                self._queue.drop(job.queued)

    def _mark_started(self, job: TrackedJob) -> None:
        job.begin()
        job.timer = threading.Timer(self.limits.seconds, self._stop_late_job, (job,))
        job.timer.daemon = True
        job.timer.start()
        if job.is_final:
            job.timer.cancel()

    def _stop_late_job(self, job: TrackedJob) -> None:
        problem = f"The pack took longer than {format_count(self.limits.seconds, 'second')}."
        self._end(job, partial(job.end, "failed", problem))

    def _handle_result(self, job: TrackedJob, task: Task, result: Any, error: BaseException | None) -> None:
        if error is not None:
            self._fail(job, error)
        elif isinstance(result, BuiltArtifact):
            saved, key = cast(tuple[Path, ArtifactKey], task.key)
            self._artifact_cache.keep(saved.name, key, result)
            self._add(job, key, result)
        elif not job.is_final:
            loaded = cast(LoadedData, result)
            job.set_data_warnings(loaded.warnings)
            self._add_variants(job, loaded.saved)

    def _fail(self, job: TrackedJob, error: BaseException) -> None:
        if isinstance(error, ContentError):
            self._end(
                job,
                partial(job.end, "failed", "The content, or the data of the request, has errors.", error.diagnostics),
            )
            return
        if job.is_final:
            return
        number = secrets.token_hex(4)
        self._report(f"{number}: {error if isinstance(error, BriefError) else repr(error)}")
        reason = (
            f"A variant took longer than {format_count(self.limits.variant_seconds, 'second')}"
            if isinstance(error, WorkerTimeoutError)
            else "The disk of the service is full"
            if isinstance(error, DiskFullError)
            else "A variant could not be built"
        )
        self._end(job, partial(job.end, "failed", f"{reason}; see the log entry {number} for the reason."))

    def _end(self, job: TrackedJob, end: Callable[[], bool]) -> None:
        if end():
            # Before the files that its tasks use are removed.
            if job.queued is not None:
                self._queue.drop(job.queued)
            self._finish(job)

    def _finish(self, job: TrackedJob) -> None:
        if job.timer is not None:
            job.timer.cancel()
        if self._jobs.find(job.id) is not None and self._is_started:
            try:
                self._store.write(job.record)
            except BriefError as error:
                self._report(str(error))
                if job.record.state == "cancelled":
                    # It must not be built after a restart.
                    self._store.remove(job.id)
        self._saved.release(job.id)
        job.forget_body()
        self.artifacts.prune()

    # Packs requested before the last stop.

    def _resume(self, record: JobRecord, callers: Callable[[str], Caller | None]) -> None:
        try:
            request = read_pack_request(record.body.encode())
        except ProblemError:
            if record.state not in FINAL_STATES:
                self._report(f"pack request {record.id} of '{record.caller}' is no longer understood, and is not built")
            self._store.remove(record.id)
            return
        job = TrackedJob(replace(record, body=""), request.brief, _digest_data(request))
        self._jobs.restore(job)
        for built in record.artifacts:
            self._jobs.add_artifact(job, built)
        if job.is_final and (record.state != "done" or all(map(self.artifacts.has, record.artifacts))):
            return
        job.record = JobRecord(record.id, record.caller, record.accepted, record.body, record.planned)
        try:
            caller = callers(record.caller)
            if caller is None:
                self._end(job, partial(job.end, "cancelled", "The caller no longer exists."))
                return
            outline = self.read_outline()
            planned = plan_pack(outline.brief, caller, request, self.limits.variants)
            job.record = replace(job.record, planned=planned)
            self._begin(job, outline)
        except (BriefError, ProblemError) as error:
            if isinstance(error, BriefError):
                self._fail(job, error)
            else:
                self._end(job, partial(job.end, "failed", "The request names something that is no longer offered."))

    def _may_see(self, caller: Caller, job: TrackedJob) -> bool:
        audiences = {key.audience for key in job.planned}
        if self._brief is None:
            # The content has had errors since the start, so the clearance of an audience is unknown: it may be above the caller's.
            return caller.clearance is None and (caller.audiences is None or audiences <= set(caller.audiences))
        return audiences <= set(caller.list_audiences(self._brief))

    def _add(self, job: TrackedJob, key: ArtifactKey, built: BuiltArtifact) -> None:
        """Adds a finished artifact to a job, and finishes the job after the last one."""
        is_last = job.add(key, built)
        self._jobs.add_artifact(job, built)
        if is_last:
            self._finish(job)

    def _forget_old(self) -> None:
        """Removes finished jobs beyond the limits of age and number."""
        for job in self._jobs.remove_old():
            self._store.remove(job.id)


def _digest_data(request: PackRequest) -> str | None:
    return digest(repr(request.data)) if request.data else None
