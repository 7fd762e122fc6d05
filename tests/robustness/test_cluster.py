"""Builds on a real cluster of two worker processes: killed while it works, stopped, gone, or other than this machine."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import pytest
from api_client import ApiClient, serve_api
from projects import SETTINGS, ProjectCopy

import brief
from brief import MachineError, Pack, Project, WorkerError
from brief.build.cluster import connect_cluster, require_matching_workers
from brief.build.remote import PackedSet
from brief.publish.verify import verify_pack

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("cluster")]

LOCALES = ("en", "zh-Hans", "zh-Hant")


class Cluster:
    """A scheduler and its workers, each a process started as an administrator would start it."""

    def __init__(self, folder: Path) -> None:
        # It takes half a second to import, which only one process of a test run needs to do.
        from distributed import Client

        self.folder = folder
        self.log = (folder / "log").open("wb")
        self.workers: list[subprocess.Popen[bytes]] = []
        file = folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file))
        until = time.monotonic() + 60
        # The scheduler opens the file before it writes to it.
        while not (file.exists() and file.stat().st_size):
            assert time.monotonic() < until, (folder / "log").read_text()
            time.sleep(0.05)
        self.url = str(json.loads(file.read_text())["address"])
        self.client: Any = cast(Any, Client)(self.url, set_as_default=False)

    def _start(self, what: str, *args: str, env: dict[str, str] | None = None) -> "subprocess.Popen[bytes]":
        settings = {"DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "5s"}
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{what}", "--no-dashboard", *args],
            env={**os.environ, "PYTHONPATH": str(Path(brief.__file__).parents[1]), **settings, **(env or {})},
            cwd=self.folder,
            stdout=self.log,
            stderr=self.log,
        )

    def add_worker(self, env: dict[str, str] | None = None) -> "subprocess.Popen[bytes]":
        own = self.folder / f"machine-{time.monotonic_ns()}"
        own.mkdir()
        args = ("--no-nanny", "--nthreads", "1", "--local-directory", str(own))
        self.workers.append(self._start("worker", self.url, *args, env=env))
        return self.workers[-1]

    def have(self, number: int) -> None:
        """Ensures that `count` workers run, new ones in the place of those that are gone."""
        until = time.monotonic() + 60
        while len(self.client.scheduler_info(n_workers=-1)["workers"]) != number or len(self._alive()) < number:
            assert time.monotonic() < until, (self.folder / "log").read_text()
            # One that was killed just now may still look alive at first.
            while len(self._alive()) < number:
                self.add_worker()
            time.sleep(0.05)

    def _alive(self) -> list["subprocess.Popen[bytes]"]:
        return [worker for worker in self.workers if worker.poll() is None]

    def wait_until_busy(self, number: int) -> list[int]:
        """The processes of the workers, once so many of them have work."""
        pids = self.client.run(os.getpid)
        until = time.monotonic() + 60
        while len(busy := [address for address, tasks in self.client.processing().items() if tasks]) < number:
            assert time.monotonic() < until
            time.sleep(0.01)
        return [pids[address] for address in busy]

    def stop(self) -> None:
        with suppress(Exception):
            self.client.close(timeout=2)
        processes = [*self.workers, self.scheduler]
        for process in processes:
            process.kill()
        for process in processes:
            process.wait()
        self.log.close()


@pytest.fixture(scope="module")
def _running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    running = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture
def cluster(_running: Cluster) -> Cluster:
    """Two workers, even if an earlier test killed them."""
    _running.have(2)
    return _running


def _list_messages(err: str) -> list[str]:
    """What the command said, without what libraries may log."""
    assert "Traceback" not in err
    return [line for line in err.splitlines() if line.startswith("brief: ")]


def test_a_cluster_makes_the_same_bytes_and_keeps_nothing(
    cluster: Cluster, project: ProjectCopy, starter_pack: Pack
) -> None:
    project.accept_translations()
    build = project.start("build", "--cluster", cluster.url)
    out, err = build.communicate(timeout=120)
    assert (build.returncode, _list_messages(err)) == (0, ["brief: 18 rendered, 0 from the cache"]), err
    assert len(out.split()) == len(set(out.split())) == 18
    verdict = verify_pack(project.root / "output/night-buses")
    assert (verdict.is_consistent, verdict.digest) == (True, sha256(starter_pack.make_manifest()).hexdigest())
    assert list(cluster.folder.rglob("brief-set-*")) == []


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGSTOP])
def test_a_worker_is_lost_while_it_works(cluster: Cluster, starter: Project, starter_pack: Pack, end: int) -> None:
    with connect_cluster(cluster.url, [starter.template_set], LOCALES) as executor, ThreadPoolExecutor(1) as thread:
        building = thread.submit(starter.build, formats=["pdf"], executor=executor)
        lost = cluster.wait_until_busy(2)[0]
        os.kill(lost, end)
        try:
            made = building.result(120)
        finally:
            os.kill(lost, signal.SIGKILL)
    assert list(made) == [artifact for artifact in starter_pack if artifact.format == "pdf"], "nothing lost or twice"


def test_work_that_hangs_is_ended_there_and_the_worker_goes_on(cluster: Cluster, starter: Project) -> None:
    with (
        connect_cluster(cluster.url, [starter.template_set], LOCALES, seconds=0.05) as executor,
        pytest.raises(WorkerError, match=r"audience 'public', locale 'en', format 'html': .*longer than 0\.05 seconds"),
    ):
        starter.build(["public"], ["en"], formats=["html"], executor=executor)
    with connect_cluster(cluster.url, [starter.template_set], LOCALES) as executor:
        assert len(starter.build(formats=["html"], executor=executor)) == 6


def test_a_worker_with_other_code_is_refused(cluster: Cluster, project: ProjectCopy, tmp_path: Path) -> None:
    source = Path(brief.__file__).parent
    shutil.copytree(source, tmp_path / "other/brief", ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "other/brief/build/plan.py").open("a") as file:
        file.write("# changed\n")
    other = cluster.add_worker(env={"PYTHONPATH": str(tmp_path / "other")})
    cluster.have(3)
    ran = project.run("build", "--cluster", cluster.url)
    other.kill()
    other.wait()
    assert ran.status == 5
    header, *rows = (line for line in ran.stderr.splitlines() if line.startswith("  "))
    assert header.split() == ["worker", "what", "here", "there"]
    assert [row.split()[1:4] for row in rows] == [["code", "of", "brief"]]
    assert not (project.root / "output").exists()


def test_a_cluster_that_is_not_there(project: ProjectCopy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("brief.build.cluster.CONNECT_SECONDS", 2.0)
    lonely = Cluster(tmp_path)
    try:
        ran = project.run("build", "--cluster", lonely.url)
        assert (ran.status, "the cluster has no workers" in ran.stderr) == (5, True), ran.stderr
    finally:
        lonely.stop()
    ran = project.run("build", "--cluster", lonely.url)
    assert (ran.status, "cannot reach a cluster at" in ran.stderr) == (5, True), ran.stderr


def test_without_dask_the_message_names_what_to_install(project: ProjectCopy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    loaded = Project.load(project.root)
    with (
        pytest.raises(MachineError, match="pip install 'distributed"),
        connect_cluster("tcp://127.0.0.1:1", [loaded.template_set], LOCALES),
    ):
        pass


def test_an_api_has_its_orders_rendered_on_the_cluster(
    cluster: Cluster, project: ProjectCopy, starter_pack: Pack, tmp_path: Path
) -> None:
    project.write("templates/own/set.yaml", "extends: base\n")
    with serve_api(project.root, tmp_path / "state", "--cluster", cluster.url, BRIEF_CACHE_DIR="off") as site:
        client = ApiClient(site)
        done = _count_transitions(cluster)
        job = client.built(audiences=["public"], locales=["en", "zh-Hant"], formats=["html", "docx"])
        assert (job["state"], job["progress"]) == ("done", {"done": 4, "total": 4})
        assert _count_transitions(cluster) > done
        for each in job["artifacts"]:
            built = starter_pack[each["audience"], each["locale"], each["format"]]
            assert client.get(each["url"]).content == built.data
        # Another look is another state of the cluster, which needs no restart of the service.
        project.replace(SETTINGS, "template_set: base", "template_set: own")
        again = client.built(audiences=["public"], locales=["en"], formats=["html"])
        assert again["state"] == "done"
        # A request whose renderer dies with its worker is done by another one.
        started = client.request_pack(audiences=["council"], formats=["pdf"]).json()
        os.kill(cluster.wait_until_busy(1)[0], signal.SIGKILL)
        assert client.finished(started)["state"] == "done"
    cluster.have(2)


def _count_transitions(cluster: Cluster) -> int:
    return int(cluster.client.run_on_scheduler(lambda dask_scheduler: dask_scheduler.transition_counter))


def test_an_api_does_not_start_without_its_cluster(project: ProjectCopy, tmp_path: Path) -> None:
    state = str(tmp_path / "state")
    ran = project.run("serve", "--no-browser", "--api", "--state", state, "--cluster", "tcp://127.0.0.1:1")
    assert ran.status == 5
    assert "cannot reach a cluster at tcp://127.0.0.1:1" in ran.stderr
    refused = project.run("serve", "--no-browser", "--api", "--cluster", "tcp://192.0.2.1:1")
    assert (refused.status, "use tls://, or add --allow plain-text" in refused.stderr) == (2, True)
    ran = project.run("serve", "--no-browser", "--cluster", "tcp://127.0.0.1:1")
    assert (ran.status, "require --api" in ran.stderr) == (2, True)


def test_the_table_names_each_difference() -> None:
    here = {"weasyprint": "70.0", "font Inter": "4.1"}
    there = {"tcp://a": here, "tcp://b": {"weasyprint": "69.0", "font Inter": "not there"}}
    with pytest.raises(WorkerError) as caught:
        require_matching_workers(here, there)
    assert [line.split() for line in str(caught.value).splitlines()[2:]] == [
        ["tcp://b", "font", "Inter", "4.1", "not", "there"],
        ["tcp://b", "weasyprint", "70.0", "69.0"],
    ]


def test_the_scheduler_is_lost(cluster: Cluster, published: ProjectCopy) -> None:
    """The last of those that use the cluster: no test builds on it after this."""
    before = published.files("output")
    build = published.start("build", "--cluster", cluster.url)
    cluster.wait_until_busy(1)
    cluster.scheduler.kill()
    _, err = build.communicate(timeout=60)
    assert build.returncode == 5, err
    assert "the cluster is lost" in _list_messages(err)[0]
    assert published.files("output") == before
    assert published.run("build", "-f", "html", "--jobs", "1").status == 0


@pytest.mark.parametrize("stage", ["sets are sent", "threads are counted", "a task is sent"])
def test_the_scheduler_is_lost_before_the_first_task(
    project: ProjectCopy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    loaded = Project.load(project.root)
    own = Cluster(tmp_path)

    def stop(*_: object) -> None:
        own.scheduler.kill()
        own.scheduler.wait()

    def use() -> None:
        with connect_cluster(own.url, [loaded.template_set], ("en",)) as executor:
            stop()
            if stage == "threads are counted":
                assert executor.max_pending
            variant = loaded.make_variant("public", "en")
            executor.submit(None, variant, loaded.template_set, ("html",)).result(60)

    if stage == "sets are sent":
        monkeypatch.setattr("brief.build.cluster.require_matching_workers", stop)
    try:
        own.have(1)
        with pytest.raises(WorkerError, match="the cluster is lost: its scheduler stopped"):
            use()
    finally:
        own.stop()


def test_a_template_set_travels_whole(project: ProjectCopy, tmp_path: Path) -> None:
    project.write("templates/house/set.yaml", 'extends: base\ncolours: {brand: "#5b2a86"}\n')
    project.write("templates/house/block/extra/deep.css", b"a{}")
    project.replace("content/brief.yaml", "template_set: base", "template_set: house")
    own = Project.load(project.root).template_set
    # Neither what is left beside the files nor what leads out of the set, not even where a parent has one of that name.
    (own.folders[0] / ".screen.css.swp").write_text("x")
    (own.folders[0] / "screen.css").symlink_to("/etc/hostname")
    digest, _ = PackedSet.from_template_set(own).serialise()
    there = PackedSet.from_template_set(own).unpack(tmp_path / "there")
    assert there.list_names() == own.list_names()
    assert {name: there.read(name) for name in there.list_names()} == {
        name: own.read(name) for name in own.list_names()
    }
    assert [there.display_name(name) for name in there.list_names()] == [
        own.display_name(name) for name in own.list_names()
    ]
    assert {"screen.css", ".screen.css.swp"}.isdisjoint(there.list_names())
    assert PackedSet.from_template_set(own).serialise()[0] == digest
