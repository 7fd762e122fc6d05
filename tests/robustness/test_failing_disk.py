"""A disk that is full, read-only or forbidden: status 3, the old output is unchanged, nothing half-written stays."""

import errno
import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from crash_oracle import Build, assert_clean, assert_recovers, state_of
from projects import ProjectCopy
from publisher_process import BRIEF, pack

from brief import MachineError, RequestError
from brief.publish.output import reserve

CALLS = ("open", "mkdir", "write", "fsync", "close", "symlink", "rename")
NUMBERS = (errno.ENOSPC, errno.EIO, errno.EDQUOT)
SIZE = 20_000
FORBIDDEN_USER = 65534


class FailingCalls:
    """Stands in front of calls of `os`: the k-th of them all fails, after it has done its work where it is `close`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, failing: int, number: int) -> None:
        self.passed = 0
        self.failing = failing
        self.number = number
        self.failed = ""
        for name in CALLS:
            monkeypatch.setattr(os, name, self._wrapped(name, getattr(os, name)))

    def _wrapped(self, name: str, real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **kwargs: object) -> object:
            self.passed += 1
            if self.passed == self.failing:
                if name == "close":
                    real(*args, **kwargs)
                self.failed = name
                raise OSError(self.number, os.strerror(self.number))
            return real(*args, **kwargs)

        return call


def _count_calls(folder: Path) -> int:
    """How many calls a publication makes."""
    with pytest.MonkeyPatch.context() as patch:
        calls = FailingCalls(patch, 0, 0)
        pack(1).write(folder)
        return calls.passed


@pytest.mark.parametrize("old", [1, None])
def test_whichever_call_fails(tmp_path: Path, old: int | None) -> None:
    calls_made = _count_calls(tmp_path / "count")
    assert calls_made > 30
    for failing in range(1, calls_made + 1):
        number = NUMBERS[failing % len(NUMBERS)]
        folder = tmp_path / f"{failing}"
        if old:
            pack(old).write(folder)
        with pytest.MonkeyPatch.context() as patch:
            calls = FailingCalls(patch, failing, number)
            try:
                pack(2).write(folder)
                said = ""
            except MachineError as problem:
                said = str(problem)
        now = state_of(folder)
        where = f"{calls.failed} as call {failing}"
        if now == old:
            assert os.strerror(number) in said, where
        else:
            # Too late to harm, and it is said only where it may still matter.
            assert now == 2, where
            assert not said or "the new output is in place" in said, where
        if "may not outlast" in said:
            # The old pack is the one after a power cut, so it must not be removed.
            assert len(os.listdir(folder)) == 2 + bool(old), where
        elif now is not None:
            assert_clean(folder)
        else:
            assert not folder.exists() or os.listdir(folder) == [], where
        assert_recovers(folder)


@pytest.mark.parametrize("size", [0, 1, 100, 4_095, SIZE - 1, 10 * SIZE])
def test_no_file_may_grow_beyond(tmp_path: Path, size: int) -> None:
    pack(1).write(tmp_path)
    status, _, said = Build(tmp_path, 2, limit=(resource.RLIMIT_FSIZE, size)).end()
    if size >= SIZE:
        assert (status, state_of(tmp_path)) == (0, 2)
    else:
        assert (status, state_of(tmp_path)) == (3, 1), said
        assert "cannot be written" in said
        assert "Traceback" not in said
    assert_clean(tmp_path)
    assert_recovers(tmp_path)


def test_too_few_open_files(tmp_path: Path) -> None:
    """Needs few at a time: either it works, or it says why not."""
    statuses = []
    for files in range(3, 17):
        folder = tmp_path / f"{files}"
        pack(1).write(folder)
        status, _, said = Build(folder, 2, limit=(resource.RLIMIT_NOFILE, files)).end()
        assert (status, state_of(folder)) in ((0, 2), (3, 1)), said
        assert_recovers(folder)
        statuses.append(status)
    assert statuses == sorted(statuses, reverse=True)
    assert set(statuses) == {0, 3}


@contextmanager
def _mount(folder: Path, options: str) -> Iterator[None]:
    if os.getuid() != 0:
        pytest.skip("mounting needs root")
    folder.mkdir(exist_ok=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", folder], capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"cannot mount here: {mounted.stderr}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@pytest.mark.parametrize("pages", [*range(1, 80, 6), 200])
def test_a_full_file_system(tmp_path: Path, pages: int) -> None:
    """One pack takes about 40 pages of 4,096 bytes; two at a time take 80."""
    disk = tmp_path / "disk"
    with _mount(disk, f"size={pages * 4096}"):
        folder = disk / "output"
        try:
            pack(1).write(folder)
            pack(2).write(folder)
        except MachineError as problem:
            said = str(problem)
            assert "No space left on device" in said
            if "needed" in said:
                assert (
                    f"{sum(map(len, pack(2).list_files().values())) + len(pack(2).make_manifest()):,} bytes are needed"
                    in said
                )
            if folder.exists() and os.listdir(folder):
                assert state_of(folder) == 1
                assert_clean(folder)
            else:
                assert pages < 50
        else:
            assert pages >= 60
            assert state_of(folder) == 2


def test_no_inodes_left(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    with _mount(disk, "nr_inodes=24"):
        pack(1).write(disk / "output")
        with pytest.raises(MachineError, match="old output is unchanged"):
            pack(2).write(disk / "output")
        assert state_of(disk / "output") == 1
        assert_clean(disk / "output")


def test_a_read_only_disk_is_found_before_the_work(project: ProjectCopy) -> None:
    output = project.root / "output"
    with _mount(output, "size=1M"):
        subprocess.run(["mount", "-o", "remount,ro", output], check=True)
        ran = project.run("build", "--jobs", "1")
    assert ran.status == 3
    assert "Read-only file system" in ran.stderr
    assert ran.stdout == ""


def test_a_forbidden_folder_is_found_before_the_work(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    user = os.geteuid()
    if user == 0:
        os.seteuid(FORBIDDEN_USER)
    try:
        with pytest.raises(MachineError, match="Permission denied"), reserve(tmp_path / "output", BRIEF):
            pytest.fail("the work was begun")
    finally:
        os.seteuid(user)
        tmp_path.chmod(0o755)
    assert not (tmp_path / "output").exists()


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "output").write_text("mine")
    with pytest.raises(RequestError, match="it is a file"):
        pack(1).write(tmp_path / "output")
    assert (tmp_path / "output").read_text() == "mine"


def test_a_build_that_fails_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="the work"), reserve(tmp_path / "a/b", BRIEF):
        raise ValueError("the work")
    assert list(tmp_path.iterdir()) == []


def test_links_that_lead_elsewhere_are_not_followed(tmp_path: Path) -> None:
    elsewhere, folder = tmp_path / "elsewhere", tmp_path / "output"
    elsewhere.mkdir()
    (elsewhere / "precious").write_text("mine")
    pack(1).write(folder)
    for name in (f".{BRIEF}.2", f".{BRIEF}.9", f".{BRIEF}.link"):
        (folder / name).symlink_to(elsewhere)
    assert_recovers(folder)
    assert [path.name for path in elsewhere.iterdir()] == ["precious"]
    (folder / BRIEF).unlink()
    (folder / BRIEF).symlink_to(elsewhere)
    with pytest.raises(MachineError, match="move it elsewhere"):
        pack(1).write(folder)
    (folder / BRIEF).unlink()
    (folder / f".{BRIEF}.lock").symlink_to(elsewhere / "precious")
    with pytest.raises(MachineError, match="cannot write"):
        pack(1).write(folder)
    assert (elsewhere / "precious").read_text() == "mine"
