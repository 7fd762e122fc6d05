"""Withheld text is found in any encoding or variation: other words in it, reverse order, codes, elements, spellings."""

import base64
import codecs
import gzip
import html
import zlib

import pytest
from projects import SEED, ProjectCopy

from brief import Project
from brief.inspection.leaks import Inspector

# Of the block that only the council may see: "Whether {cost} a year should also pay for shorter waits."
WITHHELD = "a year should also pay for shorter waits"
HAN = "的支出，是否应同时用于缩短候车时间"


def encode(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def to_selectors(text: str) -> str:
    """Returns a variation selector for each byte of a text."""
    return "".join(chr(0xFE00 + byte if byte < 16 else 0xE0100 + byte - 16) for byte in text.encode())


DISGUISES = {
    "a word changed": "a year should also pay for longer waits",
    "another word changed": "a year could also pay for shorter waits",
    "a word left out": "a year should pay for shorter waits",
    "a word put in": "a year should also easily pay for shorter waits",
    "words broken by points": "a.year.should.also.pay.for.shorter.waits",
    "reversed": WITHHELD[::-1],
    "Base64": encode(WITHHELD),
    "Base64 in an address": f"https://example.org/a/{encode(WITHHELD)}?x",
    "Base64 in Base64": encode(encode(WITHHELD)),
    "hexadecimal": WITHHELD.encode().hex(),
    "UTF-16 in Base64": base64.b64encode(WITHHELD.encode("utf-16-le")).decode(),
    "references in references": html.escape("".join(f"&#{ord(letter)};" for letter in WITHHELD)),
    "escapes of JSON": "".join(f"\\u{ord(letter):04x}" for letter in WITHHELD),
    "escapes of a script": "".join(f"\\u{{{ord(letter):x}}}" for letter in WITHHELD),
    "escapes of a style sheet": "".join(f"\\{ord(letter):06x}" for letter in WITHHELD),
    "short escapes of a style sheet": "".join(f"\\{ord(letter):x} " for letter in WITHHELD),
    "quoted-printable": "".join(f"={letter:02X}" for letter in WITHHELD.encode()),
    "tags of Unicode": "".join(chr(0xE0000 + ord(letter)) for letter in WITHHELD),
    "selectors of variants": to_selectors(WITHHELD),
    "Han in escapes of a style sheet": "".join(f"\\{ord(letter):x} " for letter in HAN),
    "Han in quoted-printable": "".join(f"={byte:02X}" for byte in HAN.encode()),
    "Han in selectors of variants": to_selectors(HAN),
    "escapes of an address": "".join(f"%{ord(letter):02x}" for letter in WITHHELD),
    "over cells": "".join(f"<td>{word}</td>" for word in WITHHELD.split()),
    "over words that are hidden": " ".join(f"{word} <span hidden>lorem ipsum</span>" for word in WITHHELD.split()),
    "over words that are not displayed": " ".join(
        f'{word} <b style="display: none">lorem<img hidden> <b>ipsum</b></b>' for word in WITHHELD.split()
    ),
    "under annotations": "<ruby>" + "".join(f"{word} <rt>lorem ipsum</rt>" for word in WITHHELD.split()) + "</ruby>",
    "over letters that are hidden": "".join(f"{letter}<i hidden>q</i>" for letter in WITHHELD),
    "itself hidden": f"<span hidden>{WITHHELD}</span>",
    "hidden and never ended": f"<span hidden>{WITHHELD}",
    "letter by letter": "".join(f"<b>{letter}</b>" for letter in WITHHELD.replace(" ", "")),
    "joined invisibly": "\u2060".join(WITHHELD),
    "tags of Unicode between": "\U000e0041".join(WITHHELD),
    "fillers of Hangul between": "\u3164".join(WITHHELD),
    "letters of other alphabets": WITHHELD.translate(str.maketrans("aeopcyx", "аеорсух")),
    "capitals of other alphabets": WITHHELD.upper().translate(str.maketrans("AEOPCYXTHM", "АЕОРСУХТНМ")),
    "small capitals": WITHHELD.translate(str.maketrans("aefhilorstuwy", "ᴀᴇꜰʜɪʟᴏʀꜱᴛᴜᴡʏ")),
    "letters of flags": "".join(chr(0x1F1E6 + ord(letter) - 97) if letter != " " else " " for letter in WITHHELD),
    "full width": "".join(chr(ord(letter) + 0xFEE0) if letter != " " else " " for letter in WITHHELD),
    "accents": "".join(f"{letter}\u0301" if letter.isalpha() else letter for letter in WITHHELD),
    "letters with accents": WITHHELD.translate(str.maketrans("aeiouyhs", "áëîõüÿĥş")),
    "crossed out": "".join(f"{letter}\u0336" for letter in WITHHELD),
    "ROT13": codecs.encode(WITHHELD, "rot13"),
    "words in reverse order": " ".join(reversed(WITHHELD.split())),
    "decimal codes": " ".join(str(ord(letter)) for letter in WITHHELD),
    "decimal codes in a list": ", ".join(str(ord(letter)) for letter in WITHHELD),
    "Base32": base64.b32encode(WITHHELD.encode()).decode(),
    "Base32 in small letters": base64.b32encode(WITHHELD.encode()).decode().lower().rstrip("="),
    "Ascii85": html.escape(base64.a85encode(WITHHELD.encode()).decode()),
    "Ascii85 with marks": html.escape(base64.a85encode(WITHHELD.encode(), adobe=True).decode()),
    "Base85": html.escape(base64.b85encode(WITHHELD.encode()).decode()),
    "compressed": base64.b64encode(gzip.compress(WITHHELD.encode())).decode(),
    "compressed by zlib": base64.b64encode(zlib.compress(WITHHELD.encode())).decode(),
    "Han in decimal codes": " ".join(str(ord(letter)) for letter in HAN),
    "Han in Base32": base64.b32encode(HAN.encode()).decode(),
    "Han, a word changed": "的支出，是否应同时用于减少候车时间",
    "Han, reversed": HAN[::-1],
    "Han, over elements": "".join(f"<p>{character}</p>" for character in HAN),
    "Han in Base64": encode(HAN),
}


@pytest.fixture(scope="module")
def inspector(starter: Project) -> Inspector:
    return Inspector(starter.brief, starter.get_template_set)


@pytest.mark.parametrize("written", DISGUISES.values(), ids=DISGUISES.keys())
def test_in_an_element(inspector: Inspector, written: str) -> None:
    found = inspector.inspect_bytes("public", "a.html", f"<main><p>Read this: {written}, now.</p></main>".encode())
    assert [diagnostic.code for diagnostic in found] == ["withheld-text"]


@pytest.mark.parametrize(
    "name",
    ["escapes of a style sheet", "tags of Unicode", "Base64", "reversed", "a word changed", "references in references"],
)
def test_in_an_attribute_and_a_style_sheet(inspector: Inspector, name: str) -> None:
    for page in (f'<img alt="{DISGUISES[name]}">', f'<style>p::after {{ content: "{DISGUISES[name]}" }}</style>'):
        assert len(inspector.inspect_bytes("public", "a.html", page.encode())) == 1


@pytest.mark.parametrize(
    "written",
    [
        "It should also be said that shorter waits pay.",
        "Ridership grew in the first year, and waiting remains the weak point for shorter trips.",
        "a year should also",
        "应同时缩短时间",
        encode("nothing of what is withheld stands here"),
        codecs.encode("nothing of what is withheld stands here", "rot13"),
        "It was 12 34 56 78 90 12 34 56 78 90, 11 22 33.",
        "Waits, shorter for pay: also should.",
        "a=20b=C3=A9c?d=E4=B8=AD",
        "C:\\abc\\def \\20 \\21",
        "葛\U000e0100城\U000e0101\ufe0f",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "A path: /usr/lib/python3/dist-packages/(old);a=b{c:d}?e=f&amp;g=h!",
    ],
)
def test_other_sentences_of_the_same_words_are_none(inspector: Inspector, written: str) -> None:
    assert inspector.inspect_bytes("public", "a.html", f"<p>{written}</p>".encode()) == ()


SPELLINGS = (
    "77,700,000",
    "77 700 000",
    "77\u202f700\u202f000",
    "77.700.000",
    "77'700'000",
    "7,77,00,000",
    "7770,0000",
    "77.7 million",
    "77.7m",
    "77.7-million",
    "0.0777 billion",
    "7.77e7",
    "7.77 × 10⁷",
    "7.77*10^7",
    "7770万",
    "7.77千万",
    "0.777亿",
    "七千七百七十万",
    "柒仟柒佰柒拾万",
    "７７，７００，０００",
    "７７．７ million",
    "77,\u200b700,\u2060000",
    "٧٧٧٠٠٠٠٠",
    "<b>77</b>,700,<i>000</i>",
    "&#55;&#55;.7 million",
)


@pytest.fixture(scope="module")
def rival(tmp_path_factory: pytest.TempPathFactory) -> Inspector:
    project = ProjectCopy(tmp_path_factory.mktemp("rival") / "project")
    claim = (
        "claims:\n  - id: rival\n    clearance: internal\n    says: {en: Rival., zh-Hans: 另一。, zh-Hant: 另一。}\n"
        "    quantity: {value: 77_700_000, unit: CNY}\n"
    )
    project.replace(SEED, "claims:\n", claim)
    loaded = Project.load(project.root)
    return Inspector(loaded.brief, loaded.get_template_set)


@pytest.mark.parametrize("written", SPELLINGS)
def test_every_spelling_of_a_figure(rival: Inspector, written: str) -> None:
    (found,) = rival.inspect_bytes("council", "a.html", f"<p>It was {written} then.</p>".encode())
    assert found.location.file == SEED


@pytest.mark.parametrize(
    "sheet",
    ["<c><v>77700000</v></c>", "<c><v>7.77E7</v></c>", "<c><v>77700000.000000007</v></c>"],
)
def test_a_cell_of_a_workbook(rival: Inspector, sheet: str) -> None:
    assert len(rival.inspect_bytes("council", "sheet1.xml", f"<worksheet>{sheet}</worksheet>".encode())) == 1
