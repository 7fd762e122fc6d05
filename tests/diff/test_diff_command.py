"""`brief diff` at the command line: git revisions, packs, pages, and what cannot be compared."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from projects import SEED, THEME, ProjectCopy, run_brief


def git(root: Path, *args: str) -> None:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", root, *identity, *args], check=True, capture_output=True)


@pytest.fixture
def history(project: ProjectCopy) -> ProjectCopy:
    """A project two commits old, with an edit that is not committed yet."""
    git(project.root, "init", "--initial-branch=main")
    git(project.root, "add", "content", "seeds")
    git(project.root, "commit", "-m", "First")
    project.replace(THEME, "The trial has found its public.", "The trial has found a loyal public.")
    git(project.root, "commit", "-a", "-m", "Second")
    project.replace(SEED, "2_650_000", "2_710_000")
    return project


def test_two_revisions(history: ProjectCopy) -> None:
    ran = history.run("diff", "HEAD~1", "HEAD")
    assert ran.status == 0
    assert "The trial has found [-its-]{+a loyal+} public." in ran.stdout
    assert "2.71 million" not in ran.stdout
    assert "zh-Hans, zh-Hant did not follow" in ran.stdout


@pytest.mark.parametrize("explicit", [True, False])
def test_a_revision_against_the_working_tree(history: ProjectCopy, explicit: bool) -> None:
    ran = run_brief("diff", "HEAD", *(["."] if explicit else []), cwd=history.root)
    assert ran.status == 0
    assert "en: 2.65 million -> 2.71 million" in ran.stdout
    assert "loyal" not in ran.stdout


def test_a_project_below_the_top_of_its_repository(project: ProjectCopy, tmp_path: Path) -> None:
    git(tmp_path, "init")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "First")
    project.replace(SEED, "2_650_000", "2_710_000")
    assert "2.65 million -> 2.71 million" in project.run("diff", "HEAD").stdout


def test_a_revision_with_errors_says_which(history: ProjectCopy) -> None:
    history.replace(THEME, "{reader-survey/wait} between", "{reader-survey/wiat} between")
    git(history.root, "commit", "-a", "-m", "Third")
    ran = history.run("diff", "HEAD~1", "HEAD")
    assert ran.status == 1
    assert "HEAD" in ran.stderr
    assert f"{THEME}:11:" in ran.stderr
    assert "did you mean 'reader-survey/wait'?" in ran.stderr


def test_a_revision_before_there_was_a_project_is_named(history: ProjectCopy) -> None:
    git(history.root, "checkout", "--orphan", "empty")
    git(history.root, "rm", "-rf", ".")
    git(history.root, "commit", "--allow-empty", "-m", "Nothing")
    git(history.root, "checkout", "main")
    ran = history.run("diff", "empty", "HEAD")
    assert ran.status == 1
    assert re.search(r"no project found in empty \([0-9a-f]{10}\)\n", ran.stderr)


@pytest.mark.parametrize("name", ["nowhere", "HEAD~9", "--output=x", ""])
def test_neither_a_folder_nor_a_revision_is_wrong_usage(history: ProjectCopy, name: str) -> None:
    ran = run_brief("diff", "-C", history.root, "--", name, "HEAD", cwd=history.root)
    assert ran.status == 2
    assert "Traceback" not in ran.stderr
    assert not (history.root / "x").exists()


def test_outside_of_git(project: ProjectCopy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(project.root.parent))
    assert project.run("diff", "HEAD").status == 2


def test_without_git(history: ProjectCopy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    ran = history.run("diff", "HEAD")
    assert (ran.status, "needs git" in ran.stderr) == (3, True)


def test_no_scratch_folder_is_left(history: ProjectCopy, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    history.run("diff", "HEAD~1", "HEAD")
    assert not list(scratch.iterdir())


def test_a_link_out_of_the_repository_is_refused(history: ProjectCopy) -> None:
    (history.root / "content" / "secret.yaml").symlink_to("/etc/passwd")
    git(history.root, "add", "content")
    git(history.root, "commit", "-m", "Link")
    ran = history.run("diff", "HEAD")
    assert ran.status == 2
    assert "leads out of the project" in ran.stderr


def test_the_page_is_one_file_without_script_or_network(history: ProjectCopy, tmp_path: Path) -> None:
    history.replace(THEME, "The cost is known", "<script>alert(1)</script> The cost is known")
    page = tmp_path / "changes.html"
    ran = history.run("diff", "HEAD~1", "--html", str(page))
    assert (ran.status, ran.stdout.strip()) == (0, str(page))
    text = page.read_text("utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert not re.search(r"(src|href)=\"(?!#)|@import|url\(", text)
    assert "<del>its</del><ins>a loyal</ins>" in text
    assert 'lang="zh-Hans"><del>265万</del> <ins>271万</ins>' in text
    assert history.run("diff", "HEAD~1", "--html", str(page)).status == 0
    # It is not limited to what one audience may see.
    assert page.stat().st_mode & 0o777 == 0o600
    assert page.read_text("utf-8") == text


def test_the_page_says_what_clearance_it_holds(history: ProjectCopy, tmp_path: Path) -> None:
    page = tmp_path / "changes.html"
    history.run("diff", "HEAD", "--html", str(page))
    assert "clearance" not in page.read_text("utf-8").split("<main")[0]
    history.replace(THEME, "Whether {reader-survey/yearly-cost}", "If {reader-survey/yearly-cost}")
    history.run("diff", "HEAD", "--html", str(page))
    assert "clearance up to “client”" in page.read_text("utf-8").split("<main")[0]


def test_control_characters_do_not_reach_the_terminal(history: ProjectCopy) -> None:
    history.replace(THEME, "The trial has found a loyal public.", '"The trial \\u202ehas\\u2028 found a loyal public."')
    ran = history.run("diff", "HEAD")
    assert not re.search("[\x1b\u202e\u2028]", ran.stdout)


def test_two_packs(published: ProjectCopy, tmp_path: Path) -> None:
    old = Path(shutil.copytree(published.root / "output" / "night-buses", tmp_path / "old"))
    published.replace(THEME, "The trial has found its public.", "The trial has found a loyal public.")
    assert published.run("build", "-f", "html", "--jobs", "1").status == 0
    ran = run_brief("diff", old, published.root / "output", "--json", cwd=tmp_path)
    found = json.loads(ran.stdout)
    changed = [(a["path"], a["change"], a["cause"]) for a in found["artifacts"]]
    assert changed == [
        ("public/night-buses.public.en.html", "changed", "inputs"),
        ("council/night-buses.council.en.html", "changed", "inputs"),
    ]
    assert found["unchanged_artifacts"] == 4
    assert not any(found[part] for part in ("settings", "versions", "fonts"))
    assert "  4 unchanged" in run_brief("diff", old, published.root / "output", cwd=tmp_path).stdout
    page = tmp_path / "packs.html"
    assert run_brief("diff", old, published.root / "output", "--html", page, cwd=tmp_path).status == 0
    assert "public/night-buses.public.en.html" in page.read_text("utf-8")


def test_files_versions_and_dates_of_packs(published: ProjectCopy, tmp_path: Path) -> None:
    pack = published.root / "output" / "night-buses"
    old = Path(shutil.copytree(pack, tmp_path / "old"))
    manifest = json.loads((old / "manifest.json").read_text("utf-8"))
    manifest["versions"]["weasyprint"] = "1.0"
    manifest["date"] = "2025-01-01"
    manifest["artifacts"][0]["path"] = "public/gone.html"
    (old / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    said = run_brief("diff", old, pack, cwd=tmp_path).stdout
    assert "date: 2025-01-01 -> 2026-06-30" in said
    assert "weasyprint: 1.0 -> " in said
    assert "- public/gone.html" in said
    assert "+ public/night-buses.public.en.html" in said


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"artifacts": [1]}', '{"artifacts": 3}', '{"artifacts": [], "fonts": ["Inter"]}', "\udcff"],
)
def test_a_torn_manifest(published: ProjectCopy, tmp_path: Path, text: str) -> None:
    pack = published.root / "output" / "night-buses"
    old = Path(shutil.copytree(pack, tmp_path / "old"))
    (old / "manifest.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    ran = run_brief("diff", old, pack, cwd=tmp_path)
    assert (ran.status, "error[bad-manifest]" in ran.stderr) == (1, True)


def test_a_pack_and_a_project_cannot_be_compared(published: ProjectCopy) -> None:
    assert published.run("diff", str(published.root / "output" / "night-buses"), str(published.root)).status == 2


DATASET = """\
datasets:
  - id: nights
    file: data/nights.csv
    key: [night]
    columns: {riders: count, income: {unit: CNY, clearance: internal}}
"""


def test_the_cells_of_a_dataset_are_named(project: ProjectCopy, tmp_path: Path) -> None:
    project.write(SEED, project.read(SEED).rstrip("\n") + "\n" + DATASET)
    rows = [f"2026-01-{day:02},{day}0,{day}.50" for day in range(1, 31)]
    project.write("data/nights.csv", "\n".join(("night,riders,income", *rows)) + "\n")
    shutil.copytree(project.root, tmp_path / "old")
    assert project.run("diff", str(tmp_path / "old")).stdout.strip() == "Nothing changed."
    changed = ["2026-01-01,11,1.50", *rows[1:-1], "2026-02-01,7,1.5"]
    project.write("data/nights.csv", "\n".join(("night,riders,income", *changed)) + "\n")
    shown = project.run("diff", str(tmp_path / "old")).stdout
    assert "dataset reader-survey/nights" in shown
    assert "[2026-01-01].riders (data/nights.csv:2:1): 10 -> 11" in shown
    assert "row [2026-02-01]: riders 7, income 1.5" in shown
    assert "row [2026-01-30]: riders 300, income 30.50 -> none" in shown
    assert "2026-01-02" not in shown
    found = json.loads(project.run("diff", str(tmp_path / "old"), "--json").stdout)
    assert (found["clearance"], len(found["records"][0]["settings"])) == ("internal", 3)


def test_a_cell_that_only_gained_a_digit_is_named(project: ProjectCopy, tmp_path: Path) -> None:
    """1.5 and 1.50 are equal as numbers, but print differently."""
    project.write(SEED, project.read(SEED).rstrip("\n") + "\n" + DATASET)
    project.write("data/nights.csv", "night,riders,income\nfriday,10,1.5\n")
    shutil.copytree(project.root, tmp_path / "old")
    project.write("data/nights.csv", "night,riders,income\nfriday,10,1.50\n")
    shown = project.run("diff", str(tmp_path / "old")).stdout
    assert "[friday].income (data/nights.csv:2:1): 1.5 -> 1.50" in shown


def test_of_a_file_that_differs_everywhere_a_hundred_cells_are_named(project: ProjectCopy, tmp_path: Path) -> None:
    project.write(SEED, project.read(SEED).rstrip("\n") + "\n" + DATASET)
    for number, root in enumerate((project.root, tmp_path / "old")):
        rows = [f"n{night},{night + number},1.{number + 1}" for night in range(1, 201)]
        project.write("data/nights.csv", "\n".join(("night,riders,income", *rows)) + "\n")
        if not number:
            shutil.copytree(root, tmp_path / "old")
    shown = project.run("diff", str(tmp_path / "old")).stdout
    assert shown.count("[n") == 100
    assert "further cells and rows: 300" in shown
