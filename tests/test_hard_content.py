"""Content that once printed wrongly, through the command line to the words of the HTML, PDF and Word files."""

import base64
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from projects import SETTINGS, THEME, ProjectCopy
from readback import docx_body, docx_parts, html_main, pdf_lines, pdf_text

HASH = "SHA256:" + "deadbeef" * 8
SENTENCES = 260
WIDE = ["1,234,567.89", "9,876,543.21"] * 7
SVG = """<?xml version="1.0"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 460 200" version="1.1">
 <defs><style type="text/css">.a{fill:#1a7f37}</style><path id="tick" d="M 0 0 L 0 3.5" style="stroke: #000000"/></defs>
 <rect class="a" x="10" y="10" width="100" height="60"/><use xlink:href="#tick" x="20" y="180"/>
</svg>"""
# What each claim is, and how English, French and Traditional Chinese print it.
FIGURES: dict[str, tuple[Any, str, str, str]] = {
    "rate": ({"value": 4.125, "unit": "percent"}, "4.125%", "4,125 %", "4.125%"),
    "short-rate": ({"value": 2.5, "unit": "percent"}, "2.500%", "2,500 %", "2.500%"),
    "exchange": ({"value": 7.2435, "unit": "CNY"}, "RMB 7.2435", "7,2435 yuans", "人民幣7.2435元"),
    "fare": ({"value": 19.9, "unit": "USD"}, "US$19.90", "19,90 dollars américains", "19.90美元"),
    "loss": ({"value": -1_250_000_000, "unit": "USD"}, "−US$1.25 billion", "−1,25 milliard", "−12.5億美元"),
    "fall": ({"low": -5, "high": -2, "unit": "percent"}, "−5% to −2%", "−5 % à −2 %", "−5%至−2%"),
    "about-zero": ({"low": -2, "high": 3, "unit": "percent"}, "−2% to 3%", "−2 % à 3 %", "−2%至3%"),
    "from-zero": ({"low": 0, "high": 5_000_000, "unit": "EUR"}, "€0–5 million", "0 à 5 millions d’euros", "0至500萬歐元"),
    "one": ({"value": 1_000_000}, "1 million", "1 million", "100萬"),
    "two": ({"value": 2_000_000, "unit": "EUR"}, "€2 million", "2 millions d’euros", "200萬歐元"),
    "few": ({"value": 500, "unit": "EUR"}, "€500", "500 euros", "500歐元"),
    "power": ({"value": 5, "unit": "GW"}, "5 GW", "5 GW", "5 GW"),
    "price": ({"value": 5, "unit": "USD/kWh"}, "US$5/kWh", "5 dollars américains/kWh", "5美元/千瓦小時"),
    "least": (
        {"value": 1500, "unit": "person", "qualifier": "at-least"},
        "At least 1,500 people", "Au moins 1 500 personnes", "至少1500人",
    ),
}  # fmt: skip
SMALL = {"big": 1_200_000_000, "middle": 4_000_000, "small": 900_000}


def same(text: str) -> dict[str, str]:
    return {"same": text}


def blocks() -> list[Any]:
    rows = [[same(f"Fact {name}"), f"{{facts/{name}}}"] for name in FIGURES]
    end = {"title": same("Value"), "align": "end"}
    figures = {"kind": "table", "id": "figures", "title": same("Figures"), "columns": [same("Name"), end], "rows": rows}
    wide = {
        "kind": "table", "id": "wide", "title": same("By quarter"),
        "columns": [same(f"Quarter {number} revenue") for number in range(1, 15)], "rows": [list(map(same, WIDE))] * 3,
    }  # fmt: skip
    long = " ".join(f"Sentence {number} of a cell." for number in range(SENTENCES))
    address = same("12 Harbour Road\\\nPO Box 34  \nHong Kong")
    cells = [[same("Long"), same(long)], [same("Hash"), same(HASH)], [same("Address"), address]]
    tall = {
        "kind": "table",
        "id": "tall",
        "title": same("Comments"),
        "columns": [same("Name"), same("Text")],
        "rows": cells,
    }
    chart = {
        "kind": "chart", "id": "dollars", "title": same("A finding"), "chart": "bars", "description": same("It shows."),
        "categories": [same(name) for name in SMALL],
        "series": [{"title": same("Money"), "claims": [f"facts/{name}" for name in SMALL]}],
    }  # fmt: skip
    years = {
        "kind": "chart", "id": "years", "title": same("Years"), "chart": "line", "description": same("It rises."),
        "categories": [str(1980 + at) for at in range(40)],
        "series": [{"title": same("Riders"), "claims": [f"facts/y{at}" for at in range(40)]}],
    }  # fmt: skip
    drawn = {
        "kind": "figure",
        "id": "drawn",
        "image": "drawn.svg",
        "title": same("A drawing"),
        "description": same("A box."),
    }
    names = {"kind": "paragraph", "id": "names", "text": {"en": "Names.", "fr": "Noms.", "zh-Hant": "毕昇、祕先生"}}
    fell = {"kind": "paragraph", "id": "fell", "text": same("It fell by {facts/loss:abs}.")}
    return [figures, chart, years, fell, names, drawn, wide, tall]


def write(project: ProjectCopy) -> None:
    says = same("An invented fact.")
    quantities = {name: quantity for name, (quantity, *_) in FIGURES.items()}
    quantities |= {name: {"value": value, "unit": "USD"} for name, value in SMALL.items()}
    quantities |= {f"y{at}": {"value": 100_000 + 1234 * at} for at in range(40)}
    claims = [{"id": name, "says": says, "quantity": quantity} for name, quantity in quantities.items()]
    record = {"id": "facts", "title": same("Facts"), "publisher": same("Office"), "date": "2026-05", "language": "en"}
    theme = {"id": "ridership", "title": same("Theme"), "summary": same("In short."), "takeaways": [same("Look.")]}
    settings = yaml.safe_load(project.read(SETTINGS))
    settings |= {"title": same("Hard content"), "publisher": same("Office"), "locales": ["en", "fr", "zh-Hant"]}
    audience = {"id": "council", "title": same("Council"), "clearance": "public", "themes": ["ridership"]}
    files = {
        SETTINGS: settings | {"audiences": ["council"]},
        "seeds/facts.yaml": {**record, "claims": claims},
        THEME: {**theme, "blocks": blocks()},
        "content/audiences/council.yaml": audience | {"formats": ["html", "pdf", "docx"]},
    }
    for name in ("content/glossary.yaml", "content/audiences/public.yaml", "seeds/reader-survey.yaml"):
        (project.root / name).unlink()
    for name, value in files.items():
        project.write(name, yaml.safe_dump(value, allow_unicode=True, sort_keys=False))
    project.write("content/assets/drawn.svg", SVG)


@dataclass(frozen=True)
class Built:
    files: dict[str, bytes]

    def html(self, locale: str) -> str:
        return html_main(self.files[f"night-buses.council.{locale}.html"])

    def words(self, locale: str) -> str:
        """The words of the page, with one kind of space."""
        return " ".join(
            re.sub("<[^>]+>", " ", re.sub("</?span[^>]*>", "", self.html(locale))).replace("\u2060", "").split()
        )

    @property
    def pdf(self) -> bytes:
        return self.files["night-buses.council.en.pdf"]

    @property
    def docx(self) -> bytes:
        return self.files["night-buses.council.en.docx"]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    project = ProjectCopy(tmp_path_factory.mktemp("hard") / "project")
    write(project)
    for options in (("-f", "html"), ("-l", "en", "-f", "pdf", "-f", "docx")):
        ran = project.run("build", "--jobs", "1", "--draft", *options)
        assert ran.status == 0, ran.stderr
    found = Path(project.root / "drafts").rglob("night-buses.council.*")
    return Built({path.name: path.read_bytes() for path in found})


@pytest.mark.parametrize(("locale", "at"), [("en", 0), ("fr", 1), ("zh-Hant", 2)])
def test_every_figure_prints_its_value(built: Built, locale: str, at: int) -> None:
    rows = (row.partition(" ") for row in built.words(locale).split("Fact ")[1:])
    printed = {name: words for name, _, words in rows}
    wanted = {name: " ".join(texts[at].split()) for name, (_, *texts) in FIGURES.items()}
    assert {name: printed[name][:40] for name in wanted if not printed[name].startswith(wanted[name])} == {}


def test_every_format_prints_the_same(built: Built) -> None:
    pdf = " ".join(pdf_text(built.pdf).split())
    word = " ".join(re.sub("<[^>]+>", "", docx_parts(built.docx)["word/document.xml"].decode()).split())
    for name, (_, english, *_) in FIGURES.items():
        assert f"Fact {name} {english}" in pdf, name
        assert f"Fact {name}{english}" in word, name
    assert "It fell by US$1.25 billion" in pdf


def test_a_chart_of_small_and_large_values_keeps_their_digits(built: Built) -> None:
    rows = re.findall(r">(big|middle|small)<.*?([\d,.]+)</td>", built.html("en"), re.S)
    assert rows == [("big", "1,200.0"), ("middle", "4.0"), ("small", "0.9")]
    assert re.search(r"big\s+1,200\.0\s+middle\s+4\.0\s+small\s+0\.9", " ".join(pdf_text(built.pdf).split()))


def test_a_line_of_many_points_breaks_no_number(built: Built) -> None:
    chart = next(part for part in built.html("en").split("<svg")[1:] if "1980" in part)
    labels = [text.strip() for text in re.findall(r"<(?:text|tspan)[^>]*>([^<]+)<", chart)]
    numbers = [text for text in labels if re.search(r"\d", text) and " " not in text]
    assert {"100,000", "148,126", "1980"} <= set(numbers)
    assert all(re.fullmatch(r"1\d\d,\d00|100,000|148,126|(19|20)\d\d", text) for text in numbers)


def test_figures_of_a_wide_table_stay_whole_and_apart(built: Built) -> None:
    lines = [line.split() for page in pdf_lines(built.pdf) for line in page]
    assert lines.count(WIDE) == 3


def test_a_hash_has_no_hyphen(built: Built) -> None:
    assert HASH in re.sub(r"\s", "", pdf_text(built.pdf))
    assert HASH in re.sub("<[^>]+>", "", docx_parts(built.docx)["word/document.xml"].decode())


def test_a_row_longer_than_a_page_keeps_every_sentence(built: Built) -> None:
    printed = " ".join(pdf_text(built.pdf).split())
    lost = [number for number in range(SENTENCES) if f"Sentence {number} of" not in printed]
    # The header of a page may stand within one sentence.
    assert len(lost) <= 2
    row = re.search(r"<w:tr(?:(?!</w:tr>).)*?Sentence 0 of", docx_body(built.docx), re.S)
    assert row
    assert "cantSplit" not in row[0].rpartition("<w:tr")[2]


def test_lines_of_an_address_are_broken(built: Built) -> None:
    lines = [line.strip() for page in pdf_lines(built.pdf) for line in page]
    at = next(at for at, line in enumerate(lines) if line.endswith("12 Harbour Road"))
    assert lines[at + 1 : at + 3] == ["PO Box 34", "Hong Kong"]
    assert re.search(r"Road\s*<br/?>\s*PO Box 34\s*<br/?>\s*Hong", built.html("en"))
    word = re.sub(r"\s+", " ", docx_body(built.docx))
    assert len(re.findall(r"<w:br/>", word[word.index("Harbour Road") : word.index("Hong Kong")])) == 2


def test_a_drawing_of_a_program_is_drawn_without_its_style_sheet(built: Built) -> None:
    embedded = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', built.html("en"))
    (drawing,) = (base64.b64decode(data).decode() for data in embedded)
    assert "#1a7f37" in drawing
    assert not re.search("DOCTYPE|<style|<use", drawing)


def test_characters_of_names_are_printed(built: Built) -> None:
    assert "毕昇、祕先生" in built.words("zh-Hant")
