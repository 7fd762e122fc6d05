"""Checks for verbs of decline before negative figures: "fell by −32.1%" is a double negative."""

import re
from collections.abc import Iterator, Mapping

from brief.model.brief import Brief
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import Diagnostic
from brief.model.inline import AuthoredRuns, ClaimValue, Emphasis, Link, Strong, Text
from brief.model.locale import get_primary_language
from brief.model.scripts import find_chinese_script
from brief.resolve import walk
from brief.resolve.figures import derive
from brief.resolve.figures.operands import DerivationError

# The end of a text before the figure by which something declines. "Fell to" and "降至" are not included: they are followed by a
# level, which may be negative; "增减" and "涨跌" mean a change in either direction.
_ENGLISH = (
    r"\b(?:declin(?:e|es|ed|ing)|decreas(?:e|es|ed|ing)|drop(?:s|ped|ping)?|fall(?:s|en|ing)?|fell|los(?:e|es|s|ses|ing)|lost"
    r"|reduc(?:e|es|ed|ing|tion|tions)|shr(?:ink|inks|ank|unk|inking)|contract(?:s|ed|ing|ion)?|slip(?:s|ped|ping)?|down|cuts?)"
    r"(?: by| of)?(?: (?:about|around|some|nearly|almost|roughly|another|a further|more than|over))?\s*$"
)
_HANS = (
    "(?:下降|下跌|下滑|减少|降低|回落|缩减|萎缩|缩水|收缩|亏损|损失|(?<![增升涨])[跌降减])了?(?:大?约|近|超过|逾)?\\s*$"
)
_HANT = (
    "(?:下降|下跌|下滑|減少|降低|回落|縮減|萎縮|縮水|衰退|虧損|損失|(?<![增升漲])[跌降減])了?(?:大?約|近|超過|逾)?\\s*$"
)
_DECLINES: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(_ENGLISH, re.IGNORECASE),
    "Hans": re.compile(_HANS),
    "Hant": re.compile(_HANT),
}


def check_declines(brief: Brief) -> list[Diagnostic]:
    """Warns about each negative figure after a verb of decline, and suggests the correct placeholder."""
    sink = DiagnosticSink()
    patterns = {
        locale: _DECLINES.get(find_chinese_script(locale) or get_primary_language(locale)) for locale in brief.locales
    }
    for text in walk.walk_printed_texts(brief):
        for locale, pattern in patterns.items():
            phrase = text.find_phrase(locale)
            for words, run in _find_figures(phrase.runs) if phrase and pattern else ():
                if pattern and (verb := pattern.search(words)) and _is_negative(run, brief):
                    right = f"{{{run.claim}{run.modifiers}:abs}}"
                    message = f"'{verb[0].strip()}' precedes a negative figure, {{{run.claim}{run.modifiers}}}"
                    sink.add_warning("negative-decline", run.claim.location, message, f"write {right}")
    return sink.found


def _find_figures(runs: AuthoredRuns, before: str = "") -> Iterator[tuple[str, ClaimValue]]:
    """Yields each figure of a text with the words between it and the previous figure."""
    for run in runs:
        match run:
            case Text(text):
                before += text
            case Strong(children) | Emphasis(children) | Link(_, children):
                yield from _find_figures(children, before)
                before = ""
            case ClaimValue():
                yield before, run
                before = ""
            case _:
                pass


def _is_negative(run: ClaimValue, brief: Brief) -> bool:
    if run.is_absolute or run.part == "period" or run.claim.name not in brief.claims:
        return False
    try:
        quantity = derive.derive_quantity(brief, run.claim.name)
    except DerivationError:
        return False
    highest = (quantity.value if quantity.value is not None else quantity.high) if quantity else None
    return highest is not None and highest < 0
