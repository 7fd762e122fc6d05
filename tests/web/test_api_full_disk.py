"""A full disk: the API answers 507, leaves nothing half-written, and serves on."""

import os
import re
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from api_client import ApiClient, add_callers, serve_api
from projects import ProjectCopy

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("api-full-disk")]

ONE = {"audiences": ["public"], "locales": ["en"]}
FULL = "urn:brief:problem:disk-full"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> ProjectCopy:
    project = ProjectCopy(tmp_path_factory.mktemp("full-disk") / "project")
    path = "content/audiences/public.yaml"
    project.write(path, re.sub(r"formats: \[.*\]", "formats: [html, md, json]", project.read(path)))
    return project


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 400 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if shutil.which("mount") is None or os.geteuid() != 0:
        pytest.skip("only root mounts file systems")
    command = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True).returncode:
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def list_files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@contextmanager
def fill(disk: Path, left: int = 0) -> Iterator[None]:
    """Fills the disk until `left` bytes are free."""
    filler = disk / "filler"
    statistics = os.statvfs(disk)
    filler.write_bytes(bytes(max(statistics.f_bavail * statistics.f_frsize - left, 0)))
    yield
    filler.unlink()


def test_a_pack_request_is_refused_and_nothing_is_left(project: ProjectCopy, small_disk: Path, tmp_path: Path) -> None:
    state, tokens = small_disk / "state", tmp_path / "tokens.json"
    known = add_callers(tokens, {"all": {"clearance": None}, "press": {}})
    with serve_api(project.root, state, "--tokens", str(tokens)) as site:
        clients = {name: ApiClient(site, token) for name, token in known.items()}
        early = clients["all"].built(**ONE, formats=["html"])
        before = list_files(state)
        with fill(small_disk):
            for name, client in clients.items():
                refused = client.request_pack(**ONE, formats=["md"])
                problem = refused.json()
                assert (refused.status_code, problem["type"]) == (507, FULL)
                assert refused.headers["content-type"] == "application/problem+json"
                assert refused.headers["retry-after"] == "60"
                assert (str(small_disk) in problem["detail"], problem["diagnostics"]) == (name == "all", [])
            assert list_files(state) == before
            # What was built is still served, and so is everything that needs no disk.
            assert clients["all"].get(early["artifacts"][0]["url"]).status_code == 200
            assert clients["all"].get("/api/briefs").status_code == 200
            assert clients["all"].get(early["url"]).json()["state"] == "done"
        assert clients["all"].built(**ONE, formats=["md"])["state"] == "done"


def test_a_pack_whose_artifact_has_no_space_fails_and_says_so(project: ProjectCopy, small_disk: Path) -> None:
    state = small_disk / "state"
    with serve_api(project.root, state) as site:
        client = ApiClient(site)
        assert client.built(**ONE, formats=["md"])["state"] == "done"
        # The record of the request has space, the page of 20 kB has not.
        with fill(small_disk, left=12_288):
            job = client.built(**ONE, formats=["html"])
            assert job["state"] == "failed"
            assert re.fullmatch(
                r"The disk of the service is full; see the log entry [0-9a-f]{8} for the reason\.", job["problem"]
            )
            assert [name for name in list_files(state) if ".new" in name] == []
        job = client.built(**ONE, formats=["html"])
        assert job["state"] == "done"
        assert len(client.get(job["artifacts"][0]["url"]).content) == job["artifacts"][0]["bytes"]


def test_a_pack_that_is_cancelled_on_a_full_disk_is_not_built_after_a_restart(
    project: ProjectCopy, small_disk: Path
) -> None:
    state = small_disk / "state"
    with serve_api(project.root, state, BRIEF_CACHE_DIR="off") as site:
        client = ApiClient(site)
        jobs = [client.request_pack(audiences=["council"]).json(), client.request_pack(**ONE).json()]
        with fill(small_disk):
            assert client.http.delete(jobs[1]["url"]).status_code == 204
    with serve_api(project.root, state) as site:
        assert ApiClient(site).get(jobs[1]["url"]).json().get("state", "cancelled") == "cancelled"


def test_a_service_starts_on_a_full_disk_and_builds_when_there_is_space(project: ProjectCopy, small_disk: Path) -> None:
    state = small_disk / "state"
    with serve_api(project.root, state) as site:
        early = ApiClient(site).built(**ONE, formats=["html"])
    with fill(small_disk), serve_api(project.root, state) as site:
        client = ApiClient(site)
        assert client.get(early["url"]).json()["state"] == "done"
        assert len(client.get(early["artifacts"][0]["url"]).content) == early["artifacts"][0]["bytes"]


@pytest.mark.parametrize("limit", [100, 3_000])
def test_a_limit_on_the_size_of_files_is_like_a_full_disk(project: ProjectCopy, tmp_path: Path, limit: int) -> None:
    state = tmp_path / "state"
    with serve_api(project.root, state) as site:
        client = ApiClient(site)
        usual = resource.prlimit(site.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(site.process.pid, resource.RLIMIT_FSIZE, (limit, usual[1]))
        refused = client.request_pack(**ONE, formats=["html"])
        assert (refused.status_code, refused.json()["type"]) == (507, FULL)
        assert list_files(state) == {"lock"}
        resource.prlimit(site.process.pid, resource.RLIMIT_FSIZE, usual)
        assert client.built(**ONE, formats=["html"])["state"] == "done"


def test_the_page_of_a_full_disk_has_the_same_status(project: ProjectCopy, tmp_path: Path) -> None:
    with serve_api(project.root, tmp_path / "state", BRIEF_CACHE_DIR="off") as site:
        client = ApiClient(site)
        usual = resource.prlimit(site.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(site.process.pid, resource.RLIMIT_FSIZE, (1_000, usual[1]))
        assert client.http.get(f"{site.path}en/public/en/html/file").status_code == 507
        resource.prlimit(site.process.pid, resource.RLIMIT_FSIZE, usual)
        assert client.http.get(f"{site.path}en/public/en/html/file").status_code == 200
