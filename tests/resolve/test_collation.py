"""Names in the order in which readers of a language look them up."""

import pytest

from brief.resolve.collation import sort_by_name

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


def test_rare_characters_follow_the_common_ones() -> None:
    assert sort_by_name(["𠮷野家", "昇腾", "中芯", "阿里"], str, "zh-Hans") == ["阿里", "中芯", "昇腾", "𠮷野家"]
