"""The store: atomic, bounded, private, and failures are ignored."""

import multiprocessing
import os
import stat
from pathlib import Path

import pytest

from brief.store import Store, digest, open_default_store

KEY = digest("some", "thing")


def entry(store: Store, key: str = KEY) -> Path:
    return store.folder / key[:2] / key[2:]


def test_what_was_put_is_found(tmp_path: Path) -> None:
    store = Store(tmp_path / "cache")
    assert store.get(KEY) is None
    store.put(KEY, b"bytes")
    assert store.get(KEY) == b"bytes"


def test_keys_tell_where_one_part_ends_and_the_next_begins() -> None:
    assert len({digest("ab", "c"), digest("a", "bc"), digest("abc"), digest("abc", "")}) == 4


@pytest.mark.parametrize("damage", [b"", b"short", b"\0" * 40])
def test_a_damaged_entry_reads_as_absent_and_is_dropped(tmp_path: Path, damage: bytes) -> None:
    store = Store(tmp_path)
    store.put(KEY, b"bytes")
    entry(store).write_bytes(damage)
    assert store.get(KEY) is None
    assert not entry(store).exists()


def test_every_flipped_bit_is_noticed(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put(KEY, b"bytes")
    whole = entry(store).read_bytes()
    for position in range(len(whole)):
        entry(store).write_bytes(whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :])
        assert store.get(KEY) is None


def test_an_entry_in_the_place_of_another_one_is_not_taken_for_it(tmp_path: Path) -> None:
    """The cache has what other audiences may see."""
    store, other = Store(tmp_path), digest("another")
    store.put(KEY, b"public")
    store.put(other, b"internal")
    entry(store, other).replace(entry(store))
    assert store.get(KEY) is None
    assert store.get_spooled(KEY) is None


def test_a_pipe_in_the_place_of_an_entry_is_not_waited_for(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put(KEY, b"bytes")
    entry(store).unlink()
    os.mkfifo(entry(store))
    assert store.get(KEY) is None


def test_what_was_not_used_for_longest_is_dropped_first(tmp_path: Path) -> None:
    store = Store(tmp_path, limit=10_000)
    keys = [digest(str(number)) for number in range(12)]
    for age, key in enumerate(keys):
        store.put(key, bytes(1000))
        os.utime(entry(store, key), (1_000_000 + age, 1_000_000 + age))
    assert store.get(keys[0]) is not None  # used now, so the youngest
    store.prune()
    kept = [key for key in keys if store.get(key) is not None]
    assert kept == [keys[0], *keys[-6:]]


def test_files_of_a_killed_writer_are_cleared_away(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put(KEY, b"bytes")
    left = entry(store).with_name(".new-left")
    left.write_bytes(b"half")
    store.prune()
    assert left.exists()  # another process may be writing it
    os.utime(left, (0, 0))
    store.prune()
    assert not left.exists()


def test_the_store_is_private(tmp_path: Path) -> None:
    store = Store(tmp_path / "cache")
    store.put(KEY, b"a page for the board")
    assert stat.S_IMODE((tmp_path / "cache").stat().st_mode) == 0o700
    assert stat.S_IMODE(entry(store).stat().st_mode) == 0o600


def test_a_folder_that_cannot_be_used_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store = Store(tmp_path / "file")
    store.put(KEY, b"bytes")
    assert store.get(KEY) is None
    store.prune()


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    store.put(KEY, b"bytes")
    assert [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "CACHEDIR.TAG"] == []


def _hammer(folder: Path, seed: int) -> int:
    store, wrong = Store(folder, limit=20_000), 0
    for round_ in range(150):
        key = digest(str((round_ * 7 + seed) % 40))
        found = store.get(key)
        wrong += found is not None and found != key.encode() * 20
        store.put(key, key.encode() * 20)
        if round_ % 10 == seed:
            store.prune()
    return wrong


def test_several_processes_share_it(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        assert pool.starmap(_hammer, [(tmp_path, seed) for seed in range(3)]) == [0, 0, 0]


def test_the_location_of_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIEF_CACHE_DIR", "off")
    assert open_default_store() is None
    monkeypatch.setenv("BRIEF_CACHE_DIR", str(tmp_path))
    assert open_default_store() == Store(tmp_path)
    monkeypatch.delenv("BRIEF_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert open_default_store() == Store(tmp_path / "brief")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert open_default_store() == Store(tmp_path / ".cache/brief")
