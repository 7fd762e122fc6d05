"""Converts texts between Chinese locales with OpenCC, using the glossary's forms and regional vocabulary.

Forms of the glossary and of the tables below are added to the dictionary that splits a text into words, so that a longer
ordinary word which contains one is still found, and no later step of the conversion changes them. Afterwards, words that
`brief check` would report as those of another region are replaced.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Self

from brief.model.brief import Brief
from brief.model.diagnostics import RequestError
from brief.model.scripts import find_chinese_script, find_han_region
from brief.resolve import terms
from brief.resolve.checks.regional import find_foreign_words
from brief.resolve.checks.style import list_allowed_forms, mask_forms
from brief.translate.placeholders import split_placeholders

if TYPE_CHECKING:
    from opencc import OpenCC

# The configurations of OpenCC, in order of use, for each pair of varieties (see `_find_variety`).
_CONFIGURATIONS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("Hans", "Hant"): ("s2twp",),
    ("Hans", "HK"): ("s2hkp",),
    ("Hant", "Hans"): ("tw2sp",),
    ("Hant", "HK"): ("tw2t", "t2hk"),
    ("HK", "Hans"): ("hk2sp",),
    ("HK", "Hant"): ("hk2t", "t2tw"),
}
# Surnames that OpenCC would convert, because the same characters are simplified forms in other words. They are recognised
# by the title that follows.
_SURNAMES = "范余于郁岳谷卜涂"
_TITLES = {
    "先生": "先生",
    "女士": "女士",
    "教授": "教授",
    "博士": "博士",
    "小姐": "小姐",
    "经理": "經理",
    "总裁": "總裁",
}
# Overrides of OpenCC's regional vocabulary, where it has the word in a different sense, or lacks it.
_WORD_OVERRIDES: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("Hans", "Hant"): {
        "发布": "發布",
        "发布会": "發表會",
        "质量": "品質",
        "信息": "資訊",
        "视频": "影片",
        "软件": "軟體",
        "硬件": "硬體",
        "网络": "網路",
        "智能手机": "智慧型手機",
        "人工智能": "人工智慧",
        "智能": "智慧",
        "打印机": "印表機",
        "用户": "用戶",
        "公交车": "公車",
        "公交": "公車",
        "出租车": "計程車",
        "算法": "演算法",
        "芯片": "晶片",
        "服务器": "伺服器",
        "默认": "預設",
        "屏幕": "螢幕",
        "互联网": "網際網路",
        "短信": "簡訊",
        "审核": "審核",
        "营销": "行銷",
        "定制": "客製",
        "合同": "合約",
        "点击": "點擊",
        "点赞": "按讚",
        "社交媒体": "社群媒體",
    },
    ("Hans", "HK"): {
        "视频": "影片",
        "软件": "軟件",
        "信息": "資訊",
        "质量": "質素",
        "网络": "網絡",
        "出租车": "的士",
        "公交车": "巴士",
        "公交": "巴士",
        "打印机": "打印機",
        "智能手机": "智能手機",
    },
    ("Hant", "HK"): {
        "軟體": "軟件",
        "硬體": "硬件",
        "網路": "網絡",
        "網際網路": "互聯網",
        "品質": "質素",
        "計程車": "的士",
        "公車": "巴士",
        "資料庫": "數據庫",
        "智慧型手機": "智能手機",
        "人工智慧": "人工智能",
        "印表機": "打印機",
        "簡訊": "短訊",
        "螢幕": "屏幕",
        "程式碼": "程式碼",
        "雷射": "激光",
        "捷運": "港鐵",
    },
    ("Hant", "Hans"): {
        "影片": "视频",
        "品質": "质量",
        "資訊": "信息",
        "智慧型手機": "智能手机",
        "人工智慧": "人工智能",
        "公車": "公交车",
        "計程車": "出租车",
        "專案": "项目",
        "演算法": "算法",
        "晶片": "芯片",
        "印表機": "打印机",
        "使用者": "用户",
        "伺服器": "服务器",
        "網際網路": "互联网",
        "螢幕": "屏幕",
    },
}
# For each variety that texts are converted into from Simplified Chinese, the characters and words of which OpenCC prefers
# a form that readers there see less often.
_COMMON_FORMS: Mapping[str, Mapping[str, str]] = {
    "Hant": {
        "臺": "台",
        "佔": "占",
        "賬": "帳",
        "汙": "污",
        "瞭解": "了解",
        "公佈": "公布",
        "計劃": "計畫",
        "迴流": "回流",
    },
}
# Quotation marks of GB/T 15834-2011, 4.8, and of 重訂標點符號手冊 (2008). `_QUOTE` does not match the apostrophe of a Latin
# word.
_QUOTES: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("Hans", "Hant"): {"“": "「", "”": "」", "‘": "『", "’": "』"},
    ("Hant", "Hans"): {"「": "“", "」": "”", "『": "‘", "』": "’"},
}
_QUOTE = re.compile("[“”‘「」『』]|(?<![A-Za-z])’")
# Text that must not be converted, apart from placeholders: code, and the addresses of links.
_VERBATIM = re.compile(r"`[^`]*`|(?<=\])\([^()\s]*\)")


class Converter:
    """Converts texts of one locale into another. It is a context manager, which removes its temporary dictionaries.

    Raises:
        RequestError: there is no conversion between the locales.
    """

    def __init__(self, brief: Brief, source: str, target: str) -> None:
        varieties = _find_variety(source), _find_variety(target)
        if varieties not in _CONFIGURATIONS:
            raise RequestError(
                f"{target} cannot be derived from {source}: texts are converted between zh-Hans, zh-Hant and zh-Hant-HK"
            )
        scripts = str(find_chinese_script(source)), str(find_chinese_script(target))
        self._quotes = _QUOTES.get(scripts, {})
        self._target, self._forms = target, list_allowed_forms(brief, target)
        self._common_forms = _COMMON_FORMS.get(varieties[1], {}) if varieties[0] == "Hans" else {}
        self._stack = ExitStack()
        folder = Path(self._stack.enter_context(TemporaryDirectory(prefix="brief-derive-")))
        words = {**_WORD_OVERRIDES.get(varieties, {}), **_pair_terms(brief, source, target)}
        if varieties[0] == "Hans":
            names = ((surname + old, surname + new) for surname in _SURNAMES for old, new in _TITLES.items())
            words = {**dict(names), **words}
        self._converter = _make_converter(_CONFIGURATIONS[varieties], words, folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def convert(self, text: str) -> str:
        """Returns the converted text; placeholders, code and addresses of links are unchanged."""
        return "".join(
            part if is_verbatim else self._convert_words(part)
            for piece, is_placeholder in split_placeholders(text)
            for part, is_verbatim in _split_verbatim(piece, is_placeholder)
        )

    def _convert_words(self, text: str) -> str:
        converted: str = self._converter.convert(text)
        # A form in the source text itself was chosen by its author.
        for form, common in self._common_forms.items():
            if form not in text:
                masked = mask_forms(converted, self._forms)
                for start in [match.start() for match in re.finditer(form, masked)]:
                    converted = converted[:start] + common + converted[start + len(form) :]
        # Names are masked, because they may contain words of another region.
        foreign_words = list(find_foreign_words(mask_forms(converted, self._forms), self._target))
        # From the last to the first, so that the positions of the others stay valid.
        for word in reversed([word for word in foreign_words if word.is_sure]):
            converted = converted[: word.start] + word.replacement + converted[word.end :]
        return _QUOTE.sub(lambda match: self._quotes.get(match[0], match[0]), converted)


def _find_variety(locale: str) -> str:
    """Returns `Hans`, `Hant`, or `HK` for the Traditional Chinese of Hong Kong and Macao; empty if it is not Chinese."""
    script = find_chinese_script(locale)
    if script is None:
        return ""
    return "HK" if script == "Hant" and find_han_region(locale) in ("HK", "MO") else script


def _split_verbatim(text: str, is_placeholder: bool) -> Iterator[tuple[str, bool]]:
    """Yields the pieces of a text in order, each with whether it must not be converted; a placeholder is one piece."""
    if is_placeholder:
        yield text, True
        return
    position = 0
    for match in _VERBATIM.finditer(text):
        yield text[position : match.start()], False
        yield match[0], True
        position = match.end()
    yield text[position:], False


def _pair_terms(brief: Brief, source: str, target: str) -> dict[str, str]:
    """Maps each form of a term in the source locale to the same form in the target locale, or to the preferred one if the
    target locale does not have it. Leaves out terms without a form there, and forms with spaces, which separate
    alternatives in a dictionary of OpenCC.
    """
    pairs: dict[str, str] = {}
    for term in brief.glossary.terms:
        preferred = next(terms.list_term_forms(term, target), "")
        for text in (term.name, *term.also):
            form, counterpart = (phrase.source if phrase else "" for phrase in map(text.find_phrase, (source, target)))
            result = counterpart or preferred
            if form and result and not re.search(r"\s", form + result):
                pairs.setdefault(form, result)
    return pairs


def _make_converter(names: tuple[str, ...], words: Mapping[str, str], folder: Path) -> "OpenCC":
    """Chains the named configurations of OpenCC, and gives `words` precedence over their dictionaries. Writes the new
    configuration and its dictionaries into the folder.
    """
    from opencc import OpenCC

    configuration, *others = (json.loads(_find_configuration(name).read_text("utf-8")) for name in names)
    for other in others:
        configuration["conversion_chain"] += other["conversion_chain"]
    _make_absolute(configuration, _find_configuration(names[0]).parent)
    conversions, results = folder / "own.txt", folder / "kept.txt"
    conversions.write_text("".join(f"{word}\t{result}\n" for word, result in sorted(words.items())), "utf-8")
    results.write_text("".join(f"{result}\t{result}\n" for result in sorted(set(words.values()))), "utf-8")
    first, *later = configuration["conversion_chain"]
    # Configurations between two Traditional forms split no words, so the words of the first step are used.
    segmentation = configuration.setdefault("segmentation", {"type": "mmseg", "dict": first["dict"]})
    segmentation["dict"] = _prepend_dictionary(conversions, segmentation["dict"])
    first["dict"] = _prepend_dictionary(conversions, first["dict"])
    for step in later:
        step["dict"] = _prepend_dictionary(results, step["dict"])
    path = folder / "brief.json"
    path.write_text(json.dumps(configuration, ensure_ascii=False), "utf-8")
    return OpenCC(str(path))


def _prepend_dictionary(words: Path, other: Any) -> dict[str, Any]:
    return {"type": "group", "match_policy": "short_circuit", "dicts": [{"type": "text", "file": str(words)}, other]}


@cache
def _find_configuration(name: str) -> Path:
    import opencc

    return next(Path(opencc.__file__).parent.rglob(f"{name}.json"))


def _make_absolute(value: Any, folder: Path) -> None:
    """Puts the folder before the names of files in a configuration, in place."""
    if isinstance(value, dict):
        if "file" in value:
            value["file"] = str(folder / value["file"])
        for part in value.values():
            _make_absolute(part, folder)
    elif isinstance(value, list):
        for part in value:
            _make_absolute(part, folder)
