"""Checks for words of growth beside negative figures, which a text has once the figures of a new period are negative: "grew by −12%"."""

from collections.abc import Mapping

from brief.model.brief import Brief
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import Diagnostic
from brief.resolve.checks.figures.change_words import ChangeWords, find_negative_figures
from brief.resolve.checks.figures.placeholders import Placeholders

# Rates of growth may be negative, so "growth of" and 增长率 are not included, nor is "rose to", after which a level follows.
_VERBS = (
    "gr[eo]ws?|grown|growing|rose|ris(?:e|es|en|ing)|increas(?:e|es|ed|ing)|climb(?:s|ed|ing)?|gain(?:s|ed|ing)?|expand(?:s|ed|ing)?"
    "|improv(?:e|es|ed|ing)|jump(?:s|ed|ing)?|surg(?:e|es|ed|ing)|soar(?:s|ed|ing)?|advanc(?:e|es|ed|ing)|add(?:s|ed|ing)?|up"
)
_ADVERB = "(?: (?:about|around|some|nearly|almost|roughly|another|a further|more than|over|at least|only|just|an estimated|sharply|slightly|year on year))*"
_WITHIN = r"(?: (?!(?:and|but|or|while|which|that|to|from|than|fell|declin\w*|drop\w*|decreas\w*)\b)[\w'’-]+){0,6}?"
_ENGLISH = ChangeWords(
    (
        rf"(?<![\w-])(?:(?:{_VERBS})(?: by(?: a)?)?{_ADVERB}|(?:{_VERBS}){_WITHIN} by(?: a)?{_ADVERB}"
        rf"|(?:increases?|rises?|gains?|jumps?|surges?|upturns?)(?: (?:in|of|for)(?: [\w'’-]+){{1,4}})? of{_ADVERB})\s*$"
    ),
    r"\s+(?:more|higher|larger|greater|increases?|rises?|gains?)\b(?!-)",
)
_GERMAN_WORDS = r"(?: (?!(?:und|aber|oder|während|auf|von|zu|als|sank|fiel|ging)\b)[\w'’-]+){0,6}?"
_GERMAN_ADVERB = "(?: (?:etwa|rund|knapp|fast|gut|über|mehr als|mindestens|nur|weitere))*"
_GERMAN = ChangeWords(
    (
        rf"(?:(?<!\w)(?:stieg(?:en)?|steig(?:t|en)|wuchs(?:en)?|wächst|wachsen|erhöht\w*|kletter\w*|verbesser\w*|gewann|gewannen){_GERMAN_WORDS} um{_GERMAN_ADVERB}"
        rf"|(?<!\w)(?:Plus|Anstieg|Zuwachs|Zunahme|Steigerung|Erhöhung)(?: [\w'’-]+){{0,4}}? (?:von|um){_GERMAN_ADVERB})\s*$"
    ),
    r"\s+(?:mehr|höher|größer|gestiegen|gewachsen|Zuwachs|Plus|Anstieg)(?!\w)",
    (
        rf"(?<!\w)(?:(?:nahm(?:en)?|nimmt|nehmen){_GERMAN_WORDS} um{_GERMAN_ADVERB}\s*\{{\}}\s+zu"
        rf"|(?:legte(?:n)?|legt|legen){_GERMAN_WORDS} um{_GERMAN_ADVERB}\s*\{{\}}\s+zu)(?!\w)"
    ),
)
_FRENCH = ChangeWords(
    r"(?<![\w-])(?:(?:augment|progress|hauss|grimp|accr|bondi|crû|croî)\w*|hausses?|progressions?|cru)(?: (?!(?:et|mais|ou|que|qui|à)\b)[\w'’-]+){0,5}?"
    r" (?:de|d['’])(?: (?:environ|près de|plus de|presque|quelque))?\s*$",
    r"\s+(?:de plus|de hausse|de mieux|plus haut|plus élevé)\b",
)
_SPANISH = ChangeWords(
    r"(?<![\w-])(?:(?:aument|creci|crec|subi|increment|mejor)\w*|subidas?|alzas?)(?: (?!(?:y|e|pero|o|que|a|hasta)\b)[\w'’-]+){0,5}?"
    r" (?:en un|en|de un|del|de|un)(?: (?:cerca de|casi|unos|más de))?\s*$",
    r"\s+(?:más|superior(?:es)?)\b(?! de (?:lo|un))",
)
_JAPANESE = ChangeWords(
    "(?!)",
    r"\s*(?:ポイント)?(?:以上|近く|ほど|程度|超)?(?:の|も)?(?:大幅に|大きく|さらに)?(?:増(?!減)|上昇|伸び|高く|多く|拡大|成長(?!率))",
)
_KOREAN = ChangeWords(
    "(?!)",
    r"\s*(?:포인트)?\s*(?:나|이나|가량|정도|넘게|이상)?\s*(?:크게|대폭|더)?\s*(?:증가|상승|늘어|늘었|올라|올랐|높아|높은|성장(?!률))",
)
_LEAST = "(?:大?[约約]|近|将近|將近|接近|[超]过|超過|逾|至少|高[达達]|[达達]到?)?"


def _make_chinese(verbs: str) -> ChangeWords:
    return ChangeWords(rf"(?:{verbs})了?{_LEAST}\s*$", "(?!)")


GROWTH: Mapping[str, ChangeWords] = {
    "en": _ENGLISH,
    "de": _GERMAN,
    "fr": _FRENCH,
    "es": _SPANISH,
    "ja": _JAPANESE,
    "ko": _KOREAN,
    "Hans": _make_chinese("增长|上升|上涨|增加|提高|攀升|回升|走高|增多|上扬|上浮|提升|扩大|(?<![下跌])[涨升]"),
    "Hant": _make_chinese("增長|成長|上升|上漲|增加|提高|攀升|回升|走高|增多|上揚|提升|擴大|(?<![下跌])[漲升]"),
}


def check_growth(brief: Brief, placeholders: Placeholders) -> list[Diagnostic]:
    """Warns about each negative figure that words of growth govern."""
    sink = DiagnosticSink()
    for found in find_negative_figures(brief, placeholders, GROWTH):
        sink.add_warning(
            "negative-growth", found.location, found.message, f"say that it fell, and write {found.amount}"
        )
    return sink.found
