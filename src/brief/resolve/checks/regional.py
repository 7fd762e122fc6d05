"""Finds words of another region: 視頻 and 信息 in a text for Taiwan, 软体 and 网路 in one for the mainland.

The tables have words that a region does not use, or uses in another sense, and that a conversion between the scripts
does not replace. Words that both regions use (水平, 文件, 用戶) are not in them. The caller blanks out quotations, titles and
names that the glossary allows.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from brief.model.record import dataclass
from brief.model.scripts import find_chinese_script, find_han_region


@dataclass(frozen=True, slots=True)
class _Word:
    """The replacement of a foreign word. `unless` matches contexts in which the word is right."""

    replacement: str
    unless: str = ""


# In science 質量 is mass; the quality of goods and services is 品質.
_MASS = (
    "質量(?=能量|守恆|不滅|分率|分數|百分|流率|流量|數|單位|中心|密度|濃度|比|虧損|譜|很?[大小輕重]的?(?:恆星|黑洞|粒子|物體)|[為是約]?[0-9.]|與能量|和能量|與體積|和體積"
    "|[（(][^）)]*(?:kg|公斤|公克|克)|不變|越大|愈大|、(?:體積|速度|密度|長度))"
    "|質量作用|(?:相對|慣性|重力|引力|靜止|臨界|原子|分子|莫耳|太陽|恆星|行星|單位|大|總|身體|物體|粒子|電子|質子|車輛|整備|電池|空車|燃料|肌肉|骨骼|骨|(?:太陽|地球|月球|行星|恆星|黑洞|物體|粒子|電子|質子)的)質量(?!控|管|保|標準|優|不佳|差)"
)
_TAIWAN: Mapping[str, _Word] = {
    "視頻": _Word("影片", unless="視頻(?:道|線)|視頻[率繁頻]"),
    "軟件": _Word("軟體"),
    "硬件": _Word("硬體"),
    "信息": _Word(
        "資訊",
        unless="[通書來回短音]信息息|信息(?:怒|傳|學報|熵)|[守失威誠]信息|杳無信息|[相深確堅]信息|信息化部|信息(?:科技|工程|職業)?大學|信息(?:科技|技術)?(?:股份)?有限公司",
    ),
    "網絡": _Word("網路", unless="網絡繹|網絡(?:科技|技術)?(?:股份)?有限公司"),
    "互聯網": _Word("網際網路"),
    "質量": _Word("品質", unless=f"{_MASS}|[品水土]質量測(?![試驗評])|品質量[產化販]"),
    "打印機": _Word("印表機"),
    "打印": _Word("列印", unless="打印(?:機|章|記|信)"),
    "智能手機": _Word("智慧型手機"),
    "人工智能": _Word("人工智慧"),
    "智能": _Word(
        "智慧",
        unless="智能(?:障礙|不足|發展|測驗|商數|手機|理論|犯罪)|(?:人工|多元)智能|[理心機才]智能(?!手機|電|系統|化)",
    ),
    "屏幕": _Word("螢幕"),
    "鼠標": _Word("滑鼠", unless="[小大老田白]鼠標[靶記示本準籤]"),
    "服務器": _Word("伺服器", unless="服務器[材具]"),
    "數據庫": _Word("資料庫"),
    "短信": _Word("簡訊", unless="短信(?:心|念|任|賴|件|函)"),
    "硬盤": _Word("硬碟"),
    "內存": _Word(
        "記憶體", unless="[國海境院行庫體帳戶區年期月日市省城校場]內存|內存(?:放|在|款|有|貨|量|儲|取|留|單|檔)"
    ),
    "芯片": _Word("晶片"),
    "激光": _Word("雷射", unless="刺激光|激光合"),
    "納米": _Word("奈米", unless="納米(?:比亞|德|爾)|[繳交收]納米"),
    "數字化": _Word("數位化", unless="數字化[為成作繁約]"),
    "數字經濟": _Word("數位經濟"),
    "數字貨幣": _Word("數位貨幣"),
    "數碼": _Word("數位", unless="數碼(?:港|寶貝|暴龍)|數碼頭"),
    "算法": _Word(
        "演算法", unless="演算法|[計運換折估核精驗推預決概結]算法(?!則)|算法(?:律|定|規|院|人|令)|打算法|算法(?:拍|辦)"
    ),
    "導彈": _Word("飛彈", unless="[引輔指領]導彈(?:性|唱|奏)"),
    "宇航員": _Word("太空人"),
    "航天飛機": _Word("太空梭"),
    "集裝箱": _Word("貨櫃"),
    "出租車": _Word("計程車", unless="出租車[位庫輛隊]"),
    "公交車": _Word("公車"),
    "公交": _Word("公車", unless="公交(?:車|會)|[辦歸]公交|公交(?:代|付|易|出|給|由|還)"),
    "西紅柿": _Word("番茄"),
    "艾滋病": _Word("愛滋病"),
    "腦卒中": _Word("腦中風"),
    "心肌梗死": _Word("心肌梗塞"),
    "呼吸機": _Word("呼吸器", unless="呼吸機[能制轉率會]"),
    "首席執行官": _Word("執行長"),
    "首席財務官": _Word("財務長"),
    "兆瓦": _Word("百萬瓦"),
    "光伏": _Word("太陽光電"),
    "移動支付": _Word("行動支付", unless="流動支付|中國移動支付[0-9約了]"),
    "移動電話": _Word("行動電話"),
    "移動互聯網": _Word("行動網路"),
    "雲計算": _Word("雲端運算"),
    "博客": _Word("部落格", unless="博客(?:來|思)|賭博客|博客源"),
    "攝像頭": _Word("攝影機"),
    "充電寶": _Word("行動電源"),
    "優盤": _Word("隨身碟"),
    "二維碼": _Word("QR碼"),
    "站台": _Word("月臺", unless="[網電]站台|[為替幫][^，。；、]{0,5}站台|站台(?:造勢|輔選|力挺|背書)"),
    "早高峰": _Word("上午尖峰"),
    "晚高峰": _Word("下午尖峰"),
    "程序員": _Word("程式設計師"),
    "編程": _Word("程式設計", unless="[改整]編程|[收新擴主]編程(?:序|度)"),
    "寬帶": _Word("寬頻", unless="寬帶[來動給走有領入回出至]"),
    "帶寬": _Word("頻寬", unless="[韌腰皮緞地綠飄]帶寬|帶寬(?:[約為僅不]|[0-9一二三四五六七八九十]+公[分尺])"),
    "調制解調器": _Word("數據機"),
    "渠道商": _Word("通路商"),
    "新西蘭": _Word("紐西蘭"),
    "意大利": _Word("義大利", unless="[注留故滿得生]意大利[多空潤益率]"),
    "沙特阿拉伯": _Word("沙烏地阿拉伯"),
    "悉尼": _Word("雪梨"),
    "特朗普": _Word("川普"),
    "迪拜": _Word("杜拜"),
    "卡塔爾": _Word("卡達"),
    "肯尼亞": _Word("肯亞"),
    "尼日利亞": _Word("奈及利亞"),
    "老撾": _Word("寮國"),
    "通脹": _Word("通膨", unless="[普交溝]通脹|通脹[氣痛滿]"),
    "篩查": _Word("篩檢"),
    "光盤": _Word("光碟", unless="[觀風月日燈]光盤"),
    "機頂盒": _Word("機上盒"),
    "超聲波": _Word("超音波"),
    "U盤": _Word("隨身碟"),
    "默認設置": _Word("預設設定"),
    "默認值": _Word("預設值"),
    "創可貼": _Word("OK繃"),
    "立交橋": _Word("立體交叉道"),
    "戛納": _Word("坎城"),
    "鏈接": _Word("連結", unless="[應業產值塊物品食冷軍運態]鏈接|鏈接(?:軌|單|合|連|受|手|獲|班|種)"),
    "在線": _Word(
        "線上", unless="在線(?!支付|教育|客服|會議|購物|學習|醫療|問診|掛號|預約|廣告|課程|音樂|旅遊|遊戲|平台|平臺)"
    ),
    "資料接口": _Word("資料介面"),
    "程式接口": _Word("程式介面"),
    "系統接口": _Word("系統介面"),
    "高清": _Word("高畫質", unless="[提最崇]高清|高清(?!攝|影|電視|螢|畫|視|圖|直播|版)"),
    "初創企業": _Word("新創企業"),
    "初創公司": _Word("新創公司"),
    "字節": _Word("位元組", unless="字節(?:跳動|奏|錄|目|省|選|日|慶)|數字節"),
    "分辨率": _Word("解析度"),
    "搜索引擎": _Word("搜尋引擎"),
    "市盈率": _Word("本益比"),
    "重症監護室": _Word("加護病房"),
    "海上風電": _Word("離岸風電"),
    "裝機容量": _Word("裝置容量"),
    "變電站": _Word("變電所"),
    "航站樓": _Word("航廈"),
    "登機口": _Word("登機門"),
    "死機": _Word("當機", unless="[生殺必找致瀕撞輾壓摔]死機|死機(?:會|率|械|長|師|車)"),
    "美聯儲": _Word("聯準會"),
    "納斯達克": _Word("那斯達克"),
    "布倫特原油": _Word("布蘭特原油"),
    "對沖基金": _Word("避險基金"),
    "市淨率": _Word("股價淨值比"),
    "淨利潤率": _Word("淨利率"),
    "淨利潤": _Word("淨利"),
    "做空": _Word(
        "放空",
        unless="[想叫當看化變]做空|做空(?:[間氣調拍姐少污汙橋罐檔難運域]|軍(?!工)|品質|服員|中(?:拍|攝|監|巡|勘|表演|運))",
    ),
    "期權": _Word(
        "選擇權",
        unless="[長短近中後前初末任學本上下同各定到時早晚假分逾過預延限租首]期權|期權[利力益責限重威貴臣狀]",
    ),
    "寫字樓": _Word("辦公大樓"),
    "靶向": _Word("標靶", unless="[箭槍標]靶向|靶向(?:前(?!列)|[後左右東西南北著]|[上下][移方])"),
    "血糖儀": _Word("血糖機"),
    "阿爾茨海默": _Word("阿茲海默"),
    "埃博拉": _Word("伊波拉"),
    "抑鬱症": _Word("憂鬱症", unless="抑鬱症[狀候]"),
    "甲乙肝": _Word("A、B肝", unless="甲乙肝[功臟]"),
    "乙肝": _Word("B肝", unless="乙肝[功臟腫]"),
    "丙肝": _Word("C肝", unless="丙肝[功臟腫]"),
    "缺省": _Word("預設", unless="[欠短]缺省|缺省(?:[思悟察水油錢]|電(?![壓流平]))"),
    "基站": _Word("基地台", unless="根基站|基站(?:穩|立|[得不]住)"),
    "文件夾": _Word(
        "資料夾", unless="型文件夾|(?:透明|塑膠|紙)文件夾|文件夾(?:帶|雜|層|附|縫|著|入|在[^，。、]{0,6}[中裡間])"
    ),
    "源代碼": _Word("原始碼", unless="[來資電能貨水財光熱]源代碼"),
    "模塊": _Word("模組"),
    "端口": _Word("連接埠", unless="[極尖末兩前後上下左右東西南北]端口|端口(?:罩|碑|徑|味|岸)"),
    # To embrace opposites is 兼容 in Taiwan too.
    "兼容": _Word(
        "相容",
        unless="(?<!不)(?<!向[下後上前])(?<!系統)(?<![軟硬]體)(?<!設備)(?<!裝置)(?<!程式)(?<!版本)兼容(?!性|模式|於|[系軟硬裝設版])|兼容並|並兼容",
    ),
    "存儲": _Word("儲存", unless="[庫留保寄封貯]存儲|存儲(?:值|蓄|位(?!置)|備[糧用金物電])"),
    "硅": _Word("矽"),
    "奧巴馬": _Word("歐巴馬"),
    "普京": _Word("普丁"),
    "澤連斯基": _Word("澤倫斯基"),
}
_MAINLAND: Mapping[str, _Word] = {
    "网路": _Word("网络", unless="[路铁电管水公]网路(?:[段线由过口])|网路[由径]"),
    "网际网路": _Word("互联网"),
    "软体": _Word("软件", unless="软体(?:动物|家具|沙发|机器人|床|组织)|软体操"),
    "硬体": _Word("硬件", unless="硬体[现会制]"),
    "资讯科技": _Word("信息技术"),
    "萤幕": _Word("屏幕"),
    "滑鼠": _Word("鼠标"),
    "伺服器": _Word("服务器"),
    "资料库": _Word("数据库", unless="(?:文学|音乐|图片|影像|史料|口述|文献)资料库"),
    "智慧型手机": _Word("智能手机"),
    "人工智慧": _Word("人工智能"),
    "印表机": _Word("打印机"),
    "列印": _Word("打印", unless="[系序队]列印|列印证|列印(?:章|花|刷品|度)"),
    "简讯": _Word("短信", unless="简讯(?:[》：:]|栏)|[工作新闻]简讯|[究业会期每]简讯"),
    "部落格": _Word("博客"),
    "行动电话": _Word("移动电话"),
    "行动支付": _Word("移动支付"),
    "行动装置": _Word("移动设备"),
    "行动电源": _Word("充电宝"),
    "数位化": _Word("数字化", unless="数位化[学验工石疗肥]"),
    "数位转型": _Word("数字化转型"),
    "数位经济": _Word("数字经济", unless="数位经济(?:学|师|专)"),
    "晶片": _Word("芯片", unless="(?:石英|压电|[水单多结])晶片|晶片[场酬]"),
    "雷射": _Word("激光"),
    "奈米": _Word("纳米", unless="无奈米"),
    "太空梭": _Word("航天飞机"),
    "太空人": _Word("航天员"),
    "计程车": _Word("出租车"),
    "货柜": _Word("集装箱", unless="[售提补]货柜|货柜台|(?:智能|无人)货柜"),
    "捷运": _Word("地铁", unless="[快便迅敏]捷运"),
    "脚踏车": _Word("自行车"),
    "机车族": _Word("摩托车族"),
    "演算法": _Word("算法"),
    "程式设计": _Word("编程", unless="方程式设计"),
    "程式码": _Word("代码"),
    "应用程式": _Word("应用程序"),
    "随身碟": _Word("U盘"),
    "硬碟": _Word("硬盘"),
    "记忆体": _Word("内存", unless="记忆体[系制验现会]"),
    "频宽": _Word("带宽", unless="[视音]频宽|频宽[度高窄]"),
    "宽频": _Word("宽带", unless="宽频(?:带|谱|段|响)|宽频[道率]"),
    "云端运算": _Word("云计算"),
    "太阳能光电": _Word("光伏"),
    "太阳光电": _Word("光伏"),
    "飞弹": _Word("导弹", unless="起飞弹|飞弹(?:[琴起])|飞弹[痕雨孔]"),
    "执行长": _Word("首席执行官", unless="执行长(?:期|达|时|远|效|江|征)"),
    "财务长": _Word("首席财务官", unless="财务长(?:期|达|远|效)"),
    "爱滋病": _Word("艾滋病"),
    "健检": _Word("体检", unless="健检[查测验修疫]"),
    "呼吸器": _Word("呼吸机", unless="(?:空气|消防|氧气|简易|正压式?)呼吸器|呼吸器官"),
    "纽西兰": _Word("新西兰"),
    "义大利": _Word("意大利", unless="[主定含]义大利"),
    "雪梨市": _Word("悉尼市", unless="雪梨市[场价]"),
    "川普": _Word("特朗普", unless="[口说讲学]川普"),
    "杜拜": _Word("迪拜", unless="[老小]杜拜|杜拜[访会托谒年别]"),
    "寮国": _Word("老挝"),
    "沙乌地阿拉伯": _Word("沙特阿拉伯"),
    "奈及利亚": _Word("尼日利亚"),
    "公尺": _Word("米"),
    "公分": _Word("厘米", unless="[办公]公分|公分[配开摊割]|公分[母红给]"),
    "基地台": _Word("基站"),
    "营业额年增率": _Word("营业额同比增速"),
    "年增率": _Word("同比增速"),
    "通膨": _Word("通胀", unless="[普交沟]通膨|通膨[化润]"),
    "殖利率": _Word("收益率"),
    "光碟": _Word("光盘"),
    "介面": _Word("界面"),
    "号志": _Word("信号", unless="[年国符]号志"),
    "筛检": _Word("筛查"),
    "洗肾": _Word("血液透析"),
    "计画": _Word("计划", unless="设计画"),
    "机上盒": _Word("机顶盒"),
    "视讯": _Word("视频", unless="视讯[号息]"),
    "专案经理": _Word("项目经理"),
    "专案管理": _Word("项目管理"),
    "优酪乳": _Word("酸奶"),
    "报表纸": _Word("打印纸"),
    "本益比": _Word("市盈率"),
    "每股盈余": _Word("每股收益"),
    "加护病房": _Word("重症监护病房"),
    "机率": _Word(
        "概率",
        unless="[司手飞契动危时投转主整单停开关死宕换待装空登候接送坠战客货相耳话算电视]机率|机率(?:先|领|队|众|部)",
    ),
    "解析度": _Word("分辨率"),
    "搜寻引擎": _Word("搜索引擎"),
    "当机": _Word("死机", unless="当机(?![，。、；了后时率])"),
    "部落客": _Word("博主", unless="部落客(?:人|栈|运|源|家)"),
    "再生能源": _Word("可再生能源", unless="可再生能源"),
    "鲔鱼": _Word("金枪鱼"),
    "酪梨": _Word("牛油果"),
    "位元组": _Word("字节", unless="位元组(?:成|建|合|织|团)"),
    "联准会": _Word("美联储", unless="联准会员"),
    "那斯达克": _Word("纳斯达克"),
    "布兰特原油": _Word("布伦特原油"),
    "避险基金": _Word("对冲基金"),
    "股价净值比": _Word("市净率"),
    "头期款": _Word("首付款"),
    # A target of any other kind is 标靶 on the mainland too.
    "标靶药": _Word("靶向药"),
    "标靶治疗": _Word("靶向治疗"),
    "标靶疗法": _Word("靶向疗法"),
    "血糖机": _Word("血糖仪", unless="血糖机(?:制|理|能|会)"),
    "阿兹海默": _Word("阿尔茨海默"),
    "伊波拉": _Word("埃博拉"),
    "B肝": _Word("乙肝", unless="[A-Za-z素维]B肝|B肝[功脏肿]"),
    "C肝": _Word("丙肝", unless="[A-Za-z素维]C肝|C肝[功脏肿]"),
    "资料夹": _Word(
        "文件夹", unless="型资料夹|(?:透明|塑料|纸质?|插页)资料夹|资料夹(?:带|杂|层|附|着|入|在[^，。、]{0,6}[中里间])"
    ),
    "全球资讯网": _Word("万维网"),
    "资安": _Word(
        "信息安全",
        unless="[投物融外独合川邮游劳集]资安|资安(?:全|排|置|徽|康|装|顿|心|家|定(?![义位级期制向])|放|稳|抚|葬|居|阳|岳|抵)",
    ),
    "矽": _Word("硅", unless="矽(?:[肺尘卡线]|结节|酸盐肺|力杰|电股份|[成睿]科技|品精密)|含矽粉尘|煤矽"),
    "欧巴马": _Word("奥巴马"),
    "普丁": _Word("普京", unless="贺普丁"),
    "泽伦斯基": _Word("泽连斯基"),
}
_BY_REGION = {"TW": _TAIWAN, "CN": _MAINLAND}
_REGION_NAMES: Mapping[str | None, str] = {"TW": "Taiwan", "CN": "the mainland"}


@dataclass(frozen=True, slots=True)
class ForeignWord:
    """A word of another region, its position, and its replacement."""

    start: int
    word: str
    replacement: str

    @property
    def end(self) -> int:
        return self.start + len(self.word)


def find_foreign_words(text: str, locale: str) -> Iterator[ForeignWord]:
    """Yields the words of another region in a text of the locale, from left to right."""
    region = _find_region(locale)
    if region is None:
        return
    words, pattern = _BY_REGION[region], _compile_pattern(region)
    for match in pattern.finditer(text):
        word = words[match[0]]
        if not word.unless or not _is_right_in_context(word.unless, text, match):
            yield ForeignWord(match.start(), match[0], word.replacement)


def _find_region(locale: str) -> str | None:
    """Returns the region of the locale's vocabulary; None if there is no table for it."""
    region = find_han_region(locale) if find_chinese_script(locale) else None
    return region if region in _BY_REGION else None


def name_region(locale: str) -> str:
    """Returns the name in messages of the region of a locale that has a table."""
    return _REGION_NAMES[_find_region(locale)]


def _is_right_in_context(unless: str, text: str, match: re.Match[str]) -> bool:
    # No context in the tables needs more characters around the word.
    start = max(0, match.start() - 6)
    return any(
        start + found.start() < match.end() and match.start() < start + found.end()
        for found in re.finditer(unless, text[start : match.end() + 10])
    )


@cache
def _compile_pattern(region: str) -> re.Pattern[str]:
    """Compiles a pattern of all foreign words, longest first."""
    return re.compile("|".join(sorted(map(re.escape, _BY_REGION[region]), key=len, reverse=True)))
