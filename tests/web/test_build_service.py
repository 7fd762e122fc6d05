"""Variants built for the page: each inspected once, and outside the thread that answers requests."""

import asyncio
import gc
import secrets
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import httpx
import pytest
from projects import SEED, THEME, ProjectCopy

from brief.inspection.extract import Part
from brief.inspection.leaks import Inspector
from brief.model.artifact import BuildSelection
from brief.model.brief import Brief
from brief.model.diagnostics import Diagnostic
from brief.project.project import Project
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
