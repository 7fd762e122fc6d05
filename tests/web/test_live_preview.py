"""The live preview in a real browser: edit and see."""

import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import axe
import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from projects import SEED, SETTINGS, THEME, ProjectCopy
from running_server import Served, serve_project

from brief.web.languages import LANGUAGES

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("live-preview")]

SIDE_BY_SIDE = "live/council?locale=en&locale=zh-Hant"
PATIENCE = 30_000  # milliseconds
OPPOSED = """  - id: other-count
    clearance: public
    says: {same: Another count}
    contradicts: [reader-survey/riders-after]
    note: {same: Counted by hand}
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> ProjectCopy:
    project = ProjectCopy(tmp_path_factory.mktemp("live") / "project")
    project.accept_translations()
    return project


@pytest.fixture(scope="module")
def site(copy: ProjectCopy, shared_cache: Path) -> Iterator[Served]:
    with serve_project(copy.root, BRIEF_CACHE_DIR=str(shared_cache)) as running:
        yield running


@pytest.fixture
def edited(copy: ProjectCopy) -> Iterator[ProjectCopy]:
    """The project that is served, put back afterwards."""
    before = {name: copy.read(name) for name in (THEME, SEED)}
    yield copy
    for name, text in before.items():
        copy.write(name, text)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1280, "height": 700})
    opened.set_default_timeout(PATIENCE)
    yield opened
    opened.close()


def follow(page: Page, address: str) -> None:
    """Opens a page and waits until it follows the files."""
    page.goto(address)
    expect(page.locator("#status[data-now=following]")).to_be_visible(timeout=PATIENCE)


def top_of(page: Page, name: str) -> float:
    top: float = page.evaluate(f"document.getElementById('{name}').getBoundingClientRect().top")
    return top


def test_an_edit_shows_without_reloading_where_the_reader_is(page: Page, site: Served, edited: ProjectCopy) -> None:
    follow(page, site.address + "en/" + SIDE_BY_SIDE)
    page.evaluate("document.body.dataset.mine = 'kept'")
    page.locator("#origin-council-view > summary").click()
    page.evaluate("document.getElementById('row-riders-chart').scrollIntoView()")
    top = top_of(page, "row-riders-chart")
    edited.replace(SEED, "2_650_000", "2_710_000")
    edited.replace(THEME, "The trial has found its public.", "The trial has found its public. " * 40)
    expect(page.locator("#row-headline")).to_contain_text("2.71 million", timeout=PATIENCE)
    expect(page.locator("#row-ridership")).to_contain_text("public. The trial", timeout=PATIENCE)
    expect(page.locator("#row-headline [lang=zh-Hant]")).to_contain_text("271")
    assert abs(top_of(page, "row-riders-chart") - top) < 2
    assert page.evaluate("document.body.dataset.mine") == "kept"
    assert page.locator("#origin-council-view").get_attribute("open") is not None


def test_a_translation_that_stops_a_build_is_shown_while_it_is_written(
    page: Page, site: Served, edited: ProjectCopy
) -> None:
    """Beside its error, in every later state of it, and from the first page that is opened."""
    edited.replace(THEME, "The trial has found its public.", "The trial has found its readers.")
    address = site.address + "en/live/public?locale=en&locale=zh-Hant"
    follow(page, address)
    row = page.locator("#row-ridership")
    expect(row.locator("[lang=zh-Hant]")).to_contain_text("試辦已有穩定客源")
    expect(row).to_contain_text("stale-translation")
    expect(page.locator("#problems")).to_be_empty()
    edited.replace(THEME, "試辦已有穩定客源", "試辦已有自己的讀者")
    expect(row.locator("[lang=zh-Hant]")).to_contain_text("試辦已有自己的讀者", timeout=PATIENCE)
    expect(row).to_contain_text("stale-translation")
    expect(page.locator("#problems")).to_be_empty()
    assert axe.violations(page) == []
    assert "stale-translation" in httpx.get(site.address + "en/public/zh-Hant/html/file").text


def test_broken_content_is_reported_over_the_last_good_page_until_it_is_fixed(
    page: Page, site: Served, edited: ProjectCopy
) -> None:
    follow(page, site.address + "en/" + SIDE_BY_SIDE)
    good = edited.read(THEME)
    edited.replace(THEME, "kind: callout", "kind: [callout")
    problems = page.locator("#problems")
    expect(problems).to_contain_text("The content has errors", timeout=PATIENCE)
    expect(problems).to_contain_text(f"{THEME}:")
    expect(page.locator("#row-council-view")).to_contain_text("To be decided")
    assert axe.violations(page) == []
    edited.replace(SEED, "2_650_000", "2_710_000")
    edited.write(THEME, good)
    expect(page.locator("#row-headline")).to_contain_text("2.71 million", timeout=PATIENCE)
    expect(problems).to_be_empty()


def test_a_page_that_begins_broken_recovers(page: Page, site: Served, edited: ProjectCopy) -> None:
    """So does one whose theme file was deleted."""
    good = edited.read(THEME)
    (edited.root / THEME).unlink()
    follow(page, site.address + "zh-Hans/live/public?locale=zh-Hans&view=pdf")
    expect(page.locator("main")).to_contain_text("unknown-theme", timeout=PATIENCE)
    edited.write(THEME, good)
    expect(page.locator(".sheet img").first).to_have_attribute("alt", re.compile("第1页"), timeout=PATIENCE)


@pytest.mark.parametrize(("listed", "left"), [(", zh-Hant]", "]"), ("[public, council]", "[public]")])
def test_a_page_whose_audience_or_language_is_removed_says_so_until_it_is_back(
    page: Page, site: Served, copy: ProjectCopy, listed: str, left: str
) -> None:
    follow(page, site.address + "en/" + SIDE_BY_SIDE)
    good = copy.read(SETTINGS)
    try:
        copy.replace(SETTINGS, listed, left)
        expect(page.locator("h1")).to_have_text("Not in this project", timeout=PATIENCE)
        expect(page.locator("#status[data-now=following]")).to_be_visible(timeout=PATIENCE)
        assert axe.violations(page) == []
    finally:
        copy.write(SETTINGS, good)
    expect(page.locator("#row-council-view")).to_contain_text("To be decided", timeout=PATIENCE)


def test_a_fault_of_a_template_is_listed_once_for_all_languages(page: Page, tmp_path: Path) -> None:
    own = ProjectCopy(tmp_path / "own")
    own.write("templates/house/set.yaml", "extends: base\n")
    own.write("templates/house/block/callout.html.j2", "<p>{{ block.title }</p>\n")
    own.replace(SETTINGS, "template_set: base", "template_set: house")
    with serve_project(own.root) as site:
        page.goto(site.address + "en/" + SIDE_BY_SIDE)
        expect(page.locator(".diagnostics li")).to_have_count(1)
        expect(page.locator(".diagnostics .place")).to_have_text("templates/house/block/callout.html.j2:1:0")


def test_blocks_of_all_languages_are_level_in_wide_windows_and_stacked_in_narrow_ones(page: Page, site: Served) -> None:
    page.goto(site.address + "en/live/council?locale=en&locale=zh-Hans&locale=zh-Hant")
    for width, is_level in ((1280, True), (400, False)):
        page.set_viewport_size({"width": width, "height": 800})
        for row in ("ridership", "riders-chart", "council-view"):
            boxes = [cell.bounding_box() for cell in page.locator(f"#row-{row} .cell").all()]
            tops = {round(box["y"]) for box in boxes if box}
            assert len(boxes) == 3
            assert len(tops) == (1 if is_level else 3)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(
    ("language", "scheme", "width"), [("en", "light", 1280), ("zh-Hans", "dark", 400), ("zh-Hant", "dark", 1280)]
)
def test_it_conforms_to_wcag_in_every_language(
    page: Page, site: Served, edited: ProjectCopy, language: str, scheme: str, width: int
) -> None:
    edited.write(SEED, edited.read(SEED).replace("claims:\n", f"claims:\n{OPPOSED}", 1))
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 800})
    follow(page, f"{site.address}{language}/{SIDE_BY_SIDE}")
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    expect(page.locator("#origin-headline .claims ul")).to_contain_text("Another count", timeout=PATIENCE)
    assert page.locator("html").get_attribute("lang") == language
    assert axe.violations(page) == []


def test_source_and_claims_are_reached_by_keyboard(page: Page, site: Served, edited: ProjectCopy) -> None:
    line = edited.read(THEME).split("\n").index("  - kind: callout") + 1
    follow(page, site.address + "en/live/council?locale=en")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.parentElement.id") == "origin-council-view":
            break
    page.keyboard.press("Enter")
    origin = page.locator("#origin-council-view")
    expect(origin.locator("summary")).to_contain_text(f"{THEME}:{line}")
    expect(origin.locator(".claims")).to_be_visible()
    expect(origin).to_contain_text("reader-survey/yearly-cost")
    edited.replace(THEME, "should also pay", "might also pay")
    expect(page.locator("#row-council-view .cell")).to_contain_text("might also pay", timeout=PATIENCE)
    assert page.evaluate("document.activeElement.parentElement.id") == "origin-council-view"


def test_pages_of_the_pdf_are_exchanged_in_place(page: Page, site: Served, edited: ProjectCopy) -> None:
    follow(page, site.address + "en/live/council?locale=en&view=pdf")
    sheet = page.locator("#sheet-en-2")
    page.evaluate("document.getElementById('sheet-en-2').scrollIntoView()")
    top, source = top_of(page, "sheet-en-2"), sheet.get_attribute("src")
    edited.replace(SEED, "2_650_000", "2_720_000")
    expect(sheet).not_to_have_attribute("src", source or "", timeout=PATIENCE)
    expect(page.locator("#status[data-now=following]")).to_be_visible(timeout=PATIENCE)
    assert abs(top_of(page, "sheet-en-2") - top) < 2
    assert page.evaluate("document.getElementById('sheet-en-2').naturalWidth") == 1100


def test_pages_out_of_sight_are_exchanged_when_the_reader_comes_to_them(
    page: Page, site: Served, edited: ProjectCopy
) -> None:
    follow(page, site.address + "en/live/council?locale=en&view=pdf")
    page.set_viewport_size({"width": 1280, "height": 300})
    first, last = page.locator(".sheet img").first, page.locator(".sheet img").last

    def digest(sheet: Locator) -> str:
        return (sheet.get_attribute("src") or "").partition("?v=")[2]

    def edit(old: str, new: str) -> str:
        before = digest(first)
        edited.replace(SEED, old, new)
        expect(first).not_to_have_attribute("src", re.compile(before), timeout=PATIENCE)
        expect(page.locator("#status[data-now=following]")).to_be_visible(timeout=PATIENCE)
        return digest(first)

    last.scroll_into_view_if_needed()
    expect(last).to_have_js_property("naturalWidth", 1100, timeout=PATIENCE)
    page.evaluate("scrollTo(0, 0)")
    original = digest(last)
    changed = edit("2_650_000", "2_720_000")
    assert (digest(last), last.get_attribute("data-next") is not None) == (original, True)
    # An edit that is taken back leaves nothing of it for later.
    assert edit("2_720_000", "2_650_000") == original
    assert last.get_attribute("data-next") is None
    assert edit("2_650_000", "2_720_000") == changed
    assert digest(last) == original
    last.scroll_into_view_if_needed()
    expect(last).to_have_attribute("src", re.compile(changed), timeout=PATIENCE)


def test_changes_since_a_revision_and_since_the_last_pack_are_marked(
    page: Page, published: ProjectCopy, shared_cache: Path
) -> None:
    def git(*arguments: str) -> None:
        identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        subprocess.run(["git", "-C", published.root, *identity, *arguments], check=True, capture_output=True)

    git("init", "-q")
    git("add", "content", "seeds")
    git("commit", "-qm", "first")
    published.replace(SEED, "2_650_000", "2_730_000")
    with serve_project(published.root, BRIEF_CACHE_DIR=str(shared_cache)) as site:
        for since in ("since=git&revision=HEAD", "since=pack"):
            page.goto(f"{site.address}en/live/council?locale=en&locale=zh-Hant&{since}")
            changed = page.locator(".row .changed")
            assert {each.get_attribute("id") for each in changed.all()} >= {"changed-headline", "changed-riders-chart"}
            assert page.locator("#changed-council-view").count() == 0
            page.locator("#changed-headline > summary").click()
            expect(page.locator("#changed-headline del").first).to_have_text(re.compile("2.65"))
            expect(page.locator("#changed-headline ins").first).to_have_text(re.compile("2.73"))
        page.goto(f"{site.address}en/live/council?since=git&revision=--output=x")
        expect(page.locator(".notice")).to_contain_text("“--output=x” is not the name of one revision")
        page.goto(f"{site.address}en/live/council/built")
        row = page.locator("tbody tr").first
        expect(row.locator("td").first).to_have_text("Stale")
        expect(row.locator("td").last).to_have_text("Not built")


def test_ten_tabs_follow_by_one_connection(browser: Browser, site: Served, edited: ProjectCopy) -> None:
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    asked = list[str]()
    context.on("request", lambda request: asked.append(request.url))
    tabs = [context.new_page() for _ in range(10)]
    for tab in tabs:
        follow(tab, site.address + "en/live/public?locale=en")
    assert sum(url.endswith("/events") for url in asked) == 1
    tabs[0].close()
    edited.replace(THEME, "Waiting remains", "Waiting is")
    for tab in tabs[1:]:
        expect(tab.locator("#row-ridership")).to_contain_text("Waiting is", timeout=PATIENCE)
    context.close()


def test_without_script_it_is_chosen_and_reloaded(browser: Browser, site: Served, edited: ProjectCopy) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site.address + "en/")
    page.get_by_role("region", name="Live preview").get_by_role("link", name="Council version").click()
    page.locator("#settings > summary").click()
    page.get_by_role("checkbox", name="English").uncheck()
    page.get_by_role("button", name="Show").click()
    assert page.locator("#row-ridership .cell").count() == 1
    expect(page.locator("#status")).to_have_text("Reload this page to see an edit.")
    edited.replace(THEME, "试点已有稳定客源", "试点稳定")
    page.reload()
    expect(page.locator("#row-ridership")).to_contain_text("试点稳定")
    context.close()


class TestWhoMaySee:
    def test_one_audience_learns_nothing_of_the_files_and_of_others(self, copy: ProjectCopy, tmp_path: Path) -> None:
        own = ProjectCopy(tmp_path / "own")
        with (
            serve_project(own.root, "-a", "public") as site,
            httpx.Client(base_url=site.address, trust_env=False, timeout=30) as client,
        ):
            assert client.get("en/live/council").status_code == 404
            assert client.get("en/live/public/built").status_code == 404
            page = client.get("en/live/public").text
            assert "More riders at night" in page
            own.replace(THEME, "id: council-view", "id: council view")
            broken = client.get("en/live/public").text
            assert "There is 1 error." in broken
            with client.stream("GET", "events") as stream:
                lines = stream.iter_lines()
                events = [next(lines) for _ in range(4)]
                # An open stream does not keep the server from stopping.
                began = time.monotonic()
                site.process.terminate()
                site.process.wait(timeout=20)
                assert time.monotonic() - began < 10
        said = page + broken + "".join(events)
        for withheld in ("content/", ".yaml", "council", "reader-survey", "unknown-"):
            assert withheld not in said.replace("City council", "").replace("City Council", "")
        assert re.fullmatch(r"data: [0-9a-f]{8}-[0-9]+", events[3])

    def test_foreign_hosts_and_sites_are_refused(self, site: Served) -> None:
        with httpx.Client(base_url=site.address, trust_env=False, timeout=30) as client:
            for path in ("events", "live.js", "en/live/council"):
                assert client.get(path, headers={"Host": "evil.example"}).status_code == 400
                assert client.get(path, headers={"Origin": "http://evil.example"}).status_code == 403
                assert client.get(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
            answer = client.get("en/live/council")
            policy = answer.headers["content-security-policy"]
            assert "script-src 'self';" in policy
            assert policy.startswith("default-src 'none';")
            assert re.findall(r"<script[^>]*>", answer.text) == ['<script src="../../live.js" defer>']
            for path in (
                "en/live/council?locale=xx",
                "en/live/council?view=x",
                "en/live/board",
                "en/live/council/en/1.png",
            ):
                assert client.get(path).status_code == 404


def test_the_page_has_every_language(site: Served) -> None:
    with httpx.Client(base_url=site.address, trust_env=False, timeout=60) as client:
        said = {language: client.get(f"{language}/live/council?locale=en").text for language in LANGUAGES}
    assert "Follows your files." in said["en"]
    assert "正在跟踪文件改动。" in said["zh-Hans"]
    assert "正在追蹤檔案變更。" in said["zh-Hant"]


def test_the_line_below_the_title_uses_the_width_of_the_window(page: Page, site: Served) -> None:
    page.goto(site.address + "ja/live/council?locale=en")
    assert page.locator(".masthead .subtitle").evaluate("each => getComputedStyle(each).maxWidth") == "none"
    expect(page.locator("#settings legend").nth(1)).to_have_text("表示方法")


def test_what_an_inspection_finds_follows_the_edit_on_the_page(page: Page, tmp_path: Path) -> None:
    """The edit shows first. Without the script, the page waits for the inspection."""
    own = ProjectCopy(tmp_path / "own")
    own.accept_translations()
    own.write("templates/house/set.yaml", "extends: base\n")
    own.replace(SETTINGS, "template_set: base", "template_set: house")
    with serve_project(own.root) as site:
        address = site.address + "en/live/council?locale=en"
        follow(page, address)
        problems, block = page.locator("#problems"), page.locator("#row-what-changed")
        expect(problems).not_to_contain_text("error", ignore_case=True)
        own.write("templates/house/block/paragraph.html.j2", "<p id='{{ block.id }}'>Dropped.</p>\n")
        expect(block).to_contain_text("Dropped.", timeout=PATIENCE)
        expect(problems).to_contain_text("missing-words", timeout=PATIENCE)
        expect(page.locator("#status[data-now=following]")).to_be_visible()
        assert "missing-words" in httpx.get(address).text
        (own.root / "templates/house/block/paragraph.html.j2").unlink()
        expect(block).to_contain_text("counted", timeout=PATIENCE)
        expect(problems).not_to_contain_text("error", ignore_case=True, timeout=PATIENCE)
