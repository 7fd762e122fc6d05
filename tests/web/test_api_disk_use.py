"""What a service keeps on disk and in memory: only what still needs it, also after a restart."""

import json
import re
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from projects import SEED, THEME, ProjectCopy

from brief.model.diagnostics import Diagnostic, Severity
from brief.model.source_location import SourceLocation
from brief.web import app
from brief.web.api.application import PackApi
from brief.web.api.callers import Caller
from brief.web.api.job import TrackedJob
from brief.web.api.limits import Limits
from brief.web.api.pack_service import PackService
from brief.web.api.repeats import condense_repeats

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("api-disk-use")]

EVERYTHING = Caller("local")
NAME = "reader-survey/fleet"
DATASET = """\
datasets:
  - id: fleet
    clearance: public
    key: [route]
    columns: {riders: {unit: count}}
claims:
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> ProjectCopy:
    """A project that is complete only with the data of a request."""
    project = ProjectCopy(tmp_path_factory.mktemp("disk-use") / "project")
    path = "content/audiences/council.yaml"
    project.write(path, re.sub(r"formats: \[.*\]", "formats: [md]", project.read(path)))
    project.replace(SEED, "claims:\n", DATASET)
    project.write(THEME, project.read(THEME).replace("{reader-survey/riders-after}", f"{{{NAME}[north].riders}}"))
    return project


def make_api(project: ProjectCopy, folder: Path, limits: Limits) -> PackApi:
    api = app(project.root, access=EVERYTHING, folder=folder, limits=limits)
    api.start()
    return api


@pytest.fixture
def service(project: ProjectCopy, tmp_path: Path) -> Iterator[PackService]:
    api = make_api(project, tmp_path / "state", Limits(slots=1))
    yield api.service
    api.close()


def make_request(riders: Any, **names: Any) -> bytes:
    rows = [{"route": "north", "riders": riders}, {"route": "south", "riders": 7}]
    names = {"audiences": ["council"], "locales": ["en"], **names}
    return json.dumps({"brief": "night-buses", "data": {NAME: rows}, **names}).encode()


def wait_for_end(job: TrackedJob, seconds: float = 60) -> TrackedJob:
    ends = time.monotonic() + seconds
    while not job.is_final:
        assert time.monotonic() < ends
        time.sleep(0.01)
    return job


def list_saved(folder: Path) -> list[Path]:
    return [path for path in (folder / "projects").rglob("*") if path.is_file()]


def wait_for_removal(folder: Path, seconds: float = 5) -> None:
    ends = time.monotonic() + seconds
    while found := list((folder / "projects").iterdir()):
        assert time.monotonic() < ends, found
        time.sleep(0.01)


def test_saved_projects_go_with_the_packs_that_need_them_while_others_are_built(
    service: PackService, tmp_path: Path
) -> None:
    state = tmp_path / "state"
    unfinished = [service.submit(EVERYTHING, make_request(number)) for number in range(3)]
    counts = []
    for number in range(3, 12):
        # At no time is every pack finished.
        unfinished.append(service.submit(EVERYTHING, make_request(number)))
        assert wait_for_end(unfinished.pop(0)).record.state == "done"
        counts.append(len(list_saved(state)))
    assert max(counts) <= 4
    service.cancel(unfinished.pop())
    for job in unfinished:
        assert wait_for_end(job).record.state == "done"
    wait_for_removal(state)


def test_equal_packs_share_a_saved_project_until_the_last_one_ends(service: PackService, tmp_path: Path) -> None:
    first, second = (service.submit(Caller(name), make_request(4_321)) for name in ("first", "second"))
    service.cancel(first)
    assert wait_for_end(second).record.state == "done"
    wait_for_removal(tmp_path / "state")


def test_nothing_of_a_killed_service_is_left_after_a_restart(project: ProjectCopy, tmp_path: Path) -> None:
    state = tmp_path / "state"
    leftovers = [state / "projects/old.pickle", state / "projects/folder/.new-x", state / "jobs/.id.json.new"]
    for path in leftovers:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")
    make_api(project, state, Limits(slots=1)).close()
    assert [path for path in leftovers if path.exists()] == []


def test_finished_packs_keep_no_data_in_memory(project: ProjectCopy, tmp_path: Path) -> None:
    state = tmp_path / "state"
    api = make_api(project, state, Limits(slots=1))
    job = wait_for_end(api.service.submit(EVERYTHING, make_request(4_321)))
    api.close()
    assert job.record.body == ""
    # The request is still on disk: without its artifact, the pack is built again.
    (artifact,) = (path for path in (state / "artifacts").rglob("*") if path.is_file())
    api = make_api(project, state, Limits(slots=1))
    (kept,) = api.service._jobs.list_jobs()
    assert (kept.is_final, kept.record.body) == (True, "")
    api.close()
    artifact.unlink()
    api = make_api(project, state, Limits(slots=1))
    (again,) = api.service._jobs.list_jobs()
    assert wait_for_end(again).record.state == "done"
    assert artifact.is_file()
    api.close()


def test_an_edited_template_set_is_used_with_the_same_data(project: ProjectCopy, tmp_path: Path) -> None:
    copy = ProjectCopy(tmp_path / "project", project.root)
    path = "content/audiences/council.yaml"
    copy.write(path, copy.read(path).replace("[md]", "[html]"))
    copy.write("templates/house/set.yaml", "extends: base\n")
    copy.replace("content/brief.yaml", "template_set: base", "template_set: house")
    copy.write("templates/house/screen.css", "p { color: #111111 }\n")
    api = make_api(copy, tmp_path / "state", Limits(slots=1))
    try:
        # Once more, because a project that is loaded again may be saved in other bytes.
        for _ in range(3):
            first = wait_for_end(api.service.submit(EVERYTHING, make_request(5)))
        assert first.record.state == "done", first.record
        copy.write("templates/house/screen.css", "p { color: #222222 }\n")
        second = wait_for_end(api.service.submit(EVERYTHING, make_request(5)))
        assert second.record.state == "done"
        assert first.record.artifacts[0].artifact.sha256 != second.record.artifacts[0].artifact.sha256
    finally:
        api.close()


def test_thousands_of_equal_errors_in_the_data_are_condensed(service: PackService) -> None:
    rows = [{"route": f"route {number}", "riders": "many"} for number in range(2_000)]
    body = {"brief": "night-buses", "audiences": ["council"], "locales": ["en"], "data": {NAME: rows}}
    job = wait_for_end(service.submit(EVERYTHING, json.dumps(body).encode()))
    assert job.record.state == "failed"
    errors = [each for each in job.record.diagnostics if each.severity is Severity.ERROR]
    assert len(errors) <= 102
    assert any("(and 1,899 more that are not listed)" in each.message for each in errors)


def test_no_diagnostic_is_lost_unseen() -> None:
    def make(row: int, dataset: str = "a/b", severity: Severity = Severity.ERROR) -> Diagnostic:
        return Diagnostic("bad-number", f"row {row}", SourceLocation(f"data['{dataset}'] row {row}"), severity=severity)

    few = [
        *(make(row) for row in range(101)),
        *(make(row, "c/d") for row in range(101)),
        make(5, severity=Severity.NOTE),
    ]
    assert len(condense_repeats(few)) == len(few)
    assert not any("more" in each.message for each in condense_repeats(few))
    many = condense_repeats([make(row) for row in range(1_000)])
    assert len(many) == 101
    assert many[-1].message.endswith("(and 899 more that are not listed)")


def test_a_number_keeps_its_digits_on_the_way_to_the_worker(service: PackService) -> None:
    body = make_request(0).replace(b'"riders": 0}', b'"riders": 123456789012}')
    job = wait_for_end(service.submit(EVERYTHING, body))
    assert job.record.state == "done", job.record
    (built,) = job.record.artifacts
    assert f"{Decimal('123456789012'):,}" in (service.artifacts.get(built.artifact.sha256) or b"").decode()
