"""Texts of a letter, a digit or a label's own word coincide with each other and with marks; a page that has them all passes."""

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import count

import pytest
from variant_samples import sample, text

from brief.inspection.documents import inspect_document
from brief.inspection.expected import expect_document
from brief.inspection.extract.formats import ExtractedArtifact
from brief.model.align import Align
from brief.model.artifact import Artifact
from brief.model.blocks import Tone
from brief.model.catalogue import Catalogue
from brief.model.diagnostics import Diagnostic
from brief.model.inline import Citation, Runs
from brief.model.variant import (
    Block,
    Callout,
    Column,
    Event,
    ListBlock,
    Paragraph,
    Section,
    Table,
    TermEntry,
    Timeline,
    Variant,
)
from brief.store import spool
from brief.templating.template_set import find_template_set
from brief.writers import docx, html, pdf

split_words = str.split
WRITERS = {"html": html.write, "pdf": pdf.write, "docx": docx.write}
WORDS = {
    "en": split_words("A B X 1 2 3 10 Rail Note Table Figure Sources In a 2025 1.0 5% Institute"),
    "zh-Hans": split_words("甲 乙 是 否 一 二 三 图 表 来源 1 2 10 成本 注 5% 要点"),
    "fr": split_words("À A Le 1 2 Note Tableau Sources y a 5 % Coût"),
}


def inspect(variant: Variant, printed: Variant, form: str) -> Sequence[Diagnostic]:
    """Inspects the file of the variant `printed` as if it were that of the other one."""
    written = WRITERS[form](printed, find_template_set("base"))
    artifact = Artifact(
        name=f"race.{form}", audience=variant.audience, locale=variant.locale, format=form,
        media_type="", sha256="", inputs="", content=spool(written.data),
    )  # fmt: skip
    extracted = ExtractedArtifact(artifact)
    assert list(extracted.read_parts())
    look = find_template_set("base").look
    return inspect_document(artifact, expect_document(variant, look), extracted, look)


def make_variant(seed: int) -> Variant:
    """Makes a variant whose texts are one or two short words, some with a citation."""
    rng = random.Random(seed)  # noqa: S311
    locale = rng.choice(list(WORDS))
    labels = count(1)

    def choose(*, cites: bool = True) -> Runs:
        words = " ".join(rng.choice(WORDS[locale]) for _ in range(rng.randint(1, 2)))
        return (*text(words), *((Citation((rng.choice((1, 2)),)),) if cites and rng.random() < 0.3 else ()))

    def make_block(name: str) -> Block:
        title = choose(cites=False)
        match rng.randrange(5):
            case 0:
                return Paragraph(id=name, heading=title, text=choose())
            case 1:
                return ListBlock(id=name, ordered=rng.random() < 0.5, items=(choose(), choose(), choose()))
            case 2:
                columns = (Column(title=title, align=Align.START), Column(title=choose(cites=False), align=Align.END))
                rows = tuple((choose(cites=False), choose(cites=False)) for _ in range(3))
                return Table(
                    id=name, label=f"Table {next(labels)}", title=title, columns=columns, rows=rows, note=choose()
                )
            case 3:
                return Callout(id=name, tone=rng.choice(list(Tone)), title=title, text=choose())
            case _:
                events = (Event(when="2024", text=choose()), Event(when="2025", text=choose()))
                return Timeline(id=name, label=f"Figure {next(labels)}", title=title, events=events)

    sections = tuple(
        Section(
            id=f"s{number}", number=number, title=choose(cites=False), summary=choose(),
            takeaways=(choose(), choose()), blocks=tuple(make_block(f"b{number}{each}") for each in range(3)),
        )
        for number in (1, 2, 3)
    )  # fmt: skip
    whole = sample("en", blocks=())
    sources = tuple(
        replace(each, title=choose(cites=False), publisher=rng.choice(WORDS[locale])) for each in whole.sources
    )
    owner = rng.choice(WORDS[locale])
    term = TermEntry(
        id="t", kind="product", name=rng.choice(WORDS[locale]), owner=owner, says=choose(cites=False), mentions=(1,)
    )
    return replace(whole, locale=locale, catalogue=Catalogue(locale), sections=sections, sources=sources, terms=(term,))


@pytest.mark.parametrize("first", range(0, 60, 20))
def test_pages_of_short_texts_pass(first: int) -> None:
    for seed in range(first, first + 20):
        variant = make_variant(seed)
        assert inspect(variant, variant, "html") == (), seed


def test_word_documents_of_short_texts_pass() -> None:
    for seed in range(12):
        variant = make_variant(seed)
        assert inspect(variant, variant, "docx") == (), seed


def title_themes(*titles: str) -> Variant:
    whole = sample("en", blocks=(Paragraph(id="p", text=text("In short")),))
    sections = tuple(
        replace(whole.sections[0], id=f"s{number}", number=number, title=text(title), takeaways=())
        for number, title in enumerate(titles, 1)
    )
    return replace(whole, sections=sections, compact=False)


@pytest.mark.parametrize(
    "titles", [("Rail", "3", "4", "5"), ("1", "2", "A"), ("2", "1", "Contents"), ("In", "In", "I")]
)
def test_themes_with_titles_like_page_numbers_are_found_in_the_contents(titles: tuple[str, ...]) -> None:
    variant = title_themes(*titles)
    assert inspect(variant, variant, "pdf") == ()


@pytest.mark.parametrize(
    ("label", "title"), [("Figure 1", "Figure"), ("Table 1", "Table"), ("Table 1", "Table 1"), ("Table 1", "1")]
)
def test_a_title_that_is_a_part_of_its_label_is_found(label: str, title: str) -> None:
    columns = (Column(title=text("A"), align=Align.START),)
    table = Table(id="t", label=label, title=text(title), columns=columns, rows=((text("B"),),), note=None)
    variant = sample("en", blocks=(table,))
    for form in ("html", "docx"):
        assert inspect(variant, variant, form) == ()


@pytest.mark.parametrize("words", ["A", "Is", "Rail", "Costs"])
def test_a_lost_citation_beside_a_short_text_is_reported(words: str) -> None:
    cited = Paragraph(id="p", text=(*text(words), Citation((2,))))
    variant, printed = (
        sample("en", blocks=(Paragraph(id="o", text=text("Of all.")), block, Paragraph(id="q", text=text("The end."))))
        for block in (cited, Paragraph(id="p", text=text(words)))
    )
    assert [found.code for found in inspect(variant, printed, "html")] == ["missing-words"]
