"""Pack requests over a restart of the service, however it ends, and the limits of one pack request."""

import json
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from api_client import ApiClient, serve_api
from projects import ProjectCopy

from brief import Project
from brief.model.diagnostics import OutputLockedError
from brief.web import app
from brief.web.api.application import PackApi
from brief.web.api.callers import Caller
from brief.web.api.job import TrackedJob
from brief.web.api.limits import Limits
from brief.web.api.pack_service import PackService
from brief.web.api.problems import ProblemError

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("api-restarts")]

EVERYTHING = Caller("local")
ONE = b'{"brief": "night-buses", "audiences": ["public"], "locales": ["en"], "formats": ["md"]}'


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> ProjectCopy:
    project = ProjectCopy(tmp_path_factory.mktemp("restarts") / "project")
    for name in ("council", "public"):
        path = f"content/audiences/{name}.yaml"
        project.write(path, re.sub(r"formats: \[.*\]", "formats: [html, json, md]", project.read(path)))
    return project


def test_pack_requests_that_were_accepted_are_built_after_the_service_was_killed(
    copy: ProjectCopy, tmp_path: Path
) -> None:
    state = tmp_path / "state"
    with serve_api(copy.root, state, BRIEF_CACHE_DIR="off") as site:
        client = ApiClient(site)
        early = client.built(audiences=["public"], locales=["en"], formats=["md"])
        accepted = [client.request_pack(audiences=[name]).json() for name in ("public", "council")]
        site.process.send_signal(signal.SIGKILL)
        site.process.wait()
    # A damaged disk, and an update of the program.
    (state / "jobs" / "half.json").write_text('{"version": 1, "id"')
    path = state / "jobs" / f"{accepted[0]['id']}.json"
    path.write_text(path.read_text().replace('"version": 1', '"version": 0').replace('"planned"', '"wanted"'))
    (artifact,) = (path for path in (state / "artifacts").rglob("*") if path.name == early["artifacts"][0]["sha256"])
    artifact.write_bytes(b"torn")
    with serve_api(copy.root, state, BRIEF_CACHE_DIR="off") as site:
        client = ApiClient(site)
        for job in (*accepted, early):
            finished = client.finished(job)
            assert (finished["state"], finished["accepted"]) == ("done", job["accepted"])
            assert finished["progress"]["done"] == job["progress"]["total"]
            for each in finished["artifacts"]:
                assert len(client.get(each["url"]).content) == each["bytes"]
        site.process.terminate()
        kept = state / "jobs" / "half.json.unreadable"
        assert f"{kept} cannot be read; the pack request in it is not built" in site.process.stderr.read()
    assert kept.read_text() == '{"version": 1, "id"'


@pytest.fixture
def service(copy: ProjectCopy, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[PackService]:
    limits = getattr(request, "param", Limits(slots=1))
    api = app(copy.root, access=EVERYTHING, folder=tmp_path / "state", limits=limits)
    api.start()
    yield api.service
    api.close()


def wait_for_end(job: TrackedJob, seconds: float = 60) -> TrackedJob:
    ends = time.monotonic() + seconds
    while not job.is_final:
        assert time.monotonic() < ends
        time.sleep(0.02)
    return job


def make_request(**names: Any) -> bytes:
    return json.dumps({"brief": "night-buses", **names}).encode()


class TestLimits:
    @pytest.mark.parametrize("service", [Limits(slots=1, jobs=3, jobs_of_caller=2)], indirect=True)
    def test_unfinished_pack_requests_are_counted(self, service: PackService) -> None:
        jobs = [service.submit(EVERYTHING, make_request(audiences=["council"])) for _ in range(2)]
        with pytest.raises(ProblemError, match="too many unfinished") as refused:
            service.submit(EVERYTHING, ONE)
        assert (refused.value.problem.status, refused.value.headers) == (429, {"Retry-After": "5"})
        jobs.append(service.submit(Caller("other"), ONE))
        with pytest.raises(ProblemError) as refused:
            service.submit(Caller("third"), ONE)
        assert refused.value.problem.status == 503
        for job in jobs:
            service.cancel(job)
        assert {job.record.state for job in jobs} == {"cancelled"}
        assert wait_for_end(service.submit(EVERYTHING, ONE)).record.state == "done"

    @pytest.mark.parametrize("service", [Limits(slots=1, seconds=0.01)], indirect=True)
    def test_a_pack_request_that_takes_too_long_ends(self, service: PackService) -> None:
        job = wait_for_end(service.submit(EVERYTHING, make_request()))
        assert (job.record.state, job.record.problem) == ("failed", "The pack took longer than 0.01 seconds.")

    @pytest.mark.parametrize("service", [Limits(slots=1, memory=20 << 20)], indirect=True)
    def test_a_worker_that_takes_too_much_memory_fails_its_request_alone(self, service: PackService) -> None:
        job = wait_for_end(service.submit(EVERYTHING, ONE))
        assert job.record.state == "failed"
        assert re.fullmatch(
            r"A variant could not be built; see the log entry [0-9a-f]{8} for the reason\.", job.record.problem or ""
        )

    @pytest.mark.parametrize("service", [Limits(slots=1, kept=2)], indirect=True)
    def test_finished_pack_requests_are_forgotten_when_there_are_more(
        self, service: PackService, tmp_path: Path
    ) -> None:
        jobs = [wait_for_end(service.submit(EVERYTHING, ONE)) for _ in range(5)]
        assert [service.find(EVERYTHING, job.id) is not None for job in jobs] == [False, False, False, True, True]
        assert len(list((tmp_path / "state/jobs").iterdir())) == 2

    def test_a_pack_request_of_too_many_artifacts_is_refused(self, copy: ProjectCopy, tmp_path: Path) -> None:
        api = app(copy.root, access=EVERYTHING, folder=tmp_path / "state", limits=Limits(variants=17))
        api.start()
        try:
            with pytest.raises(ProblemError, match="more than 17 artifacts"):
                api.service.submit(EVERYTHING, make_request())
        finally:
            api.close()


def test_equal_pack_requests_are_built_once(service: PackService) -> None:
    jobs = [service.submit(Caller(f"caller {number}"), ONE) for number in range(20)]
    made = {wait_for_end(job).record.artifacts[0].artifact.sha256 for job in jobs}
    assert len(made) == 1
    assert len(list((service.artifacts.folder).rglob("?" * 64))) == 1
    # What was built before is there at once.
    assert service.submit(EVERYTHING, ONE).record.state == "done"


def test_a_folder_is_of_one_service(service: PackService, copy: ProjectCopy, tmp_path: Path) -> None:
    assert service.limits.slots == 1
    second = app(copy.root, access=EVERYTHING, folder=tmp_path / "state")
    with pytest.raises(OutputLockedError, match="give the second one another folder"):
        second.start()


def test_a_loaded_project_is_served_as_it_was_loaded(tmp_path: Path) -> None:
    project = ProjectCopy(tmp_path / "project")
    loaded = Project.load(project.root)
    api: PackApi = app(loaded, access=EVERYTHING, folder=tmp_path / "state", limits=Limits(slots=1))
    project.write("content/brief.yaml", "no: project\n")
    api.start()
    try:
        job = wait_for_end(
            api.service.submit(EVERYTHING, make_request(audiences=["public"], locales=["en"], formats=["html"]))
        )
        assert job.record.state == "done"
        (built,) = job.record.artifacts
        made = loaded.build(["public"], ["en"], ["html"], jobs=1)
        assert built.artifact.sha256 == made["public", "en", "html"].sha256
    finally:
        api.close()


@pytest.fixture
def broken_after_a_pack(copy: ProjectCopy, tmp_path: Path) -> Iterator[tuple[PackService, str, ProjectCopy]]:
    """A service that was restarted while the content has an error, and the id of a pack that was built before."""
    project = ProjectCopy(tmp_path / "project", copy.root)
    folder = tmp_path / "state"
    first = app(project.root, access=EVERYTHING, folder=folder, limits=Limits(slots=1))
    first.start()
    job = wait_for_end(first.service.submit(Caller("client"), ONE))
    first.close()
    project.replace("content/brief.yaml", "date:", "day:")
    second = app(project.root, access=EVERYTHING, folder=folder, limits=Limits(slots=1))
    second.start()
    yield second.service, job.id, project
    second.close()


def test_content_with_errors_shows_no_pack_to_a_caller_with_a_clearance(
    broken_after_a_pack: tuple[PackService, str, ProjectCopy],
) -> None:
    service, id_, project = broken_after_a_pack
    lowered, other = Caller("client", clearance="public"), Caller("client", audiences=("council",))
    assert service.find(Caller("client"), id_) is not None
    assert service.find(lowered, id_) is None
    assert service.find(other, id_) is None
    project.replace("content/brief.yaml", "day:", "date:")
    service.refresh()
    assert service.find(lowered, id_) is not None
