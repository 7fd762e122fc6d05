"""Sources at the foot of the page, in PDFs by Typst: each on the page that cites it first, whatever cites it."""

import io
import re
import subprocess
from dataclasses import replace

import page as validator
import pikepdf
import pytest
from readback import pdf_structure
from variant_samples import sample, text

from brief.model.align import Align
from brief.model.blocks import Tone
from brief.model.inline import Citation, Runs, Text
from brief.model.prose import ProseList, ProseParagraph
from brief.model.source_location import Ref
from brief.model.variant import Block, Callout, Column, ListBlock, Paragraph, Prose, Quote, Table, Variant
from brief.templating.template_set import find_template_set
from brief.writers.pdf import write

SENTENCE = "A sentence of some length about the wards of the hospital and who waits there. "


def cite(words: str, number: int, *, first: bool = True) -> Runs:
    return (Text(words), Citation((number,), (number,) if first else ()))


def citing_blocks() -> tuple[Block, ...]:
    """Blocks that cite sources 1 to 8, each on a page of its own, and source 2 once more."""
    heads = (Column(title=text("Ward"), align=Align.START), Column(title=cite("Beds", 4), align=Align.END))
    rows = tuple((text(f"Ward {at}"), cite("12", 3) if at == 40 else text("12")) for at in range(60))
    blocks: tuple[Block, ...] = (
        Paragraph(id="plain", text=cite("Cited-1 in a paragraph", 1)),
        ListBlock(id="points", ordered=False, items=(text("A point"), cite("Cited-2 in a point", 2))),
        Table(id="long", label="Table 1", title=text("Beds"), columns=heads, rows=rows, note=cite("Cited-5", 5)),
        Callout(id="note", tone=Tone.NOTE, title=None, text=cite("Cited-6 in a callout", 6)),
        Prose(id="text", parts=(ProseList(is_ordered=False, start=1, entries=((ProseParagraph(cite("Cited-7 in long text", 7)),),)),)),
        Quote(id="said", text=cite("Cited-8 in a quotation", 8), attribution=text("A nurse")),
        Paragraph(id="again", text=cite("Cited-again", 2, first=False)),
    )  # fmt: skip
    return tuple(replace(block, page_break=True) for block in blocks)


def variant(locale: str) -> Variant:
    whole = sample(locale, blocks=citing_blocks())
    sources = tuple(
        replace(whole.sources[0], number=at, anchor=f"source-{at}", title=text(f"Report-{at}"), notes=())
        for at in range(1, 9)
    )
    return replace(whole, sources=sources, terms=())


@pytest.fixture(scope="module", params=["en", "zh-Hans"])
def document(request: pytest.FixtureRequest) -> bytes:
    found = find_template_set("base")
    look = replace(found.look, pdf_engine=Ref("typst"), has_footnotes=True)
    return write(variant(str(request.param)), replace(found, look=look)).data


def test_each_source_is_once_at_the_foot_of_the_page_that_cites_it(document: bytes) -> None:
    shown = subprocess.run(["pdftotext", "-raw", "-", "-"], input=document, capture_output=True, check=True).stdout
    *pages, listed = re.split(r"\f(?=.)", shown.decode(), flags=re.DOTALL)
    found = {page_number: re.findall(r"(?m)^(\d) ?Report-\1", page) for page_number, page in enumerate(pages)}
    notes = {number: at for at, numbers in found.items() for number in numbers}
    assert sorted(number for numbers in found.values() for number in numbers) == [str(at) for at in range(1, 9)]
    for number in (1, 2, 5, 6, 7, 8):
        assert f"Cited-{number}" in pages[notes[str(number)]]
    # The head of a table is on several pages, its source on the first of them; a cell's is on its own.
    assert "Ward 0\n" in pages[notes["4"]] or "Ward 0 " in pages[notes["4"]]
    assert "Ward 40 12" in pages[notes["3"]]
    assert notes["3"] > notes["4"]
    assert all(f"Report-{at}" in listed for at in range(1, 9))


def test_notes_are_elements_of_what_cites_them(document: bytes) -> None:
    with pikepdf.open(io.BytesIO(document)) as pdf:
        assert sum(element.S == "/Note" for element in pdf_structure(pdf)) == 8
    said = [failure.message for failure in validator.validate_pdf_bytes(document, profile="ua1").failures]
    # See `test_typst.py`.
    assert [message for message in said if "in its embedded CIDFontType0C program" not in message] == []
