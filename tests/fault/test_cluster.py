"""Builds on a real cluster of two worker processes: killed while it works, stopped, gone, or other than this machine."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from projects import ProjectCopy

import brief
from brief import MachineError, Project, WorkerError
from brief.press.cluster import connected, require_alike
from brief.press.remote import PackedSet
from brief.press.verify import verify

pytestmark = pytest.mark.slow

LOCALES = ("en", "zh-Hans", "zh-Hant")


class Cluster:
    """A scheduler and its workers, each a process started as an administrator would start it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []
        self.log = (folder / "log").open("wb")
        file = folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file))
        until = time.monotonic() + 60
        while not file.exists():
            assert time.monotonic() < until, (folder / "log").read_text()
            time.sleep(0.05)
        self.url = str(json.loads(file.read_text())["address"])

    def _start(self, what: str, *args: str, env: dict[str, str] | None = None) -> "subprocess.Popen[bytes]":
        settings = {"DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "5s"}
        process = subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{what}", "--no-dashboard", *args],
            env={**os.environ, "PYTHONPATH": str(Path(brief.__file__).parents[1]), **settings, **(env or {})},
            cwd=self.folder,
            stdout=self.log,
            stderr=self.log,
        )
        self.processes.append(process)
        return process

    def add_worker(self, env: dict[str, str] | None = None) -> None:
        own = self.folder / f"machine-{len(self.processes)}"
        own.mkdir()
        self._start("worker", self.url, "--nthreads", "1", "--local-directory", str(own), env=env)

    def client(self) -> Any:
        from distributed import Client

        return Client(self.url, set_as_default=False)  # type: ignore[no-untyped-call]

    def wait_for(self, workers: int) -> None:
        with self.client() as client:
            client.wait_for_workers(workers, timeout=60)

    def busy(self) -> dict[str, int]:
        """The process of each worker that has work, by its address."""
        with self.client() as client:
            pids = client.run(os.getpid)
            return {address: pids[address] for address, tasks in client.processing().items() if tasks}

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.log.close()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    pytest.importorskip("distributed")
    (tmp_path / "cluster").mkdir()
    running = Cluster(tmp_path / "cluster")
    try:
        running.add_worker()
        running.add_worker()
        running.wait_for(2)
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The digest of the manifest of a build in one process."""
    project = ProjectCopy(tmp_path_factory.mktemp("expected") / "project")
    ran = project.run("build", "--jobs", "1")
    assert ran.status == 0, ran.stderr
    return verify(project.root / "output/night-buses").digest


def _assert_built(build: "subprocess.Popen[str]", project: ProjectCopy, expected: str) -> None:
    out, err = build.communicate(timeout=120)
    assert (build.returncode, err) == (0, "brief: 18 printed, 0 from the cache\n")
    assert len(out.split()) == len(set(out.split())) == 18
    verdict = verify(project.root / "output/night-buses")
    assert (verdict.is_consistent, verdict.digest) == (True, expected)


def _wait_until_busy(cluster: Cluster, build: "subprocess.Popen[str]", workers: int = 1) -> dict[str, int]:
    while len(busy := cluster.busy()) < workers:
        assert build.poll() is None, build.communicate()
        time.sleep(0.05)
    return busy


def test_a_cluster_makes_the_same_bytes_and_keeps_nothing(
    cluster: Cluster, project: ProjectCopy, expected: str
) -> None:
    _assert_built(project.start("build", "--cluster", cluster.url), project, expected)
    assert list(cluster.folder.rglob("brief-set-*")) == []


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGSTOP])
def test_a_worker_is_lost_while_it_works(cluster: Cluster, project: ProjectCopy, expected: str, end: int) -> None:
    build = project.start("build", "--cluster", cluster.url)
    pid = next(iter(_wait_until_busy(cluster, build, 2).values()))
    os.kill(pid, end)
    try:
        _assert_built(build, project, expected)
    finally:
        # Its nanny may have ended it by now.
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def test_the_scheduler_is_lost(cluster: Cluster, published: ProjectCopy, expected: str) -> None:
    before = published.files("output")
    build = published.start("build", "--cluster", cluster.url)
    _wait_until_busy(cluster, build)
    cluster.scheduler.kill()
    _, err = build.communicate(timeout=60)
    assert build.returncode == 5, err
    assert "the cluster is gone" in err
    assert "Traceback" not in err
    assert published.files("output") == before
    _assert_built(published.start("build"), published, expected)


def test_work_that_hangs_is_ended_there_and_the_worker_goes_on(cluster: Cluster, project: ProjectCopy) -> None:
    loaded = Project.load(project.root)
    with (
        connected(cluster.url, [loaded.template_set], LOCALES, seconds=0.05) as executor,
        pytest.raises(WorkerError, match=r"longer than 0\.05 seconds"),
    ):
        loaded.build(formats=["html"], executor=executor)
    with connected(cluster.url, [loaded.template_set], LOCALES) as executor:
        assert len(loaded.build(formats=["html"], executor=executor)) == 6


def test_a_worker_with_other_code_is_refused(cluster: Cluster, project: ProjectCopy, tmp_path: Path) -> None:
    source = Path(brief.__file__).parent
    shutil.copytree(source, tmp_path / "other/brief")
    with (tmp_path / "other/brief/press/plan.py").open("a") as file:
        file.write("# changed\n")
    cluster.add_worker(env={"PYTHONPATH": str(tmp_path / "other")})
    cluster.wait_for(3)
    ran = project.run("build", "--cluster", cluster.url)
    assert ran.status == 5
    header, *rows = ran.stderr.splitlines()[1:]
    assert header.split() == ["worker", "what", "here", "there"]
    assert [row.split()[1:4] for row in rows] == [["code", "of", "brief"]]
    assert not (project.root / "output").exists()


def test_a_cluster_that_is_not_there(project: ProjectCopy, tmp_path: Path) -> None:
    (tmp_path / "cluster").mkdir()
    lonely = Cluster(tmp_path / "cluster")
    try:
        ran = project.run("build", "--cluster", lonely.url)
        assert (ran.status, "the cluster has no workers" in ran.stderr) == (5, True), ran.stderr
    finally:
        lonely.stop()
    ran = project.run("build", "--cluster", lonely.url)
    assert (ran.status, "cannot reach a cluster at" in ran.stderr) == (5, True), ran.stderr
    ran = project.run("build", "--cluster", "nonsense://x")
    assert (ran.status, "cannot reach a cluster at" in ran.stderr) == (5, True), ran.stderr


def test_without_dask_it_is_said_what_to_install(project: ProjectCopy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    loaded = Project.load(project.root)
    with (
        pytest.raises(MachineError, match=r"brief\[cluster\]"),
        connected("tcp://127.0.0.1:1", [loaded.template_set], LOCALES),
    ):
        pass


def test_the_table_names_each_difference() -> None:
    here = {"weasyprint": "70.0", "font Inter": "4.1"}
    there = {"tcp://a": here, "tcp://b": {"weasyprint": "69.0", "font Inter": "not there"}}
    with pytest.raises(WorkerError) as caught:
        require_alike(here, there)
    assert [line.split() for line in str(caught.value).splitlines()[2:]] == [
        ["tcp://b", "font", "Inter", "4.1", "not", "there"],
        ["tcp://b", "weasyprint", "70.0", "69.0"],
    ]


def test_a_template_set_travels_whole(project: ProjectCopy, tmp_path: Path) -> None:
    project.write("templates/house/set.yaml", 'extends: base\ncolours: {brand: "#5b2a86"}\n')
    project.write("templates/house/block/extra/deep.css", b"a{}")
    project.replace("content/brief.yaml", "template_set: base", "template_set: house")
    own = Project.load(project.root).template_set
    digest, _ = PackedSet.of(own).sealed()
    there = PackedSet.of(own).unpack(tmp_path / "there")
    assert there.names() == own.names()
    assert {name: there.read(name) for name in there.names()} == {name: own.read(name) for name in own.names()}
    assert [there.shown(name) for name in there.names()] == [own.shown(name) for name in own.names()]
    assert PackedSet.of(own).sealed()[0] == digest
