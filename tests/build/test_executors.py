"""Workers make what one process makes, and the long tasks come first."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from brief import Pack, Project, WorkerError
from brief.build import executors
from brief.build.render import render
from brief.workers.pool import WorkerPool


def test_two_workers_make_the_bytes_of_one_process(starter: Project, starter_pack: Pack) -> None:
    one = [artifact for artifact in starter_pack if artifact.locale == "zh-Hant"]
    assert list(starter.build(locales=["zh-Hant"], jobs=2)) == one


def test_pages_are_laid_out_before_anything_short(starter: Project) -> None:
    variants = {audience: starter.make_variant(audience, "en") for audience in ("public", "council")}
    tasks: list[executors.Task] = [
        (variants[audience], starter.template_set, (form,))
        for audience, form in (("public", "html"), ("public", "pdf"), ("council", "pdf"), ("council", "docx"))
    ]
    efforts = [executors._estimate_effort(task) for task in tasks]
    assert sorted(efforts, reverse=True) == [efforts[2], efforts[1], efforts[3], efforts[0]]


def test_a_worker_that_takes_too_long_is_named_by_its_task(starter: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIEF_CACHE_DIR", "off")
    with (
        WorkerPool(1, seconds=0.01) as pool,
        pytest.raises(
            WorkerError, match=r"^audience 'public', locale 'en', format 'html': .* longer than 0\.01 seconds"
        ),
    ):
        starter.build(["public"], ["en"], ["html"], executor=pool)


def test_an_executor_that_takes_no_work_is_named_with_the_task(starter: Project) -> None:
    executor = ThreadPoolExecutor(1)
    executor.shutdown()
    with pytest.raises(
        WorkerError, match=r"^audience 'public', locale 'en', format 'html': the executor rejected the task"
    ):
        starter.build(["public"], ["en"], ["html"], executor=executor)


def test_little_work_is_left_to_one_worker(starter: Project) -> None:
    variant = starter.make_variant("council", "en")
    short: list[executors.Task] = [(variant, starter.template_set, ("html",))] * 3
    long: list[executors.Task] = [(variant, starter.template_set, ("pdf",))] * 20
    assert executors._count_worthwhile_workers(short) == 1
    assert executors._count_worthwhile_workers(long) > 2
    with executors.start_workers_early(2, None, ("html",), expects_few=True) as workers:
        assert isinstance(workers, WorkerPool)
        made = dict(executors.run_tasks(short, jobs=2, executor=workers))
        assert len(workers._threads) == 1
    assert [made[index].artifacts for index in range(3)] == [render(*short[0]).artifacts] * 3
