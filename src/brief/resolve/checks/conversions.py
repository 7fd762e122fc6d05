"""Finds characters that a conversion between the Chinese scripts got wrong, although both scripts have them: 髮展, 乾凈,
公裡.

OpenCC converts the text into the other script and back, with a vocabulary that distinguishes 后 (empress) from 後
(after). If the result differs, the text has a character that a writer of the script would not use. Only pairs that mean
different things are compared: the variants that Taiwan uses side by side (台 and 臺, 占 and 佔, 周 and 週) are not.
"""

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from brief.resolve.checks.converters import load_converter

if TYPE_CHECKING:
    from collections.abc import Iterator


def _split_pairs(text: str) -> frozenset[str]:
    return frozenset(text.split())


# In Traditional texts: the wrong character, and the right one.
_HANT_PAIRS = _split_pairs(
    "凈淨 髮發 發髮 价價 后後 後后 里裡 裡里 面麵 麵面 干乾 干幹 乾干 幹干 乾幹 幹乾 准準 準准 系係 係系 制製 製制 采採 採采 征徵 徵征 "
    "松鬆 鬆松 斗鬥 并併 并並 划劃 范範 復複 複復 葯藥 咨諮 癥症 云雲 只隻 隻只 党黨 丑醜 涂塗 仆僕 朴樸 卷捲 吁籲 御禦 志誌 致緻 筑築 "
    "滙匯 彙匯 鍾鐘 余餘 餘余 谷穀 板闆 曆歷 歷曆 鬱郁 飢饑 傑杰 係繫 繫係 閑閒 藉借 淩凌 盡儘 向嚮 冲沖 沖衝 衝沖 麼么 体體 术術 "
    "系繫 複覆 註注 鬥斗 傢家 遊游 穀谷 捨舍 捲卷 鬚須 嶽岳 穫獲 緻致 誌志 倖幸 併並 "
    "种種 极極 担擔 灶竈 胜勝 适適 粮糧 虫蟲 机機 亏虧 游遊 托託 注註 辟闢 舍捨 表錶 郁鬱 丰豐 几幾 姜薑 卜蔔 咸鹹 胡鬍 "
    # Characters that Big5 has, but with other meanings or as variants that are not in use.
    "万萬 与與 于於 优優 儿兒 厂廠 吨噸 听聽 圣聖 坏壞 复復 复複 夸誇 宁寧 尸屍 岭嶺 庄莊 异異 忏懺 怀懷 怜憐 惊驚 愿願 扑撲 "
    "扰擾 挂掛 据據 杠槓 构構 柜櫃 气氣 泞濘 洁潔 淀澱 痒癢 确確 离離 篱籬 网網 肮骯 腊臘 苹蘋 茧繭 蚕蠶 蜡蠟 触觸 赶趕 踊踴"
)
# Characters that also occur in surnames or place names, with the words in which they are wrong.
_ONLY_IN_WORDS = {
    "范": "[规規示模防師师典]范|范[圍围例本疇畴式]",
    "余": "[剩其業业多盈結结殘残年元人天次家萬万百千十億亿]余|余[額额款下地熱热量]",
    "谷": "谷[物類类價价]|[稻五糧粮]谷",
    "涂": "涂[料層层裝装改抹]",
    "朴": "朴[素實实]|[簡简質质]朴",
    "鍾": "鍾[錶表頭头擺摆]|[分時时秒點点]鍾|鬧鍾",
    "丑": "丑[聞闻陋化]",
    "仆": "仆人|[公奴]仆",
    "斗": "[戰战奮奋爭争搏決决]斗|斗[爭争志]",
    "云": "云[端計计服平存]",
    "里": "(?<![公英華华海加巴千鄰邻鄉乡故百萬万])里面|[這这那哪家心夜手嘴眼屋房廂袋箱店街]里(?![長长程民辦办約约昂斯亞亚拉])",
    "裡": "[公英海千萬百]裡(?!面)|裡[程約昂]",
    "后": "(?<![皇太天影歌視視母王帝])后(?![里妃座宮羿土冠庄座街])",
    "准": "准[備备確确則则]|[標标水精基]准|准[時时]",
    "干": "干(?![擾涉預戈係卿犯支達西])",
    "致": "[細细精標标]致(?!力|於|于)",
    "志": "雜志|雜誌|日志|標志|标志|志[慶喜]",
    "面": "面[條条包粉食]|[泡拉涼凉牛肉湯汤方便]面(?=[館馆店價价銷销])",
    "板": "老板(?!凳)",
    "卷": "卷[入走土起]|席卷",
    "御": "[防抵]御|御寒",
    "系": "[關关聯联維维]系(?![統统列所])|系數",
    "只": "[一二兩两三四五六七八九十百千萬0-9幾每]只(?![是有要能會会剩好怕可不需為为用])",
    "征": "征[收兆求集詢询稅税信用]|[象特開]征|應征",
    "采": "采[購购取用訪访集納纳樣样訊]|開采|开采",
    "制": "制[造成品藥药圖图片劑]|[研精複]制(?![度定])",
    "万": "万(?!俟)",
    "于": "[由關关對对位基屬属用處处至鑑鉴終终]于"
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
    "杠": "杠[桿杆]",
    "泞": "泥泞",
    "淀": "淀粉|沉淀",
    "苹": "苹果",
    "松": "[放寬宽輕轻]松|松[綁绑動动懈弛]",
    "向": "向[往導导]",
    "盡": "盡管",
    "沖": "沖[擊击突動动]",
    "衝": "衝[洗泡刷煤]",
    "藉": "藉款|藉[用閱]",
    "係": "[體體派學院星]係|係[列統]",
    "發": "[頭毛理白]發(?=[，。、護型])|發[型廊]",
    "隻": "隻[有能要是會好需]",
    "鬆": "鬆[樹木林柏]",
    "徵": "[長遠出]徵|徵[服途戰]",
    "乾": "乾[擾涉預部線]|[骨主才能樹]乾",
    "幹": "幹[擾涉預燥旱淨]|[餅風若]幹",
    "複": "[恢康收修報回答]複|複[甦興工原]",
    "復": "復[雜数數製合印利式]|繁復",
    "製": "[限管機體學控抑抵]製|製[度定約裁]",
    "準": "[批核獲]準|準[許予]",
    "後": "[皇太]後",
    "麵": "[方表對層全局介市]麵|麵[積對臨向]",
    "曆": "[經學履]曆|曆[史經]",
    "歷": "[日農月年]歷(?=[，。上本])|農歷(?!史)",
    "餘": "餘(?=[光氏])",
    "游": "旅游(?!泳)|郊游|[導出]游(?=[，。、行])|游(?:客|覽)|游[記艇]",
    "托": "[委信]托|托[付運]",
    "注": "注[冊銷]|[備附]注(?=[，。、欄：])",
    "辟": "開辟|辟謠",
    "舍": "取舍|施舍|舍棄|割舍",
    "表": "手表(?=[，。、的可上]|業|廠|店)|[鐘懷]表(?=[，。、的]|業|廠|店)",
    "郁": "[憂抑沉陰]郁",
    "丰": "丰[富收厚盛沛碩]",
    "几": "几[個年天次位家種乎十百千萬]|[十好這那]几",
    "姜": "姜[湯茶片汁]|[生老嫩]姜(?=[，。、湯茶片汁])",
    "卜": "蘿卜",
    "咸": "咸[味水淡魚]",
    "胡": "胡(?:子|須)(?=[，。、的])",
    "註": "註[意重目視射]|[關專傾]註(?![記冊腳])",
    "鬥": "[漏熨]鬥|北鬥(?=[七衛星導])|鬥[篷室]",
    "傢": "[國專]傢|大傢(?!伙)|傢[庭族長鄉屬]",
    "遊": "遊泳|(?<!線)[上中下]遊(?=產業|企業|廠商|水|[，。、])",
    "穀": "[山河低峽]穀(?![物類價])",
    "捨": "[宿校]捨(?![棄得])",
    "捲": "[試問考答]捲(?![入曲動起走])",
    "鬚": "[必亟]鬚|鬚[要知臾]",
    "嶽": "嶽[父母飛]",
    "穫": "(?<!收)穫[得獎利悉勝]",
    "緻": "(?<![精細雅標工別])緻[力使命於]|[一導以]緻",
    "誌": "(?<![雜日網墓標])誌[願工氣向]",
    "倖": "(?<!僥)倖[運福]",
    "併": "(?<![合兼歸吞整])併且",
}
# Likewise for Simplified texts: 著 is right in 著名 and 显著.
_ONLY_IN_HANS_WORDS = {
    # A name otherwise: 萧乾, 乾隆, 乾县.
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
    """Yields the position of each wrong character, and the character to write."""
    sources = _HANT_SOURCES if script == "Hant" else _HANS_SOURCES
    if sources.isdisjoint(text):
        return
    # Most of these characters are wrong only in some words, and loading a converter takes longer than all other checks.
    suspects = [at for at, typed in enumerate(text) if typed in sources and _is_in_word(text, at, script)]
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
    """Returns whether a character that is right in some names is within a word in which it is certainly wrong."""
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
