"""A folder on a network file system is reported, because its locks may not be seen elsewhere."""

from pathlib import Path

import pytest

from brief.publish import network_filesystem

LINE = "22 1 0:2 / {} rw,relatime shared:1 - {} server:/export rw\n"


@pytest.mark.parametrize(
    ("kind", "codes"),
    [("nfs4", ["output-on-network"]), ("cifs", ["output-on-network"]), ("ext4", []), ("tmpfs", [])],
)
def test_a_network_folder_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, codes: list[str]
) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(LINE.format(tmp_path.resolve().as_posix().replace(" ", "\\040"), kind), "utf-8")
    monkeypatch.setattr(network_filesystem, "_MOUNTINFO", table)
    found = network_filesystem.check_network_filesystem(tmp_path / "output")
    assert [each.code for each in found] == codes
    assert all(kind in each.message and str(tmp_path) in each.location.file for each in found)


def test_without_a_table_nothing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network_filesystem, "_MOUNTINFO", tmp_path / "nowhere")
    assert network_filesystem.check_network_filesystem(tmp_path) == ()
