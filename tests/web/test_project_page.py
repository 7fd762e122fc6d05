"""The page of a project, by a real server: what an editor chooses, sees and downloads, and what an audience's page keeps."""

import io
import re
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import axe
import httpx
import pytest
from playwright.sync_api import Browser
from projects import SEED, SETTINGS, THEME, ProjectCopy, run_brief
from running_server import Served, serve_project

from brief import Pack, Project
from brief.inspection.leaks import Inspector
from brief.project.new_project import NewProject, create_project
from brief.publish.archive import add_archives
from brief.templating.template_set import find_template_set
from brief.web.languages import DEFAULT, LANGUAGES, choose_language, load_catalogue
from brief.web.view_models import Offer

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("project-page")]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> ProjectCopy:
    return ProjectCopy(tmp_path_factory.mktemp("page") / "project")


@pytest.fixture(scope="module")
def site(copy: ProjectCopy, starter_pack: Pack, shared_cache: Path) -> Iterator[Served]:  # noqa: ARG001 - made before
    """The starter project; what is made of it, other tests have made before."""
    with serve_project(copy.root, BRIEF_CACHE_DIR=str(shared_cache)) as running:
        yield running


@pytest.fixture
def client(site: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site.address, trust_env=False, timeout=30) as opened:
        yield opened


@pytest.fixture
def edited(copy: ProjectCopy) -> Iterator[ProjectCopy]:
    """The project that is served, put back afterwards."""
    before = {name: copy.read(name) for name in (THEME, SEED, SETTINGS)}
    yield copy
    for name, text in before.items():
        copy.write(name, text)


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ProjectCopy, httpx.Client]]:
    """A page of the public variant alone."""
    project = ProjectCopy(tmp_path_factory.mktemp("public") / "project")
    with (
        serve_project(project.root, "-a", "public") as site,
        httpx.Client(base_url=site.address, trust_env=False, timeout=30) as client,
    ):
        yield project, client


class TestChoosing:
    def test_every_audience_is_listed_with_its_marking_and_what_it_sees(self, client: httpx.Client) -> None:
        page = client.get("en/").text
        assert re.search(r"Council version</span>\s*<strong[^>]*>For council members</strong>", page)
        assert re.search(r"Public version</span>\s*<span[^>]*>No marking</span>", page)
        seen = page[page.index('id="seen"') :]
        assert re.search(r"Cleared for</th>\s*<td>Public</td>\s*<td>Client</td>", seen)
        assert re.search(r"More riders at night</th>\s*<td>1 part</td>\s*<td>4 parts</td>", seen)

    def test_what_is_chosen_is_shown_and_stays_chosen(self, client: httpx.Client) -> None:
        everything, some = client.get("en/").text, client.get("en/?audience=public&locale=zh-Hant&format=pdf").text
        assert len(list_variants(everything)) == 18
        assert list_variants(some) == {"public/zh-Hant/pdf"}
        assert re.findall(r'value="([^"]+)" checked', some) == ["public", "zh-Hant", "pdf"]

    def test_files_are_those_that_a_build_writes(self, client: httpx.Client, starter_pack: Pack) -> None:
        for path in list_variants(client.get("en/").text):
            audience, locale, form = path.split("/")
            answer, built = client.get(f"zh-Hans/{path}/file?save"), starter_pack[audience, locale, form]
            assert answer.content == built.data
            assert answer.headers["content-type"] == built.media_type
            assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''{built.name}"

    def test_a_zip_of_one_audience_is_its_archive(self, client: httpx.Client, starter_pack: Pack) -> None:
        answer = client.get("en/zip?audience=council")
        archive = add_archives(starter_pack.select_audience("council"))["council", "mul", "zip"]
        assert sha256(answer.content).hexdigest() == archive.sha256
        assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''{archive.name}"

    def test_a_zip_of_several_is_the_pack_that_a_build_would_write(self, client: httpx.Client, tmp_path: Path) -> None:
        data = client.get("en/zip?format=html&format=docx&locale=en&locale=zh-Hans").content
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            archive.extractall(tmp_path)
            assert len(archive.namelist()) == 2 * 2 * 2 + 1
        assert run_brief("verify", tmp_path / "night-buses", cwd=tmp_path).status == 0


class TestPreview:
    def test_a_page_and_a_pdf_are_shown_in_a_frame_and_a_word_file_is_not(self, client: httpx.Client) -> None:
        for form, is_shown in (("html", True), ("pdf", True), ("docx", False)):
            page = client.get(f"en/council/zh-Hant/{form}").text
            assert (f'<iframe src="{form}/file"' in page) is is_shown
            assert "For council members" in page
        shown = client.get("en/council/zh-Hant/pdf/file")
        assert shown.headers["content-disposition"].startswith("inline;")
        assert client.get("en/council/zh-Hant/docx/file").headers["content-disposition"].startswith("attachment;")

    def test_nothing_is_allowed_but_what_a_page_needs(self, client: httpx.Client) -> None:
        for path in ("en/", "en/council/en/pdf", "en/council/en/html/file", "en/council/en/pdf/file", "en/zip", "x"):
            headers = client.get(path).headers
            policy = dict(each.strip().partition(" ")[::2] for each in headers["content-security-policy"].split(";"))
            assert policy["default-src"] == "'none'"
            assert "script-src" not in policy
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "no-referrer"
            assert headers["cache-control"] == "private, no-cache"
            assert "server" not in headers
        assert "sandbox" in client.get("en/council/en/html/file").headers["content-security-policy"]
        assert "<script" not in client.get("en/").text


class TestEditing:
    def test_an_edit_shows_when_the_page_is_loaded_again(self, client: httpx.Client, edited: ProjectCopy) -> None:
        path = "en/council/en/html/file"
        tag = client.get(path).headers["etag"]
        edited.replace(SEED, "2_650_000", "2_710_000")
        again = client.get(path, headers={"If-None-Match": tag})
        assert again.status_code == 200
        assert "2.71 million" in again.text

    def test_errors_are_listed_with_place_and_hint_until_they_are_fixed(
        self, client: httpx.Client, edited: ProjectCopy
    ) -> None:
        good = edited.read(THEME)
        file, line, column = edited.replace(
            THEME, "{reader-survey/riders-growth} in", "▸{reader-survey/riders-grwth} in"
        )
        answers = [client.get(path) for path in ("en/", "en/public/en/pdf", "en/public/en/pdf/file", "en/zip")]
        assert [answer.status_code for answer in answers] == [200, 422, 422, 422]
        for answer in answers:
            assert f"{file}:{line}:{column}" in answer.text
            assert "unknown-claim" in answer.text
            assert "did you mean &#39;reader-survey/riders-growth&#39;?" in answer.text
        assert "内容有错误" in client.get("zh-Hans/").text
        edited.write(THEME, good)
        assert "Choose" in client.get("en/").text

    def test_what_the_content_says_is_text(self, client: httpx.Client, edited: ProjectCopy) -> None:
        edited.replace(THEME, "en: More riders at night", 'en: "<script>alert(1)</script> & more"')
        for path in ("en/", "en/council/en/html/file"):
            page = client.get(path).text
            assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in page
            assert "<script" not in page
        edited.replace(THEME, "claim: reader-survey/yearly-cost", 'claim: "<script>alert(1)</script>"')
        page = client.get("en/").text
        assert "&lt;script&gt;" in page
        assert "<script" not in page


class TestOneAudience:
    def test_its_page_holds_nothing_of_others(self, public: tuple[ProjectCopy, httpx.Client], starter: Project) -> None:
        _, client = public
        inspector = Inspector(starter.brief, lambda _: find_template_set("base"))
        for path in ("en/", "zh-Hant/", "en/public/en/html", "en/zip?format=html"):
            answer = client.get(path)
            assert answer.status_code == 200
            assert inspector.inspect_bytes("public", "page.zip" if "zip" in path else "page.html", answer.content) == ()
            assert "council" not in answer.content.decode("utf-8", "replace").casefold().replace("city council", "")

    def test_errors_are_counted_and_not_quoted(self, public: tuple[ProjectCopy, httpx.Client]) -> None:
        project, client = public
        good = project.read(THEME)
        project.replace(THEME, "id: council-view", "id: council view")
        for path in ("en/", "en/public/en/html"):
            page = client.get(path).text
            assert "There is 1 error." in page
            assert "council" not in page
        project.write(THEME, good)

    def test_what_a_template_brings_back_is_not_given_away(self, public: tuple[ProjectCopy, httpx.Client]) -> None:
        project, client = public
        withheld = "should also pay for shorter waits"
        assert withheld in project.read(THEME)
        project.write("templates/leaky/set.yaml", "extends: base\n")
        project.write("templates/leaky/publisher.html.j2", f'<p class="publisher">{withheld}</p>')
        project.replace(SETTINGS, "template_set: base", "template_set: leaky")
        for form, status in (("html", 422), ("pdf", 422), ("docx", 200)):
            answer = client.get(f"en/public/en/{form}/file")
            assert (answer.status_code, withheld in answer.text) == (status, False)

    def test_an_audience_that_there_is_not(self, project: ProjectCopy) -> None:
        ran = project.run("serve", "--no-browser", "-a", "public", "-a", "board")
        assert (ran.status, ran.stdout) == (2, "")
        assert "there is no audience 'board'" in ran.stderr


class TestLanguages:
    @pytest.mark.parametrize(
        ("asked", "language"),
        [
            ("zh-TW,zh;q=0.9,en;q=0.8", "zh-Hant"),
            ("zh-CN", "zh-Hans"),
            ("zh", "zh-Hans"),
            # A code for private use, which no language of the page can have.
            ("qaa, zh-hk;q=0.5, en;q=0.2", "zh-Hant"),
            ("fr-CA, en;q=0.2", "fr"),
            ("en-GB", "en"),
            ("zh-Hant;q=0, zh-Hans;q=0.1", "zh-Hans"),
            ("*", "en"),
            ("", "en"),
            (";;q=,zh;q=9", "en"),
        ],
    )
    def test_the_one_that_the_browser_asks_for_first(self, asked: str, language: str) -> None:
        assert choose_language(asked) == language

    def test_titles_are_in_a_region_of_the_language_if_the_project_has_no_other(self, tmp_path: Path) -> None:
        create_project(tmp_path, NewProject(starter="one-page", locales=("en", "de", "zh-Hant-HK")))
        offer = Offer(Project.load(tmp_path), ("owners",))
        chosen = {language: offer.choose_locale(language) for language in ("zh-Hant", "zh-Hans", "de", "fr")}
        assert chosen == {"zh-Hant": "zh-Hant-HK", "zh-Hans": "en", "de": "de", "fr": "en"}

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_each_leads_to_itself_and_to_the_others(self, client: httpx.Client, language: str) -> None:
        entrance = client.get("", headers={"Accept-Language": language})
        assert (entrance.status_code, entrance.headers["location"]) == (302, f"{language}/")
        for path in ("?format=pdf", "council/en/pdf"):
            page = client.get(f"{language}/{path}")
            assert f'<html lang="{language}">' in page.text
            assert page.headers["content-language"] == language
            for other in LANGUAGES:
                link = re.search(rf'<a href="([^"]*)" lang="{other}" hreflang', page.text)
                assert link is not None
                assert page.url.join(link[1]).path.endswith(f"/{other}/{path.partition('?')[0]}")

    @pytest.mark.parametrize("language", [tag for tag in LANGUAGES if tag != DEFAULT])
    def test_every_word_is_in_the_catalogue(self, language: str) -> None:
        folder = next(folder for folder in find_template_set("base").folders) / "web"
        said = "".join(file.read_text("utf-8") for file in folder.glob("*.j2"))
        singular = set(re.findall(r'\b_\("([^"]+)"', said))
        plural = set(re.findall(r'ngettext\("([^"]+)"', said))
        assert len(singular) > 20
        catalogue = load_catalogue(language)
        assert {message for message in singular | plural if not catalogue.has(message)} == set()
        listed = {key for key in catalogue.messages if "\x04" not in key}
        assert listed == singular | plural


@pytest.mark.parametrize(
    ("path", "width", "scheme"),
    [
        ("zh-Hant/", 360, "dark"),
        ("en/", 1280, "light"),
        ("en/council/zh-Hans/html", 360, "light"),
        ("zh-Hans/council/en/pdf", 1280, "dark"),
    ],
)
def test_it_fits_its_window_and_conforms_to_wcag(
    browser: Browser, site: Served, path: str, width: int, scheme: str
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(site.address + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert axe.violations(page) == []
    page.close()


def test_a_list_of_errors_conforms_to_wcag(browser: Browser, site: Served, edited: ProjectCopy) -> None:
    edited.replace(THEME, "claim: reader-survey/yearly-cost", "clam: reader-survey/yearly-cost")
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.goto(site.address + "en/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert axe.violations(page) == []
    page.close()


def test_choosing_needs_no_script(browser: Browser, site: Served) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site.address)
    page.get_by_role("checkbox", name="Council version").uncheck()
    page.get_by_role("checkbox", name="HTML").uncheck()
    page.get_by_role("button", name="Show the selection").click()
    assert list_variants(page.content()) == {
        f"public/{locale}/{form}" for locale in ("en", "zh-Hans", "zh-Hant") for form in ("pdf", "docx")
    }
    with page.expect_download() as started:
        page.get_by_role("button", name="Download the selection as a zip").click()
    assert started.value.suggested_filename == "night-buses.public.zip"
    page.get_by_role("link", name="View").first.click()
    page.get_by_role("link", name="HTML").click()
    assert page.frame_locator("iframe").locator("h1").inner_text()
    context.close()


def list_variants(page: str) -> set[str]:
    """The variants whose files the page links to."""
    return set(re.findall(r'href="([^"]+)/file\?save"', page))
