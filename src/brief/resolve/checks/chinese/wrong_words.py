"""Finds words with a character that a conversion or a typist took from another word: 取舍 and 船只 in Traditional, 坏帐 and 复盖 in
Simplified.

Each character is right in other words, so only these words are wrong, and only if they are not parts of two words that meet:
借口 is right in 借口罩.
"""

import re
from collections.abc import Iterator, Mapping

from brief.resolve.checks.chinese.word_bounds import WordBounds, find_word_bounds


def _split(text: str) -> Mapping[str, str]:
    return dict(pair.split(":") for pair in text.split())


# Wrong words and, after the colon, the right ones.
_HANT = _split(
    "取舍:取捨 船只:船隻 存折:存摺 借口:藉口 奏折:奏摺 憑借:憑藉 復合材料:複合材料 復合肥:複合肥"
    " 復合物:複合物 復合式:複合式 復合型:複合型 復方藥:複方藥 復眼:複眼 顛復:顛覆 復蓋:覆蓋 復滅:覆滅"
    " 重蹈復轍:重蹈覆轍 幾只:幾隻 每只雞:每隻雞 不隻是:不只是 隻是:只是 隻能:只能 隻要:只要 隻有:只有"
    " 批準:批准 獲準:獲准 核準:核准 不準許:不准許 若乾:若干 相乾:相干 不相乾:不相干 天乾地支:天干地支"
    " 繫統:系統 體繫:體系 派繫:派系 代錶:代表 外錶:外表 錶示:表示 錶現:表現 錶達:表達 錶決:表決 奮斗:奮鬥"
    " 戰斗:戰鬥 決斗:決鬥 格斗:格鬥 緩沖:緩衝 要沖:要衝 沖刺:衝刺 沖動:衝動 沖擊:衝擊 捲宗:卷宗"
    " 摩託車:摩托車 烏託邦:烏托邦 神採:神采 風採:風采 採邑:采邑 文採:文采 喝採:喝采 小醜:小丑 醜角:丑角"
    " 睏難:困難 睏境:困境 睏擾:困擾 貧睏:貧困 嚐試:嘗試 未嚐:未嘗 鐘愛:鍾愛 鐘情:鍾情 鐘靈:鍾靈"
    " 萬裡長城:萬里長城 佔卜:占卜 佔星:占星 雇佣:雇傭 吉兇:吉凶 並發症:併發症 嚮上:向上 嚮前:向前 傾嚮:傾向"
    " 導嚮:導向 雲雲:云雲 讚成:贊成 臉麵:臉面 麵臨:面臨 麵對:面對 全麵:全面 髮生:發生 髮現:發現 開髮:開發"
    " 髮布:發布 一只腳:一隻腳 兩只手:兩隻手 一只貓:一隻貓 一只狗:一隻狗"
)
_HANS = _split(
    "复盖:覆盖 颠复:颠覆 复灭:覆灭 复没:覆没 复辙:覆辙 倾复:倾覆 反覆:反复 答覆:答复 回覆:回复 帐户:账户"
    " 帐号:账号 帐目:账目 帐面:账面 帐单:账单 帐款:账款 帐本:账本 帐簿:账簿 帐务:账务 记帐:记账 结帐:结账"
    " 转帐:转账 欠帐:欠账 呆帐:呆账 坏帐:坏账 入帐:入账 到帐:到账 做帐:做账 查帐:查账 对帐:对账 报帐:报账"
    " 挂帐:挂账 付帐:付账 水份:水分 养份:养分 盐份:盐分 月分:月份 年分:年份 省分:省份 重迭:重叠 折迭:折叠"
    " 层迭:层叠 了望台:瞭望台 沈没:沉没 沈重:沉重 沈淀:沉淀 连络:联络 彷佛:仿佛 甚么:什么 布署:部署"
    " 百份之:百分之 过份:过分 充份:充分 名份:名分 幅射:辐射 渡假:度假 贯澈:贯彻 澈底:彻底 安祥:安详"
    " 迫不急待:迫不及待 一股作气:一鼓作气 针贬:针砭 粗旷:粗犷 帐龄:账龄 帐期:账期 冲帐:冲账 销帐:销账"
    " 烂帐:烂账 旧帐:旧账 算帐:算账 进帐:进账"
)
_WORDS = {"Hant": _HANT, "Hans": _HANS}
_PATTERNS = {
    script: re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))
    for script, words in _WORDS.items()
}


def find_wrong_words(text: str, script: str) -> Iterator[tuple[int, str]]:
    """Yields the position of each wrong character, and the character to write. `script` is Hans or Hant."""
    for match in _PATTERNS[script].finditer(text):
        if find_word_bounds(text, *match.span()) is WordBounds.WORD:
            pairs = enumerate(zip(match[0], _WORDS[script][match[0]], strict=True), match.start())
            yield from ((position, right) for position, (typed, right) in pairs if typed != right)
