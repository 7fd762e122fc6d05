"""The table of East Asian characters against Unicode's own names and widths."""

import re
import unicodedata

import pytest

from brief.model.han import DENSE, EAST_ASIAN, FIRST_EAST_ASIAN, IDEOGRAPHS, KANA, RARE_IDEOGRAPHS

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
