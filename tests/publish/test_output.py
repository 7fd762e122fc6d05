"""The output folder: a reader sees the whole old pack or the whole new one."""

import fcntl
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from projects import ProjectCopy

from brief import MachineError, OutputLockedError
from brief.publish.output import FilesInParts, publish, reserve
from brief.store import spool


def test_the_link_leads_to_exactly_the_files_of_the_pack(tmp_path: Path) -> None:
    link = publish(tmp_path, "demo", {"a/one.pdf": b"1", "b/two.pdf": b"2"}, b"{}")
    assert link.is_symlink()
    found = {path.relative_to(link).as_posix() for path in link.rglob("*") if path.is_file()}
    assert found == {"a/one.pdf", "b/two.pdf", "manifest.json"}


class Parts(FilesInParts):
    """A file that may not be read as a whole."""

    def __getitem__(self, name: str) -> bytes:
        raise AssertionError(f"{name} was read as a whole")

    def __iter__(self) -> Iterator[str]:
        return iter(["a/one.pdf"])

    def __len__(self) -> int:
        return 1

    def read_chunks(self, name: str) -> Iterator[bytes]:
        yield from (b"first, ", b"", b"second")


def test_large_files_are_written_in_parts(tmp_path: Path) -> None:
    publish(tmp_path, "demo", Parts(), b"{}")
    assert (tmp_path / "demo/a/one.pdf").read_bytes() == b"first, second"


def test_a_new_pack_replaces_the_old_one_whole(tmp_path: Path) -> None:
    publish(tmp_path, "demo", {"a/one.pdf": b"1"}, b"{}")
    link = publish(tmp_path, "demo", {"b/two.pdf": b"2"}, b"{}")
    assert not (link / "a").exists()
    assert (link / "b/two.pdf").read_bytes() == b"2"


def test_a_reader_of_the_old_pack_can_finish(tmp_path: Path) -> None:
    """It stays while the next one is the newest, and goes when the one after that is begun; there are never three."""
    publish(tmp_path, "demo", {"a/one.pdf": b"1"}, b"{}")
    reader = (tmp_path / "demo").resolve()
    publish(tmp_path, "demo", {"a/one.pdf": b"2"}, b"{}")
    assert (reader / "a/one.pdf").read_bytes() == b"1"
    with reserve(tmp_path, "demo") as location:
        assert not reader.exists()
        location.publish({"a/one.pdf": b"3"}, b"{}")
    kept = sorted(path.read_bytes() for path in tmp_path.glob(".demo.*/a/one.pdf"))
    assert kept == [b"2", b"3"]


class TestASelection:
    """A build of some variants, while a pack of all of them is in the output folder."""

    def test_does_not_throw_the_others_away(self, whole: ProjectCopy) -> None:
        before = whole.files("output/night-buses")
        part = whole.run("build", "-f", "html", "-a", "public", "-l", "en", "--jobs", "1")
        assert (part.status, "has 5 other files" in part.stderr) == (2, True), part.stderr
        assert whole.files("output/night-buses") == before

    def test_is_refused_before_anything_is_rendered(self, whole: ProjectCopy) -> None:
        whole.write("templates/broken/set.yaml", "extends: base\n")
        whole.write("templates/broken/screen.html.j2", "{{ 1 / 0 }}")
        whole.replace("content/brief.yaml", "template_set: base", "template_set: broken")
        selection = ("build", "-f", "html", "-a", "public", "-l", "en", "--jobs", "1")
        part = whole.run(*selection)
        assert (part.status, "has 5 other files" in part.stderr) == (2, True), part.stderr
        assert whole.run(*selection, "--draft").status == 1
        archived = whole.run("build", "-f", "html", "--jobs", "1", "--zip")
        assert archived.status == 1, archived.stderr

    def test_replaces_the_pack_when_asked_and_counts_what_is_gone(self, whole: ProjectCopy) -> None:
        part = whole.run("build", "-f", "html", "-a", "public", "-l", "en", "--jobs", "1", "--replace")
        assert "brief: 5 files of the earlier pack removed\n" in part.stderr
        assert [Path(line).name for line in part.stdout.splitlines()] == ["night-buses.public.en.html"]

    def test_of_a_draft_goes_elsewhere(self, whole: ProjectCopy) -> None:
        before = whole.files("output/night-buses")
        for locale in ("en", "zh-Hant"):
            part = whole.run("build", "-f", "html", "-a", "public", "-l", locale, "--jobs", "1", "--draft")
            assert [
                Path(line).is_relative_to(whole.root / "drafts/night-buses") for line in part.stdout.splitlines()
            ] == [True]
        assert whole.files("output/night-buses") == before
        assert whole.run("build", "--draft", "-o", "elsewhere").status == 2

    def test_of_everything_may_have_fewer_files_than_before(self, whole: ProjectCopy) -> None:
        whole.replace("content/brief.yaml", "audiences: [public, council]", "audiences: [council]")
        (whole.root / "content/audiences/public.yaml").unlink()
        built = whole.run("build", "--jobs", "1")
        assert (built.status, "3 files of the earlier pack removed" in built.stderr) == (0, True), built.stderr

    @pytest.fixture
    def whole(self, published: ProjectCopy) -> ProjectCopy:
        built = published.run("build", "-f", "html", "--jobs", "1")
        assert (built.status, "earlier pack" in built.stderr) == (0, False)
        return published


def test_what_a_killed_build_left_is_cleared_by_the_next(tmp_path: Path) -> None:
    publish(tmp_path, "demo", {"a/one.pdf": b"old"}, b"{}")
    torn = tmp_path / ".demo.7"
    (torn / "a").mkdir(parents=True)
    (torn / ".unfinished").touch()
    (torn / "a/one.pdf").write_bytes(b"half")
    link = publish(tmp_path, "demo", {"a/one.pdf": b"new"}, b"{}")
    assert not torn.exists()
    assert (link / "a/one.pdf").read_bytes() == b"new"


def test_a_second_build_says_who_holds_the_folder(tmp_path: Path) -> None:
    with (tmp_path / ".demo.lock").open("w") as held:
        held.write("process 42 on elsewhere")
        held.flush()
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(OutputLockedError, match="process 42 on elsewhere"):
            publish(tmp_path, "demo", {"a": b""}, b"{}")


def test_a_folder_that_is_no_link_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo/precious.txt").write_text("mine")
    with pytest.raises(MachineError, match="move it elsewhere"):
        publish(tmp_path, "demo", {"a": b""}, b"{}")
    assert (tmp_path / "demo/precious.txt").read_text() == "mine"


def test_the_manifest_lists_every_file_with_its_digest(tmp_path: Path) -> None:
    from hashlib import sha256

    from brief import Artifact, Pack

    artifact = Artifact(
        name="demo.x.en.pdf",
        audience="x",
        locale="en",
        format="pdf",
        media_type="application/pdf",
        sha256=sha256(b"data").hexdigest(),
        inputs="0" * 64,
        pages=3,
        content=spool(b"data"),
    )
    link = Pack("demo", "2026-01-01", (artifact,), {"brief": "1"}).write(tmp_path)
    manifest = json.loads((link / "manifest.json").read_text())
    (listed,) = manifest["artifacts"]
    assert (link / listed["path"]).read_bytes() == b"data"
    assert listed["sha256"] == sha256((link / listed["path"]).read_bytes()).hexdigest()
    assert (listed["bytes"], listed["pages"], listed["format"]) == (4, 3, "pdf")
    assert manifest["brief"] == "demo"
    assert manifest["versions"] == {"brief": "1"}
