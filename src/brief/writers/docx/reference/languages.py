"""A locale in Word's terms: language tags, fonts and fallback fonts, and runs with East Asian punctuation."""

import re
from collections.abc import Mapping
from typing import Literal

from brief.model.appearance.look import Faces
from brief.model.han import LATIN_MARK
from brief.model.locale import get_primary_language, split_subtags
from brief.model.record import dataclass
from brief.model.scripts import find_chinese_script
from brief.resolve.figures.locale_data import add_likely_subtags

Family = Literal["serif", "sans"]

# Word picks the Latin face for these characters unless the run is hinted as East Asian (ECMA-376 part 1, 17.3.2.26).
_AMBIGUOUS = "“”‘’…—·"
_WITHIN_WORD = re.compile(LATIN_MARK)

# Faces that Word users usually have, by script and family: for machines without the faces of the template set.
_FALLBACK: Mapping[str, Mapping[Family, str]] = {
    "Latn": {"serif": "Georgia", "sans": "Arial"},
    "Hans": {"serif": "SimSun", "sans": "Microsoft YaHei"},
    "Hant": {"serif": "PMingLiU", "sans": "Microsoft JhengHei"},
    "Jpan": {"serif": "MS Mincho", "sans": "Yu Gothic"},
    "Kore": {"serif": "Batang", "sans": "Malgun Gothic"},
}
# Windows character sets by script (ECMA-376 part 1, 17.8.3.2).
_CHARSET: Mapping[str, str] = {"Latn": "00", "Hans": "86", "Hant": "88", "Jpan": "80", "Kore": "81"}
# The script of an East Asian face, by the end of its name ("Noto Serif CJK SC").
_SCRIPT_OF_FACE = {"SC": "Hans", "TC": "Hant", "HK": "Hant", "JP": "Jpan", "KR": "Kore"}
SCRIPTS = tuple(_CHARSET)
# For East Asian languages other than Chinese: Word's tag, which includes a region, and the script.
_EAST_ASIAN = {"ja": ("ja-JP", "Jpan"), "ko": ("ko-KR", "Kore")}

# Of languages whose likely region (CLDR) is not ours.
_REGIONS = {"en": "GB"}


@dataclass(frozen=True, slots=True)
class Face:
    """A font family, its fallback, and what the font table says about them."""

    name: str
    fallback: str
    charset: str
    family: Family


@dataclass(frozen=True, slots=True)
class Language:
    """A locale in Word's terms. `tag` is the locale; `latin` and `east_asian` are the tags that `w:lang` has in its
    attributes `val` and `eastAsia`.
    """

    tag: str
    latin: str
    east_asian: str
    script: str

    @property
    def is_chinese(self) -> bool:
        return get_primary_language(self.tag) == "zh"

    @property
    def emphasis_mark(self) -> str | None:
        """The kind of emphasis marks (ECMA-376 part 1, 17.18.24) in East Asian text, which has no italics; None in
        other languages.
        """
        if self.is_chinese:
            return "underDot"
        return "dot" if self.script in ("Jpan", "Kore") else None

    @property
    def document_tag(self) -> str:
        """The tag of a whole document in this language."""
        return self.latin if self.script == "Latn" else self.east_asian

    @property
    def lang_attributes(self) -> dict[str, str]:
        """The one attribute of `w:lang` that a passage in this language sets; the others stay as in the document."""
        return {"val": self.latin} if self.script == "Latn" else {"eastAsia": self.east_asian}

    @classmethod
    def from_locale(cls, locale: str) -> "Language":
        """Returns the language of a locale. Office distinguishes Chinese scripts only by region, so a tag without a
        region gets one: CN for Hans, TW for Hant.
        """
        if get_primary_language(locale) in _EAST_ASIAN:
            return cls(locale, "en-GB", *_EAST_ASIAN[get_primary_language(locale)])
        if get_primary_language(locale) != "zh":
            return cls(locale, _add_region(locale), "zh-CN", "Latn")
        region = locale.rpartition("-")[2]
        if len(region) != 2 or not region.isupper():
            region = "CN" if find_chinese_script(locale) == "Hans" else "TW"
        return cls(locale, "en-GB", f"zh-{region}", find_chinese_script(locale) or "Hans")

    def choose_faces(self, faces: Faces, family: Family) -> tuple[Face, Face]:
        """Chooses the Latin and the East Asian face of a family.

        A template set lists the Latin face first and the Han face second; if it lists only one, that is used for both.
        """
        names = faces.serif if family == "serif" else faces.sans
        latin, han = names[0], names[:2][-1]
        script_of_han = next((s for end, s in _SCRIPT_OF_FACE.items() if han.endswith(end)), self.script)
        return (
            Face(latin, _FALLBACK["Latn"][family], _CHARSET["Latn"], family),
            Face(han, _FALLBACK[script_of_han][family], _CHARSET[script_of_han], family),
        )

    def split_runs(self, text: str) -> list[tuple[str, bool]]:
        """Splits text into pairs: a run, and whether it needs the hint that the punctuation in `_AMBIGUOUS` is East
        Asian.

        In Chinese, every run with such punctuation needs the hint, but an apostrophe or middle dot within a Latin word
        is a run of its own without it. In other languages, no run needs it.
        """
        if not text:
            return []
        if not self.is_chinese or not any(mark in text for mark in _AMBIGUOUS):
            return [(text, False)]
        found: list[tuple[str, bool]] = []
        start = 0
        for match in _WITHIN_WORD.finditer(text):
            found += [(text[start : match.start()], True), (match[0], False)]
            start = match.end()
        found.append((text[start:], True))
        return [(piece, hinted and any(mark in piece for mark in _AMBIGUOUS)) for piece, hinted in found if piece]


def _add_region(tag: str) -> str:
    """Returns the tag with a region, such as `it-IT`: Word has dictionaries only for tags that include one."""
    language, script, region = split_subtags(tag)
    likely = add_likely_subtags(tag)
    if region or likely == tag:
        return tag
    return "-".join(part for part in (language, script, _REGIONS.get(language, likely.rpartition("-")[2])) if part)
