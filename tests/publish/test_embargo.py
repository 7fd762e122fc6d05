"""An embargo: before its time nothing is archived or approved without a reason, and the pack itself says so."""

import json
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from projects import ProjectCopy, run_brief

from brief import ContentError, Pack, Project
from brief.publish.approval import approve, find_approval
from brief.publish.archive import archive_pack, make_archives
from brief.publish.embargo import list_embargoes, read_embargoes
from brief.publish.verify import verify_pack

SETTINGS = "content/brief.yaml"
COUNCIL = "content/audiences/council.yaml"
PACK = "output/night-buses"
FUTURE = "2999-06-30T09:00:00+08:00"
TIME = datetime(2999, 6, 30, 1, tzinfo=UTC)


def before() -> datetime:
    return TIME - timedelta(microseconds=1)


def at() -> datetime:
    return TIME


def embargo(project: ProjectCopy, time: str = FUTURE, file: str = SETTINGS) -> None:
    project.write(file, project.read(file) + f"embargo: {time}\n")


def build(project: ProjectCopy, *more: str) -> Path:
    ran = project.run("build", "-f", "html", "-l", "en", "--jobs", "1", *more)
    assert ran.status == 0, ran.stderr
    return project.root / PACK


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("2026-06-30", "write it as"),
        ("2026-06-30T09:00", "add the zone"),
        ("2026-06-30T09:00:00", "add the zone"),
        ("2026-06-30T25:00Z", "check the day, the hour"),
        ("2026-02-30T09:00Z", "check the day, the hour"),
        ("2026-06-30T09:00+99:00", "check the day, the hour"),
        ("9999-12-31T23:59-12:00", "check the day, the hour"),
        ("0001-01-01T00:00+14:00", "check the day, the hour"),
        ("tomorrow", "write it as"),
        ("2026-06-30T09:00 Asia/Shanghai", "write it as"),
        ("２０２６-06-30T09:00Z", "write it as"),
    ],
)
def test_a_time_that_names_no_moment_is_refused(project: ProjectCopy, text: str, advice: str) -> None:
    project.write(SETTINGS, project.read(SETTINGS) + f"embargo: '{text}'\n")
    ran = project.run("check")
    assert ran.status == 1
    assert "error[bad-date-time]" in ran.stdout
    assert advice in ran.stdout


def test_an_audience_s_own_embargo_takes_the_place_of_the_brief_s(project: ProjectCopy) -> None:
    embargo(project, "2026-06-30 09:00Z")
    embargo(project, "2026-07-01T09:00:30+08:00", COUNCIL)
    brief = Project.load(project.root).brief
    assert list_embargoes(brief, brief.audiences) == {
        "council": "2026-07-01T09:00:30+08:00",
        "public": "2026-06-30T09:00:00+00:00",
    }
    assert list_embargoes(brief, ["public"]) == {"public": "2026-06-30T09:00:00+00:00"}


def test_no_archive_is_made_before_the_time(project: ProjectCopy) -> None:
    embargo(project, file=COUNCIL)
    ran = project.run("build", "-f", "html", "-l", "en", "--jobs", "1", "--zip")
    assert ran.status == 1
    assert f"error[embargo]: audience 'council' is under embargo until {FUTURE}" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not (project.root / PACK).exists()
    # From the cache it is the same.
    assert project.run("build", "-f", "html", "-l", "en", "--jobs", "1", "--zip").status == 1
    # Audiences without an embargo are unaffected.
    assert [path.name for path in build(project, "-a", "public", "--zip").glob("*.zip")] == ["night-buses.public.zip"]


def test_an_archive_is_refused_before_anything_is_rendered(project: ProjectCopy) -> None:
    embargo(project)
    project.write("templates/own/set.yaml", "extends: base\n")
    project.write("templates/own/block/paragraph.html.j2", "{{ 1 // 0 }}\n")
    project.replace(SETTINGS, "template_set: base", "template_set: own")
    ran = project.run("build", "-f", "html", "-a", "public", "--jobs", "1", "--zip")
    assert (ran.status, re.findall(r"error\[(.+?)\]", ran.stderr)) == (1, ["embargo"])
    assert "error[embargo]" not in project.run("build", "-f", "html", "-a", "public", "--jobs", "1").stderr


def test_the_pack_says_it_and_an_archive_names_its_own_audience_only(project: ProjectCopy) -> None:
    embargo(project, "2020-06-30T09:00Z")
    pack = build(project, "--zip")
    assert sorted(read_embargoes(pack)) == ["council", "public"]
    with zipfile.ZipFile(pack / "night-buses.public.zip") as archive:
        manifest = json.loads(archive.read("night-buses.public/manifest.json"))
    assert manifest["embargoes"] == {"public": "2020-06-30T09:00:00+00:00"}


def test_archives_wait_for_the_moment_itself() -> None:
    pack = Pack("demo", "2026-01-01", (), {"brief": "1"}, embargoes={"one": FUTURE})
    for make in (make_archives, archive_pack):
        with pytest.raises(ContentError, match="under embargo until"):
            make(pack, before)
        make(pack, at)
        make(replace(pack, embargoes={}), before)


def test_a_pack_under_embargo_is_approved_for_a_reason_only(project: ProjectCopy) -> None:
    embargo(project)
    pack = build(project)
    ran = run_brief("approve", pack, cwd=project.root)
    assert ran.status == 1
    assert ran.stderr.count("error[embargo]") == 2
    for blank in ("", "  "):
        with pytest.raises(ContentError, match="under embargo"):
            approve(pack, before_embargo=blank)
    assert find_approval(pack) is None
    approval = approve(pack, "Ann", before_embargo="the printer needs it today")
    assert find_approval(pack) == approval
    record = json.loads((pack.parent / "night-buses.approval.json").read_bytes())
    assert record["before_embargo"] == "the printer needs it today"


def test_a_pack_is_approved_from_the_moment_on(project: ProjectCopy) -> None:
    embargo(project)
    pack = build(project)
    with pytest.raises(ContentError):
        approve(pack, "Ann", clock=before)
    assert approve(pack, "Ann", clock=at).before_embargo == ""


@pytest.mark.parametrize("value", [[], "", {"council": "soon"}, {"council": None}, {"council": "2026-06-30T09:00"}])
def test_an_unreadable_embargo_still_applies(published: ProjectCopy, value: object) -> None:
    path = published.root / PACK / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_bytes()) | {"embargoes": value}))
    assert [found.code for found in verify_pack(path.parent).diagnostics] == ["pack-manifest"]
    with pytest.raises(ContentError):
        read_embargoes(path.parent)
    with pytest.raises(ContentError):
        approve(path.parent)


def test_a_changed_embargo_is_another_pack(project: ProjectCopy) -> None:
    embargo(project)
    pack = build(project)
    approve(pack, before_embargo="early")
    project.write(SETTINGS, project.read(SETTINGS).replace(FUTURE, "2998-01-01T00:00Z"))
    assert find_approval(build(project)) is None
