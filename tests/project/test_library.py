"""The library as a web application or a notebook uses it: projects in memory, previews, several threads at once."""

import gc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from lxml import html
from projects import SETTINGS, STARTER, THEME, ProjectCopy

from brief import ContentError, Project, RequestError
from brief.model.source_location import Slug
from brief.store import spool


def starter_files() -> dict[str, object]:
    return {
        path.relative_to(STARTER).as_posix(): path.read_bytes()
        for folder in ("content", "seeds", "templates")
        for path in (STARTER / folder).rglob("*")
        if path.is_file()
    }


def test_a_project_without_a_folder_builds_the_same_bytes(tmp_path: Path) -> None:
    project = Project.from_content(starter_files())
    pack = project.build(["council"], ["en"], ["html", "docx"], jobs=1)
    assert pack == Project.load(STARTER).build(["council"], ["en"], ["html", "docx"], jobs=1)
    folder = project.root
    assert project.reload() == project
    del project
    gc.collect()
    assert not folder.exists()
    assert (pack.write(tmp_path) / "manifest.json").is_file()


def test_yaml_may_be_given_as_text_and_as_mappings() -> None:
    files = starter_files()
    for name, data in files.items():
        if name.endswith(".yaml") and isinstance(data, bytes):
            files[name] = yaml.safe_load(data) if name != SETTINGS else data.decode()
    variants = [
        project.make_variant("council", "zh-Hant") for project in (Project.from_content(files), Project.load(STARTER))
    ]
    assert variants[0] == variants[1]


def test_diagnostics_name_the_given_paths() -> None:
    files = starter_files()
    files[THEME] = str(Path(STARTER / THEME).read_text("utf-8")).replace("reader-survey/riders-after", "a/b", 1)
    with pytest.raises(ContentError) as raised:
        Project.from_content(files)
    assert THEME in {found.location.file for found in raised.value.diagnostics}


@pytest.mark.parametrize(
    "name",
    [
        "../brief.yaml",
        "/etc/x",
        "content/../../x",
        "content",
        "",
        "notes.txt",
        "content//a",
        "content\\a",
        "content/\0",
    ],
)
def test_a_path_that_leads_out_is_refused(name: str) -> None:
    with pytest.raises(RequestError):
        Project.from_content({**starter_files(), name: b""})


def test_what_is_no_file_is_refused() -> None:
    with pytest.raises(TypeError, match=r"content/brief\.yaml"):
        Project.from_content({SETTINGS: 3})
    with pytest.raises(RequestError, match="folder"):
        Project.from_content({"content/a": b"", "content/a/b": b""})


def test_previews_are_short_and_escaped(project: ProjectCopy) -> None:
    project.write(SETTINGS, project.read(SETTINGS).replace("Night buses after one year", "'Buses <b>&'", 1))
    loaded = Project.load(project.root)
    assert repr(loaded) == f"<Project 'night-buses' in {project.root}: public, council in en, zh-Hans, zh-Hant>"
    preview = loaded._repr_html_()
    assert "Buses &lt;b&gt;&amp;" in preview
    table = html.fromstring(f"<div>{preview}</div>")
    assert [cell.text for cell in table.findall(".//thead/tr/th")] == ["audience", "en", "zh-Hans", "zh-Hant"]
    assert [row.findtext("th") for row in table.findall(".//tbody/tr")] == ["public", "council"]
    assert all("html" in (cell.text or "") for cell in table.findall(".//tbody/tr/td"))


def test_a_pack_lists_its_artifacts_with_links_that_save_them() -> None:
    pack = Project.load(STARTER).build(["public"], ["en"], ["html"], jobs=1)
    assert repr(pack).startswith("<Pack 'night-buses' of 2026-06-30: 1 artifact, ")
    (link,) = html.fromstring(f"<div>{pack._repr_html_()}</div>").findall(".//a")
    assert link.get("download") == pack.artifacts[0].name
    assert link.get("href", "").startswith("data:text/html")
    large = replace(pack.artifacts[0], content=spool(b"x" * 3_000_000), name="<i>.html")
    shown = replace(pack, artifacts=(large,), brief=Slug("a<b"))._repr_html_()
    assert "<a " not in shown
    assert "3.0 MB" in shown
    assert "a&lt;b" in shown
    assert "&lt;i&gt;.html" in shown


def test_threads_share_one_project() -> None:
    project = Project.load(STARTER)
    orders = [(audience, locale) for audience in project.brief.audiences for locale in project.brief.locales]
    wanted = {order: Project.load(STARTER).build([order[0]], [order[1]], ["html", "docx"], jobs=1) for order in orders}

    def build(order: tuple[str, str]) -> object:
        return project.build([order[0]], [order[1]], ["html", "docx"], jobs=1)

    asked = [*orders, *orders, *orders][:16]
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(build, asked))
    assert made == [wanted[order] for order in asked]
