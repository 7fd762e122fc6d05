"""Changes to files are shown as patches that git and patch apply."""

import subprocess
from pathlib import Path

import pytest

from brief.project.file_changes import diff_lines

ENDS = [
    (b"a: 1\nb: 2\n", b"a: 1\nb: 3\n"),
    (b"a: 1\nb: 2", b"a: 1\nb: 3"),
    (b"a: 1\nb: 2", b"a: 1\nb: 2\n"),
    (b"a: |\n  x\n-- old", b"a: |\n  x\n++ new"),
    (b"-- old", b"++ new\n"),
    (b"a\r\nb\r\n", b"a\r\nc\r\n"),
]


@pytest.mark.parametrize(("old", "new"), ENDS)
def test_a_shown_change_can_be_applied(tmp_path: Path, old: bytes, new: bytes) -> None:
    file = tmp_path / "theme.yaml"
    file.write_bytes(old)
    patch = "".join(f"{line}\n" for line in diff_lines(old, new, "a/theme.yaml", "b/theme.yaml"))
    subprocess.run(["git", "apply", "--whitespace=nowarn", "-"], input=patch.encode(), cwd=tmp_path, check=True)
    assert file.read_bytes() == new
