"""`brief verify` and `brief approve`: what was done to a pack since it was built, and who looked at it."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from projects import ProjectCopy

from brief import ContentError
from brief.publish.approval import approve, find_approval
from brief.publish.verify import verify_pack

PAGE = "public/night-buses.public.en.html"
PACK = "output/night-buses"


def _text(path: Path, change: Callable[[str], str]) -> None:
    path.write_text(change(path.read_text("utf-8")), "utf-8")


def _change_listing(change: Callable[[dict[str, object]], object]) -> Callable[[Path], None]:
    def do(pack: Path) -> None:
        document = json.loads((pack / "manifest.json").read_text("utf-8"))
        change(document)
        (pack / "manifest.json").write_text(json.dumps(document), "utf-8")

    return do


def _replace_by_link(pack: Path) -> None:
    (pack / PAGE).rename(pack.parent / "moved.html")
    (pack / PAGE).symlink_to(pack.parent / "moved.html")


def _replace_by_folder(pack: Path) -> None:
    (pack / PAGE).unlink()
    (pack / PAGE).mkdir()


DAMAGE: dict[str, tuple[Callable[[Path], object], list[tuple[str, str]]]] = {
    "changed": (lambda pack: _text(pack / PAGE, lambda text: text.replace("bus", "BUS", 1)), [("pack-changed", PAGE)]),
    "cut short": (lambda pack: os.truncate(pack / PAGE, 100), [("pack-changed", PAGE)]),
    "missing": (lambda pack: (pack / PAGE).unlink(), [("pack-missing", PAGE)]),
    "extra": (lambda pack: (pack / "public/draft.html").write_text("x"), [("pack-extra", "public/draft.html")]),
    "extra folder": (lambda pack: (pack / "empty").mkdir(), [("pack-extra", "empty")]),
    "extra hidden": (lambda pack: (pack / ".notes").write_text("x"), [("pack-extra", ".notes")]),
    "link": (_replace_by_link, [("pack-changed", PAGE)]),
    "link beside": (lambda pack: (pack / "all").symlink_to("/"), [("pack-extra", "all")]),
    "renamed": (
        lambda pack: (pack / PAGE).rename(pack / "public/night-buses.PUBLIC.en.html"),
        [("pack-missing", PAGE), ("pack-extra", "public/night-buses.PUBLIC.en.html")],
    ),
    "a folder for a file": (_replace_by_folder, [("pack-changed", PAGE)]),
    "two at once": (
        lambda pack: (pack / PAGE).rename(pack / "x"),
        [("pack-missing", PAGE), ("pack-extra", "x")],
    ),
    "no manifest": (lambda pack: (pack / "manifest.json").unlink(), [("pack-manifest", "manifest.json")]),
    "torn manifest": (lambda pack: os.truncate(pack / "manifest.json", 700), [("pack-manifest", "manifest.json")]),
    "empty manifest": (lambda pack: os.truncate(pack / "manifest.json", 0), [("pack-manifest", "manifest.json")]),
    "manifest is a list": (
        lambda pack: (pack / "manifest.json").write_text("[]"),
        [("pack-manifest", "manifest.json")],
    ),
    "manifest is nested": (
        lambda pack: (pack / "manifest.json").write_text("[" * 100_000),
        [("pack-manifest", "manifest.json")],
    ),
    "manifest is no text": (
        lambda pack: (pack / "manifest.json").write_bytes(b"\xff\xfe\x00"),
        [("pack-manifest", "manifest.json")],
    ),
    "no artifacts": (_change_listing(lambda one: one.pop("artifacts")), [("pack-manifest", "manifest.json")]),
    "a later schema": (_change_listing(lambda one: one.update(schema=2)), [("pack-manifest", "manifest.json")]),
    "no schema": (_change_listing(lambda one: one.pop("schema")), [("pack-manifest", "manifest.json")]),
    "listed twice": (
        _change_listing(lambda one: one["artifacts"].append(one["artifacts"][0])),  # type: ignore[attr-defined, index]
        [("pack-manifest", "manifest.json")],
    ),
    "listed outside": (
        _change_listing(lambda one: one["artifacts"][0].update(path="../../../etc/passwd")),  # type: ignore[index]
        [("pack-manifest", "manifest.json")],
    ),
    "listed absolute": (
        _change_listing(lambda one: one["artifacts"][0].update(path="/etc/passwd")),  # type: ignore[index]
        [("pack-manifest", "manifest.json")],
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_each_damage_is_named(published: ProjectCopy, damage: str) -> None:
    do, expected = DAMAGE[damage]
    assert published.run("list").status == 0
    do(published.root / PACK)
    ran = _run(published, "verify", "--json")
    found = json.loads(ran[1])
    assert ran[0] == 1
    assert [(diagnostic["code"], diagnostic["path"]) for diagnostic in found["diagnostics"]] == expected
    status, out, err = _run(published, "verify")
    assert (status, out) == (1, "")
    for code, path in expected:
        assert f"{path}: error[{code}]: " in err


def _run(project: ProjectCopy, command: str, *args: str) -> tuple[int, str, str]:
    from projects import run_brief

    ran = run_brief(command, project.root / PACK, *args, cwd=project.root)
    return ran.status, ran.stdout, ran.stderr


def test_a_whole_pack_matches(published: ProjectCopy) -> None:
    status, out, err = _run(published, "verify")
    assert (status, err) == (0, "")
    assert "6 files match the manifest; not approved" in out


def test_a_copy_of_a_pack_matches(published: ProjectCopy, tmp_path: Path) -> None:
    copied = shutil.copytree(published.root / PACK, tmp_path / "copied")
    assert verify_pack(copied).is_consistent


COPY = {
    "path": "copies/council/a.pdf",
    "of": "council/a.pdf",
    "recipient": "Ann Lee",
    "number": 1,
    "audience": "council",
    "locale": "en",
    "format": "pdf",
    "media_type": "application/pdf",
    "bytes": 4,
    "sha256": hashlib.sha256(b"copy").hexdigest(),
    "pages": 1,
}
WRONG_COPIES = [
    5,
    {},
    [5],
    [{}],
    [{name: value for name, value in COPY.items() if name != "of"}],
    [{name: value for name, value in COPY.items() if name != "pages"}],
    [COPY | {"number": "1"}],
    [COPY | {"colour": "red"}],
]


@pytest.mark.parametrize("copies", [*WRONG_COPIES, [COPY]], ids=str)
def test_copies_that_mail_cannot_read_are_errors_of_the_manifest(tmp_path: Path, copies: object) -> None:
    header = {"schema": 1, "brief": "a", "date": "2026-06-30", "versions": {}, "fonts": {}, "artifacts": []}
    (tmp_path / "manifest.json").write_text(json.dumps({**header, "copies": copies}), "utf-8")
    (tmp_path / "copies/council").mkdir(parents=True)
    (tmp_path / "copies/council/a.pdf").write_bytes(b"copy")
    expected = [] if copies == [COPY] else ["pack-manifest"]
    assert [each.code for each in verify_pack(tmp_path).diagnostics] == expected


def test_building_again_restores_what_was_changed(published: ProjectCopy) -> None:
    whole = verify_pack(published.root / PACK).digest
    (published.root / PACK / PAGE).write_text("by hand")
    assert not verify_pack(published.root / PACK).is_consistent
    assert published.run("build", "-f", "html", "--jobs", "1").status == 0
    assert verify_pack(published.root / PACK).is_consistent
    assert verify_pack(published.root / PACK).digest == whole


def test_an_approval_holds_for_these_bytes(published: ProjectCopy) -> None:
    pack = published.root / PACK
    assert find_approval(pack) is None
    status, out, _ = _run(published, "approve", "--by", "陳美玲", "--at", "2026-11-20T09:30:00", "--note", "all read")
    assert (status, out.rpartition(": ")[2]) == (0, "approved by 陳美玲 at 2026-11-20T09:30:00Z\n")
    assert verify_pack(pack).is_consistent
    approval = find_approval(pack)
    assert approval is not None
    assert (approval.by, approval.note, approval.manifest) == ("陳美玲", "all read", verify_pack(pack).digest)
    assert "approved by 陳美玲 at 2026-11-20T09:30:00Z" in _run(published, "verify")[1]
    # The same again is the same; another content is not.
    assert published.run("build", "-f", "html", "--jobs", "1").status == 0
    assert find_approval(pack) == approval
    published.replace("seeds/reader-survey.yaml", "2_650_000", "2_710_000")
    assert published.run("build", "-f", "html", "--jobs", "1").status == 0
    assert find_approval(pack) is None
    assert json.loads(_run(published, "verify", "--json")[1])["approval"] is None


def test_a_pack_that_does_not_match_is_not_approved(published: ProjectCopy) -> None:
    (published.root / PACK / PAGE).write_text("by hand")
    with pytest.raises(ContentError, match="pack-changed"):
        approve(published.root / PACK, "Ann")
    assert _run(published, "approve")[0] == 1
    assert not (published.root / "output/night-buses.approval.json").exists()


@pytest.mark.parametrize("record", ["", "[]", "{}", '{"brief": 1}', "\xff"])
def test_an_unreadable_record_is_no_approval(published: ProjectCopy, record: str) -> None:
    (published.root / "output/night-buses.approval.json").write_text(record, "latin-1")
    assert find_approval(published.root / PACK) is None


def test_the_clock_is_the_callers(published: ProjectCopy) -> None:
    approval = approve(published.root / PACK, "Ann", clock=lambda: datetime(2036, 1, 2, 3, 4, 5, 678, UTC))
    assert approval.at == "2036-01-02T03:04:05Z"


def test_a_manifest_says_its_schema_and_that_every_artifact_was_inspected(published: ProjectCopy) -> None:
    path = published.root / PACK / "manifest.json"
    manifest = json.loads(path.read_bytes())
    assert manifest["schema"] == 1
    assert manifest["artifacts"]
    assert all(artifact["inspected"] is True for artifact in manifest["artifacts"])
    path.write_text(json.dumps({**manifest, "schema": 2}))
    (found,) = verify_pack(published.root / PACK).diagnostics
    assert found.message == "the manifest has schema 2, and this release of brief reads schema 1"
    assert found.hint == "use the release of brief that built the pack, or a later one"


def test_an_approval_from_the_future_does_not_hold(published: ProjectCopy) -> None:
    approve(published.root / PACK, "Ann", clock=lambda: datetime(2036, 1, 2, tzinfo=UTC))
    assert find_approval(published.root / PACK, clock=lambda: datetime(2036, 1, 1, tzinfo=UTC)) is None
    assert find_approval(published.root / PACK, clock=lambda: datetime(2036, 1, 3, tzinfo=UTC)) is not None
    status, _, error = _run(published, "approve", "--at", "9999-01-01")
    assert status == 2
    assert "'9999-01-01T00:00:00' is in the future" in error


@pytest.mark.parametrize("name", ["output/night-buses/manifest.json", "output/night-buses.approval.json"])
def test_a_pipe_in_the_place_of_a_record_is_not_waited_for(published: ProjectCopy, name: str) -> None:
    pack = published.root / PACK
    approve(pack)
    (published.root / name).unlink()
    os.mkfifo(published.root / name)
    assert find_approval(pack) is None
    if name.endswith("manifest.json"):
        (problem,) = verify_pack(pack).diagnostics
        assert (problem.code, problem.message) == ("pack-manifest", "not a regular file")
