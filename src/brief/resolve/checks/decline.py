"""Checks for words of decline beside negative figures: "fell by −32.1%" is a double negative."""

import re
from collections.abc import Iterator, Mapping

from brief.model.brief import Brief
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import Diagnostic
from brief.model.inline import AuthoredRuns, ClaimValue, Emphasis, Link, Strong, Text
from brief.model.locale import get_primary_language
from brief.model.record import dataclass
from brief.model.scripts import find_chinese_script
from brief.resolve import walk
from brief.resolve.figures import derive
from brief.resolve.figures.operands import DerivationError


@dataclass(frozen=True, slots=True)
class DeclineWords:
    """Patterns of the end of the words before a figure, and of the beginning of the words after it."""

    before: re.Pattern[str]
    after: re.Pattern[str]

    def find(self, before: str, after: str) -> str:
        """Returns the words of decline by which a figure between two texts is governed; empty if there are none."""
        found = self.before.search(before) or self.after.match(after)
        return found[0].strip() if found else ""


# "Fell to", "from" and "below" are not included: a level follows, which may be negative. "降为" is a level too; "增减" and "涨跌" mean a
# change in either direction.
_VERBS = (
    "declin(?:e|es|ed|ing)|decreas(?:e|es|ed|ing)|drop(?:s|ped|ping)?|f[ae]ll(?:s|en|ing)?|los(?:e|es|ing)|lost|reduc(?:e|es|ed|ing)"
    "|shr(?:ink|inks|ank|unk|inking)|contract(?:s|ed|ing)?|slip(?:s|ped|ping)?|slid(?:e|es|ing)?|slump(?:s|ed|ing)?"
    "|plung(?:e|es|ed|ing)|plummet(?:s|ed|ing)?|tumbl(?:e|es|ed|ing)|s[iau]nk(?:s|ing)?|dip(?:s|ped|ping)?|eas(?:e|es|ed|ing)"
    "|narrow(?:s|ed|ing)?|retreat(?:s|ed|ing)?|soften(?:s|ed|ing)?|weaken(?:s|ed|ing)?|reced(?:e|es|ed|ing)|subsid(?:e|es|ed|ing)"
    "|dwindl(?:e|es|ed|ing)|diminish(?:es|ed|ing)?|depreciat(?:e|es|ed|ing)|devalu(?:e|es|ed|ing)|collaps(?:e|es|ed|ing)"
    "|crash(?:es|ed|ing)?|div(?:e|es|ed|ing)|dove|nosediv(?:e|es|ed|ing)|shed(?:s|ding)?|trim(?:s|med|ming)?|par(?:e|es|ed|ing)"
    "|lower(?:s|ed|ing)?|slash(?:es|ed|ing)?|cut(?:s|ting)?|erod(?:e|es|ed|ing)|wan(?:e|es|ed|ing)|abat(?:e|es|ed|ing)"
    "|ebb(?:s|ed|ing)?|cool(?:s|ed|ing)?|moderat(?:e|es|ed|ing)|slow(?:s|ed|ing)?|decelerat(?:e|es|ed|ing)|g[ai]ve(?:s|n)? up"
    "|curtail(?:s|ed|ing)?|down|downgrad(?:e|es|ed|ing)"
)
_COMPARED = "cheaper|smaller|fewer|weaker|less|shorter|lighter"
_NOUNS = (
    "declines?|decreases?|drops?|falls?|loss(?:es)?|reductions?|contractions?|slips?|slides?|slumps?|plunges?|tumbles?|dips?"
    "|retreats?|collapse|crash|cuts?|downturns?|deficits?|shortfalls?|setbacks?|erosion|shrinkage|write-?downs?|devaluation"
    "|depreciation|slowdowns?"
)
_ADVERB = (
    r"(?: (?:about|around|some|nearly|almost|roughly|approximately|another|a further|further|more than|over|under|less than"
    r"|as much as|up to|at least|only|just|a mere|an estimated|an average|sharply|slightly|steeply|modestly|markedly|year on year|on average))*"
)
# Words between a verb and "by" after which the figure belongs to another statement.
_OTHER = (
    r"(?:and|but|or|while|whereas|which|that|who|when|as|then|before|after|although|though|because|so|to|from|than|if|since"
    r"|gr[eo]w\w*|r[io]s\w+|gain\w*|increas\w*|climb\w*|chang\w*|differ\w*|widen\w*|improv\w*|recover\w*|mov\w*|jump\w*|surg\w*|growth"
    r"|add\w*|rais\w*)\b"
)
_WITHIN = rf"(?: (?!{_OTHER})[\w'’-]+){{0,6}}?"
_ENGLISH = DeclineWords(
    re.compile(
        rf"(?:(?<![\w-])(?:{_VERBS}){_ADVERB}|(?<![\w-])(?:{_VERBS}|{_COMPARED}){_WITHIN} by(?: a)?{_ADVERB}"
        rf"|(?<![\w-])(?:{_NOUNS}){_WITHIN} of{_ADVERB})\s*$",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\s+(?:{_COMPARED}|lower|declines?|decreases?|drops?|reductions?|losses|loss|slumps?|contractions?)\b(?!-)",
        re.IGNORECASE,
    ),
)
_LEAST = "(?:大?[约約]|近|将近|將近|接近|[超]过|超過|逾|至少|最多|多[达達]|高[达達]|不到|不足|[达達]到?|累[计計])?"
_HANS_VERBS = (
    "下降|下跌|下滑|下挫|下行|下调|减少|减低|减小|降低|回落|走低|走弱|走软|走跌|滑落|滑坡|缩减|缩水|缩小|收缩|收窄|萎缩|亏损|损失|流失|衰退|倒退|负增长|负成长|削减|裁减"
    "|调降|调低|贬值|跳水|锐减|骤减|骤降|剧降|剧减|递减|递降|净减|少收|(?<![增升涨止起不])[跌降减]"
)
_HANT_VERBS = (
    "下降|下跌|下滑|下挫|下行|下調|減少|減低|減小|降低|回落|走低|走弱|走軟|走跌|滑落|滑坡|縮減|縮水|縮小|收縮|收窄|收斂|萎縮|虧損|損失|流失|衰退|倒退|負成長|負增長"
    "|削減|裁減|調降|調低|貶值|跳水|銳減|驟減|驟降|劇降|劇減|遞減|遞降|淨減|重挫|急挫|短少|(?<![增升漲止起不])[跌降減]"
)


def _compile_chinese(verbs: str, nouns: str, after: str, changes: str) -> DeclineWords:
    """Compiles the patterns of one script. `changes` are characters before a noun that make it mean a change in either direction."""
    amount = rf"(?<![{changes}])(?:{nouns})(?:[约約][为為]|[为為是])?"
    return DeclineWords(re.compile(rf"(?:(?:{verbs})了?|{amount}){_LEAST}\s*$"), re.compile(rf"\s*的(?:{after})"))


DECLINES: Mapping[str, DeclineWords] = {
    "en": _ENGLISH,
    "Hans": _compile_chinese(
        _HANS_VERBS,
        "[跌降减缩]幅|(?:下降|下跌|下滑|减少|回落|萎缩|收缩|缩减|衰退)(?:幅度|比例|率)|亏损额|跌势",
        "[跌降减缩]幅|下降|下跌|下滑|减少|亏损|缩减|萎缩|回落|衰退|损失",
        "增升涨",
    ),
    "Hant": _compile_chinese(
        _HANT_VERBS,
        "[跌降減縮]幅|(?:下降|下跌|下滑|減少|回落|萎縮|收縮|縮減|衰退)(?:幅度|比例|率)|虧損額|跌勢",
        "[跌降減縮]幅|下降|下跌|下滑|減少|虧損|縮減|萎縮|回落|衰退|損失",
        "增升漲",
    ),
}


def check_declines(brief: Brief) -> list[Diagnostic]:
    """Warns about each negative figure that words of decline govern, and suggests the correct placeholder."""
    sink = DiagnosticSink()
    patterns = {
        locale: words
        for locale in brief.locales
        if (words := DECLINES.get(find_chinese_script(locale) or get_primary_language(locale)))
    }
    for text in walk.walk_printed_texts(brief):
        for locale, pattern in patterns.items():
            phrase = text.find_phrase(locale)
            for before, run, after in find_figures(phrase.runs) if phrase else ():
                if (verb := pattern.find(before, after)) and _is_negative(run, brief):
                    right = f"{{{run.claim}{run.modifiers}:abs}}"
                    message = f"'{verb}' is said of a negative figure, {{{run.claim}{run.modifiers}}}"
                    sink.add_warning("negative-decline", run.claim.location, message, f"write {right}")
    return sink.found


def find_figures(runs: AuthoredRuns) -> Iterator[tuple[str, ClaimValue, str]]:
    """Yields each placeholder of a text with the words before it, from the previous one on, and the words up to the next."""
    texts, figures = [""], []
    for run in _flatten(runs):
        if isinstance(run, str):
            texts[-1] += run
        else:
            figures.append(run)
            texts.append("")
    yield from zip(texts, figures, texts[1:], strict=False)


def _flatten(runs: AuthoredRuns) -> Iterator[str | ClaimValue]:
    for run in runs:
        match run:
            case Text(text):
                yield text
            case Strong(children) | Emphasis(children) | Link(_, children):
                yield from _flatten(children)
            case ClaimValue():
                yield run
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
