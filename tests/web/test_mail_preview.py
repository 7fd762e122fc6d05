"""The page of messages, by a real server on the loopback address: what it shows, and what it turns away."""

import http.server
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import axe
import httpx
import pytest
from mail_samples import CID, HOSTILE, message, write_folder
from playwright.sync_api import Browser
from running_server import Served, serve_messages

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("previews")]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve_messages(write_folder(tmp_path_factory.mktemp("mail"), 53)) as running:
        yield running


@pytest.fixture
def client(site: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site.address, trust_env=False) as opened:
        yield opened


class TestPages:
    def test_the_list_names_each_message_fifty_at_a_time(self, client: httpx.Client) -> None:
        first, last = client.get("").text, client.get("?page=2").text
        assert "53 messages" in first
        assert first.count("<li>") == 50
        assert last.count("<li>") == 3
        assert "chen53@example.org" in last
        assert "council.zh-Hant" in first
        assert "報告.pdf" in first

    def test_names_and_subjects_are_text(self, client: httpx.Client) -> None:
        for page in (client.get("").text, client.get("2").text):
            assert "&lt;b&gt;bold&lt;/b&gt; &amp; 深夜" in page
            assert "&#34;&gt;&lt;script&gt;" in page
            assert "<script" not in page

    def test_an_attachment_is_downloaded_and_never_shown(self, client: httpx.Client) -> None:
        answer = client.get("1/files/1")
        assert answer.content == b"%PDF-1.7 of no use\r\n"
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''%E5%A0%B1%E5%91%8A.pdf"
        hostile = client.get("2/files/1").headers["content-disposition"]
        assert re.fullmatch(r"attachment; filename\*=UTF-8''[A-Za-z0-9._~%-]+", hostile)
        assert httpx.URL(f"/{hostile.partition(chr(39) * 2)[2]}").path == f"/{HOSTILE}"

    def test_a_page_that_a_browser_has_is_not_sent_again(self, client: httpx.Client) -> None:
        for path in ("", "1", "1/body", "1/files/1", "style.css"):
            tag = client.get(path).headers["etag"]
            for condition in (tag, f"W/{tag}", f'"other", {tag}', "*"):
                answer = client.get(path, headers={"If-None-Match": condition})
                assert (answer.status_code, answer.content) == (304, b"")
            assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200

    def test_every_answer_is_kept_to_itself(self, client: httpx.Client) -> None:
        for path in ("", "1", "1/body", "1/files/1", "style.css", "99", "nothing"):
            headers = client.get(path).headers
            assert headers["content-security-policy"].partition(";")[0] in ("default-src 'none'", "sandbox")
            assert headers["referrer-policy"] == "no-referrer"
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["cache-control"] == "private, no-cache"
            assert "server" not in headers
            assert not [name for name in headers if name.startswith("access-control")]


class TestRefusals:
    def test_without_the_secret_there_is_nothing(self, site: Served) -> None:
        root = site.address.removesuffix(site.path)
        for path in ("/", "/1", "/style.css", site.path[:-2] + "/", f"/x{site.path}", site.path.upper()):
            answer = httpx.get(root + path, trust_env=False)
            assert (answer.status_code, answer.text) == (404, "404 Not Found\n")

    @pytest.mark.parametrize(
        "path",
        [
            "0",
            "54",
            "1/files/0",
            "1/files/2",
            "1/",
            "../",
            "1/../../etc/passwd",
            "%2e%2e%2fetc",
            "..%5c",
            "%00",
            "/etc",
            "%ff",
            "%0d%0aSet-Cookie:%20a=b",
            "<script>alert(1)</script>",
            "9" * 1500,
            "1e3",
            "-1",
        ],
    )
    def test_a_path_that_leads_nowhere(self, site: Served, path: str) -> None:
        request = f"GET {site.path}{path} HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\nConnection: close\r\n\r\n"
        answer = site.raw(request.encode())
        assert re.match(rb"HTTP/1\.1 40[04]", answer)
        assert b"cookie" not in answer.lower()
        assert b"script" not in answer
        assert b"Traceback" not in answer


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 1)])
def test_a_signal_ends_it_as_it_would_any_program(tmp_path: Path, number: signal.Signals, status: int) -> None:
    with serve_messages(write_folder(tmp_path / "mail", 1)) as site:
        with socket.create_connection(("127.0.0.1", site.port)) as open_connection:
            open_connection.sendall(b"GET /")
            began = time.monotonic()
            site.process.send_signal(number)
            ended = site.process.wait(timeout=10)
        assert time.monotonic() - began < 5
        # Python ends itself by SIGINT if nothing catches KeyboardInterrupt.
        assert ended in (status, -number)


def test_the_browser_is_started_without_the_secret(tmp_path: Path) -> None:
    """Other users of the machine see what programs are started with."""
    told = tmp_path / "told"
    told.touch()
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" >{told}\n')
    browser.chmod(0o700)
    with serve_messages(write_folder(tmp_path / "mail", 1), BROWSER=str(browser)) as site:
        for _ in range(50):
            if told.read_text():
                break
            time.sleep(0.1)
        file = Path(told.read_text().removeprefix("file://"))
        assert site.address in file.read_text()
        assert file.parent.stat().st_mode & 0o077 == 0
        site.process.terminate()
        site.process.wait(timeout=10)
        assert not file.exists()


def test_without_the_extra_it_says_what_to_install(tmp_path: Path) -> None:
    write_folder(tmp_path, 1)
    script = (
        "import sys; sys.modules['starlette'] = sys.modules['hypercorn'] = None\n"
        "from pathlib import Path; from brief.web.mail_preview import serve_messages\n"
        "from brief.model.diagnostics import MachineError\n"
        "try: serve_messages(Path(sys.argv[1]), open_browser=False)\n"
        "except MachineError as problem: print(problem)"
    )
    done = subprocess.run([sys.executable, "-c", script, tmp_path], capture_output=True, text=True, check=True)
    assert "pip install 'brief-press[web]'" in done.stdout


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
@pytest.mark.parametrize("path", ["?page=2", "1", "1?width=desktop", "1?view=text"])
def test_it_fits_its_window_and_conforms_to_wcag(
    browser: Browser, site: Served, path: str, width: int, scheme: str
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(site.address + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert axe.violations(page) == []
    page.close()


def test_the_phone_is_as_wide_as_a_phone(browser: Browser, site: Served) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    widths = {}
    for width in ("window", "desktop", "phone"):
        page.goto(f"{site.address}1?width={width}")
        widths[width] = page.locator("iframe").evaluate("frame => frame.clientWidth")
    assert widths["phone"] <= 390 < 700 < widths["desktop"]
    page.close()


@pytest.fixture
def outside() -> Iterator[tuple[str, list[str]]]:
    """A web server that a message could reach, and what was asked of it."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            return

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{httpd.server_port}/", asked
        httpd.shutdown()


def test_a_message_is_shown_with_its_pictures_and_can_do_nothing(
    browser: Browser, outside: tuple[str, list[str]], tmp_path: Path
) -> None:
    address, asked = outside
    body = (
        f'<h1>深夜公車</h1><img id="own" src="cid:{CID}" alt=""><img src="{address}image" alt="">'
        f'<link rel="stylesheet" href="{address}style"><iframe src="{address}frame"></iframe>'
        f'<script>document.title = "ran"; fetch("{address}script")</script>'
        f'<meta http-equiv="refresh" content="0; url={address}refresh"><base href="{address}">'
        f'<form action="{address}form"><button>送出</button></form><a href="{address}link" target="_top">連結</a>'
    )
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail/1.eml").write_bytes(message(page=f"<!DOCTYPE html><html><body>{body}</body></html>"))
    with serve_messages(tmp_path / "mail") as site:
        page = browser.new_page()
        page.goto(f"{site.address}1")
        frame = page.frame_locator("iframe")
        assert frame.locator("h1").inner_text() == "深夜公車"
        assert frame.locator("#own").evaluate("image => image.naturalWidth") == 1
        assert page.frames[1].title() != "ran"
        frame.locator("button").click()
        frame.locator("a").click()
        page.wait_for_timeout(500)
        assert asked == []
        assert page.url == f"{site.address}1"
        page.close()
