"""What each caller may see: by name, by clearance, and not before an embargo ends."""

from datetime import UTC, datetime

import pytest
from projects import SETTINGS, ProjectCopy

from brief import Project
from brief.model.access import Clearance
from brief.web.api.callers import Caller


@pytest.mark.parametrize("clearance", ["public", Clearance.PUBLIC])
def test_the_lowest_clearance_is_not_none(starter: Project, clearance: str) -> None:
    caller = Caller("site", clearance=clearance)
    assert caller.list_audiences(starter.brief) == ("public",)
    assert not caller.sees_everything()


def test_no_caller_sees_an_audience_before_its_embargo_ends(project: ProjectCopy) -> None:
    project.write(SETTINGS, project.read(SETTINGS) + "embargo: 2026-07-01T09:00+08:00\n")
    public = "content/audiences/public.yaml"
    project.write(public, project.read(public) + "embargo: 2026-06-01T09:00+08:00\n")
    brief = Project.load(project.root).brief
    times = [datetime(2026, month, day, 1, tzinfo=UTC) for month, day in ((5, 31), (6, 1), (6, 30), (7, 1))]
    assert [Caller("desk").list_audiences(brief, time.astimezone) for time in times] == [
        (),
        ("public",),
        ("public",),
        ("public", "council"),
    ]
