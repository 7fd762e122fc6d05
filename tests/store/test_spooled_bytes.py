"""Artifacts wait on disk, in files that go with the process."""

import gc
import os
import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from brief.model.diagnostics import MachineError
from brief.store.spooled_bytes import SpooledBytes, spool, spool_chunks
from brief.workers.pool import WorkerPool


def _count_open() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_contents_are_what_was_written_in_any_number_of_threads() -> None:
    def write(number: int) -> SpooledBytes:
        return spool_chunks(bytes([number]) * size for size in range(number))

    with ThreadPoolExecutor(8) as threads:
        contents = list(threads.map(write, range(200)))
    for number, content in enumerate(contents):
        assert content.read() == bytes([number]) * sum(range(number)) == b"".join(content.read_chunks(7))
        assert content.size == sum(range(number))
        assert pickle.loads(pickle.dumps(content)).read() == content.read()  # noqa: S301 - our own


def test_files_are_few_and_have_no_name_and_go_with_their_contents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = _count_open()
    contents = [spool(bytes(1_000_000)) for _ in range(200)]
    assert list(tmp_path.iterdir()) == []
    assert _count_open() - before <= 5
    del contents
    gc.collect()
    assert _count_open() - before <= 1


def test_a_copy_of_the_process_does_not_write_to_the_same_places() -> None:
    mine = spool(b"mine")
    child = os.fork()
    if not child:
        spool(b"theirs, and longer")
        os._exit(0 if mine.read() == b"mine" else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert (mine.read(), spool(b"next").read()) == (b"mine", b"next")


def _make_large() -> SpooledBytes:
    return spool_chunks(iter([b"x" * 1000, b"y" * 3_000_000]))


def test_a_worker_sends_contents_in_chunks_and_whole() -> None:
    with WorkerPool(1) as workers:
        content = workers.submit(_make_large).result(60)
    assert content.read() == b"x" * 1000 + b"y" * 3_000_000


def test_a_folder_for_temporary_files_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/proc/none")
    monkeypatch.setattr("brief.store.spooled_bytes._files", [])
    with pytest.raises(MachineError, match="TMPDIR"):
        spool(b"x")
