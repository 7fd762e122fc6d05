"""`brief build --zip`: one archive an audience, which opens everywhere and contains only its audience."""

import io
import json
import shutil
import subprocess
import zipfile
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from projects import ProjectCopy

from brief import Artifact, ContentError, Pack
from brief.publish.archive import add_archives
from brief.publish.paths import MAX_STEM, make_safe_stem
from brief.publish.verify import verify_pack
from brief.store import spool


def _artifact(name: str, audience: str = "one", format_name: str = "html", data: bytes = b"data") -> Artifact:
    digest = sha256(data).hexdigest()
    kinds = {"html": "text/html", "pdf": "application/pdf"}
    return Artifact(
        name=name,
        audience=audience,
        locale="en",
        format=format_name,
        media_type=kinds[format_name],
        sha256=digest,
        inputs=digest,
        content=spool(data),
    )


def _pack(*artifacts: Artifact) -> Pack:
    return Pack("demo", "2026-01-01", artifacts, {"brief": "1"}, {"Inter": "4.1"})


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = ProjectCopy(tmp_path_factory.mktemp("zip") / "project")
    ran = project.run("build", "--zip", "-f", "html", "--jobs", "1")
    assert ran.status == 0, ran.stderr
    assert [line.rpartition("/")[2] for line in ran.stdout.split()][-2:] == [
        "night-buses.public.zip",
        "night-buses.council.zip",
    ]
    return project.root / "output/night-buses"


def test_archives_stand_in_the_manifest(built: Path) -> None:
    assert verify_pack(built).is_consistent
    listed = json.loads((built / "manifest.json").read_text())["artifacts"]
    archives = [entry for entry in listed if entry["format"] == "zip"]
    assert [entry["path"] for entry in archives] == ["night-buses.public.zip", "night-buses.council.zip"]
    assert {(entry["locale"], entry["media_type"], entry["pages"]) for entry in archives} == {
        ("mul", "application/zip", None)
    }


def test_an_archive_holds_one_audience(built: Path) -> None:
    with zipfile.ZipFile(built / "night-buses.public.zip") as archive:
        for name in archive.namelist():
            assert "council" not in name
            assert b"council" not in archive.read(name).lower().replace(b"city council", b"")
        manifest = json.loads(archive.read("night-buses.public/manifest.json"))
    assert {entry["audience"] for entry in manifest["artifacts"]} == {"public"}


@pytest.mark.parametrize("opener", ["python", "unzip", "7zz", "7z"])
def test_every_opener_finds_all_under_one_folder(built: Path, tmp_path: Path, opener: str) -> None:
    archive = built / "night-buses.council.zip"
    commands = {
        "unzip": ["unzip", "-q", str(archive)],
        "7zz": ["7zz", "x", "-bd", str(archive)],
        "7z": ["7z", "x", "-bd", str(archive)],
    }
    if opener == "python":
        with zipfile.ZipFile(archive) as opened:
            assert opened.testzip() is None
            opened.extractall(tmp_path)
    elif shutil.which(opener):
        subprocess.run(commands[opener], cwd=tmp_path, check=True, capture_output=True)
    else:
        pytest.skip(f"{opener} is not installed")
    assert [path.name for path in tmp_path.iterdir()] == ["night-buses.council"]
    unpacked = tmp_path / "night-buses.council"
    verdict = verify_pack(unpacked)
    assert verdict.is_consistent, verdict.diagnostics
    for path in unpacked.glob("*.html"):
        assert path.read_bytes() == (built / "council" / path.name).read_bytes()
        assert path.stat().st_mode & 0o777 == 0o644


def test_members_have_fixed_times_order_and_modes() -> None:
    pack = _pack(_artifact("demo.one.zh.html", data=b"a" * 999), _artifact("demo.one.en.pdf", format_name="pdf"))
    first, again = add_archives(pack), add_archives(pack)
    assert first.artifacts[-1].data == again.artifacts[-1].data
    with zipfile.ZipFile(io.BytesIO(first.artifacts[-1].data)) as archive:
        infos = archive.infolist()
    assert [info.filename.partition("/")[2] for info in infos] == [
        "demo.one.zh.html",
        "demo.one.en.pdf",
        "manifest.json",
    ]
    assert {info.date_time for info in infos} == {(1980, 1, 1, 0, 0, 0)}
    assert {(info.external_attr >> 16, info.create_system, info.extra) for info in infos} == {(0o100644, 3, b"")}


def test_archives_are_not_put_into_archives() -> None:
    once = add_archives(_pack(_artifact("demo.one.en.html")))
    twice = add_archives(once).artifacts[-1]
    assert twice.data == once.artifacts[-1].data


def test_names_beyond_ascii_are_marked_as_utf8() -> None:
    pack = add_archives(_pack(_artifact("算力這筆帳.html")))
    with zipfile.ZipFile(io.BytesIO(pack.artifacts[-1].data)) as archive:
        info = archive.infolist()[0]
    assert info.filename == "demo.one/算力這筆帳.html"
    assert info.flag_bits & 0x800


OUTSIDE = [
    "../../etc/x",
    "/etc/x",
    "..\\x",
    "C:\\x",
    "c:x",
    "a\0b",
    "a/../../x",
    "./x",
    "a//x",
    "..",
    "",
    "a\n",
    "a\u202eb",
]
ODD = ["con.html", "NUL", "lpt1.en.pdf", "end.", "end ", "a?b", "a*", "x" * 256]


@pytest.mark.parametrize("name", OUTSIDE + ODD)
def test_names_that_lead_out_or_fit_not_everywhere_are_refused(tmp_path: Path, name: str) -> None:
    pack = _pack(_artifact(name))
    with pytest.raises(ContentError, match="unsafe-name"):
        add_archives(pack)
    with pytest.raises(ContentError, match="unsafe-name"):
        pack.write(tmp_path / "output")
    assert not (tmp_path / "output").exists()


@pytest.mark.parametrize(
    ("one", "other"), [("a.html", "A.html"), ("\u00e9.html", "e\u0301.html"), ("b", "b"), ("ß", "SS")]
)
def test_names_that_are_one_on_some_systems_are_refused(tmp_path: Path, one: str, other: str) -> None:
    pack = _pack(_artifact(one), _artifact(other))
    with pytest.raises(ContentError, match="same-name") as caught:
        pack.write(tmp_path)
    assert one in str(caught.value)
    assert other in str(caught.value)


def test_a_file_named_like_the_manifest_is_refused(tmp_path: Path) -> None:
    forged = replace(_artifact("manifest.json"), format="zip", audience="x")
    with pytest.raises(ContentError, match="same-name"):
        _pack(forged).write(tmp_path)


def test_long_names_are_cut_and_stay_apart() -> None:
    one, other = make_safe_stem("a" * 300 + ".one"), make_safe_stem("a" * 300 + ".two")
    assert len(one) == MAX_STEM
    assert one != other
    assert make_safe_stem("a" * 300 + ".one") == one
    assert make_safe_stem("ai-video.investor") == "ai-video.investor"
    assert len(make_safe_stem("算" * 300).encode()) <= MAX_STEM


@pytest.mark.parametrize("device", ["con", "prn", "aux", "nul", "com1", "lpt9", "con.public"])
def test_devices_of_windows_get_another_name(device: str) -> None:
    assert make_safe_stem(device) == device.replace("con", "con_") if "con" in device else f"{device}_"
    assert make_safe_stem("console") == "console"


@pytest.mark.slow
def test_a_brief_with_a_long_id_and_an_audience_named_con(project: ProjectCopy) -> None:
    long = "night-" * 50 + "buses"
    project.replace("content/brief.yaml", "id: night-buses", f"id: {long}")
    (project.root / "content/audiences/public.yaml").rename(project.root / "content/audiences/con.yaml")
    for name in ("content/brief.yaml", "content/audiences/con.yaml"):
        project.write(name, project.read(name).replace("public]", "con]").replace("- public", "- con"))
    project.write(
        "content/audiences/con.yaml", project.read("content/audiences/con.yaml").replace("id: public", "id: con")
    )
    project.write("content/brief.yaml", project.read("content/brief.yaml").replace("[public", "[con"))
    ran = project.run("build", "--zip", "-f", "html", "-l", "en", "--jobs", "1")
    assert ran.status == 0, ran.stderr
    for line in ran.stdout.split():
        assert all(len(part) <= 255 for part in line.split("/"))
    assert verify_pack(next((project.root / "output").glob("[!.]*"))).is_consistent
