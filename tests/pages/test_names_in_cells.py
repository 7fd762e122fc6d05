"""Names are on one line in narrow cells: those that "Who is who" lists, in Chinese of both scripts and with both engines; and
Latin names between East Asian marks, in Word documents as LibreOffice prints them.
"""

from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from catalogues import load_packaged_catalogue
from page_geometry import boxes
from readback import libreoffice_pdfs
from variant_samples import sample, text

from brief.model.align import Align
from brief.model.inline import Number, Run, Runs, Strong, Text
from brief.model.source_location import Ref
from brief.model.variant import Column, Paragraph, Table, TermEntry, Variant
from brief.resolve.typesetting import typeset
from brief.templating.template_set import find_template_set
from brief.writers import docx, pdf

NAMES = ("阿里巴巴", "火山引擎", "剪映", "愛奇藝")


def entry(name: str) -> TermEntry:
    return TermEntry(
        id=f"t{NAMES.index(name)}", kind="公司", name=name, owner=None, says=text(f"与{NAMES[0]}同业"), mentions=(1,)
    )


def make_variant(locale: str) -> Variant:
    cells = [tuple(text(f"{'另' * before}、{name}与{name}") for name in NAMES) for before in range(1, 9)]
    columns = tuple(Column(title=text("名称"), align=Align.START) for _ in range(len(NAMES) + 3))
    rows = tuple((*row, *(text("其余各项的说明文字" * 3) for _ in range(3))) for row in cells)
    table = Table(id="names", label="表1", title=text("厂商"), columns=columns, rows=rows, note=None)
    whole = sample(locale, blocks=(table, Paragraph(id="p", text=text(NAMES[0]))))
    return typeset(replace(whole, terms=tuple(map(entry, NAMES))))


@pytest.mark.parametrize(("locale", "engine"), list(product(("zh-Hans", "zh-Hant"), ("weasyprint", "typst"))))
def test_no_name_is_divided_in_a_narrow_cell(locale: str, engine: str) -> None:
    found = find_template_set("base")
    template_set = replace(found, look=replace(found.look, pdf_engine=Ref(engine)))
    data = pdf.write(make_variant(locale), template_set).data
    words = [word for _, page in boxes(data) for word, *_ in page]
    for name in NAMES:
        assert sum(word.count(name) for word in words) >= 16, name


def test_only_names_in_cells_are_joined() -> None:
    variant = make_variant("zh-Hans")
    table, paragraph = variant.sections[0].blocks
    assert isinstance(table, Table)
    assert isinstance(paragraph, Paragraph)
    assert table.rows[0][0] == (Text("另、"), Number("阿里巴巴"), Text("与"), Number("阿里巴巴"))
    assert paragraph.text == text(NAMES[0])
    assert variant.terms[1].says == (Text("与"), Number("阿里巴巴"), Text("同业"))


def test_a_longer_name_is_joined_rather_than_one_within_it() -> None:
    terms = (entry("剪映"), replace(entry("剪映"), name="剪映专业版"), replace(entry("剪映"), name="长" * 9))
    table = Table(
        id="t", label="表1", title=text("各"), note=None, columns=(Column(title=text("名称"), align=Align.START),),
        rows=((text("剪映专业版"),), ((Strong[Run]((Text("用剪映"),)),),), (text("长" * 9),)),
    )  # fmt: skip
    variant = typeset(replace(sample("zh-Hans", blocks=(table,)), terms=terms))
    (kept,) = variant.sections[0].blocks
    assert isinstance(kept, Table)
    wanted: tuple[tuple[Runs, ...], ...] = (
        ((Number("剪映专业版"),),),
        ((Strong[Run]((Text("用"), Number("剪映"))),),),
        ((Text("长" * 9),),),
    )
    assert kept.rows == wanted


LATIN_NAMES = ("MagicVideo", "Seedream", "MagicAnimate", "Transformer", "Lumiere", "200P", "DALL·E")


@pytest.mark.slow
def test_no_latin_name_is_divided_in_a_narrow_cell_of_a_word_document(tmp_path: Path) -> None:
    documents = []
    locales = ("zh-Hans", "zh-Hant", "ja")
    for locale in locales:
        lists = ["、".join((*LATIN_NAMES[at:], *LATIN_NAMES[:at])) for at in range(len(LATIN_NAMES))]
        rows = tuple(tuple(text(f"{'另' * before}，{names}") for names in lists[:6]) for before in range(1, 6))
        columns = tuple(Column(title=text("名称"), align=Align.START) for _ in range(6))
        table = Table(id="names", label="表1", title=text("厂商"), columns=columns, rows=rows, note=None)
        whole = sample("zh-Hant" if locale == "ja" else locale, blocks=(table,))
        variant = replace(whole, locale=locale, catalogue=load_packaged_catalogue(locale))
        documents.append(docx.write(variant, find_template_set("base")).data)
    for locale, data in zip(locales, libreoffice_pdfs(documents, tmp_path), strict=True):
        words = [word for _, page in boxes(data) for word, *_ in page]
        for name in LATIN_NAMES:
            assert sum(word.count(name) for word in words) == 30, (locale, name)
