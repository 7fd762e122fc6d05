"""Variants built for the page: each inspected once, and outside the thread that answers requests."""

import asyncio
import gc
import os
import secrets
import threading
import time
import weakref
from collections.abc import Callable, Coroutine, Iterable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import httpx
import pytest
from projects import SEED, SETTINGS, THEME, ProjectCopy

from brief.build.render import render
from brief.inspection.extract import Part
from brief.inspection.leaks import Inspector
from brief.model.artifact import BuildSelection
from brief.model.brief import Brief
from brief.model.diagnostics import Diagnostic
from brief.project import loading
from brief.project.project import Project
from brief.resolve.checks import check_brief
from brief.web.build_service import BuildService
from brief.web.live_project import LiveProject
from brief.web.pages import app
from brief.workers.pool import WorkerPool

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("variants")]


@pytest.fixture
def service(project: ProjectCopy) -> Iterator[BuildService]:
    made = BuildService(project.root, WorkerPool(1), 1)
    yield made
    made.close()


def test_a_variant_is_inspected_once(service: BuildService, monkeypatch: pytest.MonkeyPatch) -> None:
    look = Inspector._search_parts
    proved: list[tuple[Inspector, str]] = []

    def noted(inspector: Inspector, audience: str, name: str, found: Iterable[Part]) -> tuple[Diagnostic, ...]:
        proved.append((inspector, name.rpartition(".")[2]))
        return look(inspector, audience, name, found)

    async def fetch_inspector() -> Inspector:
        revision = await service.get_current()
        await service.build_pack(revision, BuildSelection(("public",), ("en",), ("html", "docx")))
        return revision.inspector

    monkeypatch.setattr(Inspector, "_search_parts", noted)
    assert asyncio.run(fetch_inspector()) in {inspector for inspector, _ in proved}
    assert sorted(form for _, form in proved) == ["docx", "html"]
    assert len({inspector for inspector, _ in proved}) == 1


def test_reading_a_brief_does_not_block_other_pages(
    service: BuildService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    variant = Project.make_variant
    threads: list[threading.Thread] = []

    def noted(*arguments: Any) -> Any:
        threads.append(threading.current_thread())
        return variant(*arguments)

    token = secrets.token_urlsafe()

    async def read() -> list[int]:
        transport = httpx.ASGITransport(app(service, token=token, folder=tmp_path))
        async with httpx.AsyncClient(transport=transport, base_url=f"http://127.0.0.1:8000/{token}/") as client:
            return [(await client.get(path)).status_code for path in ("en/", "en/public/en/html")]

    monkeypatch.setattr(Project, "make_variant", noted)
    assert asyncio.run(read()) == [200, 200]
    assert threads
    assert threading.main_thread() not in threads


def test_what_is_served_is_laid_out_by_the_engine_that_was_asked_for(project: ProjectCopy) -> None:
    live = LiveProject(project.root, "typst")
    assert live.get_current().project.template_set.look.pdf_engine.name == "typst"
    project.write(THEME, "# A remark.\n" + project.read(THEME))
    assert live.get_current().project.template_set.look.pdf_engine.name == "typst", "after an edit too"


def test_edits_leave_nothing_of_earlier_revisions_in_memory(
    service: BuildService, project: ProjectCopy, tmp_path: Path
) -> None:
    token = secrets.token_urlsafe()
    earlier: list[weakref.ref[Brief]] = []

    async def edit() -> None:
        transport = httpx.ASGITransport(app(service, token=token, folder=tmp_path))
        async with httpx.AsyncClient(transport=transport, base_url=f"http://127.0.0.1:8000/{token}/") as client:
            before = "2_650_000"
            for after in ("2_660_000", "2_670_000", "2_680_000", "2_690_000"):
                project.replace(SEED, before, after)
                before = after
                page = await client.get("en/live/council?locale=en")
                assert f"{after[0]}.{after[2:4]}" in page.text
                earlier.append(weakref.ref((await service.get_current()).project.brief))

    asyncio.run(edit())
    gc.collect()
    assert [brief() is not None for brief in earlier] == [False, False, False, True]


def test_a_zero_after_the_point_makes_a_new_revision(project: ProjectCopy) -> None:
    project.replace(SEED, "value: 42_000_000,", "value: 42.125,")
    live = LiveProject(project.root)
    assert "42.125" in repr(live.get_current().project.make_variant("council", "en"))
    project.replace(SEED, "value: 42.125,", "value: 42.1250,")
    assert "42.1250" in repr(live.get_current().project.make_variant("council", "en"))


def test_a_new_page_warms_workers_up_for_its_first_edit(
    service: BuildService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = secrets.token_urlsafe()
    submit = service.workers.submit
    done: list[Future[Any]] = []

    def noted(work: Callable[..., Any], *arguments: Any) -> "Future[Any]":
        future = submit(work, *arguments)
        if work.__name__ == "warm_up":
            done.append(future)
        return future

    async def read() -> None:
        transport = httpx.ASGITransport(app(service, token=token, folder=tmp_path))
        async with httpx.AsyncClient(transport=transport, base_url=f"http://127.0.0.1:8000/{token}/") as client:
            address = "en/live/council?locale=en&locale=zh-Hant"
            for path in (address, address, "en/live/public?locale=en"):
                assert (await client.get(path)).status_code == 200
            while len(done) < 3 or not all(future.done() for future in done):
                await asyncio.sleep(0.05)

    monkeypatch.setattr(service.workers, "submit", noted)
    asyncio.run(asyncio.wait_for(read(), 60))
    # Once for each variant.
    assert [future.result() for future in done] == [None, None, None]


async def show(client: httpx.AsyncClient, query: str) -> str:
    answer = await client.get(f"en/live/council?{query}")
    assert answer.status_code == 200
    return answer.text


def preview(
    service: BuildService, folder: Path, work: Callable[[httpx.AsyncClient], Coroutine[Any, Any, None]]
) -> None:
    """Runs the work with a client of the preview."""
    token = secrets.token_urlsafe()

    async def run() -> None:
        transport = httpx.ASGITransport(app(service, token=token, folder=folder))
        async with httpx.AsyncClient(transport=transport, base_url=f"http://127.0.0.1:8000/{token}/") as client:
            await work(client)

    asyncio.run(run())


@pytest.fixture
def rendered(service: BuildService, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The locales of the variants that workers are asked to render."""
    submit = service.workers.submit
    locales: list[str] = []

    def noted(work: Callable[..., Any], *arguments: Any) -> "Future[Any]":
        if work is render:
            locales.append(arguments[0].locale)
        return submit(work, *arguments)

    monkeypatch.setattr(service.workers, "submit", noted)
    return locales


def test_an_edit_of_one_language_renders_only_that_language(
    service: BuildService, project: ProjectCopy, tmp_path: Path, rendered: list[str]
) -> None:
    async def work(client: httpx.AsyncClient) -> None:
        await show(client, "locale=en&locale=zh-Hant")
        assert sorted(rendered) == ["en", "zh-Hant"]
        rendered.clear()
        project.replace(THEME, "should also pay", "might also pay")
        page = await show(client, "locale=en&locale=zh-Hant")
        assert "might also pay" in page
        assert rendered == ["en"]

    preview(service, tmp_path, work)


def test_rendering_begins_before_the_content_is_checked(
    service: BuildService, project: ProjectCopy, tmp_path: Path, rendered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[list[str]] = []

    def noted(*arguments: Any) -> Any:
        begun.append(list(rendered))
        return check_brief(*arguments)

    async def work(client: httpx.AsyncClient) -> None:
        await show(client, "locale=en")
        rendered.clear()
        monkeypatch.setattr(loading, "check_brief", noted)
        project.replace(THEME, "should also pay", "might also pay")
        assert "might also pay" in await show(client, "locale=en")
        assert (begun, rendered) == ([["en"]], ["en"])

    preview(service, tmp_path, work)


def test_content_with_errors_is_not_shown_although_rendering_has_begun(
    service: BuildService, project: ProjectCopy, tmp_path: Path, rendered: list[str]
) -> None:
    async def work(client: httpx.AsyncClient) -> None:
        await show(client, "locale=en")
        good = project.read(THEME)
        # The checks find that the other locales do not cite this claim; nothing else does.
        project.replace(THEME, "should also pay", "might also pay [@reader-survey/yearly-cost]")
        rendered.clear()
        page = await show(client, "locale=en")
        assert "should also pay" in page
        assert "might also pay" not in page
        assert "reference-mismatch" in page
        assert rendered == ["en"]
        project.write(THEME, good.replace("should also pay", "could also pay"))
        assert "could also pay" in await show(client, "locale=en")

    preview(service, tmp_path, work)


def test_a_template_that_changes_after_an_edit_shows(
    service: BuildService, project: ProjectCopy, tmp_path: Path
) -> None:
    """What was rendered from the same content with earlier templates is not shown."""

    async def work(client: httpx.AsyncClient) -> None:
        await show(client, "locale=en")
        project.replace(THEME, "should also pay", "might also pay")
        await show(client, "locale=en")
        for note in ("first", "second"):
            project.write(
                "templates/house/block/paragraph.html.j2",
                '<p id="{{ block.id }}">' + note + "</p>",
            )
            if note == "first":
                project.write("templates/house/set.yaml", "extends: base\n")
                project.replace(SETTINGS, "template_set: base", "template_set: house")
            assert f">{note}</p>" in await show(client, "locale=en")

    preview(service, tmp_path, work)


def test_an_idle_worker_that_has_done_such_work_gets_it() -> None:
    with WorkerPool(2) as pool:
        pool.start(2)

        def call(work: Callable[..., int], *arguments: float) -> int:
            while len(pool._idle) < 2:
                time.sleep(0.01)
            return pool.submit(work, *arguments).result(30)

        # Both are busy at once, so that each has done one of them.
        first, second = pool.submit(_wait_and_tell, 0.5), pool.submit(os.getpid)
        one, other = first.result(30), second.result(30)
        assert one != other
        assert [call(_wait_and_tell, 0.0) for _ in range(3)] == [one] * 3
        assert [call(os.getpid) for _ in range(3)] == [other] * 3
        assert call(_wait_and_tell, 0.0) == one


def _wait_and_tell(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()
