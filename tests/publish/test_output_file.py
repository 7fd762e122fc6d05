"""Where a command may write the single file that a user names."""

from pathlib import Path

import pytest

from brief.publish.durable_files import replace_file
from brief.publish.output_file import find_output_problem


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "content").mkdir()
    (tmp_path / "content/brief.yaml").touch()
    (tmp_path / "output/pack").mkdir(parents=True)
    (tmp_path / "output/pack/manifest.json").write_text('{"brief": "a", "artifacts": []}', "utf-8")
    (tmp_path / "site").mkdir()
    (tmp_path / "site/manifest.json").write_text('{"name": "an add-on"}', "utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "content")
    return tmp_path


@pytest.mark.parametrize(
    "path",
    [
        *(
            "content/a.json",
            "content/themes/deep/a.json",
            "seeds/a.json",
            "data/a.csv",
            "Data/a.csv",
            "templates/a.json",
            "link/a.json",
        ),
        *("output/pack/a.json", "output/pack/manifest.json", "output/x/../pack/a.json"),
        *("a.mail.sqlite3", "a.mail.sqlite3-wal", ".a.mail.sqlite3.witness", ".a.mail.sqlite3.lock", "a.approval.json"),
    ],
)
def test_sources_packs_and_records_are_not_written(project: Path, path: str) -> None:
    assert find_output_problem(project / path) is not None


@pytest.mark.parametrize("path", ["plan.json", "output/plan.json", "site/a.html", "new/content/a.po", "approval.json"])
def test_other_files_are(project: Path, path: str) -> None:
    assert find_output_problem(project / path) is None


@pytest.mark.parametrize("name", ["/dev/null", "/dev/full"])
def test_a_device_is_not_replaced(name: str) -> None:
    """As the user root, a plan that was written to /dev/null took it from every program of the machine."""
    with pytest.raises(OSError, match="not a regular file"):
        replace_file(Path(name), b"x")
    assert Path(name).is_char_device()
