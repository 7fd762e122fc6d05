"""Several files take their new bytes together, or all of them stay as they were."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from brief.model.diagnostics import MachineError
from brief.publish.durable_files import replace_all_files, write_private_path, write_user_path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two files that their owner alone may read."""
    for name in ("one", "two"):
        (tmp_path / name).write_bytes(name.encode())
        (tmp_path / name).chmod(0o600)
    return tmp_path


@pytest.fixture
def after_first_rename(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], None]:
    """Has something happen as soon as the first file has its new bytes."""
    rename = os.rename

    def arrange(happen: Callable[[], None]) -> None:
        def renamed(old: Path, new: Path) -> None:
            monkeypatch.setattr(os, "rename", rename)
            rename(old, new)
            happen()

        monkeypatch.setattr(os, "rename", renamed)

    return arrange


class TestReplacingAll:
    def test_an_interruption_right_after_the_first_leaves_the_old_files(
        self, folder: Path, after_first_rename: Callable[[Callable[[], None]], None]
    ) -> None:
        after_first_rename(lambda: signal.raise_signal(signal.SIGINT))
        with pytest.raises(KeyboardInterrupt):
            replace_all_files({folder / "one": (b"one", b"1"), folder / "two": (b"two", b"2")})
        assert contents(folder) == {"one": b"one", "two": b"two"}

    def test_what_is_put_back_has_its_mode(self, folder: Path) -> None:
        with pytest.raises(FileExistsError, match="changed since"):
            replace_all_files({folder / "one": (b"one", b"1"), folder / "two": (b"another", b"2")})
        assert contents(folder) == {"one": b"one", "two": b"two"}
        assert (folder / "one").stat().st_mode & 0o777 == 0o600

    def test_one_that_cannot_be_put_back_is_reported_and_the_others_are_put_back(
        self, folder: Path, after_first_rename: Callable[[Callable[[], None]], None]
    ) -> None:
        def block() -> None:
            (folder / ".one.new").mkdir()

        (folder / "three").write_bytes(b"another hand was here")
        after_first_rename(block)
        with pytest.raises(MachineError, match=r"changed since .*\); these files could not be restored: \S+/one$"):
            replace_all_files({folder / name: (name.encode(), b"new") for name in ("one", "two", "three")})
        (folder / ".one.new").rmdir()
        assert contents(folder) == {"one": b"new", "two": b"two", "three": b"another hand was here"}

    def test_one_that_kept_its_old_bytes_need_not_be_put_back(
        self, folder: Path, after_first_rename: Callable[[Callable[[], None]], None]
    ) -> None:
        def block() -> None:
            (folder / ".two.new").unlink()
            (folder / ".two.new").mkdir()

        after_first_rename(block)
        with pytest.raises(NotADirectoryError):
            replace_all_files({folder / "one": (b"one", b"1"), folder / "two": (b"two", b"2")})
        (folder / ".two.new").rmdir()
        assert contents(folder) == {"one": b"one", "two": b"two"}

    def test_two_links_to_one_file_are_refused(self, folder: Path) -> None:
        (folder / "link").symlink_to("one")
        with pytest.raises(FileExistsError, match=r"link and \S+one are the same file"):
            replace_all_files({folder / "link": (b"one", b"1"), folder / "one": (b"one", b"2")})
        assert contents(folder) == {"one": b"one", "two": b"two", "link": b"one"}


class TestWritingOut:
    def test_a_link_stays_and_leads_to_what_was_written(self, folder: Path) -> None:
        (folder / "link").symlink_to("one")
        (folder / "nowhere").symlink_to("three")
        write_user_path(folder / "link", b"1")
        write_user_path(folder / "nowhere", b"3")
        assert ((folder / "link").readlink(), (folder / "nowhere").readlink()) == (Path("one"), Path("three"))
        assert contents(folder) == {"one": b"1", "two": b"two", "link": b"1", "three": b"3", "nowhere": b"3"}
        assert (folder / "one").stat().st_mode & 0o777 == 0o600

    def test_a_pipe_gets_it(self, folder: Path) -> None:
        pipe = folder / "pipe"
        os.mkfifo(pipe)
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        try:
            write_user_path(pipe, b"words")
            assert os.read(reader, 100) == b"words"
        finally:
            os.close(reader)
        assert pipe.is_fifo()


def test_a_private_file_is_for_its_owner_unless_it_was_there(tmp_path: Path) -> None:
    path = tmp_path / "one"
    write_private_path(path, b"1")
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o640)
    write_private_path(path, b"2")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"2", 0o640)
