"""Property test: no variant contains a token that its audience may not see."""

import os
import random
import re
import subprocess
import zipfile
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import canaries
import pytest
from canaries import PlantedToken

from brief import Pack, Project
from brief.build.render import fingerprint_variant, render
from brief.inspection.extract import extract_parts
from brief.inspection.leaks import Inspector
from brief.model import variant
from brief.model.blocks import Chart, Series
from brief.model.brief import Brief
from brief.resolve.localise import localise
from brief.resolve.select import select
from brief.writers.formats import FORMATS

LOCALES = ("en", "zh-Hans", "zh-Hant")
# Each seed makes a brief, which is looked at through four audiences in three locales.
# More in a long run: BRIEF_LEAK_SEEDS=176 pytest tests/inspection/test_property.py
SEEDS = int(os.environ.get("BRIEF_LEAK_SEEDS", "48"))
# Of these, as many are compared with the same brief that has other words where nobody may look.
COMPARED = 24
# Charts are drawn by an engine that takes a hundred times as long as the rest of a page.
DRAWN = 44


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return canaries.project(tmp_path_factory.mktemp("planting") / "project")


def case(project: Project, seed: int) -> tuple[Brief, tuple[PlantedToken, ...]]:
    return canaries.plant_tokens(project.brief, random.Random(seed))  # noqa: S311


def divide_tokens(brief: Brief, found: tuple[PlantedToken, ...], audience: str) -> tuple[set[str], set[str]]:
    """The tokens that the audience may not see, and those that it must be shown, over all locales."""
    who = brief.audiences[audience]
    hidden = {p.token for p in found if not canaries.may_see(who, p.around)}
    shown = {p.token for p in found if p.token not in hidden and canaries.must_show(who, p.around)}
    return hidden, shown


def of(found: tuple[PlantedToken, ...], locale: str) -> set[str]:
    return {p.token for p in found if p.locale == locale}


TOKEN = re.compile("q[a-z0-9]{11}7")


@dataclass(frozen=True)
class Sample:
    """A brief with tokens, and its variants by audience and locale."""

    seed: int
    brief: Brief
    found: tuple[PlantedToken, ...]
    variants: dict[tuple[str, str], variant.Variant]


@pytest.fixture(scope="module")
def planted(project: Project, request: pytest.FixtureRequest) -> Sample:
    brief, found = case(project, request.param)
    variants = {}
    for audience in brief.audiences:
        hidden, _ = divide_tokens(brief, found, audience)
        seen = select(brief, audience)
        assert not set(TOKEN.findall(repr(seen))) & hidden
        for locale in LOCALES:
            variants[audience, locale] = localise(seen, locale)
            assert not set(TOKEN.findall(repr(variants[audience, locale]))) & hidden
    return Sample(request.param, brief, found, variants)


@pytest.mark.parametrize("planted", range(SEEDS), indirect=True)
def test_no_variant_holds_a_withheld_token(project: Project, planted: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    """Builds every variant as HTML, and inspects it."""
    if planted.seed % DRAWN:
        monkeypatch.setattr("brief.writers.html.document.draw_svg", undrawn)
        monkeypatch.setattr("brief.writers.html.document.draw_vega", undrawn)
    for audience in planted.brief.audiences:
        hidden, shown = divide_tokens(planted.brief, planted.found, audience)
        for locale in LOCALES:
            (page,) = render(planted.variants[audience, locale], project.template_set, ("html",)).artifacts
            # The last character before a citation is with it in an element of its own.
            told = set(TOKEN.findall(page.data.decode().replace('<span class="cited">', "")))
            where = f"{audience}, {locale}"
            assert not told & hidden, where
            assert told <= of(planted.found, locale), f"{where}: another locale's words"
            assert shown & of(planted.found, locale) <= told, f"{where}: not shown"


def undrawn(chart: variant.Chart | variant.Vega, *_: object) -> str:
    return f"<svg><title>{chart.description}</title></svg>"


def test_there_are_enough_cases(project: Project) -> None:
    """Hundreds of variants, in which every kind of record is withheld from some audience and shown to another."""
    assert SEEDS * len(canaries.AUDIENCES) * len(LOCALES) >= 500
    withheld, visible = set(), set()
    for seed in range(4):
        brief, found = case(project, seed)
        for audience in brief.audiences.values():
            for p in found:
                kinds = {type(record).__name__ for record in p.around}
                if canaries.may_see(audience, p.around):
                    visible |= kinds
                else:
                    withheld |= kinds
    everywhere = {"Theme", "Item", "Row", "Column", "Event", "Metric", "Source", "Claim", "Term", "Audience"}
    blocks = {"Paragraph", "ListBlock", "Table", "Chart", "Callout", "Quote", "Timeline", "Metrics", "Figure", "Series"}
    assert everywhere | blocks <= withheld & visible


@pytest.mark.parametrize("planted", range(COMPARED), indirect=True)
def test_what_is_withheld_changes_nothing(project: Project, planted: Sample) -> None:
    """Other words where an audience may not look: the same variant, and so the same bytes and the same cache key."""
    for audience in planted.brief.audiences:
        hidden, _ = divide_tokens(planted.brief, planted.found, audience)
        changed: Brief = canaries.replace_tokens(planted.brief, hidden, random.Random(planted.seed))  # noqa: S311
        seen = select(changed, audience)
        for locale in LOCALES:
            first, second = planted.variants[audience, locale], localise(seen, locale)
            assert first == second
            assert fingerprint_variant(first, project.template_set) == fingerprint_variant(second, project.template_set)


@pytest.mark.parametrize("seed", range(2000, 2006))
def test_in_the_bytes_of_every_format(project: Project, seed: int, tmp_path: Path) -> None:
    """The same in every other format, read back by our own reader and by others' programs; and what goes beside them."""
    brief, found = case(project, seed)
    inspector = Inspector(brief, project.get_template_set)
    source = random.Random(seed)  # noqa: S311
    audience, locale = source.choice(list(brief.audiences)), source.choice(LOCALES)
    hidden, shown = divide_tokens(brief, found, audience)
    outcome = render(localise(select(brief, audience), locale), project.template_set, tuple(FORMATS))
    pack = Pack(brief.settings.id, "2026-01-01", outcome.artifacts, {})
    assert not tokens(pack.make_manifest().decode()) & hidden
    assert not tokens(repr(outcome.diagnostics)) & hidden
    for artifact in outcome.artifacts:
        ours = "".join(f"{part.words}\n{part.code}\n" for part in extract_parts(artifact.name, artifact.data))
        for told in (tokens(ours), tokens(others(artifact.format, artifact.data, tmp_path))):
            assert not told & hidden
        # In print a chart's description and the name of its only series are not set.
        drawn = (
            {p.token for p in found if isinstance(p.around[-1], Chart | Series)} if artifact.format == "pdf" else set()
        )
        assert (shown & of(found, locale)) - drawn <= tokens(ours)
        assert inspector.inspect_artifact(artifact) == ()
    # Sanity check: the inspection does find planted text.
    for other in brief.audiences:
        unseen, _ = divide_tokens(brief, found, other)
        for artifact in outcome.artifacts if unseen & shown & of(found, locale) else ():
            assert inspector.inspect_bytes(other, artifact.name, artifact.data)


def tokens(text: str) -> set[str]:
    """The tokens in a text, broken over lines or not."""
    return set(TOKEN.findall(text)) | set(TOKEN.findall(re.sub(r"[\s\u2010\xad\u2060-]", "", text)))


def others(form: str, data: bytes, folder: Path) -> str:
    """What other programs read: text files as they are, poppler and qpdf of a PDF, unzip of a Word document."""
    if form in ("html", "json", "md"):
        return data.decode()
    if form == "docx":
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return "".join(archive.read(name).decode("utf-8", "ignore") for name in archive.namelist())
    path, flat = folder / "a.pdf", folder / "flat.pdf"
    path.write_bytes(data)
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True).stdout.decode()
    subprocess.run(["qpdf", "--qdf", path, flat], check=True)
    return text + flat.read_bytes().decode("latin-1").replace("\0", "")


@pytest.mark.parametrize("seed", range(3000, 3004))
def test_an_error_of_a_template_quotes_nothing_withheld(project: Project, seed: int) -> None:
    brief, found = case(project, seed)
    broken = replace(project.template_set, folders=(project.root / "templates/broken", *project.template_set.folders))
    (project.root / "templates/broken/block").mkdir(parents=True, exist_ok=True)
    (project.root / "templates/broken/block/paragraph.html.j2").write_text("{{ block.text.nothing }}")
    for audience in brief.audiences:
        hidden, _ = divide_tokens(brief, found, audience)
        outcome = render(localise(select(brief, audience), "en"), broken, ("html",))
        assert not tokens(repr(outcome.diagnostics)) & hidden
