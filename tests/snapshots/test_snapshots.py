"""Snapshots of a real pack: what drifts is named by variant, format, page and words, and accepted as a whole or not at all."""

import io
import json
import re
import shutil
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from projects import THEME, ProjectCopy, Run

from brief.inspection.extract.pdf_facts import PdfFacts
from brief.snapshots.capture import _describe_pdf, read_sections
from brief.snapshots.pdf_pages import DrawnPage

FOLDER = "snapshots/council/zh-Hant"
PICTURE = f"{FOLDER}/pdf/page-001.png"
SETTINGS = "snapshots/snapshots.yaml"
ORDER = ("-a", "council", "-l", "zh-Hant")


@pytest.fixture(scope="module")
def accepted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose council variant in Traditional Chinese is accepted, beside the cache of its build."""
    folder = tmp_path_factory.mktemp("accepted")
    project = ProjectCopy(folder / "project")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BRIEF_CACHE_DIR", str(folder / "cache"))
        ran = project.run("snapshot", "accept", *ORDER, "--jobs", "1")
    assert ran.status == 0, ran.stderr
    assert "3 snapshots accepted, 0 unchanged" in ran.stderr
    return folder


@pytest.fixture
def kept(accepted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ProjectCopy:
    """A copy of it to edit. What is not edited is not built again."""
    shutil.copytree(accepted / "cache", tmp_path / "cache")
    monkeypatch.setenv("BRIEF_CACHE_DIR", str(tmp_path / "cache"))
    return ProjectCopy(tmp_path / "project", accepted / "project")


def check(project: ProjectCopy, *options: str) -> list[tuple[str, str, str]]:
    """The code, the file and the message of each difference."""
    ran = project.run("snapshot", "check", *ORDER, "--diagnostics", "json", *options)
    found = [(each["code"], each["file"], each["message"]) for each in json.loads(ran.stdout)]
    assert ran.status == (1 if found else 0)
    # Names are relative to the working directory, which is the project.
    return found


def edit_picture(project: ProjectCopy, box: tuple[int, int, int, int], levels: int) -> None:
    """Makes the pixels of a box in a kept picture darker or lighter."""
    with Image.open(project.root / PICTURE) as opened:
        picture = opened.convert("RGB")
    for x in range(box[0], box[2]):
        for y in range(box[1], box[3]):
            red, green, blue = picture.getpixel((x, y))  # type: ignore[misc]
            picture.putpixel(
                (x, y), tuple(each - levels if each >= levels else each + levels for each in (red, green, blue))
            )
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    project.write(PICTURE, stream.getvalue())


def test_what_was_accepted_matches_and_is_plain_text_and_small_pictures(kept: ProjectCopy) -> None:
    ran = kept.run("snapshot", "check", *ORDER)
    assert (ran.status, ran.stdout) == (0, "")
    assert "3 snapshots match" in ran.stderr
    files = {name: data for name, data in kept.files(FOLDER).items() if data != "folder"}
    pages = [name for name in files if name.endswith(".png")]
    assert {name.removeprefix(f"{FOLDER}/") for name in files.keys() - set(pages)} == {
        "html.txt",
        "docx.txt",
        "pdf.txt",
    }
    assert pages
    assert all(len(data) < 20_000 for data in files.values())
    html, docx, pdf = (kept.read(f"{FOLDER}/{form}.txt") for form in ("html", "docx", "pdf"))
    assert "h3 | 有何變化\n" in html
    assert "\nHeading2 | 有何變化\n" in docx
    assert f"=== pages ===\n{len(pages)}\n=== fonts ===\n" in pdf
    assert re.search(r"\nNoto-Serif-CJK-TC\S*\n", pdf)
    assert "=== outline ===\n夜間巴士" in pdf or "=== outline ===\n" in pdf
    assert "=== page 1 ===\n" in pdf


def test_a_second_acceptance_changes_no_byte(kept: ProjectCopy) -> None:
    before = kept.files("snapshots")
    ran = kept.run("snapshot", "accept", *ORDER)
    assert (ran.status, ran.stdout) == (0, "")
    assert "0 snapshots accepted, 3 unchanged" in ran.stderr
    assert kept.files("snapshots") == before


def test_an_edited_text_is_found_in_every_format_with_its_words(kept: ProjectCopy) -> None:
    kept.replace(THEME, "試辦已有穩定客源。", "試辦已有可靠客源。")
    found = check(kept)
    assert [(code, file) for code, file, _ in found] == [
        ("snapshot-text", f"{FOLDER}/{form}.txt") for form in ("docx", "html", "pdf")
    ]
    for _, _, message in found:
        assert message.startswith("'council' in 'zh-Hant', ")
        assert re.search("穩定客源.*' has become '.*可靠客源", message)
    assert ", pdf, page " in found[2][2]
    ran = kept.run("snapshot", "accept", *ORDER)
    assert (ran.status, ran.stdout.count("snapshot-text: ")) == (0, 3)
    assert check(kept) == []


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ("=== fonts ===\n", "=== fonts ===\nComic-Sans\n", "snapshot-fonts", "fonts: without 'Comic-Sans'"),
        ("=== fonts ===\nInter\n", "=== fonts ===\n", "snapshot-fonts", "fonts: new 'Inter'"),
        ("=== outline ===\n", "=== outline ===\n附錄\n", "snapshot-outline", "outline: without '附錄'"),
        ("=== outline ===\n", "=== outline ===\n結語\n附錄\n", "snapshot-outline", "outline: without '結語'"),
        ("=== pages ===\n", "=== pages ===\n1", "snapshot-pages", "instead of 1"),
        ("=== pages ===\n", "=== pages ===\n2", "snapshot-pages", "instead of 2"),
        ("試辦已有穩定客源。\n", "", "snapshot-text", "'試辦已有穩定客源。' is new"),
        ("試辦已有穩定客源。\n", "試辦已有穩定客源。\n另有一事。\n", "snapshot-text", "'另有一事。' is missing"),
        (
            "試辦已有穩定客源。\n",
            "試辦已有\n穩定客源。\n",
            "snapshot-text",
            "the words are the same, but the lines break elsewhere",
        ),
        ("試辦已有穩定客源。\n", "試辦 已有穩定客源。\n", "snapshot-text", "only the spaces differ"),
        ("title | ", "title | 草稿 ", "snapshot-text", "pdf: 'title | 草稿"),
    ],
)
def test_each_kind_of_difference_has_a_code(kept: ProjectCopy, old: str, new: str, code: str, said: str) -> None:
    kept.replace(f"{FOLDER}/pdf.txt", old, new)
    ((found, file, message),) = check(kept)
    assert (found, file) == (code, f"{FOLDER}/pdf.txt")
    assert said in message


def test_parts_of_a_word_document_are_not_called_pages(kept: ProjectCopy) -> None:
    text = kept.read(f"{FOLDER}/docx.txt")
    assert len(re.findall("^=== .+ ===$", text, re.MULTILINE)) > 1
    kept.write(f"{FOLDER}/docx.txt", re.sub("^(=== .+ ===)$", r"\1\nBody Text | 另有一事。", text, flags=re.MULTILINE))
    ((code, _, message),) = check(kept)
    assert code == "snapshot-text"
    assert re.search(r" \([0-9]+ more parts? differs?\)$", message)


def test_a_bookmark_like_a_header_stays_in_the_outline() -> None:
    facts = PdfFacts(1, "Buses", "en", (), ("=== page 1 ===", "Costs"), ())
    sections = read_sections("\n".join(_describe_pdf(facts, [DrawnPage(("Text",))])))
    assert sections["outline"][1] == [" === page 1 ===", "Costs"]
    assert sections["page 1"][1] == ["Text"]


def test_a_page_that_looks_different_is_named(kept: ProjectCopy) -> None:
    edit_picture(kept, (20, 20, 80, 40), 120)
    ((code, file, message),) = check(kept)
    assert (code, file) == ("snapshot-image", PICTURE)
    assert re.search(r"zh-Hant', pdf, page 1: the text is the same, but [0-9.]+% of page 1 differs", message)


@pytest.mark.parametrize(("box", "levels"), [((20, 20, 80, 40), 16), ((20, 20, 28, 30), 120)])
def test_slight_shades_and_single_pixels_are_tolerated(
    kept: ProjectCopy, box: tuple[int, int, int, int], levels: int
) -> None:
    edit_picture(kept, box, levels)
    assert check(kept) == []
    kept.write(SETTINGS, "tolerance: {colour_difference: 4, pixels_per_thousand: 0}\n")
    assert [code for code, _, _ in check(kept)] == ["snapshot-image"]


def test_a_picture_of_another_size_or_kind_is_a_difference(kept: ProjectCopy) -> None:
    kept.write(SETTINGS, "resolution: 20\n")
    assert [message.partition(": ")[2] for _, _, message in check(kept)] == [
        "the text is the same, but the size of page 1 has changed"
    ]
    kept.write(SETTINGS, "")
    kept.write(PICTURE, b"not a picture")
    kept.write(SETTINGS, "resolution: 40\n")
    assert [code for code, _, _ in check(kept)] == ["snapshot-image"]


def test_a_missing_picture_is_a_difference_unless_none_are_asked_for(kept: ProjectCopy) -> None:
    (kept.root / PICTURE).unlink()
    ((code, _, message),) = check(kept)
    assert (code, message.partition(": ")[2]) == ("snapshot-image", "page 1 is not in the snapshot")
    shutil.rmtree(kept.root / FOLDER / "pdf")
    kept.write(SETTINGS, "images: false\n")
    assert check(kept) == []


def test_what_was_never_accepted_is_missing(kept: ProjectCopy) -> None:
    (kept.root / FOLDER / "docx.txt").unlink()
    assert check(kept) == [
        ("snapshot-missing", f"{FOLDER}/docx.txt", "there is no snapshot of 'council' in 'zh-Hant' as docx")
    ]
    assert check(kept, "-f", "html") == []


def test_what_is_no_longer_published_is_unused_until_it_is_accepted(kept: ProjectCopy) -> None:
    for name in ("html.txt", "pdf.txt", "pdf/page-001.png"):
        kept.write(f"snapshots/trustees/zh-Hant/{name}", "")
    kept.write(f"{FOLDER}/epub.txt", "")
    kept.write("snapshots/README.md", "Look at these before you accept them.")
    assert [file for _, file, _ in check(kept)] == [f"{FOLDER}/epub.txt"]
    every = kept.run("snapshot", "check", "-l", "zh-Hant", "-f", "html", "--diagnostics", "json")
    assert [(each["code"], each["file"]) for each in json.loads(every.stdout)] == [
        ("snapshot-missing", "snapshots/public/zh-Hant/html.txt"),
        ("snapshot-unused", "snapshots/trustees/zh-Hant/html.txt"),
    ]
    ran = kept.run("snapshot", "accept", "-l", "zh-Hant", "-f", "html")
    assert "1 snapshot accepted, 1 unchanged, 1 file removed" in ran.stderr
    assert "snapshots/trustees/zh-Hant/pdf.txt" in kept.files("snapshots")
    assert kept.read("snapshots/README.md")


def test_all_is_accepted_or_nothing(kept: ProjectCopy) -> None:
    kept.replace(THEME, "試辦已有穩定客源。", "試辦已有可靠客源。")
    (kept.root / FOLDER / "pdf.txt").unlink()
    kept.write(f"{FOLDER}/pdf.txt/note", "A folder is in the way.")
    before = kept.files("snapshots")
    ran = kept.run("snapshot", "accept", *ORDER)
    assert ran.status == 3
    assert "cannot write the snapshots" in ran.stderr
    assert kept.files("snapshots") == before


def report(project: ProjectCopy) -> tuple[Run, str]:
    path = project.root / "report.html"
    ran = project.run("snapshot", "check", *ORDER, "--report", str(path))
    # It has the pages of all audiences.
    assert path.stat().st_mode & 0o777 == 0o600
    return ran, project.read("report.html")


def test_the_report_shows_words_and_pages_and_needs_nothing_else(kept: ProjectCopy) -> None:
    kept.replace(f"{FOLDER}/html.txt", "試辦已有穩定客源。", "試辦<b>已有</b>穩定客源。")
    with Image.open(kept.root / PICTURE) as opened:
        picture = opened.convert("RGB")
    ImageDraw.Draw(picture).rectangle((30, 30, 120, 60), fill=(200, 30, 30))
    picture.save(kept.root / PICTURE)
    ran, page = report(kept)
    assert (ran.status, ran.stdout.count("error[")) == (1, 2)
    assert "<del>&lt;b&gt;</del>已有<del>&lt;/b&gt;</del>" in page
    assert re.findall('alt="([^"]+)"', page) == [f"{name}, page 1" for name in ("Before", "After", "Difference")]
    assert len(re.findall('src="data:image/png;base64,[A-Za-z0-9+/=]+"', page)) == 3
    assert not re.search(r"<script|<link|https?:", page)
    assert "default-src 'none'" in page


def test_without_differences_the_report_says_so(kept: ProjectCopy) -> None:
    ran, page = report(kept)
    assert ran.status == 0
    assert "Nothing differs." in page


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("resolutoin: 40\n", "unknown-key", 1),
        ("images: true\nresolution: forty\n", "bad-number", 2),
        ("resolution: 2000\n", "bad-number", 1),
        ("tolerance: {pixels_per_thousand: 1001}\n", "bad-number", 1),
        ("formats: []\n", "empty-list", 1),
        ("- html\n", "expected-mapping", 1),
    ],
)
def test_settings_with_errors_are_refused(project: ProjectCopy, text: str, code: str, line: int) -> None:
    project.write(SETTINGS, text)
    ran = project.run("snapshot", "check", "--diagnostics", "json")
    (found,) = json.loads(ran.stdout)
    assert (ran.status, found["code"], found["file"], found["line"]) == (1, code, SETTINGS, line)


def test_settings_choose_what_is_kept(kept: ProjectCopy) -> None:
    kept.write(SETTINGS, "audiences: [council]\nlocales: [zh-Hant]\nformats: [html]\n")
    ran = kept.run("snapshot", "check", "--diagnostics", "json")
    # The others are kept for nothing now.
    assert {each["code"] for each in json.loads(ran.stdout)} == {"snapshot-unused"}
    refused = kept.run("snapshot", "check", "-l", "en")
    assert (refused.status, f"{SETTINGS} does not name the locale 'en'" in refused.stderr) == (2, True)
    kept.write(SETTINGS, "audiences: [counsel]\n")
    unknown = kept.run("snapshot", "check")
    assert (unknown.status, f"{SETTINGS}: there is no audience 'counsel'" in unknown.stderr) == (2, True)


def test_a_project_with_errors_is_not_compared(project: ProjectCopy) -> None:
    project.replace(THEME, "id: ridership", "id: Ridership")
    ran = project.run("snapshot", "check")
    assert (ran.status, "error[bad-id]" in ran.stdout) == (1, True)
