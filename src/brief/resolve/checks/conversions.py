"""Finds characters that a conversion between the Chinese scripts got wrong, although both scripts have them: 髮展, 乾凈,
公裡.

OpenCC converts the text into the other script and back, with a vocabulary that distinguishes 后 (empress) from 後
(after). If the result differs, the text has a character that a writer of the script would not use. Only pairs that mean
different things are compared, not the variants that Taiwan uses side by side (台 and 臺, 占 and 佔, 周 and 週).

Characters that are right in other Traditional words, such as the 復 of 重復, are looked up in `ambiguous_words.txt`: the
phrases of OpenCC (Apache License 2.0) with such a character, which `tools/ambiguous_words.py` writes. A character is wrong if
a word of the list has another one in its place, unless it may belong to a neighbouring word: 嚴重復發 is right.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING

from brief.resolve.checks.chinese.wrong_words import find_wrong_words
from brief.resolve.checks.converters import load_converter

if TYPE_CHECKING:
    from collections.abc import Iterator


def _split_pairs(text: str) -> frozenset[str]:
    return frozenset(text.split())


# In Traditional texts: the wrong character, and the right one.
_HANT_PAIRS = _split_pairs(
    "凈淨 髮發 發髮 价價 后後 後后 里裡 裡里 乾干 幹干 乾幹 幹乾 系係 係系 製制 採采 "
    "并併 并並 划劃 葯藥 咨諮 癥症 只隻 隻只 党黨 卷捲 吁籲 志誌 致緻 筑築 "
    "滙匯 余餘 餘余 板闆 傢家 鬱郁 傑杰 係繫 繫係 閑閒 藉借 淩凌 盡儘 向嚮 冲沖 冲衝 沖衝 衝沖 麼么 体體 术術 "
    "么麼 复覆 杰傑 栖棲 涌湧 台颱 臺颱 回迴 蕩盪 杯盃 腌醃 "
    "系繫 註注 遊游 捲卷 併並 並併 云雲 曆歷 復複 鍾鐘 髒臟 "
    "种種 极極 担擔 灶竈 胜勝 适適 粮糧 虫蟲 机機 亏虧 游遊 注註 表錶 卜蔔 胡鬍 "
    # Characters that Big5 has, but with other meanings or as variants that are not in use.
    "万萬 与與 于於 优優 儿兒 厂廠 吨噸 听聽 圣聖 坏壞 复復 复複 夸誇 宁寧 尸屍 岭嶺 庄莊 异異 忏懺 怀懷 怜憐 惊驚 愿願 扑撲 "
    "扰擾 挂掛 据據 杠槓 构構 柜櫃 气氣 泞濘 洁潔 淀澱 痒癢 确確 离離 篱籬 网網 肮骯 腊臘 苹蘋 茧繭 蚕蠶 蜡蠟 触觸 赶趕 踊踴"
)
# Characters that also occur in surnames or place names, with the words in which they are wrong.
_ONLY_IN_WORDS = {
    "么": "[什甚怎這那多]么(?![妹女兒])",
    "杰": "杰[出作]",
    "栖": "栖[息地]|兩栖",
    "涌": "涌[入現出]",
    "台": "台風[天路侵警過登來襲季眼假]",
    "臺": "臺風[天路侵警過登來襲季眼假]",
    "回": "[巡迂輪]回",
    "蕩": "[動震擺]蕩",
    "杯": "世界杯",
    "腌": "腌[製漬黃肉菜]",
    "余": "[廚剩其業业多盈結结殘残年元人天次家萬万百千十億亿]余|余[額额款下地熱热量韻波]",
    "里": "(?<![公英華华海加巴千鄰邻鄉乡故百萬万])里面|[這这那哪家心夜手嘴眼屋房廂袋箱店街]里(?![長长程民辦办約约昂斯亞亚拉])",
    "裡": "[公英]裡(?!面)|裡[程約昂]",
    "后": "(?<![皇太天影歌視視母王帝山封])(?<!為(?=后[，。、*]))后(?![里妃座宮羿土冠庄街山])",
    "致": "[細细精標标]致(?![力於于勝])",
    "志": "雜志|雜誌|日志|標志|标志|志[慶喜]",
    "板": "老板(?!凳)",
    "卷": "卷[入走土起]|席卷",
    "系": "(?:(?<!相)[關关]|[聯联維维])系(?![統统列所科院組])|系數",
    "只": "[一二兩两三四五六七八九十百千萬0-9幾每]只[貓狗犬鳥雞鴨鵝豬牛羊馬兔猴鼠魚蝦蟹蜂蝶象虎獅狼熊鯨老小大眼手腳耳動野]",
    "万": "万(?!俟)",
    "于": "(?:[由關关對对位基屬属用處处至鑑鉴終终在源限等低高大小優善便利忠趨易適建起介瀕迫急]|(?<![學醫先師考])生)于"
    "(?!右任|謙(?![虛卑遜讓])|闐|美人|.?(?:先生|女士|小姐)|經理(?!人)|總(?:經|裁|監)|董事|教授|[醫律]師|[院部校局]長|主任|主席|委員(?!會)|博士|老師)",
    "优": "优(?!人|劇)",
    "坏": "(?<![拉修素土生磚陶瓷])坏(?!體|土)",
    "怜": "怜(?!悧|俐)",
    "愿": "(?<![鄉謹])愿(?!謹|樸)",
    "柜": "柜(?!柳)",
    "洁": "[清整純纯簡简廉光貞皎聖保]洁|洁[淨净凈白身癖面]",
    "确": "(?<![磽墝犖])确",
    "腊": "腊(?![味肉腸鴨魚])",
    "蜡": "(?<![八大])蜡(?!祭)",
    "踊": "(?<![擗盆波])踊",
    "夸": "夸[大張张耀獎奖口]|[自浮]夸(?![克父特])",
    "尸": "尸[體体首骨]",
    "庄": "[村農农]庄|(?:[渡度]假|避暑)山庄",
    "扑": "扑[滅灭克面]|[反猛]扑",
    "据": "(?<!拮)据",
    "杠": "杠[桿杆鈴]|[斜單雙]杠",
    "泞": "泥泞",
    "淀": "淀粉|沉淀",
    "苹": "苹果",
    "向": "向往(?![來返])|向[導导]",
    "盡": "盡管",
    "沖": "沖[擊击突動动]",
    "衝": "衝[洗泡刷煤]",
    "藉": "藉款|藉[用閱]",
    "係": "[體派星]係(?![指以依由為根])|係統|係列(?![入為於在])",
    "發": "發廊|(?<!換)發型(?!式)",
    "隻": "隻[有能要是會好需]",
    "乾": "乾[擾涉預部線]|[骨主才樹]乾|能乾(?![涸燥掉枯淨])",
    "幹": "幹[擾涉預燥旱淨]|[餅風若]幹",
    "製": "[限管機體學控抑抵]製(?![造作程成品藥圖劑發平])|製[度約裁]|製定(?=[法規政標計策辦準])",
    "後": "[皇太]後",
    "髮": "(?<![頭毛白染理長短假捲黑金鬚秀護美燙洗生])髮(?:[展現布達行放電出揮表明射動票言起售燒炎病育覺給]|生(?!長))|[開研爆引啟沙觸激散揭頒印核]髮(?![型廊夾飾膠蠟際髻量質])",
    "採": "神採|興高採|精打採",
    "繫": "關繫(?!屬)",
    "咨": "咨[詢询商]",
    "胜": "胜[利負出任過算選訴率]|[獲優戰得取決致]胜(?!肽)",
    "划": "[計规規策籌企區擘]划|划[分定撥歸清]",
    "筑": "[建構修興]筑|筑起",
    "傑": "周傑倫|李連傑",
    "淩": "淩[晨駕]|欺淩",
    "担": "担(?!仔)",
    "云": "云[計服平存]",
    "曆": "學曆",
    "復": "復數",
    "鍾": "鍾[錶表]",
    "髒": "[心肝腎]髒病",
    "餘": "餘(?=[光氏])",
    "游": "游[戲樂輪]|旅游(?!泳)|郊游|[導出]游(?=[，。、行])|游(?:客|覽)|游艇|西游記",
    "注": "注[冊銷]|[備附]注(?=[，。、欄：])",
    "表": "手表(?=[，。、的可上]|業|廠|店)|[鐘懷]表(?=[，。、的]|業|廠|店)",
    "卜": "蘿卜",
    "胡": "胡(?:子|須)(?=[，。、的])",
    "註": "註意(?!見)|註[重目視射]|[關專傾]註(?![記冊腳銷明解])",
    "遊": "遊泳|(?<!線)[上中下]遊(?=產業|企業|廠商|水|[，。、])",
    "捲": "[試問考答]捲(?![入曲動起走])",
    "傢": "[國專]傢|大傢(?!伙)|傢[庭族長鄉屬]",
    "並": "(?<![配整聯結符混組綜複適契吻融場總撮磨])合並(?![不非未於在由以將使取得為成且])|吞並|並購(?![買置入])|(?<=[將把被已經])並入(?![選圍學會住夜場股手駐侵獄])|(?<![派身])兼並(?!得)",
    "併": "(?<![合兼歸吞整])併且",
}
# In Traditional texts: the wrong and the right character, where `ambiguous_words.txt` decides.
_WORD_PAIRS = _split_pairs(
    "發髮 復複 複復 複覆 簽籤 籤簽 匯彙 彙匯 制製 獲穫 穫獲 幸倖 倖幸 征徵 徵征 采採 松鬆 鬆松 面麵 麵面 干乾 干幹 准準 準准 谷穀 穀谷 鍾鐘 丑醜 "
    "云雲 斗鬥 鬥斗 范範 几幾 丰豐 舍捨 捨舍 緻致 托託 辟闢 姜薑 咸鹹 郁鬱 鬱郁 涂塗 朴樸 仆僕 御禦 曆歷 歷曆 臟髒 髒臟 蘇甦 甦蘇 佣傭 傭佣 壇罈 罈壇 "
    "糰團 彌瀰 瀰彌 贊讚 讚贊 叶葉 鬚須 嶽岳 剋克 慄栗 嚮向 沈瀋 誌志 志誌 凈淨 愈癒"
)


def _group_pairs() -> Mapping[str, str]:
    """Maps each character of `_WORD_PAIRS` to all characters that have the same Simplified form: 复復複覆."""
    groups: dict[str, str] = {}
    for pair in _WORD_PAIRS:
        wrong, right = pair[0], pair[1]
        group = "".join(sorted({*groups.get(wrong, wrong), *groups.get(right, right)}))
        groups |= dict.fromkeys(group, group)
    return groups


AMBIGUOUS_CHARACTERS = _group_pairs()
_MAX_WORD_LENGTH = 6
# Text that looks like a word of the list with a wrong character, but is right: parts of two words, names, and words that can
# also be written in this way.
_EXCEPTIONS = re.compile(
    "改制為|制為|[定手承產擬日美英]制|[法體][制質]面|制面|[為定照]准|准[得用保]|料不准|準此"
    "|[換長編須被紅金]發|發[長禁結]|.發(?=[布證給照信函文電售貨車明薪獎稿])|(?<=[辦處管料整審])理發"
    "|簽條|(?<=汰)換簽|[書發上]簽|浮籤|地瓜簽|[黑液油細]面|[大一麵]麵|雜面|麵分|面包(?=[括含圍覆])|[本之]征|徵服兵?|關徵"
    "|[之]托|托人|的鍾|松[起開]|鬆石|抓斗|曆年|國歷|匯[集整總報]|[收用]彙|彙[入計]|復[查議審評用核驗合名意本]|復相關|大誌|小誌|顯著標誌"
    "|[申明行]複|回複(?=丈)|(?<=自)收獲(?=繳)|低穀(?=價)|無鬚|複現|[縣府廳州鎮鄉土物通]志|方志|風土志|病愈|豆干|干貝|臟病|(?<=[雙嚴沉沈慎尊貴保偏多])重復|重復(?=[振航])"
)
# Likewise for Simplified texts: 著 is right in 著名 and 显著.
_ONLY_IN_HANS_WORDS = {
    # Elsewhere it is a name: 萧乾, 乾隆, 乾县.
    "乾": "乾(?:[燥净涸旱枯洗衣粮杯脆果电货咳湿冰草柴瘦渴呕裂巴扰预涉部线]|了(?=[，。、；]))|[饼风肉葡桃晒烘晾擦吹饮杯口烤豆阴骨主才能]乾(?![隆坤陵卦元])",
    "著": "(?<![显顯原编編论論名遗遺译譯专巨卓昭土论拙新])著(?![名作者述录称书文有])",
    "夥": "夥[伴计同]|[合大家]夥",
    "覆": "[反答回批]覆",
    "藉": "藉[口由着此助]|[凭假]藉(?!的)",
    "徵": "徵[收求集询税兆信用]|[象特表开]徵",
    "祇": "祇[有是要能]",
}
_WORDS = {"Hant": _ONLY_IN_WORDS, "Hans": _ONLY_IN_HANS_WORDS}

# In Simplified texts: characters that the standard has only for some words (乾坤, 宫商角徵羽, 著名), and the right ones.
_HANS_PAIRS = _split_pairs(
    "乾干 著着 瞭了 藉借 徵征 夥伙 覆复 麽么 於于 幺么 锺钟 馀余 妳你 祇只 甯宁 雠仇 後后 摺折 菸烟"
)
_HANS_SOURCES = frozenset(pair[0] for pair in _HANS_PAIRS)
_HANT_SOURCES = frozenset(pair[0] for pair in _HANT_PAIRS)


def find_wrong_conversions(text: str, script: str) -> "Iterator[tuple[int, str]]":
    """Yields the position of each wrong character, and the character to write, from left to right. `script` is Hans or
    Hant.
    """
    corrections = dict(_find_by_conversion(text, script))
    if script == "Hant":
        corrections |= _find_in_words(text)
    corrections |= dict(find_wrong_words(text, script))
    yield from sorted(corrections.items())


def _find_in_words(text: str) -> "Iterator[tuple[int, str]]":
    """Yields each character that is wrong in its word, in a Traditional text."""
    if AMBIGUOUS_CHARACTERS.keys().isdisjoint(text):
        return
    words = _load_words()
    key = _make_key(text)
    for position, typed in enumerate(text):
        if typed not in AMBIGUOUS_CHARACTERS:
            continue
        # The words of the list, as ranges of the text, in which the typed character is wrong or right.
        wrong: list[tuple[int, int, str]] = []
        right: list[tuple[int, int]] = []
        for start in range(max(0, position - _MAX_WORD_LENGTH + 1), position + 1):
            for end in range(max(position + 1, start + 2), min(len(text), start + _MAX_WORD_LENGTH) + 1):
                if expected := {word[position - start] for word in words.get(key[start:end], ())}:
                    if typed in expected:
                        right.append((start, end))
                    elif corrections := [character for character in expected if typed + character in _WORD_PAIRS]:
                        wrong.append((start, end, min(corrections)))
        if wrong:
            exceptions = _EXCEPTIONS.finditer(text)
            right += (match.span() for match in exceptions if match.start() <= position < match.end())
            for start, end, correction in wrong:
                # A word within the longer one says nothing: 一干 in 一干二淨.
                if all(start <= first and last <= end and last - first < end - start for first, last in right):
                    yield position, correction
                    break


def _make_key(text: str) -> str:
    """Returns the text with the first character of its group for each ambiguous character."""
    return text.translate(_KEYS)


_KEYS = {ord(character): group[0] for character, group in AMBIGUOUS_CHARACTERS.items()}


@cache
def _load_words() -> Mapping[str, tuple[str, ...]]:
    """Loads `ambiguous_words.txt`: maps the key of `_make_key` to all words that have it."""
    lines = (resources.files("brief") / "ambiguous_words.txt").read_text("utf-8").splitlines()
    words: dict[str, tuple[str, ...]] = {}
    for line in lines:
        for word in line.split()[1:]:
            key = _make_key(word)
            words[key] = (*words.get(key, ()), word)
    return words


def _find_by_conversion(text: str, script: str) -> "Iterator[tuple[int, str]]":
    """Yields each character that differs after a conversion to the other script and back, with the new one."""
    sources = _HANT_SOURCES if script == "Hant" else _HANS_SOURCES
    if sources.isdisjoint(text):
        return
    # Most of these characters are wrong only in some words, and loading a converter takes longer than all other checks.
    suspects = [index for index, typed in enumerate(text) if typed in sources and _is_in_word(text, index, script)]
    if not suspects:
        return
    expected = _expect_hant(text) if script == "Hant" else load_converter("tw2s").convert(text)
    pairs = _HANT_PAIRS if script == "Hant" else _HANS_PAIRS
    # If the length differs, the conversion replaced words, and positions do not correspond.
    if len(expected) != len(text):
        return
    for position in suspects:
        typed, right = text[position], expected[position]
        if typed != right and typed + right in pairs:
            yield position, right


def _is_in_word(text: str, position: int, script: str) -> bool:
    """Returns whether a character is within a word in which it is certainly wrong; true if it has no list of such words."""
    words = _WORDS[script].get(text[position])
    if words is None:
        return True
    pattern = _compile(words)
    near = max(0, position - 3)
    return any(
        near + match.start() <= position < near + match.end() for match in pattern.finditer(text[near : position + 4])
    )


@cache
def _compile(words: str) -> re.Pattern[str]:
    return re.compile(words)


@lru_cache(maxsize=4_000)
def _expect_hant(text: str) -> str:
    return str(load_converter("s2tw").convert(load_converter("t2s").convert(text)))
