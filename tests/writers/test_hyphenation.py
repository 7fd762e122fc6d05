"""Names are not hyphenated in PDFs, and other words are."""

import re
import subprocess

import pytest
from variant_samples import sample, text

from brief.model.variant import Paragraph
from brief.templating.template_set import find_template_set
from brief.templating.tokens import mark_unhyphenated
from brief.writers.pdf import write

from brief.writers.pdf.weasyprint import process  # noqa: F401  # isort: skip  # before the engine
from brief.writers.pdf.weasyprint.hyphenation import is_name


@pytest.mark.parametrize(
    ("word", "in_english", "in_german"),
    [
        ("ByteDance", True, True),
        ("MagicAnimate", True, True),
        ("I2VGen", True, True),
        ("OPENSOURCE", True, True),
        ("Kuaishou", True, False),
        ("Changchun", True, False),
        ("recommendation", False, False),
        ("Krankenhausaufnahme", False, False),
        ("Commercialization", False, False),
    ],
)
def test_names_are_told_by_their_capitals_and_digits(word: str, *, in_english: bool, in_german: bool) -> None:
    assert is_name(word, has_capital_nouns=False) is in_english
    assert is_name(word, has_capital_nouns=True) is in_german


def list_divided(locale: str, words: str) -> set[str]:
    """Lists the starts of words that lines of different lengths end in with a hyphen."""
    blocks = tuple(Paragraph(id=f"p{at}", text=text("i" * at + " " + " ".join([words] * 40))) for at in range(1, 12))
    data = write(sample(locale, blocks=blocks), find_template_set("base")).data
    shown = subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True).stdout.decode()
    return set(re.findall(r"(\S+)-$", shown, re.MULTILINE))


def test_lines_end_within_words_and_not_within_names() -> None:
    divided = list_divided("en", "ByteDance and Changchun recommendation")
    assert divided
    assert all("recommendation".startswith(part) for part in divided)


def test_lines_do_not_end_at_the_hyphen_of_a_name() -> None:
    divided = list_divided("en", "Qwen-Image-2.0 and state-owned GPT-4")
    assert divided <= {"state"}


def test_a_name_has_joiners_and_a_compound_or_an_address_has_none() -> None:
    assert mark_unhyphenated("Qwen-Image-2.0") == "Qwen-\u2060Image-\u20602.0"
    assert mark_unhyphenated("state-owned") == "state-owned"
    assert mark_unhyphenated("https://example.org/A-B-C") == '<span class="token">https://example.org/A-B-C</span>'
    assert mark_unhyphenated("Donau-Dampfschifffahrts-Gesellschaft") == "Donau-Dampfschifffahrts-Gesellschaft"
