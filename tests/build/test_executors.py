"""Workers make what one process makes, and the long tasks come first."""

from brief import Pack, Project
from brief.build import executors


def test_two_workers_make_the_bytes_of_one_process(starter: Project, starter_pack: Pack) -> None:
    one = [artifact for artifact in starter_pack if artifact.locale == "zh-Hant"]
    assert list(starter.build(locales=["zh-Hant"], jobs=2)) == one


def test_pages_are_laid_out_before_anything_short(starter: Project) -> None:
    variants = {audience: starter.variant(audience, "en") for audience in ("public", "council")}
    tasks: list[executors.Task] = [
        (variants[audience], starter.template_set, (form,))
        for audience, form in (("public", "html"), ("public", "pdf"), ("council", "pdf"), ("council", "docx"))
    ]
    efforts = [executors._estimate_effort(task) for task in tasks]
    assert sorted(efforts, reverse=True) == [efforts[2], efforts[1], efforts[3], efforts[0]]
