"""A plan stays what it was, or is not sent; and people can look at what it holds."""

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from mail_plans import PACK, SENDER, Mailing, row, write_list
from projects import ProjectCopy, run_brief

from brief import ContentError
from brief.mail.plan.plan import compose_outgoing
from brief.mail.plan.plan_file import read_plan


@pytest.fixture
def mailing(published: ProjectCopy) -> Mailing:
    """A project of its own with an approved pack, to be broken at will."""
    return Mailing.of(published)


def write_plan(mailing: Mailing) -> Path:
    assert (
        mailing.plan(write_list(row("ann@example.org"), row("li@example.org", "李小明", locale="zh-Hans"))).status == 0
    )
    return mailing.folder / "plan.json"


def test_a_plan_needs_neither_the_project_nor_its_templates(mailing: Mailing) -> None:
    plan = write_plan(mailing)
    for folder in ("content", "seeds"):
        shutil.rmtree(mailing.project.root / folder)
    messages = compose_outgoing(read_plan(plan))
    assert [message.recipient for message in messages] == ["ann@example.org", "li@example.org"]
    assert [len(message.load()) for message in messages] == [message.size for message in messages]
    assert [message.key.variant for message in messages] == ["council.en", "council.zh-Hans"]


def test_a_plan_moves_with_its_pack(mailing: Mailing, tmp_path: Path) -> None:
    plan = write_plan(mailing)
    digests = [message.digest for message in compose_outgoing(read_plan(plan))]
    (tmp_path / "elsewhere").mkdir()
    shutil.move(plan, tmp_path / "elsewhere/plan.json")
    shutil.move(mailing.project.root, tmp_path / "elsewhere/project")
    assert [message.digest for message in compose_outgoing(read_plan(tmp_path / "elsewhere/plan.json"))] == digests


def change_plan(plan: Path, *keys: str | int, to: object) -> None:
    document = json.loads(plan.read_bytes())
    inner = document
    for key in keys[:-1]:
        inner = inner[key]
    inner[keys[-1]] = to
    plan.write_text(json.dumps(document))


LETTER = ("letters", "council.en.html")
CHANGES: dict[str, tuple[tuple[str | int, ...], object]] = {
    "address": (("messages", 0, "address"), "eve@example.com"),
    "name": (("messages", 0, "name"), "Eve"),
    "key": (("messages", 0, "recipient"), "eve@example.com"),
    "edition": (("messages", 0, "letter"), "council.zh-Hans.html"),
    "attachment": (("attachments", 0, "path"), "public/night-buses.public.en.html"),
    "attachment's name": (("attachments", 0, "name"), "x.pdf"),
    "subject": ((*LETTER, "subject"), "Something else"),
    "page": ((*LETTER, "html"), "<p>Something else</p>"),
    "text": ((*LETTER, "text"), "Something else"),
    "sender": (("envelope", "sender"), "eve@example.org"),
    "moment": (("envelope", "moment"), "2020-01-01T00:00:00+00:00"),
    "field in the subject": ((*LETTER, "subject"), "x\r\nBcc: eve@example.com"),
}


@pytest.mark.parametrize(("keys", "to"), CHANGES.values(), ids=CHANGES.keys())
def test_a_plan_that_was_changed_is_not_sent(mailing: Mailing, keys: tuple[str | int, ...], to: object) -> None:
    plan = write_plan(mailing)
    change_plan(plan, *keys, to=to)
    with pytest.raises(ContentError) as refusal:
        compose_outgoing(read_plan(plan))
    assert {diagnostic.code for diagnostic in refusal.value.diagnostics} <= {"plan-changed", "unsafe-header"}


WRONG_TYPES: dict[str, tuple[tuple[str | int, ...], object]] = {
    "name": (("messages", 0, "name"), None),
    "size": (("messages", 0, "size"), float("inf")),
    "subject": ((*LETTER, "subject"), ["a"]),
    "half of a surrogate pair": ((*LETTER, "title"), "\ud800"),
    "media type": (("attachments", 0, "media_type"), 1),
    "moment without a zone": (("envelope", "moment"), "2026-06-30T08:00:00"),
    "pack": (("pack",), "a\0b"),
    "brief": (("brief",), "../other"),
    "list": (("list", "path"), "a\0b"),
}


@pytest.mark.parametrize(("keys", "to"), WRONG_TYPES.values(), ids=WRONG_TYPES.keys())
def test_a_plan_with_values_of_other_types_is_refused(
    mailing: Mailing, keys: tuple[str | int, ...], to: object
) -> None:
    plan = write_plan(mailing)
    change_plan(plan, *keys, to=to)
    with pytest.raises(ContentError, match="bad-plan"):
        read_plan(plan)


BAD_PLANS = {
    "no JSON": "plan",
    "another form": '{"form": "brief mail plan 2"}',
    "cut short": '{"form": "brief mail plan 1", "brief": "night-buses"}',
    "list": "[]",
    "deep": "[" * 100_000,
}


@pytest.mark.parametrize("text", BAD_PLANS.values(), ids=BAD_PLANS.keys())
def test_a_file_that_is_no_plan_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "plan.json").write_text(text)
    with pytest.raises(ContentError, match="bad-plan"):
        read_plan(tmp_path / "plan.json")


@pytest.mark.parametrize("path", ["../../content/brief.yaml", "/etc/hostname", "a/../../b"])
def test_a_plan_attaches_nothing_from_outside_its_pack(mailing: Mailing, path: str) -> None:
    plan = write_plan(mailing)
    change_plan(plan, "attachments", 0, "path", to=path)
    with pytest.raises(ContentError, match="bad-plan"):
        read_plan(plan)


def test_a_pack_that_was_changed_after_planning_is_not_sent(mailing: Mailing) -> None:
    plan = write_plan(mailing)
    messages = compose_outgoing(read_plan(plan))
    page = mailing.project.root / PACK / "council/night-buses.council.en.html"
    page.write_bytes(page.read_bytes() + b" ")
    with pytest.raises(ContentError, match="plan-changed"):
        compose_outgoing(read_plan(plan))
    assert [len(message.load()) for message in messages] == [message.size for message in messages], (
        "what was read is kept"
    )


def test_a_pack_that_was_rebuilt_after_planning_is_not_sent(mailing: Mailing) -> None:
    plan = write_plan(mailing)
    assert mailing.project.run("build", "-f", "html", "-a", "council", "--replace").status == 0
    with pytest.raises(ContentError, match="plan-changed"):
        compose_outgoing(read_plan(plan))


# A look at a message


def test_a_preview_prints_the_words_of_one_message(mailing: Mailing) -> None:
    write_plan(mailing)
    said = run_brief("mail", "preview", "plan.json", "-n", "2", cwd=mailing.folder)
    for words in ("To: 李小明 <li@example.org>", "Attached: 夜间公交一周年 - 议会版.html", "李小明，您好！"):
        assert words in said.stdout
    assert run_brief("mail", "preview", "plan.json", "-n", "3", cwd=mailing.folder).status == 2


def test_a_preview_serves_every_message_of_a_plan_to_this_machine(mailing: Mailing) -> None:
    write_plan(mailing)
    serving = subprocess.Popen(
        [sys.executable, "-c", "from brief.cli import main; main()", "mail", "preview", "plan.json", "--no-browser"],
        cwd=mailing.folder,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert serving.stdout is not None
        address = serving.stdout.readline().split()[0]
        assert address.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(address) as listing, urllib.request.urlopen(f"{address}2") as second:  # noqa: S310
            assert "li@example.org" in listing.read().decode()
            assert "夜间公交一周年（2026年6月30日）" in second.read().decode()
    finally:
        serving.terminate()
        serving.wait(10)


def test_the_group_lists_its_commands_without_importing_them() -> None:
    said = run_brief("mail", "--help", cwd=Path())
    assert said.status == 0
    for name in ("plan", "preview", "send", "status", "resolve"):
        assert f"  {name} " in said.stdout


OWN_FILES = (
    *("people.yaml", "project/content/brief.yaml", "project/content/new.json", "project/seeds/new.json"),
    *("project/output/night-buses/manifest.json", "project/output/night-buses/new.json"),
    *("project/output/night-buses.approval.json", "project/output/night-buses.mail.sqlite3", "pipe"),
)


@pytest.mark.parametrize("path", OWN_FILES)
def test_a_plan_replaces_only_a_plan(mailing: Mailing, path: str) -> None:
    """A mistyped `-o` would take a source, a file of the pack, the ledger, or a device from its users."""
    named = mailing.folder / path
    if path == "pipe" and not named.exists():
        os.mkfifo(named)
    (mailing.folder / "people.yaml").write_text(write_list(row("ann@example.org")), "utf-8")
    before = named.read_bytes() if named.is_file() else None
    ran = mailing.run("mail", "plan", "people.yaml", *SENDER, "-o", path)
    assert ran.status == 2, ran.stderr
    assert "choose another file" in ran.stderr
    assert (named.read_bytes() if named.is_file() else None) == before


def test_a_plan_is_written_again(mailing: Mailing) -> None:
    for _ in range(2):
        (mailing.folder / "people.yaml").write_text(write_list(row("ann@example.org")), "utf-8")
        assert mailing.run("mail", "plan", "people.yaml", *SENDER, "-o", "again.json").status == 0


@pytest.mark.parametrize("order", [("diff", ".", "--html"), ("translate", "export", "-l", "zh-Hans", "-o")])
def test_other_commands_do_not_write_into_sources_either(mailing: Mailing, order: tuple[str, ...]) -> None:
    ran = run_brief(*order, "content/brief.yaml", cwd=mailing.project.root)
    assert ran.status == 2
    assert "is in 'content' of a project" in ran.stderr
