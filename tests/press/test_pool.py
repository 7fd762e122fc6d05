"""Workers make what one process makes, and the long tasks come first."""

from projects import ProjectCopy

from brief import Project
from brief.press import pool


def test_two_workers_make_the_bytes_of_one_process(project: ProjectCopy) -> None:
    loaded = Project.load(project.root)
    one, two = (loaded.build(locales=["zh-Hant"], jobs=jobs) for jobs in (1, 2))
    assert list(one) == list(two)
    assert [artifact.data for artifact in one] == [artifact.data for artifact in two]


def test_pages_are_laid_out_before_anything_short(project: ProjectCopy) -> None:
    loaded = Project.load(project.root)
    variants = {audience: loaded.variant(audience, "en") for audience in ("public", "council")}
    tasks: list[pool.Task] = [
        (variants[audience], loaded.template_set, (form,))
        for audience, form in (("public", "html"), ("public", "pdf"), ("council", "pdf"), ("council", "docx"))
    ]
    efforts = [pool._effort(task) for task in tasks]
    assert sorted(efforts, reverse=True) == [efforts[2], efforts[1], efforts[3], efforts[0]]
