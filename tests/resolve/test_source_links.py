"""From a printed figure a reader gets to its source, the passage and the address, in every format; nothing withheld goes along."""

import re

import pytest
from expected_diagnostics import assert_accepted
from projects import HERE, SEED, THEME, ProjectCopy
from readback import docx_parts, html_text, pdf_text

from brief import Project
from brief.inspection.leaks import Inspector
from brief.model.source_location import Doi
from brief.resolve.source_links import resolve_doi
from brief.resolve.withheld import SourceStrings

LONG = "https://data.example.org/" + "night-buses-and-their-riders/" * 12 + "survey.html?table=4"
SOURCE_LINKS = (
    f"url: {LONG}\ndoi: doi:10.1234/bus(2026)<4>\nlocator: {{en: Part two, zh-Hans: 第二部分, zh-Hant: 第二部分}}\n"
)
PASSAGE = "    locator: {en: page 14, zh-Hans: 第14页, zh-Hant: 第14頁}\n    url: https://example.org/p14\n"
WITHHELD = """\
  - id: secret
    clearance: internal
    url: https://intranet.example.org/ledger-7781
    doi: 10.9999/hidden-ledger
    quantity: {value: 7, unit: count}
"""


def with_links(project: ProjectCopy) -> None:
    """Links of the source and of one claim, a claim that only its note and quantity describe, and a withheld one."""
    project.replace(SEED, "sha256: ", SOURCE_LINKS + "sha256: ")
    project.replace(SEED, "  - id: riders-after\n", "  - id: riders-after\n" + PASSAGE)
    project.write(SEED, project.read(SEED).rstrip("\n") + "\n" + WITHHELD)


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Project:
    copy = ProjectCopy(tmp_path_factory.mktemp("links") / "project")
    with_links(copy)
    assert_accepted(copy)
    return Project.load(copy.root)


@pytest.mark.parametrize(("locale", "passage"), [("en", "page 14"), ("zh-Hans", "第14页"), ("zh-Hant", "第14頁")])
def test_every_format_leads_to_the_source_and_the_passage(linked: Project, locale: str, passage: str) -> None:
    pack = linked.build(["council"], [locale], ["html", "pdf", "docx"], jobs=1)
    page = pack["council", locale, "html"].data.decode()
    words = " ".join(html_text(pack["council", locale, "html"].data).split())
    assert f'href="{LONG}"' in page
    assert 'href="https://doi.org/10.1234/bus(2026)%3C4%3E"' in page
    assert 'href="https://example.org/p14"' in page
    assert passage in words
    figure = {"en": "2.65 million", "zh-Hans": "265万", "zh-Hant": "265萬"}[locale]
    # The figure that is printed, and the one that is computed from it.
    assert re.search(rf"{figure} ?[,、] 47.2% · {passage}", words)
    parts = docx_parts(pack["council", locale, "docx"].data)
    related = parts["word/_rels/document.xml.rels"].decode()
    assert all(f'Target="{url}"' in related for url in (LONG, "https://example.org/p14"))
    assert passage in parts["word/document.xml"].decode()
    pdf = pack["council", locale, "pdf"].data
    printed = "".join(pdf_text(pdf).split())
    assert passage.replace(" ", "") in printed
    # An address that ran off the page would lose the end of each line. Poppler drops a hyphen there, and the address may
    # continue on the next page.
    address, whole, repeated = LONG.replace("-", ""), printed.replace("-", ""), "nightbusesandtheirriders"
    assert address[:60] in whole
    assert address[-30:] in whole
    assert whole.count(repeated) >= address.count(repeated) - 1


def test_withheld_claims_add_no_links(linked: Project) -> None:
    withheld = {said.text for said in SourceStrings.from_brief(linked.brief).list_withheld("public")}
    assert {"https://intranet.example.org/ledger-7781", "10.9999/hidden-ledger"} <= withheld
    assert "intranet" not in repr(linked.make_variant("public", "en"))
    pack = linked.build(["public"], ["en"], ["html"], jobs=1)
    (artifact,) = pack
    inspector = Inspector(linked.brief, linked.get_template_set)
    planted = artifact.data.replace(b"</main>", b'<a href="https://intranet.example.org/ledger-7781">x</a></main>')
    assert not inspector.inspect_bytes("public", artifact.name, artifact.data)
    assert [found.code for found in inspector.inspect_bytes("public", artifact.name, planted)] == ["withheld-text"]


def test_a_claim_that_is_not_drawn_on_gives_no_passage(project: ProjectCopy) -> None:
    project.write(
        SEED,
        project.read(SEED).rstrip("\n")
        + "\n  - id: spare\n    locator: page 99\n    quantity: {value: 7, unit: count}\n",
    )
    assert "page 99" not in repr(Project.load(project.root).make_variant("council", "en"))


def test_what_a_derived_figure_rests_on_is_shown_with_it(project: ProjectCopy) -> None:
    project.replace(SEED, "  - id: riders-before\n", "  - id: riders-before\n    locator: page 3\n")
    project.write(THEME, project.read(THEME).replace("{reader-survey/riders-before", "{reader-survey/riders-after"))
    (source,) = Project.load(project.root).make_variant("council", "en").sources
    assert any("page 3" in repr(line) and "47" in repr(line) for line in source.links), source.links


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("url: ftp://example.org/a", "bad-url"),
        ("url: javascript:alert(1)", "bad-url"),
        ("url: www.example.org", "bad-url"),
        ("url: https://", "bad-url"),
        ("url: https://me:secret@example.org/a", "bad-url"),
        ("url: https://example.org:port/a", "bad-url"),
        ('url: "https://example.org/a b"', "bad-url"),
        ("url: https://example.org/公交", "bad-url"),
        ("url: https://example.org/%0Aa", "bad-url"),
        ('url: "https://example.org/\\"><script>"', "bad-url"),
        ("url: https://example.org/" + "a" * 2_000, "bad-url"),
        ("doi: S0140-6736", "bad-doi"),
        ("doi: 10.1234", "bad-doi"),
        ("doi: https://example.org/10.1234/a", "bad-doi"),
    ],
)
def test_anything_but_a_web_address_is_refused_at_its_location(project: ProjectCopy, written: str, code: str) -> None:
    key, _, value = written.partition(": ")
    where = project.replace(SEED, "sha256: ", f"{key}: {HERE}{value}\nsha256: ")
    status, found = project.check()
    assert status == 1
    assert [(each.code, each.where) for each in found] == [(code, where)]
    assert "secret" not in found[0].message


def test_an_address_beyond_ascii_is_refused_with_its_encoded_form(project: ProjectCopy) -> None:
    project.replace(SEED, "sha256: ", "url: https://example.org/公交?a=1%20b\nsha256: ")
    _, (found,) = project.check()
    assert found.hint == "write https://example.org/%E5%85%AC%E4%BA%A4?a=1%20b"


@pytest.mark.parametrize("doi", ["10.1000/182", "doi:10.1000/182", "DOI: 10.1000/182", "https://doi.org/10.1000/182"])
def test_a_doi_may_be_written_as_publishers_write_it(project: ProjectCopy, doi: str) -> None:
    project.replace(SEED, "sha256: ", f'doi: "{doi}"\nsha256: ')
    (source,) = Project.load(project.root).make_variant("council", "en").sources
    assert "https://doi.org/10.1000/182" in repr(source.links)


def test_the_resolver_gets_every_character_of_a_doi() -> None:
    old = Doi("10.1002/(SICI)1097-4571(1999)50:10<873::AID-ASI3>3.0.CO;2-#")
    assert resolve_doi(old).endswith("50:10%3C873::AID-ASI3%3E3.0.CO;2-%23")


def test_says_and_sha256_may_be_left_out(project: ProjectCopy) -> None:
    lines = project.read(SEED).splitlines(keepends=True)
    project.write(SEED, "".join(line for line in lines if not line.startswith("sha256:")))
    project.write(SEED, project.read(SEED).rstrip("\n") + "\n  - id: bare\n    quantity: {value: 7, unit: count}\n")
    assert_accepted(project)
    ran = project.run("evidence")
    assert (ran.status, "reader-survey/bare\n  figure: 7" in ran.stdout) == (0, True)


def test_the_ledger_has_the_links(project: ProjectCopy) -> None:
    with_links(project)
    ledger = project.run("evidence").stdout
    assert "  locator: page 14\n  url: https://example.org/p14\n  doi: 10.1234/bus(2026)<4>\n" in ledger
