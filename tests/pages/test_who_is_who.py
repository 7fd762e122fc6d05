"""The list of terms by Typst: rows that are together at both ends, and what is not divided in their cells."""

import io
import re
import subprocess
from dataclasses import replace

import pikepdf
import pytest
from variant_samples import sample, text

from brief.model.align import Align
from brief.model.source_location import Ref
from brief.model.variant import Column, Paragraph, Table, TermEntry, Variant
from brief.templating.template_set import find_template_set
from brief.writers.pdf import write


def print_pages(variant: Variant) -> tuple[bytes, list[str]]:
    base = find_template_set("base")
    data = write(variant, replace(base, look=replace(base.look, pdf_engine=Ref("typst")))).data
    printed = subprocess.run(["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True)
    return data, printed.stdout.decode().split("\f")


def list_terms(locale: str, count: int, *, lines: int = 3, owner: str | None = None) -> Variant:
    paragraphs = tuple(Paragraph(id=f"p{at}", text=text("Riders board at night.")) for at in range(lines))
    terms = tuple(
        TermEntry(
            id=f"t{at}", kind="company", name=f"Maker{at:02}", owner=owner, says=text("Makes trains."), mentions=(1,)
        )
        for at in range(count)
    )
    return replace(sample(locale, blocks=paragraphs), terms=terms)


@pytest.mark.parametrize("lines", [11, 12, 13])
def test_two_rows_are_below_the_heading(lines: int) -> None:
    _, pages = print_pages(list_terms("en", 12, lines=lines))
    (first,) = (page for page in pages[1:] if re.search(r"^\s*Who is who\n", page, re.MULTILINE))
    assert len(re.findall(r"Maker\d\d", first)) >= 2


@pytest.mark.parametrize("count", [48, 49, 50])
def test_no_row_is_alone_on_the_last_page(count: int) -> None:
    data, pages = print_pages(list_terms("en", count))
    counts = [found for page in pages if (found := len(re.findall(r"Maker\d\d", page)))]
    assert sum(counts) == count
    assert counts[-1] >= 2
    with pikepdf.open(io.BytesIO(data)) as pdf:
        kinds = [
            str(each.S)
            for each in pdf.objects
            if isinstance(each, pikepdf.Dictionary) and "/Pg" in each and "/S" in each
        ]
        assert "/TFoot" not in kinds
        rows = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/TR"]
        assert all(row.P.S in ("/TBody", "/THead") for row in rows)


def test_an_owner_is_on_the_line_of_its_kind() -> None:
    for length in range(50, 74, 3):
        variant = list_terms("en", 1, owner="Rail Works")
        (term,) = variant.terms
        says = ("trains " * 20)[:length].strip() + "."
        _, pages = print_pages(replace(variant, terms=(replace(term, says=text(says)),)))
        assert any("company · Rail Works" in page for page in pages)


def test_short_names_stay_whole_in_cells() -> None:
    variant = list_terms("zh-Hant", 1)
    (term,) = variant.terms
    for before in range(3, 12):
        table = Table(
            id="t",
            note=None,
            title=text("比較"),
            columns=tuple(
                Column(title=text(title), align=Align.START) for title in ("路徑", "代表", "起點", "成果", "仰賴")
            ),
            rows=(
                (
                    text("平台"),
                    text("大" * before + "字節跳動（即夢）"),
                    *(text("平台上的短影音資料很多") for _ in range(3)),
                ),
            ),
        )
        (section,) = variant.sections
        named = tuple(replace(term, id=f"t{at}", name=name) for at, name in enumerate(("字節跳動", "即夢")))
        _, pages = print_pages(replace(variant, sections=(replace(section, blocks=(table,)),), terms=named))
        printed = "".join(pages)
        # In the cell and in the list of terms.
        assert printed.count("字節跳動") == 2
        assert printed.count("即夢") == 2
