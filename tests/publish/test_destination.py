"""A pack is never written among a project's own files, and a build removes only folders that a build made."""

from pathlib import Path

import pytest
from projects import ProjectCopy

from brief.model.diagnostics import RequestError
from brief.publish.destination import require_output_folder
from brief.publish.output import publish

BUILD = ("build", "-a", "public", "-l", "en", "-f", "html", "--jobs", "1")


@pytest.mark.parametrize(
    ("folder", "reason"),
    [
        ("content", "it is in the project's folder 'content'"),
        ("content/themes", "it is in the project's folder 'content'"),
        ("content/new/deeper", "it is in the project's folder 'content'"),
        ("seeds", "it is in the project's folder 'seeds'"),
        ("templates", "it is in the project's folder 'templates'"),
        (".", "it is the project's own folder"),
        ("link-to-content", "it is in the project's folder 'content'"),
        ("content/../seeds", "it is in the project's folder 'seeds'"),
        ("output/../templates/base", "it is in the project's folder 'templates'"),
        ("link-to-content/themes/../catalogues", "it is in the project's folder 'content'"),
        ("data", "it is in the project's folder 'data'"),
        ("data/of/packs", "it is in the project's folder 'data'"),
        ("Content", "it is in the project's folder 'Content'"),
        ("SEEDS/packs", "it is in the project's folder 'SEEDS'"),
        (".Git", "it is in the repository's folder '.Git'"),
        (".git", "it is in the repository's folder '.git'"),
        (".git/objects", "it is in the repository's folder '.git'"),
        (".github", "it is in '.github', which is for the settings of other programs"),
        (".vscode/packs", "it is in '.vscode', which is for the settings of other programs"),
        ("..", "the project is in it"),
        ("../..", "the project is in it"),
        ("link-to-above", "the project is in it"),
        ("/dev/null", "it is a file"),
        ("/", "it is the root of the file system"),
        ("content/brief.yaml", "it is a file"),
        ("content/brief.yaml/below", "is a file"),
    ],
)
def test_a_folder_that_is_not_for_output_is_refused(project: ProjectCopy, folder: str, reason: str) -> None:
    (project.root / "link-to-content").symlink_to("content")
    (project.root / "link-to-above").symlink_to("..")
    (project.root / "templates").mkdir(exist_ok=True)
    before = project.files()
    ran = project.run(*BUILD, "-o", str(project.root / folder))
    assert (ran.status, ran.stdout) == (2, "")
    assert reason in ran.stderr
    assert "choose another with -o" in ran.stderr
    assert project.files() == before


def test_content_that_is_linked_from_elsewhere_is_no_place_for_output(project: ProjectCopy, tmp_path: Path) -> None:
    (project.root / "content").rename(tmp_path / "texts")
    (project.root / "content").symlink_to(tmp_path / "texts")
    for folder in (tmp_path / "texts", tmp_path / "texts/themes", project.root / "content/assets"):
        ran = project.run(*BUILD, "-o", str(folder))
        assert (ran.status, ran.stdout) == (2, ""), folder
    assert project.run(*BUILD).status == 0


def test_hidden_folders_beside_a_project_are_refused_only_in_a_repository(tmp_path: Path) -> None:
    require_output_folder(tmp_path / ".packs")
    (tmp_path / ".git").mkdir()
    with pytest.raises(RequestError, match="settings of other programs"):
        require_output_folder(tmp_path / ".github/packs")


def test_the_home_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(RequestError, match="your home folder"):
        require_output_folder(tmp_path)
    require_output_folder(tmp_path / "packs")


def test_only_generations_are_removed(tmp_path: Path) -> None:
    own = tmp_path / ".demo.7"
    own.mkdir()
    (own / "diary.txt").write_text("mine")
    dead = tmp_path / ".demo.3"
    dead.mkdir()
    (dead / ".unfinished").touch()
    (dead / "half.html").write_text("half")
    for _ in range(3):
        publish(tmp_path, "demo", {"a.html": b"a"}, b"{}")
    assert (own / "diary.txt").read_text() == "mine"
    assert not dead.exists()
    assert sorted(path.name for path in (tmp_path / "demo").iterdir()) == ["a.html", "manifest.json"]
