"""Files are listed wherever links lead, and nothing that was read of them is kept too long."""

import time
from pathlib import Path

import pytest

from brief.build.fingerprint import fingerprint_template_set
from brief.reading.listing import FolderCache, list_files
from brief.templating.template_set import TemplateSet, find_template_set


def test_links_are_followed_once_and_circles_end(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "folder", tmp_path / "elsewhere"
    (folder / "own").mkdir(parents=True)
    elsewhere.mkdir()
    (elsewhere / "far.txt").write_text("")
    (folder / "own" / "near.txt").write_text("")
    for name, target in (("linked", elsewhere), ("linked-too", elsewhere), ("loop", folder), ("lost", "nowhere")):
        (folder / name).symlink_to(target)
    assert [path.relative_to(folder).as_posix() for path in list_files(folder)] == [
        "lost",
        "linked/far.txt",
        "own/near.txt",
    ]


def test_a_set_edited_just_before_it_was_read_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the reading takes: an edit at its start may have kept the file's times."""
    file = tmp_path / "templates" / "mine" / "set.yaml"
    file.parent.mkdir(parents=True)
    file.write_text("extends: base\n")
    own, names = find_template_set("mine", tmp_path), TemplateSet.list_names
    reads: list[TemplateSet] = []

    def slowly(template_set: TemplateSet) -> tuple[str, ...]:
        reads.append(template_set)
        time.sleep(0.15)
        return names(template_set)

    monkeypatch.setattr(TemplateSet, "list_names", slowly)
    file.touch()
    assert len({fingerprint_template_set(own) for _ in range(3)}) == 1
    assert len(reads) == 2


def test_a_cache_computes_again_only_after_a_change_and_keeps_the_last_values(tmp_path: Path) -> None:
    cache, computed = FolderCache[str, int](1), list[int]()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("")
    time.sleep(0.15)

    def compute() -> int:
        computed.append(0)
        return len(computed)

    assert [cache.get(name, [tmp_path / name], compute) for name in ("one", "one", "two", "one")] == [1, 1, 2, 3]
    (tmp_path / "one" / "file").write_text("changed")
    assert cache.get("one", [tmp_path / "one"], lambda: 0) == 0
