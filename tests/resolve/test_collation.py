"""Names in the order in which readers of a language look them up."""

import sys
from pathlib import Path

import pytest

from brief.resolve.collation import sort_by_name
from brief.resolve.pinyin import read_pinyin

ORDERS = {
    # Pinyin: aiqiyi, doubao, huoshan, kuaishou, tengxun, zijie.
    "zh-Hans": ["DeepSeek", "Sora", "sora 2", "Vidu", "爱奇艺", "豆包", "火山引擎", "快手", "腾讯", "字节跳动"],
    # Strokes: 4, 6, 7, 7, 13, 20.
    "zh-Hant": ["DeepSeek", "Sora", "sora 2", "Vidu", "火山引擎", "字節跳動", "快手", "豆包", "愛奇藝", "騰訊"],
    "de": ["Ägir", "Alpha", "Öresund", "Zürich"],
    "fr": ["Éole", "Etna", "Œuvre", "Total"],
    "en": ["3M", "“Alpha”", "beta", "Gamma"],
    "ko": ["가스", "나무", "하늘"],
}


@pytest.mark.parametrize(("locale", "names"), ORDERS.items())
def test_names_are_in_the_order_of_the_locale(locale: str, names: list[str]) -> None:
    assert sort_by_name(reversed(names), str, locale) == names


def test_rare_characters_are_sorted_by_their_reading_in_simplified_chinese() -> None:
    # 哔 is a rare character of GB 2312; no dictionary has the reading of 𠮷.
    assert sort_by_name(["𠮷野家", "昇腾", "哔哩哔哩", "中芯", "阿里", "豆包"], str, "zh-Hans") == [
        "阿里", "哔哩哔哩", "豆包", "昇腾", "中芯", "𠮷野家",
    ]  # fmt: skip


def test_characters_with_several_readings_are_sorted_by_that_of_the_word() -> None:
    names = ["长安汽车", "重庆", "光大银行", "音乐", "乐视", "长期主义", "重点项目", "长老"]
    # chang'an, changqi, chongqing, guangda, leshi, yinyue, zhanglao, zhongdian
    assert sort_by_name(reversed(names), str, "zh-Hans") == [
        "长安汽车", "长期主义", "重庆", "光大银行", "乐视", "音乐", "长老", "重点项目",
    ]  # fmt: skip


def test_rare_characters_follow_the_common_ones_in_traditional_chinese() -> None:
    assert sort_by_name(["𠮷野家", "昇騰", "中芯"], str, "zh-Hant") == ["中芯", "昇騰", "𠮷野家"]


def test_readings_are_kept_so_that_the_dictionaries_are_not_loaded_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIEF_CACHE_DIR", str(tmp_path))
    read_pinyin.cache_clear()
    first = sort_by_name(["重庆", "重点项目", "Sora"], str, "zh-Hans")
    read_pinyin.cache_clear()
    monkeypatch.delitem(sys.modules, "pypinyin")
    assert sort_by_name(["重点项目", "Sora", "重庆"], str, "zh-Hans") == first == ["Sora", "重庆", "重点项目"]
    assert "pypinyin" not in sys.modules
