"""Finds words such as "about" that are typed beside a placeholder, which prints the qualifier of its claim: "about about 500"."""

from collections.abc import Mapping
from dataclasses import replace

from brief.model.brief import Brief
from brief.model.catalogue import Catalogue
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import Diagnostic
from brief.model.figures.quantity import Qualifier, Quantity
from brief.model.han import DENSE_CHARACTER
from brief.model.locale import get_primary_language
from brief.model.scripts import find_chinese_script
from brief.resolve.checks.figures.placeholders import Placeholder, Placeholders
from brief.resolve.figures import quantities

# Qualifiers with words of their own; a magnitude such as "dozens" has no number that a word could qualify.
_QUALIFIERS = tuple(each for each in Qualifier if each not in (Qualifier.EXACT, Qualifier.SEVERAL))
# Further words before a number, in addition to those of the catalogues, by language or Chinese script. Words such as "over" and "über"
# are left out: "spread over about three years".
_BEFORE: Mapping[str, tuple[str, ...]] = {
    "en": ("around", "approximately", "roughly", "circa", "almost", "at most", "as much as"),
    "de": ("rund", "ungefähr", "circa", "ca.", "zirka", "knapp", "beinahe", "höchstens", "mindestens"),
    "fr": (
        "environ",
        "près de",
        "presque",
        "quelque",
        "plus de",
        "moins de",
        "au moins",
        "au plus",
        "jusqu'à",
        "jusqu’à",
    ),
    "es": (
        "alrededor de",
        "cerca de",
        "unos",
        "unas",
        "casi",
        "más de",
        "menos de",
        "al menos",
        "como máximo",
        "hasta",
    ),
    "ja": ("約", "およそ", "ほぼ", "最大", "最低", "少なくとも"),
    "ko": ("약", "거의", "최대", "최소", "적어도"),
    "Hans": ("约", "大约", "近", "将近", "接近", "超", "超过", "逾", "至少", "最多", "不到", "不足", "多达", "高达"),
    "Hant": ("約", "大約", "近", "將近", "接近", "超", "超過", "逾", "至少", "最多", "不到", "不足", "多達", "高達"),
}
# Characters with which 约 or 近 is another word: 节约, 合約, 最近.
_OTHER_WORDS = frozenset("节節合预預予契条條违違制签簽公特誓规規最附靠邻鄰")
_AFTER: Mapping[str, tuple[str, ...]] = {
    "en": ("or so", "or more", "or less"),
    "ja": ("以上", "以下", "超", "程度", "前後", "ほど", "近く"),
    "ko": ("이상", "이하", "가량", "정도", "안팎"),
    "Hans": ("左右", "上下", "以上", "以下"),
    "Hant": ("左右", "上下", "以上", "以下"),
}


def check_repeated_qualifiers(brief: Brief, placeholders: Placeholders) -> list[Diagnostic]:
    """Warns about each word beside a placeholder that qualifies its figure once more."""
    sink = DiagnosticSink()
    for locale, catalogue in brief.catalogues.items():
        table = _QualifierWords(catalogue)
        for each in placeholders.by_locale.get(locale, ()):
            if _is_qualified(each, brief) and (typed := table.find(each.before, each.after)):
                bare = replace(each, run=replace(each.run, part="bare"))
                message = each.describe(typed, brief, catalogue)
                sink.add_warning(
                    "repeated-qualifier", each.run.claim.location, message, f"remove it, or write {bare.written}"
                )
    return sink.found


def _is_qualified(placeholder: Placeholder, brief: Brief) -> bool:
    """Returns whether a placeholder prints a number with a qualifier."""
    quantity = placeholder.find_quantity(brief) if placeholder.run.part == "value" else None
    return quantity is not None and quantity.qualifier in _QUALIFIERS


class _QualifierWords:
    """The words that qualify a number in the locale of a catalogue, before it and after it."""

    def __init__(self, catalogue: Catalogue) -> None:
        patterns = {
            quantities.apply_qualifier(Quantity(qualifier=qualifier, unit=unit), "{n}", catalogue)
            for qualifier in _QUALIFIERS
            for unit in ("count", "hour")
        }
        language = find_chinese_script(catalogue.locale) or get_primary_language(catalogue.locale)
        before = {*_BEFORE.get(language, ()), *(pattern.partition("{n}")[0].strip() for pattern in patterns)}
        after = {*_AFTER.get(language, ()), *(pattern.partition("{n}")[2].strip() for pattern in patterns)}
        self._before, self._after = tuple(before - {""}), tuple(after - {""})

    def find(self, before: str, after: str) -> str:
        """Returns the word at the end of the text before a figure, or at the beginning of that after it; empty if neither
        qualifies it.
        """
        before, after = before.rstrip().casefold(), after.lstrip().casefold()
        if before.endswith(self._before):
            found = [
                word for word in self._before if before.endswith(word) and _is_whole(before[: -len(word)][-1:], word[0])
            ]
            if found:
                return max(found, key=len)
        if after.startswith(self._after):
            found = [
                word for word in self._after if after.startswith(word) and _is_whole(after[len(word) :][:1], word[-1])
            ]
            return max(found, key=len, default="")
        return ""


def _is_whole(neighbour: str, edge: str) -> bool:
    """Returns whether a word ends between its `edge` and the character beside it."""
    if DENSE_CHARACTER.search(edge):
        return neighbour not in _OTHER_WORDS
    return not neighbour.isalnum()
