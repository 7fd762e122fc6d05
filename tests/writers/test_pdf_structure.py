"""What assistive technology is given: elements that run over a page are one, captions belong to tables, links have names."""

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import page as validator
import pikepdf
import pytest
from variant_samples import sample, text

from brief.model.inline import Citation, Link, Run, Strong, Text, to_plain_text
from brief.model.variant import ListBlock, Paragraph, Table, Variant
from brief.templating.template_set import find_template_set
from brief.writers.pdf import write

ROWS, POINTS = 90, 60


def _variant(locale: str) -> Variant:
    (table,) = (block for block in sample(locale).sections[0].blocks if isinstance(block, Table))
    rows = tuple((text(f"Row {number}"), text(str(number))) for number in range(ROWS))
    long = (Text("One long sentence about nothing. " * 300), Citation((1,), (1,)))
    linked: tuple[Run, ...] = (
        Link[Run]("https://example.org/", (Strong((Text("bold"),)), Text(" and "), Text("plain", "en"))),
    )
    points = tuple((Text(f"Point {number} of many"),) for number in range(POINTS))
    blocks = (
        replace(table, rows=rows),
        Paragraph(id="long", text=long),
        Paragraph(id="linked", text=linked),
        ListBlock(id="points", ordered=False, items=points),
    )
    return sample(locale, blocks=blocks)


@pytest.fixture(scope="module")
def document() -> bytes:
    return write(_variant("zh-Hans"), find_template_set("base")).data


@pytest.fixture(scope="module")
def pdf(document: bytes) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(document)) as opened:
        yield opened


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K", [])
    return [kid for kid in (kids if isinstance(kids, pikepdf.Array) else [kids]) if isinstance(kid, pikepdf.Dictionary)]


def _walk(element: Any) -> Iterator[Any]:
    yield element
    for kid in _kids(element):
        if kid.get("/Type") == "/StructElem":
            assert kid.P.objgen == element.objgen
            yield from _walk(kid)


def _elements(pdf: pikepdf.Pdf, kind: str) -> list[Any]:
    return [element for element in _walk(pdf.Root.StructTreeRoot.K[0]) if str(element.S) == kind]


def _pages(pdf: pikepdf.Pdf, element: Any) -> set[int]:
    """The pages on which an element has marked content."""
    numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
    found: set[int] = set()
    for each in _walk(element):
        kids = each.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, int):
                found.add(numbers[each.Pg.objgen])
            elif kid.get("/Type") == "/MCR":
                found.add(numbers[kid.Pg.objgen])
    return found


def test_what_runs_over_a_page_is_one_element(pdf: pikepdf.Pdf) -> None:
    (table,) = (each for each in _elements(pdf, "/Table") if len(_pages(pdf, each)) > 1)
    assert len([row for row in _walk(table) if str(row.S) == "/TR"]) >= ROWS + 1
    assert [str(kid.S) for kid in _kids(table)] == ["/Caption", "/THead", "/TBody"]
    (points,) = (each for each in _elements(pdf, "/L") if len(_kids(each)) == POINTS)
    assert len(_pages(pdf, points)) > 1
    assert all(str(kid.S) == "/LI" for kid in _kids(points))
    (long,) = (each for each in _elements(pdf, "/P") if len(_pages(pdf, each)) > 1)
    assert len(_pages(pdf, long)) >= 3


def test_the_head_of_a_table_is_repeated_whole(pdf: pikepdf.Pdf) -> None:
    """Joined with one another, the words of two heads would alternate."""
    heads = [head for head in _elements(pdf, "/THead") if len(_pages(pdf, head)) > 1]
    assert heads
    for head in heads:
        assert [_pages(pdf, row) for row in _kids(head)] == [{page} for page in sorted(_pages(pdf, head))]


def test_each_mark_on_a_page_leads_to_the_element_that_holds_it(pdf: pikepdf.Pdf) -> None:
    held: dict[tuple[int, int], tuple[int, int]] = {}
    numbers = {page.obj.objgen: page.StructParents for page in pdf.pages}
    for element in _walk(pdf.Root.StructTreeRoot.K[0]):
        for kid in element.get("/K", []):
            if isinstance(kid, int):
                held[int(numbers[element.Pg.objgen]), kid] = element.objgen
            elif kid.get("/Type") == "/MCR":
                held[int(numbers[kid.Pg.objgen]), int(kid.MCID)] = element.objgen
    tree = pdf.Root.StructTreeRoot.ParentTree.Nums
    mapped = {
        (int(tree[at]), mark): parent.objgen
        for at in range(0, len(tree), 2)
        if isinstance(tree[at + 1], pikepdf.Array)
        for mark, parent in enumerate(tree[at + 1])
    }
    assert len(held) > 200
    assert {place: mapped[place] for place in held} == held


def test_a_link_is_called_by_the_name_of_its_source(pdf: pikepdf.Pdf) -> None:
    names = {str(each.Contents) for page in pdf.pages for each in page.get("/Annots", []) if each.Subtype == "/Link"}
    source = _variant("zh-Hans").sources[0]
    assert f"Source 1 · {to_plain_text(source.title)}" in names
    assert not [name for name in names if name.startswith(("source-", "#")) or "\u2060" in name]


def test_emphasis_in_a_link_is_no_further_link(pdf: pikepdf.Pdf) -> None:
    links = [each for each in _elements(pdf, "/Link") if any(kid.get("/Type") == "/OBJR" for kid in _kids(each))]
    annotations = [each for page in pdf.pages for each in page.get("/Annots", []) if each.Subtype == "/Link"]
    assert len(links) == len(annotations)
    assert sum("/A" in each and each.A.get("/URI") == "https://example.org/" for each in annotations) == 1


def test_the_language_is_in_the_metadata(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata() as metadata:
        assert metadata["dc:language"] == {"zh-Hans"}
        assert str(metadata["dc:title"]).endswith(_variant("zh-Hans").audience_title)


@pytest.mark.parametrize("profile", ["ua1", "2a"])
def test_the_joined_structure_is_valid(document: bytes, profile: str) -> None:
    assert [found.message for found in validator.validate_pdf_bytes(document, profile=profile).failures] == []


def test_a_file_is_identified_by_its_content(pdf: pikepdf.Pdf) -> None:
    """As ISO 19005-2, 6.1.3 requires."""
    other, again = (
        write(variant, find_template_set("base")).data for variant in (sample("zh-Hans"), _variant("zh-Hans"))
    )
    first, second = (bytes(each) for each in pdf.trailer.ID)
    with pikepdf.open(io.BytesIO(other)) as opened:
        assert bytes(opened.trailer.ID[0]) != first == second
    with pikepdf.open(io.BytesIO(again)) as opened:
        assert bytes(opened.trailer.ID[0]) == first
    assert len(first) == 32
