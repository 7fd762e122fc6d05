"""What each caller may see: by name, by clearance, and not before an embargo ends."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from api_client import add_callers, serve_api
from projects import SEED, SETTINGS, ProjectCopy

from brief import Project
from brief.model.access import Clearance
from brief.web.api.callers import Caller
from brief.web.api.pack_requests import list_datasets


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


@pytest.mark.slow
def test_names_that_the_project_does_not_have_are_reported_at_the_start(project: ProjectCopy, tmp_path: Path) -> None:
    callers: dict[str, dict[str, Any]] = {
        "desk": {"clearance": "clinet"},
        "press": {"audiences": ("publik", "council")},
        "site": {},
    }
    add_callers(tmp_path / "tokens.json", callers)
    with serve_api(project.root, tmp_path / "state", "--tokens", str(tmp_path / "tokens.json")) as site:
        site.process.terminate()
        assert site.process.stderr is not None
        assert site.process.stderr.read().splitlines() == [
            "brief: caller 'desk' may see the clearance 'clinet', which is unknown; did you mean 'client'?",
            "brief: caller 'press' may see the audience 'publik', which is unknown; did you mean 'public'?",
        ]


@pytest.mark.parametrize(
    ("caller", "listed"),
    [
        (Caller("any"), ("reader-survey/routes", "reader-survey/costs")),
        (Caller("press", clearance="public"), ("reader-survey/routes",)),
        (Caller("press", audiences=("public",)), ("reader-survey/routes",)),
        (Caller("nobody", audiences=("unknown",)), ()),
        (Caller("desk", clearance="public", datasets=("reader-survey/costs",)), ("reader-survey/costs",)),
    ],
)
def test_a_caller_sends_data_for_what_is_named_or_what_it_may_see(
    project: ProjectCopy, caller: Caller, listed: tuple[str, ...]
) -> None:
    datasets = (
        f"\n  - {{id: {name}, {clearance}file: data/{name}.csv, key: [route], columns: {{riders: count}}}}"
        for name, clearance in (("routes", ""), ("costs", "clearance: internal, "))
    )
    project.write(SEED, f"{project.read(SEED).rstrip()}\ndatasets:{''.join(datasets)}\n")
    for name in ("routes", "costs"):
        project.write(f"data/{name}.csv", "route,riders\nN1,5\n")
    assert list_datasets(Project.load(project.root).brief, caller) == listed
