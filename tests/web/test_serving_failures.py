"""The project's page under load and when something fails: work is done once, refused when there is too much, and never left over."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from projects import THEME, ProjectCopy
from running_server import Served, serve_gated_project, serve_project

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("serving")]

PDF = "en/council/en/pdf/file"


@dataclass(frozen=True)
class Gated:
    """A page whose workers wait while there is a gate; `calls` counts what they were asked to make."""

    site: Served
    client: httpx.Client
    folder: Path
    project: ProjectCopy

    def close_gate(self) -> None:
        (self.folder / "gate").touch()

    def open_gate(self) -> None:
        (self.folder / "gate").unlink()

    def calls(self) -> int:
        noted = self.folder / "calls"
        return len(noted.read_text()) if noted.exists() else 0


@pytest.fixture(scope="module")
def served_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gated]:
    folder = tmp_path_factory.mktemp("gated")
    project = ProjectCopy(folder / "project")
    with (
        serve_gated_project(project.root, folder) as site,
        httpx.Client(base_url=site.address, trust_env=False, timeout=30, limits=httpx.Limits()) as client,
    ):
        yield Gated(site, client, folder, project)


@pytest.fixture
def gated(served_once: Gated) -> Iterator[Gated]:
    """The page, with nothing built yet of the project's current state."""
    theme = served_once.project.read(THEME)
    served_once.project.write(THEME, theme.replace("the weak point", "still the weak point"))
    (served_once.folder / "calls").unlink(missing_ok=True)
    yield served_once
    (served_once.folder / "gate").unlink(missing_ok=True)


def until(happened: Callable[[], object], seconds: float = 20) -> None:
    """Waits for it."""
    ends = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < ends, "it did not happen"
        time.sleep(0.02)


class TestLoad:
    def test_twenty_requests_for_one_variant_render_once(self, gated: Gated) -> None:
        gated.close_gate()
        with ThreadPoolExecutor(20) as readers:
            asked = [readers.submit(gated.client.get, PDF) for _ in range(20)]
            until(gated.calls)
            gated.open_gate()
            answers = [each.result() for each in asked]
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.content for answer in answers}) == 1
        assert gated.calls() == 1

    def test_twenty_different_ones_fill_slots_and_queue_and_the_rest_may_come_again(self, gated: Gated) -> None:
        variants = [
            f"en/{audience}/{locale}/{form}/file"
            for audience in ("council", "public")
            for locale in ("en", "zh-Hans", "zh-Hant")
            for form in ("html", "pdf", "docx")
        ]
        gated.close_gate()
        with ThreadPoolExecutor(20) as readers:
            asked = [readers.submit(gated.client.get, path) for path in (*variants, "en/zip", "en/zip?format=pdf")]
            arrived = as_completed(asked)
            refused = [next(arrived).result() for _ in range(16)]
            # Longer than a connection may be idle: a client that waits for a response is not idle.
            time.sleep(6)
            gated.open_gate()
            served = [each.result() for each in arrived]
        assert [answer.status_code for answer in refused] == [503] * 16
        assert {answer.headers["retry-after"] for answer in refused} == {"5"}
        assert "Reload this page in a few seconds." in refused[0].text
        assert [answer.status_code for answer in served] == [200] * 4
        assert gated.client.get("en/").status_code == 200

    def test_a_build_continues_when_its_client_disconnects(self, gated: Gated) -> None:
        gated.close_gate()
        path = gated.site.path + PDF
        with socket.create_connection(("127.0.0.1", gated.site.port)) as reader:
            reader.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{gated.site.port}\r\n\r\n".encode())
            until(gated.calls)
        descriptors = len(list(Path(f"/proc/{gated.site.process.pid}/fd").iterdir()))
        gated.open_gate()
        assert gated.client.get(PDF).status_code == 200
        assert gated.calls() == 1
        assert len(list(Path(f"/proc/{gated.site.process.pid}/fd").iterdir())) <= descriptors + 1

    def test_a_build_that_takes_too_long_is_a_time_out(self, project: ProjectCopy, tmp_path: Path) -> None:
        (tmp_path / "gate").touch()
        with (
            serve_gated_project(project.root, tmp_path, seconds=1) as site,
            httpx.Client(base_url=site.address, trust_env=False, timeout=30) as client,
        ):
            late = client.get(PDF)
            assert late.status_code == 504
            assert "Traceback" not in late.text
            assert client.get("en/").status_code == 200, "the page goes on"


class TestReading:
    def test_what_a_browser_has_is_neither_sent_nor_made_again(self, gated: Gated) -> None:
        path = "en/council/en/html/file"
        first = gated.client.get(path)
        tag = first.headers["etag"]
        for condition in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            again = gated.client.get(path, headers={"If-None-Match": condition})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert gated.client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
        assert gated.calls() == 1
        gated.project.write(THEME, gated.project.read(THEME).replace("Waiting", "Queueing"))
        changed = gated.client.get(path, headers={"If-None-Match": tag})
        assert (changed.status_code, "Queueing" in changed.text, gated.calls()) == (200, True, 2)

    def test_a_thousand_changes_are_one_reload_and_none_are_watched_for(self, gated: Gated) -> None:
        path = "en/public/en/html/file"
        assets = gated.project.root / "templates" / "own"
        gated.client.get(path)
        for number in range(1000):
            gated.project.write(f"templates/own/{number}.txt", "x")
        (assets / "loop").symlink_to(assets)
        (assets / "itself").symlink_to("itself")
        # As editors save: a new file in the place of the old one.
        gated.project.write("saved", gated.project.read(THEME).replace("Ridership", "Travel"))
        (gated.project.root / "saved").rename(gated.project.root / THEME)
        time.sleep(0.15)  # until the clock of the file system has gone on
        pages = [gated.client.get(path).text for _ in range(5)]
        assert all("Travel" in page for page in pages)
        assert gated.calls() == 2
        before = processor_time(gated.site.process.pid)
        time.sleep(1)
        assert processor_time(gated.site.process.pid) - before < 0.1


class TestDeaths:
    def test_a_crashed_worker_affects_one_page(self, project: ProjectCopy) -> None:
        with (
            serve_project(project.root, "--jobs", "1") as site,
            httpx.Client(base_url=site.address, trust_env=False, timeout=30) as client,
            ThreadPoolExecutor() as readers,
        ):
            asked = readers.submit(client.get, PDF)
            while not asked.done():
                for pid in site.workers():
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                time.sleep(0.02)
            failed = asked.result()
            assert failed.status_code == 500
            assert "Traceback" not in failed.text
            assert client.get("zh-Hant/council/zh-Hant/html/file").status_code == 200
            site.process.terminate()
            assert site.process.stderr is not None
            number, told = site.process.stderr.readline().removeprefix("brief: ").split(": ", 1)
            assert number in failed.text
            assert "a worker process failed twice" in told

    def test_ended_while_it_makes_something_it_leaves_nothing(self, project: ProjectCopy) -> None:
        with (
            serve_project(project.root, "--jobs", "1") as site,
            ThreadPoolExecutor() as readers,
            httpx.Client(base_url=site.address, trust_env=False, timeout=30) as client,
        ):
            readers.submit(client.get, PDF)
            until(site.workers)
            time.sleep(0.4)  # until it has come to them
            workers = site.workers()
            began = time.monotonic()
            site.process.send_signal(signal.SIGTERM)
            assert site.process.wait(timeout=10) == 143
            assert time.monotonic() - began < 5
            assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]
            assert site.process.stderr is not None
            assert site.process.stderr.read() == ""


def processor_time(pid: int) -> float:
    """Seconds that the process has computed (proc_pid_stat(5))."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize("missing", ["starlette", "hypercorn"])
@pytest.mark.parametrize("options", [(), ("--api",), ("--audience", "public")])
def test_without_the_extra_it_says_what_to_install(
    project: ProjectCopy, missing: str, options: tuple[str, ...]
) -> None:
    script = f"import sys; sys.modules['{missing}'] = None; from brief.cli import main; main()"
    command = [sys.executable, "-c", script, "serve", "--no-browser", "-C", str(project.root), *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == ("brief: the web page needs Starlette and Hypercorn: run pip install 'brief-press[web]'\n")
