"""Titles as short as a letter, which occur by chance in many other words, are found in every format."""

from dataclasses import replace
from itertools import product

import pytest
from variant_samples import sample, text

from brief.inspection.documents import inspect_document
from brief.inspection.expected import expect_document
from brief.inspection.extract.formats import ExtractedArtifact
from brief.model.align import Align
from brief.model.artifact import Artifact
from brief.model.catalogue import Catalogue
from brief.model.variant import Column, ListBlock, Paragraph, Table, Variant
from brief.store import spool
from brief.templating.template_set import find_template_set
from brief.writers import docx, html, pdf

WRITERS = {"html": html.write, "pdf": pdf.write, "docx": docx.write}


def make_variant(title: str, block_title: str, locale: str = "fr") -> Variant:
    columns = tuple(Column(title=text(each), align=Align.START) for each in ("A", "Y"))
    blocks = (
        Paragraph(id="p", heading=text(block_title), text=text("Il y a un bus à Paris.")),
        Table(
            id="t", label="Tableau 1", title=text(block_title), columns=columns,
            rows=((text("A"), text("Là")),), note=None,
        ),
        ListBlock(id="l", heading=text(block_title), ordered=False, items=(text("A"), text("À"))),
    )  # fmt: skip
    whole = replace(sample("en", blocks=blocks), locale=locale, catalogue=Catalogue(locale), title=title)
    first = replace(whole.sections[0], title=text(title), summary=text("À voir."))
    # What follows the title is the theme's number, which is printed before the title too.
    second = replace(first, id="second", number=2, title=text(block_title), summary=text("2"), takeaways=(), blocks=())
    return replace(whole, sections=(first, second))


@pytest.mark.parametrize(("title", "form"), list(product(("A", "À"), WRITERS)))
def test_titles_of_one_letter_are_found(title: str, form: str) -> None:
    template_set = find_template_set("base")
    look = template_set.look
    for block_title in ("B", "À"):
        variant = make_variant(title, block_title)
        written = WRITERS[form](variant, template_set)
        artifact = Artifact(
            name=f"race.{form}", audience=variant.audience, locale=variant.locale, format=form,
            media_type="", sha256="", inputs="", content=spool(written.data),
        )  # fmt: skip
        extracted = ExtractedArtifact(artifact)
        assert list(extracted.read_parts())
        assert inspect_document(artifact, expect_document(variant, look), extracted, look) == ()
