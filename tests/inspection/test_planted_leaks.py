"""Leaks planted by the hundred, in many places and disguises, in every format of an ordinary build: each one stops it.

BRIEF_CANARIES is the number of withheld texts and figures, each of which is planted once in each format.
"""

import base64
import html
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from projects import SEED, THEME, ProjectCopy
from readback import docx_parts, zipped

from brief import Project
from brief.model.diagnostics import ContentError

CANARIES = int(os.environ.get("BRIEF_CANARIES", "120"))
FORMATS = ("html", "pdf", "docx")
BASE = Path(__file__).parents[2] / "templates/base"
DIGITS = "〇一二三四五六七八九"

TEXTS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "capitals": str.upper,
    "reversed": lambda text: text[::-1],
    "Base64": lambda text: base64.b64encode(text.encode()).decode(),
    "hexadecimal": lambda text: text.encode().hex(),
    "references": lambda text: "".join(f"&#{ord(letter)};" for letter in text),
    "full width": lambda text: "".join(chr(ord(letter) + 0xFEE0) if letter != " " else " " for letter in text),
    "joined invisibly": lambda text: "\u2060".join(text),
    "a word changed": lambda text: " ".join([*text.split()[:4], "other", *text.split()[5:]]),
    "half": lambda text: " ".join(text.split()[:5]),
    "points": lambda text: text.replace(" ", "."),
}
# Of a value in units of 100,000, which every spelling can write exactly.
FIGURES: dict[str, Callable[[int], str]] = {
    "grouped": lambda value: f"{value * 100_000:,}",
    "spaces": lambda value: f"{value * 100_000:,}".replace(",", " "),
    "points": lambda value: f"{value * 100_000:,}".replace(",", "."),
    "plain": lambda value: str(value * 100_000),
    "million": lambda value: f"{value / 10:.1f} million",
    "m": lambda value: f"RMB {value / 10:.1f}m",
    "billion": lambda value: f"{value / 10_000:.4f} billion",
    "myriad": lambda value: f"{value * 10}万",
    "full width": lambda value: "".join(chr(ord(digit) + 0xFEE0) for digit in str(value * 100_000)),
    "Han": lambda value: han(value * 10) + "万元",
    "exponent": lambda value: f"{value}e5",
}


def han(value: int) -> str:
    """A Han numeral of 万, without that: 70,730 of them are 七亿零七百三十."""
    if value >= 10_000:
        rest = value % 10_000
        zero = "零" if 0 < rest < 1000 else ""
        return han(value // 10_000) + "亿" + zero + (han(rest) if rest else "")
    digits = [int(digit) for digit in f"{value:04}"]
    written, is_gap = "", False
    for digit, step in zip(digits, "千百十 ", strict=True):
        if digit:
            written += ("零" if is_gap and written else "") + DIGITS[digit] + step.strip()
        is_gap = not digit
    return written


def word(source: random.Random) -> str:
    return "".join(source.choice("bdfglmnprstvz") + source.choice("aeiou") for _ in range(source.randint(2, 4)))


def planted(project: ProjectCopy, source: random.Random) -> list[tuple[str, str]]:
    """Writes the withheld texts and figures, and returns for each the file it stands in and its disguise."""
    texts = [" ".join(word(source) for _ in range(9)) for _ in range(CANARIES * 2 // 3)]
    values = source.sample([value for value in range(1011, 9000) if value % 10], CANARIES - len(texts))
    items = "".join(f"      - {{en: {text}., zh-Hans: 甲。, zh-Hant: 甲。}}\n" for text in texts)
    block = f"  - kind: list\n    id: secrets\n    clearance: internal\n    items:\n{items}"
    project.write(THEME, project.read(THEME) + block)
    claims = "".join(
        f"  - id: rival-{value}\n    clearance: internal\n    says: {{en: R., zh-Hans: 另。, zh-Hant: 另。}}\n"
        f"    quantity: {{value: {value * 100_000}, unit: CNY}}\n"
        for value in values
    )
    project.replace(SEED, "claims:\n", f"claims:\n{claims}")
    disguises, spellings = list(TEXTS.items()), list(FIGURES.items())
    found = []
    for number, text in enumerate(texts):
        name, disguise = disguises[number % len(disguises)]
        found.append((f"{THEME} {text} {name}", disguise(text)))
    for number, value in enumerate(values):
        name, spell = spellings[number % len(spellings)]
        found.append((f"{SEED} {value} {name}", spell(value)))
    return found


def in_page(written: list[tuple[str, str]], source: random.Random) -> tuple[str, str]:
    """Tags and style rules that print the leaks, each in a place of its own."""
    tags, rules = [], []
    for number, (_, text) in enumerate(written):
        match source.randrange(6):
            case 0:
                tags.append(f"<p>{text}</p>")
            case 1:
                tags.append(f'<p style="color: white; font-size: 1pt">{text}</p>')
            case 2:
                tags.append(f"<table><tr><td>{text}</td></tr></table>")
            case 3:
                tags.append(f"<p>{text[:1]}<b>{text[1:]}</b></p>" if "&" not in text else f"<p>{text}</p>")
            case 4:
                tags.append(f'<p><i class="c{number}"></i></p>')
                rules.append(f'.c{number}::after {{ content: "{html.unescape(text)}" }}')
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
    written = planted(project, source)
    project.write("templates/leaky/set.yaml", "extends: base\n")
    for template, sheet in (("screen.html.j2", "screen.css"), ("print.html.j2", "print.css")):
        tags, rules = in_page(written, source)
        body = (BASE / template).read_text("utf-8").replace("<main", f"{tags}<main", 1)
        project.write(f"templates/leaky/{template}", body)
        project.write(f"templates/leaky/{sheet}", rules)
    project.write("templates/leaky/reference.docx", zipped(in_word(written)))
    loaded = Project.load(project.root)
    wanted = {located(project, name): name for name, _ in written}
    assert len(wanted) == CANARIES
    for form in FORMATS:
        with pytest.raises(ContentError) as stopped:
            loaded.build(["public"], ["en"], [form], jobs=1)
        found = {(each.location.file, each.location.line) for each in stopped.value.diagnostics}
        missed = [name for place, name in wanted.items() if place not in found]
        assert not missed, f"{len(missed)} of {CANARIES} in {form}: {missed[:20]}"


def located(project: ProjectCopy, name: str) -> tuple[str, int]:
    """Where the content holds what is withheld."""
    file, what = name.split()[0], " ".join(name.split()[1:])
    needle = f"id: rival-{what.split()[0]}\n" if file == SEED else " ".join(what.split()[:9])
    before, found, _ = project.read(file).partition(needle)
    assert found
    return file, before.count("\n") + 1
