"""The table of East Asian characters against Unicode's own names and widths."""

import re
import unicodedata
from pathlib import Path

import pytest

import brief
from brief.model.han import DENSE, EAST_ASIAN, FIRST_EAST_ASIAN, IDEOGRAPHS, KANA, KANA_LETTERS, RARE_IDEOGRAPHS

ASSIGNED = [chr(code) for code in range(0x323B0) if unicodedata.category(chr(code)) not in ("Cn", "Cs", "Co")]


def members(characters: str) -> set[str]:
    pattern = re.compile(f"[{characters}]")
    return {character for character in ASSIGNED if pattern.fullmatch(character)}


def test_ideographs_are_those_that_unicode_names_so() -> None:
    named = {c for c in ASSIGNED if unicodedata.name(c, "").startswith("CJK UNIFIED IDEOGRAPH")}
    others = members(IDEOGRAPHS) - named
    assert named <= members(IDEOGRAPHS)
    assert {unicodedata.name(c).split()[0] for c in others} <= {"CJK", "KANGXI", "IDEOGRAPHIC", "HANGZHOU"}


@pytest.mark.parametrize("mark", "，。「」《》、·—…“”")
def test_marks_are_no_ideographs(mark: str) -> None:
    assert mark not in members(IDEOGRAPHS)


def test_the_sets_hold_each_other() -> None:
    assert members(IDEOGRAPHS) | members(KANA) < members(EAST_ASIAN) < members(DENSE)
    assert {"，", "「", "￥", "Ａ"} <= members(EAST_ASIAN)
    assert "한" in members(DENSE) - members(EAST_ASIAN)


def test_east_asian_characters_are_wide() -> None:
    narrow = {c for c in members(EAST_ASIAN) if unicodedata.east_asian_width(c) not in "WFH"}
    assert {unicodedata.name(c).partition(" ")[0] for c in narrow} <= {"IDEOGRAPHIC", "HEXAGRAM", "CIRCLED"}


def test_nothing_below_the_first_is_east_asian() -> None:
    assert min(map(ord, members(DENSE))) == FIRST_EAST_ASIAN
    assert all(ord(c) in RARE_IDEOGRAPHS for c in members(IDEOGRAPHS) if ord(c) > 0xFFFF)


def test_letters_of_kana_are_those_that_unicode_calls_letters() -> None:
    letters = {
        c for c in members(KANA) if unicodedata.category(c) in ("Lo", "Lm") and unicodedata.normalize("NFC", c) == c
    }
    assert members(KANA_LETTERS) == letters - set("ゝゞゟ")


@pytest.mark.parametrize(
    "block", ["\u3040", "\u3041", "\u3096", "\u30a1", "\u30ff", "\u3400", "\u4e00", "\u9fff", "\uac00", "\ud7a3"]
)
def test_one_table_says_where_a_script_begins_and_ends(block: str) -> None:
    """A range of kana, ideographs or Hangul is written in the table, and nowhere else."""
    code = f"\\u{ord(block):04x}"
    elsewhere = [
        path.name
        for path in Path(brief.__file__).parent.rglob("*.py")
        if path.name != "han.py"
        and re.search(rf"[{block}]-.|.-[{block}]|{re.escape(code)}-|-{re.escape(code)}", path.read_text())
    ]
    assert not elsewhere
