"""Random figures, printed by every format in five languages, read back from the files and compared with their claims."""

import io
import os
import random
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from figure_reader import SCALES, read_back
from lxml import etree, html
from readback import pdf_lines

from brief import Pack, Project

LOCALES = ("en", "zh-Hans", "zh-Hant", "de", "ja")
# Of 80 charts, 20,000 figures are read.
CHARTS = int(os.environ.get("BRIEF_LABEL_CHARTS", "12"))
SEED = int(os.environ.get("BRIEF_LABEL_SEED", "1"))
ROWS = 5
UNITS = ("count", "USD", "CNY", "EUR", "percent", "kWh", "km", "person", "EUR/kWh", "t", "basis-point", "USD/person")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

Figures = dict[str, Decimal]
# The name of each figure that is read, with its value; None if it is no single number.
Readings = Iterator[tuple[str, Decimal | None]]


def draw_figures() -> Figures:
    """A figure for each row of each chart, of 1 to 7 digits, from 0.001 to 10 trillion, of both signs; some charts have one magnitude."""
    chance = random.Random(SEED)  # noqa: S311  # no secret
    found = {}
    for chart in range(CHARTS):
        together = chance.randint(-3, 12) if chance.random() < 0.5 else None
        is_signed = chance.random() < 0.5
        for row in range(ROWS):
            digits = chance.randint(1, 10 ** chance.randint(1, 7) - 1)
            power = together if together is not None else chance.randint(-3, 12)
            exponent = max(power - len(str(digits)) + 1, -6)
            sign = -1 if is_signed and chance.random() < 0.5 else 1
            found[f"k{chart}r{row}"] = (Decimal(sign * digits)).scaleb(exponent)
    return found


FIGURES = draw_figures()


def everywhere(text: str) -> dict[str, str]:
    """The text, a little different in each language."""
    return {"en": text, "zh-Hans": f"{text}号", "zh-Hant": f"{text}號", "de": f"{text}.", "ja": f"{text}号です"}


def make_files() -> dict[str, Any]:
    claims = [
        {"id": name, "quantity": {"value": f"{value:f}", "unit": UNITS[int(name[1 : name.index("r")]) % len(UNITS)]}}
        for name, value in FIGURES.items()
    ]
    blocks: list[dict[str, Any]] = []
    for chart in range(CHARTS):
        rows = [f"k{chart}r{row}" for row in range(ROWS)]
        blocks.append(
            {
                "kind": "chart",
                "id": f"c{chart}",
                "chart": "bars",
                "title": everywhere(f"T{chart}"),
                "description": everywhere("D"),
                "categories": [{"same": name.upper()} for name in rows],
                "series": [{"title": everywhere("S"), "claims": [f"s/{name}" for name in rows]}],
            }
        )
        sentence = " ".join(f"[{name.upper()} = {{s/{name}}}]".replace("[", "\\[").replace("]", "\\]") for name in rows)
        blocks.append({"kind": "paragraph", "id": f"p{chart}", "text": dict.fromkeys(LOCALES, sentence)})
    publisher = everywhere("Publisher")
    return {
        "content/brief.yaml": {
            "id": "labels",
            "title": everywhere("Labels"),
            "publisher": publisher,
            "date": "2026-06-30",
            "locales": list(LOCALES),
            "source_locale": "en",
            "themes": ["one"],
            "audiences": ["all"],
        },
        "content/themes/one.yaml": {
            "id": "one",
            "title": everywhere("All of the figures"),
            "summary": everywhere("In short"),
            "takeaways": [everywhere("What we have learnt")],
            "blocks": blocks,
        },
        "content/audiences/all.yaml": {
            "id": "all",
            "title": everywhere("Readers"),
            "clearance": "public",
            "themes": ["one"],
            "formats": ["html", "pdf", "docx"],
        },
        "seeds/s.yaml": {
            "id": "s",
            "title": everywhere("Source"),
            "publisher": publisher,
            "date": "2026-05",
            "language": "en",
            "claims": claims,
        },
    }


@pytest.fixture(scope="module")
def pack() -> Pack:
    return Project.from_content(make_files()).build(jobs=1)


def find_scale(unit: str) -> int:
    """The power of ten of what all labels of an axis or a column are in: 6 for `US$ million`, 4 for `万美元`."""
    found = [word for word in SCALES if re.search(rf"(?<![a-zA-Z]){re.escape(word)}(?![a-zA-Z])", unit)]
    return SCALES[max(found, key=len)] if found else 0


def read_label(label: str, unit: str, locale: str) -> Decimal | None:
    """What a reader takes a label for; a label with a scale of its own is not in that of the axis."""
    numbers = read_back(label, locale)
    if len(numbers) != 1:
        return None
    value = -abs(numbers[0]) if "−" in label else numbers[0]
    has_scale = any(word in label for word in SCALES)
    return value if has_scale else value.scaleb(find_scale(unit))


def find_unit(texts: list[str]) -> str:
    """The subtitle of a chart without the title of the series: `US$ million`."""
    return next((text.rpartition(" · ")[2] for text in texts if " · " in text), "")


def read_sentences(text: str, locale: str) -> Readings:
    for name, figure in re.findall(r"\[\s*(K\d+R\d+)\s*=\s*(.*?)\s*\]", re.sub(r"\s*\[\d+\]", "", text), re.DOTALL):
        numbers = read_back(figure.replace("\n", " "), locale)
        value = numbers[0] if numbers else None
        yield name.lower(), -abs(value) if value is not None and "−" in figure else value


def join_lines(lines: list[str]) -> str:
    """The words of a label of several lines; a number that is broken within becomes two."""
    return re.sub(r"(?<=[0-9.,−]) (?=[万萬亿億兆])", "", " ".join(lines))


def read_drawing(drawing: Any, locale: str) -> Readings:
    texts = [join_lines(list(each.itertext())) for each in drawing.iter("{*}text", "text")]
    names = [each.lower() for each in texts if re.fullmatch(r"K\d+R\d+", each)]
    labels = [each for each in texts if re.match("[−0-9]", each)]
    assert len(names) == len(labels) == ROWS, texts
    yield from zip(names, (read_label(each, find_unit(texts), locale) for each in labels), strict=True)


def read_page(data: bytes, locale: str) -> Readings:
    """The labels of the drawings, the cells of the tables below them, and the figures in sentences of a page."""
    page: Any = html.fromstring(data)
    for figure in page.iter("figure"):
        for drawing in figure.iter("{*}svg", "svg"):
            yield from read_drawing(drawing, locale)
        for table in figure.iter("table"):
            _, head = (each.text_content() for each in table.findall(".//thead//th"))
            for row in table.findall(".//tbody/tr"):
                name, figure_cell = (cell.text_content().strip() for cell in row)
                yield name.lower(), read_label(figure_cell, head, locale)
    yield from read_sentences(" ".join(each.text_content() for each in page.iter("p")), locale)


def read_pdf(data: bytes, locale: str) -> Readings:
    unit, lines = "", [line for page in pdf_lines(data) for line in page]
    for line in lines:
        if re.search(r"\bT\d+", line):
            unit = ""
        elif subtitle := re.match(r"\s*S(?:\.|号|號|号です)?\s*·\s*(.*)", line):
            unit = subtitle[1]
        found = re.search(r"(?<!\[)\b(K\d+R\d+)\b(.*)", line)
        if found and "[" not in line:
            yield found[1].lower(), read_label(found[2].strip(), unit, locale)
    between = "" if locale in ("zh-Hans", "zh-Hant", "ja") else " "
    yield from read_sentences(between.join(line.strip() for line in lines), locale)


def read_word(data: bytes, locale: str) -> Readings:
    """The labels that Word draws, from its number formats or texts, with their values; the pictures for other programs, and sentences."""
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        parts = {name: opened.read(name) for name in opened.namelist()}
    for name, content in parts.items():
        if re.fullmatch(r"word/charts/chart\d+\.xml", name):
            yield from read_native_chart(etree.fromstring(content), locale)
        elif re.fullmatch(r"word/media/\w+\.svg", name):
            yield from read_drawing(etree.fromstring(content), locale)
    document: Any = etree.fromstring(parts["word/document.xml"])
    yield from read_sentences("".join("".join(each.itertext()) for each in document.iter(f"{W}p")), locale)


def read_native_chart(chart: Any, locale: str) -> Readings:
    names = [each.text.lower() for each in chart.iterfind(".//{*}cat//{*}v")]
    values = [Decimal(each.text) for each in chart.iterfind(".//{*}val//{*}v")]
    unit = find_unit(
        ["".join(map(str, each.itertext("{*}t"))) for each in chart.iter("{*}title")]
        + [str(each) for each in chart.itertext("{*}t")]
    )
    labels = {int(each.find("{*}idx").get("val")): each for each in chart.iterfind(".//{*}dLbl")}
    assert len(names) == len(values) == ROWS
    for at, (name, value) in enumerate(zip(names, values, strict=True)):
        yield name, value.scaleb(find_scale(unit))
        label = labels[at]
        text = "".join(label.itertext("{*}t"))
        if text:
            yield name, read_label(text, unit, locale)
            continue
        code = label.find("{*}numFmt").get("formatCode").partition(";")[0]
        digits = re.sub(r'"[^"]*"|\\.|\[[^]]*\]', "", code)
        decimals = len(re.sub("[^0#?]", "", digits.partition(".")[2]))
        assert not digits.rstrip().endswith(","), code
        yield name, round(value, decimals).scaleb(find_scale(unit))


READERS = {"html": read_page, "pdf": read_pdf, "docx": read_word}
# How often each figure is printed: in drawings for two widths, a table and a sentence; in a drawing and a sentence; as a value of a
# chart, its label, in a picture and a sentence.
LEAST = {"html": 4, "pdf": 2, "docx": 4}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("form", READERS)
def test_every_printed_figure_is_that_of_its_claim(pack: Pack, locale: str, form: str) -> None:
    read = list(READERS[form](pack["all", locale, form].data, locale))
    wrong = [(name, str(FIGURES[name]), str(value)) for name, value in read if value != FIGURES[name]]
    assert not wrong, (len(wrong), len(read), wrong[:20])
    counted = {name: sum(other == name for other, _ in read) for name in FIGURES}
    assert min(counted.values()) >= LEAST[form], counted
