"""Leaks planted by the hundred, in many places and disguises, in every format of an ordinary build: each one stops it.

BRIEF_CANARIES is the number of withheld texts and figures, each of which is planted once in each format.
"""

import base64
import html
import json
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from leak_spellings import FIGURES, TEXTS, word
from projects import SEED, THEME, ProjectCopy
from readback import docx_parts, zip_parts

from brief import Project
from brief.model.diagnostics import ContentError

CANARIES = int(os.environ.get("BRIEF_CANARIES", "120"))
FORMATS = ("html", "pdf", "docx")
BASE = Path(__file__).parents[2] / "templates/base"
KINDS = Path(__file__).parents[1] / "kinds"
PIXEL = f"data:image/png;base64,{base64.b64encode((KINDS / 'assets/stop.png').read_bytes()).decode()}"
# What is withheld, each with its own place in the content: `{0}` is the words, `{1}` a number.
IN_BLOCKS: dict[str, str] = {
    "an item": "  - kind: list\n    id: item-{1}\n    clearance: internal\n    items:\n"
    "      - {{en: {0}., zh-Hans: 甲。, zh-Hant: 甲。}}\n",
    "prose": "  - kind: prose\n    id: prose-{1}\n    clearance: internal\n"
    "    text: {{en: {0}., zh-Hans: 甲。, zh-Hant: 甲。}}\n",
    "an alternative text": "  - kind: figure\n    id: figure-{1}\n    clearance: internal\n    image: stop.png\n"
    "    description: {{en: {0}., zh-Hans: 甲。, zh-Hant: 甲。}}\n    title: {{en: A., zh-Hans: 甲。, zh-Hant: 甲。}}\n",
    "a cell": "  - kind: table\n    id: table-{1}\n    clearance: internal\n    title: {{en: A, zh-Hans: 甲, zh-Hant: 甲}}\n"
    "    columns: [{{title: {{en: A, zh-Hans: 甲, zh-Hant: 甲}}}}]\n"
    "    rows:\n      - [{{en: {0}., zh-Hans: 甲。, zh-Hant: 甲。}}]\n",
    "vega": "  - kind: vega\n    id: vega-{1}\n    clearance: internal\n    specification: own.json\n"
    "    title: {{en: A, zh-Hans: 甲, zh-Hant: 甲}}\n    description: {{en: {0}., zh-Hans: 甲。, zh-Hant: 甲。}}\n"
    "    data:\n      - name: riders\n        columns:\n"
    "          - {{column: year, title: {{en: Year, zh-Hans: 年, zh-Hant: 年}}}}\n"
    '        rows: [["2024"]]\n',
}
VEGA = "content/vega/own.json"
IN_SPECIFICATION = "a specification"
# A name is looked for as a whole, unless a file of the template set has it, so there each letter is a reference.
NAMES: dict[str, Callable[[str], str]] = {
    "plain": str,
    "capitals": str.upper,
    "spaces": lambda text: text.replace("-", " "),
    "no gaps": lambda text: text.replace("-", ""),
    "full width": lambda text: "".join(chr(ord(letter) + 0xFEE0) for letter in text),
}
NAMED = (
    "  - id: {0}\n    kind: paragraph\n    clearance: internal\n    text: {{en: A., zh-Hans: 甲。, zh-Hant: 甲。}}\n"
)


def plant_leaks(project: ProjectCopy, source: random.Random) -> list[tuple[str, str]]:
    """Writes what is withheld, and returns for each its file, a word of its line and its disguise, and the leak."""
    texts = [" ".join(word(source) for _ in range(9)) for _ in range(CANARIES * 6 // 12)]
    names = ["-".join(word(source) for _ in range(5)) for _ in range(CANARIES // 12)]
    values = source.sample([value for value in range(1011, 9000) if value % 10], CANARIES - len(texts) - len(names))
    places = [*IN_BLOCKS, IN_SPECIFICATION]
    blocks: list[str] = []
    specified: list[dict[str, dict[str, str]]] = []
    found: list[tuple[str, str]] = []
    for number, text in enumerate(texts):
        place = places[number % len(places)]
        # The file of a specification has a greatest size.
        if place == IN_SPECIFICATION and len(specified) >= 1_000:
            place = places[0]
        if place == IN_SPECIFICATION:
            specified.append({"text": {"en": f"{text}.", "zh-Hans": "甲。", "zh-Hant": "甲。"}})
        else:
            blocks.append(IN_BLOCKS[place].format(text, number))
        name, disguise = list(TEXTS.items())[number % len(TEXTS)]
        found.append((f"{VEGA if place == IN_SPECIFICATION else THEME}|{text}|{place}, {name}", disguise(text)))
    for number, written in enumerate(names):
        blocks.append(NAMED.format(written))
        name, disguise = list(NAMES.items())[number % len(NAMES)]
        found.append((f"{THEME}|id: {written}|a name, {name}", TEXTS["references"](disguise(written))))
    for number, value in enumerate(values):
        name, spell = list(FIGURES.items())[number % len(FIGURES)]
        found.append((f"{SEED}|id: rival-{value}|{name}", spell(value)))
    project.write(THEME, project.read(THEME) + "".join(blocks))
    project.write("content/assets/stop.png", (KINDS / "assets/stop.png").read_bytes())
    layers = ",\n".join(json.dumps({"mark": {"type": "text", **words}}, ensure_ascii=False) for words in specified)
    project.write(
        VEGA, f'{{"data": {{"name": "riders"}}, "encoding": {{"x": {{"field": "year"}}}}, "layer": [\n{layers}]}}'
    )
    claims = "".join(
        f"  - id: rival-{value}\n    clearance: internal\n    says: {{en: R., zh-Hans: 另。, zh-Hant: 另。}}\n"
        f"    quantity: {{value: {value * 100_000}, unit: CNY}}\n"
        for value in values
    )
    project.replace(SEED, "claims:\n", f"claims:\n{claims}")
    return found


def in_page(written: list[tuple[str, str]], source: random.Random) -> tuple[str, str]:
    """Tags and style rules that print the leaks, each in a place of its own."""
    tags, rules = [], []
    for number, (_, text) in enumerate(written):
        match source.randrange(10):
            case 0:
                tags.append(f"<p>{text}</p>")
            case 1:
                # White words are left out of a PDF, as they could not be read.
                tags.append(f'<p style="color: #eee; font-size: 1pt">{text}</p>')
            case 2:
                tags.append(f"<table><tr><td>{text}</td></tr></table>")
            case 3:
                tags.append(f"<p>{text[:1]}<b>{text[1:]}</b></p>" if "&" not in text else f"<p>{text}</p>")
            case 4:
                tags.append(f'<p><i class="c{number}"></i></p>')
                escaped = "".join(f"\\{ord(letter):06x}" for letter in html.unescape(text)) if "&" in text else text
                rules.append(f'.c{number}::after {{ content: "{escaped}" }}')
            case 5:
                tags.append(f'<p><a href="https://example.org/" title="{text}">{text}</a></p>')
            case 6:
                tags.append(f'<img src="{PIXEL}" alt="{text}">')
            case 7:
                tags.append(
                    f'<svg viewBox="0 0 9 9" width="9" height="9"><title>{text}</title><text>{text}</text></svg>'
                )
            case 8:
                tags.append(f"<ul><li>{text}</li></ul>")
            case _:
                tags.append(f"<h4>{text}</h4>")
    return "".join(tags), "\n".join(rules)


def in_word(written: list[tuple[str, str]]) -> dict[str, bytes]:
    """The reference document with leaks in its header and footer, some of them a letter in a run."""
    parts = docx_parts((BASE / "reference.docx").read_bytes())
    for place, name in enumerate(("header", "footer")):
        paragraphs = []
        for number, (_, text) in enumerate(written[place::2]):
            plain = html.unescape(text)
            pieces = plain if number % 3 == 0 else [plain]
            runs = "".join(f'<w:r><w:t xml:space="preserve">{html.escape(piece)}</w:t></w:r>' for piece in pieces)
            paragraphs.append(f"<w:p>{runs}</w:p>")
        part = next(each for each in sorted(parts) if each.startswith(f"word/{name}"))
        end = b"</w:hdr>" if name == "header" else b"</w:ftr>"
        parts[part] = parts[part].replace(end, "".join(paragraphs).encode() + end)
    return parts


@pytest.mark.parametrize("seed", [7])
def test_every_planted_leak_is_found(project: ProjectCopy, seed: int) -> None:
    source = random.Random(seed)  # noqa: S311
    project.replace("content/brief.yaml", "template_set: base", "template_set: leaky")
    written = plant_leaks(project, source)
    project.write("templates/leaky/set.yaml", "extends: base\n")
    for template, sheet in (("screen.html.j2", "screen.css"), ("print.html.j2", "print.css")):
        tags, rules = in_page(written, source)
        body = (BASE / template).read_text("utf-8").replace("<main", f"{tags}<main", 1)
        project.write(f"templates/leaky/{template}", body)
        project.write(f"templates/leaky/{sheet}", rules)
    project.write("templates/leaky/reference.docx", zip_parts(in_word(written)))
    loaded = Project.load(project.root)
    wanted = {locate_withheld(project, name): name for name, _ in written}
    assert len(wanted) == CANARIES
    for form in FORMATS:
        with pytest.raises(ContentError) as stopped:
            loaded.build(["public"], ["en"], [form], jobs=1)
        assert {each.code for each in stopped.value.diagnostics} == {"withheld-text"}, stopped.value
        found = {(each.location.file, each.location.line) for each in stopped.value.diagnostics}
        missed = [name for place, name in wanted.items() if place not in found]
        assert not missed, f"{len(missed)} of {CANARIES} in {form}: {missed[:20]}"


def locate_withheld(project: ProjectCopy, name: str) -> tuple[str, int]:
    """Where the content holds what is withheld."""
    file, what, _ = name.split("|")
    before, found, _ = project.read(file).partition(what)
    assert found
    return file, before.count("\n") + 1
