"""Checks for words of decline beside negative figures: "fell by −32.1%" is a double negative."""

from collections.abc import Mapping

from brief.model.brief import Brief
from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.diagnostics import Diagnostic
from brief.resolve.checks.figures.change_words import ChangeWords, find_negative_figures
from brief.resolve.checks.figures.placeholders import Placeholders

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
_EQUALS = "is|was|were|are|will be|(?:came|comes|amounted|amounts|rose|widened|grew|narrowed) to|reached|totall?ed|hit|stood at"
_WITHIN = rf"(?: (?!{_OTHER})[\w'’-]+){{0,6}}?"
_ENGLISH = ChangeWords(
    (
        rf"(?:(?<![\w-])(?:{_VERBS}){_ADVERB}|(?<![\w-])(?:{_VERBS}|{_COMPARED}){_WITHIN} by(?: a)?{_ADVERB}"
        rf"|(?<![\w-])(?:{_NOUNS}){_WITHIN} of{_ADVERB}"
        r"|(?<!after the )(?<!after a )(?<!before the )(?<!despite the )(?<!despite a )(?<!since the )(?<!of the )(?<![\w-])"
        rf"(?:{_NOUNS})(?: (?:in|of|for|on)(?: (?!(?:is|was|were|are)\b)[\w'’-]+){{1,4}})? (?:{_EQUALS}){_ADVERB})\s*$"
    ),
    (rf"\s+(?:{_COMPARED}|lower|declines?|decreases?|drops?|reductions?|losses|loss|slumps?|contractions?)\b(?!-)"),
)
_GERMAN_WORDS = r"(?: (?!(?:und|aber|oder|während|auf|von|zu|als|nachdem|bevor|weil|die|der|das|was)\b|(?:stieg|wuchs|änder|veränder|erhöh|schwank)\w*)[\w'’-]+){0,6}?"
_GERMAN_ADVERB = "(?: (?:etwa|rund|knapp|fast|gut|über|mehr als|weniger als|bis zu|mindestens|nur|weitere|ganze|durchschnittlich|im Schnitt))*"
_GERMAN_VERBS = (
    "(?:sank|sanken|sinkt|sinken|fiel|fielen|fällt|fallen|schrumpf|verringer|reduzier|verminder|schwand|schwind|stürz|rutsch|sackt|schmolz"
    "|schmilz|bröckel|kürz|verkürz|verklein|verlangsam|verschlechter|senk|drossel|halbier|nachgelassen|schwäch|verbillig|unterschr|unterbiet)\\w*"
)
_GERMAN = ChangeWords(
    (
        rf"(?:(?<!\w){_GERMAN_VERBS}{_GERMAN_WORDS} um(?: ein(?:e|en)?)?{_GERMAN_ADVERB}"
        r"|(?<!nach dem )(?<!trotz des )(?<!vor dem )(?<!nach einem )(?:rückgang|verlust|abnahme|minus|einbu(?:ß|ss)en?|fehlbetrag|defizit|einbruch|senkung|kürzung|verringerung|verminderung|reduktion"
        r"|reduzierung|rückgänge|verluste|schrumpfung|wertminderung|abschreibung|kursrutsch|rückgangs|verlusts|verlustes)(?: [\w'’-]+){0,4}?"
        r" (?:von|um|in Höhe von|betrug|beträgt|betragen|erreichte|erreicht|lag bei|liegt bei|bel(?:ief|äuft) sich auf|summier(?:t|te) sich auf)"
        rf"{_GERMAN_ADVERB})\s*$"
    ),
    (
        r"\s+(?:weniger|niedriger|geringer|kleiner|billiger|schwächer|(?:zurückgegangen|gesunken|gefallen|geschrumpft|eingebrochen|abgenommen"
        r"|nachgegeben|verringert|verbilligt|verkürzt|verschlechtert|gesenkt|reduziert|gekürzt|zurückgehen|sinken|schrumpfen|fallen|abnehmen|einbrechen|zurückfallen"
        r"|verringern|senken|reduzieren|kürzen)(?!\w)(?! (?:ist|war) auf)|Rückgang|Verlust|Minus|Abnahme)(?!\w)"
    ),
    (
        rf"(?<!\w)(?:(?:ging(?:en)?|geh(?:t|en)){_GERMAN_WORDS} um{_GERMAN_ADVERB}\s*\{{\}}\s+zurück"
        rf"|(?:nahm(?:en)?|nimmt|nehmen){_GERMAN_WORDS} um{_GERMAN_ADVERB}\s*\{{\}}\s+ab"
        rf"|(?:brach(?:en)?|bricht|brechen){_GERMAN_WORDS} um{_GERMAN_ADVERB}\s*\{{\}}\s+ein"
        rf"|(?:gab(?:en)?|gibt|geben){_GERMAN_WORDS}(?: um)?{_GERMAN_ADVERB}\s*\{{\}}\s+nach"
        rf"|(?:lag(?:en)?|lieg(?:t|en)|blieb(?:en)?){_GERMAN_WORDS} um{_GERMAN_ADVERB}\s*\{{\}}\s+(?:unter|hinter)"
        rf"|(?:büßte(?:n)?|büßt|verlor(?:en)?|verliert|verlieren){_GERMAN_WORDS}{_GERMAN_ADVERB}\s*\{{\}}(?: (?:ein|an Wert))?)(?!\w)"
    ),
)
_FRENCH_ADVERB = (
    "(?: (?:environ|près|plus|moins|presque|quelque|au moins|jusqu['’]à|encore|seulement|en moyenne|d['’]environ|de))*"
)
_FRENCH_WORDS = r"(?: (?!(?:et|mais|ou|tandis|alors|que|qui|à|pour|puis|passant|atteignant|avec)\b|(?:augment|progress|cr[ûu]|hauss|vari|évolu)\w*)[\w'’-]+){0,5}?"
_FRENCH = ChangeWords(
    (
        r"(?<![\w-])(?:(?:baiss|recul|diminu|chut|perd|cèd|céd|régress|rédui|contract|repli|fléch|dégring|plong|effondr|raccour|abaiss"
        r"|décr[oû]|inférieure?s?|rétréc|amput|allég|dépréci)\w*"
        rf"|pertes?|déficits?|repli|retrait|manque à gagner|moins-values?|érosion){_FRENCH_WORDS}(?: (?:de|d['’]|par|(?:s['’](?:élève|élevait|est élevée?) à|atteint|atteignait|est de|était de|a été de))| d['’])?"
        rf"{_FRENCH_ADVERB}\s*$"
    ),
    (
        r"\s+(?:de moins|de baisse|de pertes?|de recul|de déficit|plus bas|moins (?:cher|élevé|de|que)|inférieure?s?|(?:de [\w'’-]+ )?en moins)\b"
    ),
)
_SPANISH_ADVERB = "(?: (?:cerca de|casi|unos|unas|alrededor de|aproximadamente|más de|menos de|al menos|hasta un|otro|otros|solo|apenas|de media))*"
_SPANISH_WORDS = r"(?: (?!(?:y|e|pero|o|mientras|que|a|hasta|desde|para|con|como|cuando|al)\b|(?:aument|subi|crec|vari|cambi)\w*)[\w'’-]+){0,5}?"
_SPANISH = ChangeWords(
    (
        r"(?<![\w-])(?:(?:cay|caí|cae|baj|descend|disminu|reduj|redu[cz]|retroced|perd[ií]|pierd|contra[jí]|hundi|desplom|reco?rt|mengu|merm|encog"
        r"|abarat|depreci|cedi|deval|aminor|rebaj)\w*"
        r"|caídas?|bajadas?|descensos?|disminución|reducción|pérdidas?|retroceso|déficit|recorte|merma|desplome|contracción|depreciación)"
        rf"{_SPANISH_WORDS}(?: (?:en un|en|de un|del|de|por|un|(?:ascend(?:ió|ía)|asciende) a|fue (?:de|del)|es (?:de|del)|alcanzó(?: un| el)?))?{_SPANISH_ADVERB}\s*$"
    ),
    (
        r"\s+(?:menos|inferior(?:es)?|más (?:baj|barat|pequeñ)[oa]s?|de (?:caída|descenso|pérdidas?|bajada|déficit))\b(?! de (?:lo|un))"
    ),
)
_JAPANESE = ChangeWords(
    (
        "(?:(?<![増])減少(?:額|率|幅|分)?|下落(?:率|幅|額)?|低下(?:幅|率)?|下げ幅|落ち込み(?:幅)?|減益幅|減収額|(?<![増])減収|赤字(?:額|幅)?|損失(?:額)?|"
        "欠損(?:額)?|縮小(?:幅|率|額)?|値下げ幅|目減り(?:額|分)?|マイナス幅|下落)(?:は|が|も|を|:|：)?(?:約|およそ|ほぼ|最大|平均|合計|計|さらに|少なくとも)?\\s*$"
    ),
    (
        "\\s*(?:ポイント)?(?:以上|近く|ほど|程度|超|余り|弱|強)?(?:の|も|だけ|ずつ|と)?(?:大幅に|大きく|急激に|さらに|わずかに)?"
        "(?:減(?!価償却)|低下|低か?[くい]|下落|下降|縮小|縮み|縮ん|下が|下げ|下回|落ち|落とし|失|削減|損失|赤字|欠損|目減り|値下|値下がり|割安|安くな|少な|短く|マイナス(?:成長)?|後退|収縮|急落|急減)"
    ),
)
_KOREAN = ChangeWords(
    (
        "(?:(?<![증등])감소(?:액|율|폭|분)?|하락(?:률|폭)|낙폭|손실(?:액| 규모)?|적자(?:액|폭| 규모)?|축소(?:폭|율)|인하(?:폭|율)|위축(?:폭)?|결손(?:액)?|(?<![증])감률)(?:은|는|이|가|도|을|를|:)?"
        "\\s*(?:약|거의|최대|평균|총|무려|추가로)?\\s*$"
    ),
    (
        "\\s*(?:포인트)?(?:나|이나|가량|정도|넘게|이상|가까이|씩|만큼|의)?\\s*(?:크게|대폭|급격히|더|소폭)?\\s*"
        "(?:감소|하락|줄(?!곧)|떨어|축소|낮아|낮은|낮췄|낮추|내려|내렸|내린|급감|급락|손실|적자|위축|둔화|역성장|절감|후퇴|적은|적었|싸|삭감|인하|깎)"
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


def _make_chinese(verbs: str, nouns: str, after: str, changes: str) -> ChangeWords:
    """Makes the patterns of one Chinese script. `changes` are characters before a noun that make it mean a change in either direction."""
    amount = rf"(?<![{changes}])(?:{nouns})(?:[约約][为為]|[为為是])?"
    return ChangeWords(rf"(?:(?:{verbs})了?|{amount}){_LEAST}\s*$", rf"\s*的(?:{after})")


DECLINES: Mapping[str, ChangeWords] = {
    "en": _ENGLISH,
    "de": _GERMAN,
    "fr": _FRENCH,
    "es": _SPANISH,
    "ja": _JAPANESE,
    "ko": _KOREAN,
    "Hans": _make_chinese(
        _HANS_VERBS,
        "[跌降减缩]幅|(?:下降|下跌|下滑|减少|回落|萎缩|收缩|缩减|衰退)(?:幅度|比例|率)|[净]?(?:亏损|损失|赤字|缺口|逆差)(?:总?额|合计|共计)?|跌势",
        "[跌降减缩]幅|下降|下跌|下滑|减少|亏损|缩减|萎缩|回落|衰退|损失",
        "增升涨",
    ),
    "Hant": _make_chinese(
        _HANT_VERBS,
        "[跌降減縮]幅|(?:下降|下跌|下滑|減少|回落|萎縮|收縮|縮減|衰退)(?:幅度|比例|率)|[淨]?(?:虧損|損失|赤字|缺口|逆差)(?:總?額|合計|共計)?|跌勢",
        "[跌降減縮]幅|下降|下跌|下滑|減少|虧損|縮減|萎縮|回落|衰退|損失",
        "增升漲",
    ),
}


def check_declines(brief: Brief, placeholders: Placeholders) -> list[Diagnostic]:
    """Warns about each negative figure that words of decline govern, and suggests the correct placeholder."""
    sink = DiagnosticSink()
    for found in find_negative_figures(brief, placeholders, DECLINES):
        sink.add_warning("negative-decline", found.location, found.message, f"write {found.amount}")
    return sink.found
