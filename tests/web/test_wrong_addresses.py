"""What an address with a wrong name answers: what is wrong, in the language of the page, and what there is instead."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin

import httpx
import pytest
from projects import ProjectCopy
from running_server import Served, serve_project

from brief.web.languages import DEFAULT, LANGUAGES

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wrong-addresses")]

# Each address after the language, the name that is wrong.
_WRONG = {
    "audience": ("visitors/en/html", "visitors"),
    "audience of a file": ("visitors/en/pdf/file", "visitors"),
    "audience of the preview": ("live/visitors", "visitors"),
    "audience of the built files": ("live/visitors/built", "visitors"),
    "audience of the selection": ("?audience=visitors", "visitors"),
    "locale": ("council/tlh/html", "tlh"),
    "locale of the preview": ("live/council?locale=tlh", "tlh"),
    "locale of the selection": ("?locale=tlh", "tlh"),
    "locale of the archive": ("zip?locale=tlh", "tlh"),
    "format": ("council/en/exe", "exe"),
    "format of the preview": ("live/council?view=exe", "exe"),
    "format of the selection": ("?format=exe", "exe"),
}
_PARAGRAPH = re.compile(r"<p>(.*?)</p>\s*<ul>(.*?)</ul>", re.DOTALL)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, shared_cache: object) -> Iterator[Served]:
    project = ProjectCopy(tmp_path_factory.mktemp("wrong") / "project")
    project.accept_translations()
    with serve_project(project.root, BRIEF_CACHE_DIR=str(shared_cache)) as running:
        yield running


@pytest.fixture
def client(site: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site.address, trust_env=False, timeout=60) as opened:
        yield opened


def read_sentence(client: httpx.Client, path: str) -> tuple[str, list[str]]:
    """Returns the sentence of the answer and the addresses that it links to."""
    answer = client.get(path)
    assert answer.status_code == 404
    found = _PARAGRAPH.search(answer.text)
    assert found, answer.text
    links = re.findall(r'href="([^"]+)"', found[2])
    return found[1], [urljoin(str(answer.url), link) for link in links]


@pytest.mark.parametrize("kind", _WRONG)
def test_a_name_that_is_not_on_offer_is_repeated_with_what_there_is(client: httpx.Client, kind: str) -> None:
    path, name = _WRONG[kind]
    sentences = {language: read_sentence(client, f"{language}/{path}")[0] for language in LANGUAGES}
    assert all(name in sentence for sentence in sentences.values())
    assert len({*sentences.values()}) == len(LANGUAGES)
    _, links = read_sentence(client, f"{DEFAULT}/{path}")
    assert links
    for link in links:
        assert client.get(link).status_code == 200, link


def test_a_language_without_pages_is_answered_in_that_of_the_browser(client: httpx.Client) -> None:
    client.headers["Accept-Language"] = "de"
    for path in ("tlh/", "tlh/council/en/html", "tlh/live/council"):
        sentence, links = read_sentence(client, path)
        assert "Diese Seiten gibt es nicht in der Sprache „tlh“" in sentence
        assert len(links) == len(LANGUAGES)
        assert client.get(links[0]).status_code == 200


def test_a_page_that_the_pdf_does_not_have_says_how_many_there_are(client: httpx.Client) -> None:
    page = client.get("en/live/council?locale=en&view=pdf").text
    digest, count = re.findall(r"(\d+)\.png\?v=(\w+)", page)[-1][::-1]
    assert client.get(f"en/live/council/en/{count}.png?v={digest}").headers["content-type"] == "image/png"
    for number in (str(int(count) + 1), "0", "99999999999", "-1", "two"):
        sentence, links = read_sentence(client, f"en/live/council/en/{number}.png?v={digest}")
        assert sentence == f"There is no page “{number}”. The number of the last page is {count}."
        assert client.get(links[0]).status_code == 200
    sentence, links = read_sentence(client, f"de/live/council/en/1.png?v={digest[::-1]}")
    assert sentence.startswith("Diese Adresse gehört zu einem früheren Stand")
    assert client.get(links[0]).status_code == 200


@pytest.mark.parametrize(
    ("query", "name", "english"),
    [
        ("since=v9.9", "v9.9", "Git has no revision"),
        ("since=git&revision=v9.9", "v9.9", "Git has no revision"),
        ("since=HEAD..HEAD~1", "HEAD..HEAD~1", "is not the name of one revision"),
        ("since=--output=x", "--output=x", "is not the name of one revision"),
        ("since=<script>", "&lt;script&gt;", "is not the name of one revision"),
    ],
)
def test_a_wrong_revision_is_repeated_with_what_to_type(
    client: httpx.Client, query: str, name: str, english: str
) -> None:
    notices = set()
    for language in LANGUAGES:
        answer = client.get(f"{language}/live/council?locale=en&{query}")
        assert answer.status_code == 200
        notice = re.search(r'<p class="notice">(.*?)</p>', answer.text)
        assert notice
        assert name in notice[1]
        notices.add(notice[1])
        assert (english in notice[1]) == (language == DEFAULT)
    assert len(notices) == len(LANGUAGES)


def test_names_cannot_forge_the_page(client: httpx.Client) -> None:
    for name in ("%3Cscript%3Ealert(1)%3C/script%3E", "%0d%0aSet-Cookie:%20a=b", "%E2%80%AEgnp", "x" * 500):
        answer = client.get(f"en/?audience={name}")
        assert answer.status_code == 404
        assert "set-cookie" not in answer.headers
        assert "<script" not in answer.text
        assert "\u202e" not in answer.text
        found = _PARAGRAPH.search(answer.text)
        assert found
        assert len(found[1]) < 250
