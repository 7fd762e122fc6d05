"""The page in a real browser: choose, build, follow the progress, preview, download, cancel, in every language."""

import functools
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import axe
import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from projects import SETTINGS, ProjectCopy
from running_server import Served, serve_gated_project, serve_project

from brief import Pack
from brief.web.languages import LANGUAGES, load_catalogue

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("page-builds")]

PATIENCE = 60_000  # milliseconds
FINISHED = {
    "en": "Finished. 1 of 1 files",
    "zh-Hans": "已完成。共1个文件，已生成1个",
    "zh-Hant": "已完成。共1個檔案，已產生1個",
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> ProjectCopy:
    return ProjectCopy(tmp_path_factory.mktemp("builds") / "project")


@pytest.fixture(scope="module")
def site(copy: ProjectCopy, starter_pack: Pack) -> Iterator[Served]:  # noqa: ARG001 - made before
    with serve_gated_project(copy.root, copy.root.parent) as running:
        yield running


@pytest.fixture
def gate(copy: ProjectCopy) -> Iterator[Path]:
    """While this file is there, workers wait before their work."""
    path = copy.root.parent / "gate"
    path.touch()
    yield path
    path.unlink(missing_ok=True)


@pytest.fixture
def new_state(copy: ProjectCopy) -> Iterator[None]:
    """A state of the project of which nothing is built yet."""
    good = copy.read(SETTINGS)
    copy.write(SETTINGS, good.replace("date: 2026-0", "date: 2025-0"))
    assert copy.read(SETTINGS) != good
    yield
    copy.write(SETTINGS, good)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1000, "height": 900})
    opened.set_default_timeout(PATIENCE)
    yield opened
    opened.close()


def choose_one(page: Page, site: Served, language: str, form: str = "html") -> None:
    """Selects one locale and one format of the public version, and starts its build."""
    page.goto(f"{site.address}{language}/")
    for name, value in (("audience", "council"), ("locale", "en"), ("locale", "zh-Hant")):
        page.locator(f"input[name={name}][value={value}]").uncheck()
    for other in {"html", "pdf", "docx"} - {form}:
        page.locator(f"input[name=format][value={other}]").uncheck()
    page.get_by_role("button", name=load_catalogue(language).get("Build the selection")).click()


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_a_build_is_followed_previewed_and_downloaded(
    page: Page, site: Served, gate: Path, starter_pack: Pack, language: str
) -> None:
    form = {"en": "html", "zh-Hans": "pdf", "zh-Hant": "docx"}[language]
    choose_one(page, site, language, form)
    status = page.get_by_role("status")
    word = load_catalogue(language).get
    expect(status).to_contain_text(word("Building …"))
    count = word("%(done)s of %(total)s files")
    expect(status).to_contain_text(count % {"done": 0, "total": 1})
    assert page.locator("html").get_attribute("lang") == language
    assert axe.violations(page) == []
    gate.unlink()
    expect(status).to_have_text(FINISHED[language], timeout=PATIENCE)
    assert axe.violations(page) == []
    with page.expect_download() as started:
        page.get_by_role("link", name=word("Download"), exact=True).click()
    built = starter_pack["public", "zh-Hans", form]
    assert started.value.suggested_filename == built.name
    assert started.value.path().read_bytes() == built.data
    with page.expect_download() as started:
        page.get_by_role("link", name=word("Download the selection as a zip")).click()
    assert started.value.suggested_filename == "night-buses.public.zip"
    if form == "html":
        page.get_by_role("link", name=word("View")).click()
        assert page.frame_locator("iframe").locator("h1").inner_text()


@pytest.mark.usefixtures("new_state")
def test_a_cancelled_build_ends_its_workers_and_can_be_built_again(page: Page, site: Served, gate: Path) -> None:
    choose_one(page, site, "en", "docx")
    expect(page.get_by_role("status")).to_contain_text("Building")
    calls = gate.with_name("calls")
    wait_until(lambda: calls.exists() and len(calls.read_text()) > 0)
    workers = set(site.workers())
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("status")).to_contain_text("Cancelled. 0 of 1 files")
    assert axe.violations(page) == []
    wait_until(lambda: not workers <= set(site.workers()))
    gate.unlink()
    page.get_by_role("link", name="Build again").click()
    expect(page.get_by_role("status")).to_contain_text("Finished. 1 of 1 files", timeout=PATIENCE)


@pytest.mark.usefixtures("new_state")
def test_another_request_for_the_same_file_survives_a_cancelled_build(page: Page, site: Served, gate: Path) -> None:
    choose_one(page, site, "en", "html")
    expect(page.get_by_role("status")).to_contain_text("Building")
    with httpx.Client(base_url=site.address, trust_env=False, timeout=60) as client, ThreadPoolExecutor(1) as thread:
        asked = thread.submit(client.get, "en/public/zh-Hans/html/file")
        time.sleep(0.3)
        page.get_by_role("button", name="Cancel").click()
        expect(page.get_by_role("status")).to_contain_text("Cancelled.")
        gate.unlink()
        assert asked.result(timeout=60).status_code == 200


@pytest.mark.usefixtures("new_state")
def test_a_build_continues_after_the_server_was_killed(page: Page, copy: ProjectCopy, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    gate.touch()
    with serve_gated_project(copy.root, tmp_path) as site:
        page.goto(f"{site.address}en/build?audience=public&audience=council&locale=en&format=html")
        expect(page.get_by_role("status")).to_contain_text("Building … 0 of 2 files")
        page.goto(f"{site.address}en/")
        expect(page.locator("main")).to_contain_text("Building … 0 of 2 files")
        assert axe.violations(page) == []
        site.process.kill()
        site.process.wait()
    broken = copy.read(SETTINGS)
    copy.write(SETTINGS, "title: [")
    with serve_gated_project(copy.root, tmp_path) as site:
        copy.write(SETTINGS, broken)
        gate.unlink()
        for language in LANGUAGES:
            wait_until(functools.partial(shows_build, page, f"{site.address}{language}/"))
        page.locator("a[href^='builds/']").click()
        word = load_catalogue(language).get
        files = word("%(done)s of %(total)s files") % {"done": 2, "total": 2}
        done = word("%(state)s %(files)s") % {"state": word("Finished."), "files": files}
        expect(page.get_by_role("status")).to_contain_text(done, timeout=PATIENCE)
    assert list(tmp_path.glob("state/*.json")) == []


def shows_build(page: Page, home: str) -> bool:
    page.goto(home)
    return page.locator("a[href^='builds/']").count() == 1


@pytest.mark.usefixtures("new_state")
def test_it_is_operated_by_keyboard_alone(page: Page, site: Served, gate: Path) -> None:
    page.goto(f"{site.address}en/?audience=public&locale=zh-Hant&locale=en&format=html")
    press_on(page, "Build the selection")
    expect(page.get_by_role("status")).to_contain_text("Building … 0 of 2 files")
    press_on(page, "Cancel")
    expect(page.get_by_role("status")).to_contain_text("Cancelled.")
    gate.unlink()
    press_on(page, "Build again")
    expect(page.get_by_role("status")).to_contain_text("Finished. 2 of 2 files", timeout=PATIENCE)
    press_on(page, "View")
    assert page.frame_locator("iframe").locator("h1").inner_text()


def press_on(page: Page, name: str) -> None:
    """Moves to the link or button of that name by the Tab key alone, and presses Enter."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == name:
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"{name!r} is not reached by Tab")


def test_errors_of_templates_end_a_build_with_their_place(page: Page, site: Served, copy: ProjectCopy) -> None:
    good = copy.read(SETTINGS)
    copy.write("templates/own/set.yaml", "extends: base\n")
    copy.write("templates/own/block/callout.html.j2", "{{ nothing.of.the.kind }}\n")
    copy.write(
        SETTINGS,
        good.replace("date:", "template_set: own\ndate:", 1)
        if "template_set" not in good
        else good.replace("template_set: base", "template_set: own"),
    )
    try:
        page.goto(f"{site.address}en/build?audience=council&locale=en&format=html")
        expect(page.get_by_role("status")).to_contain_text("Not finished", timeout=PATIENCE)
        expect(page.locator(".diagnostics")).to_contain_text("templates/own/block/callout.html.j2")
        assert axe.violations(page) == []
    finally:
        copy.write(SETTINGS, good)


def test_without_script_the_page_reloads_itself(browser: Browser, site: Served) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    choose_one(page, site, "en")
    expect(page.get_by_role("status")).to_contain_text("Finished. 1 of 1 files", timeout=PATIENCE)
    context.close()


def test_a_reader_of_one_audience_builds_that_alone(tmp_path: Path) -> None:
    project = ProjectCopy(tmp_path / "project")
    with (
        serve_project(project.root, "-a", "public") as site,
        httpx.Client(base_url=site.address, trust_env=False, timeout=60) as client,
    ):
        assert client.get("en/build?audience=council").status_code == 404
        assert client.get("en/builds/unknown").status_code == 404
        assert client.get("en/builds/unknown/cancel").status_code == 404
        started = client.get("en/build?locale=en&format=html")
        assert started.status_code == 303
        address = "en/" + started.headers["location"]
        wait_until(lambda: 'data-build="done"' in client.get(address).text)
        page = client.get(address).text
        assert "public/en/html" in page
        assert "council" not in page.lower()


def test_a_cancelled_build_does_not_continue_after_a_restart(tmp_path: Path) -> None:
    project = ProjectCopy(tmp_path / "project")
    gate = tmp_path / "gate"
    gate.touch()
    with (
        serve_gated_project(project.root, tmp_path) as site,
        httpx.Client(base_url=site.address, trust_env=False, timeout=60) as client,
    ):
        address = "en/" + client.get("en/build?locale=en&format=html").headers["location"]
        assert len(list(tmp_path.glob("state/*.json"))) == 1
        assert client.get(f"{address}/cancel").status_code == 303
        assert list(tmp_path.glob("state/*.json")) == []


def wait_until(is_true: Callable[[], bool], seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < ends
        time.sleep(0.05)
