"""Characters and words that are a mistake in most texts are left alone in names, old words, and parts of other words."""

import pytest

from brief.resolve.checks.conversions import find_wrong_conversions
from brief.resolve.checks.regional import find_foreign_words


@pytest.mark.parametrize(
    "text",
    [
        "專案由于經理負責，題字由于右任所寫。",
        "明史對于謙的評價很高。",
        "优人神鼓在國家戲劇院演出。",
        "手拉坏的素坏先陰乾，坏體再上釉。",
        "這項訊號來自夸克，而不是來自夸父計畫。",
        "岡山庄與冬山庄在一九二○年設立。",
        "為人謹愿，但並非鄉愿。",
        "窗帘與門帘由承包商更換。",
        "經理吳洁瑜推荐這項作法。",
        "山地磽确，岸邊有柜柳。",
        "餐廳供應腊味飯與腊肉。",
        "八蜡廟的蜡祭恢復舉行。",
        "家屬擗踊哭泣。",
        "雜誌願意刊登，標誌向左，墓誌也是。",
        "收穫得很多，合併且重組，僥倖運氣好。",
        "精緻力作細緻使人喜愛，註冊與附註。",
        "傢伙與傢俱，台北鬥牛士，稻穀與低穀價。",
        "施捨與捨棄，席捲入侵，無鬚與鬍鬚，五嶽與山嶽。",
        "線上遊戲與旅遊，水系與星系，歷史與農歷史料。",
        "半導體製造與硬體製程，合成胜肽，度小月担仔麵。",
        "中文採訪稿，本文採用此法，得採逐批查驗。",
        "關務署註銷前經海關註銷，已繫屬之案件，填註意見。",
        "山后聚落與旗后山，從海裡躍起，划獨木舟。",
        "長髮飄逸，頭髮生長與頭髮出油，染髮與髮業。",
        "嚴重復發，目標簽約，控制作業，以專制作為手段，雙重復振。",
        "配合並推動，整合並成立，收獲利了結，受理發證，換發執照。",
        "陳先生于高雄，醫生于美人，老么么妹，英杰與志杰，梧栖鎮。",
        "金門縣志與地方志，病愈出院，愈來愈好，台風穩健，頒發獎杯。",
        "體制造成困擾，長于忠敏，三百里路，九只青蛙頭。",
        "相關系所、由學院係指定，陳彙中與詹為筑，林正傑。",
        "報名並入選，購物並購買保險，並購置設備，並入股同業。",
    ],
)
def test_traditional_characters_of_names_and_old_words_are_left_alone(text: str) -> None:
    assert list(find_wrong_conversions(text, "Hant")) == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("由于委員會延後開會，案件未審。", "于"),
        ("公司並購同業，已並入集團。", "並並"),
        ("由于經理人不足，基金停售。", "于"),
        ("設備已坏，尚待更換。", "坏"),
        ("報告夸大風險，各界自夸成績。", "夸夸"),
        ("飯店在度假山庄旁。", "庄"),
        ("民眾愿意配合。", "愿"),
        ("清洁人員罷工。", "洁"),
        ("希腊的債務下降。", "腊"),
        ("民眾踊躍參加。", "踊"),
        ("他若幹年來的聯系，維系關係。", "幹系系"),
        ("他在農歷新年回複說，請註意，也請關註。", "歷複註註"),
        ("漏鬥與北鬥衛星，傢庭與國傢。", "鬥鬥傢傢"),
        ("遊泳池在山穀，上遊產業在低穀。", "遊穀遊穀"),
        ("宿捨與校捨的問捲，必鬚穫得誌願者同意。", "捨捨捲鬚穫誌"),
        ("嶽父緻力於研究，意見一緻，併且倖運。", "嶽緻緻併倖"),
        ("他的頭發已白，去理發店染發。", "發發發"),
        ("農民收獲，心存僥幸，詞匯重復，標簽制作。", "獲幸匯復簽制"),
        ("兩家公司合並，吞並同業。", "並並"),
        ("經濟復蘇，路面骯臟，心髒病，論罈，稱贊。", "蘇臟髒罈贊"),
        ("什么原因？怎么辦，為什么；這么多。", "么么么么"),
        ("起源于台灣，位于港口，生于高雄，高于預期。", "于于于于"),
        ("奈米制程，半導體制造業，硬體制造商，錄制節目。", "制制制制"),
        ("更復雜的號志燈，病人痊愈，療愈系。", "復志愈愈"),
        ("杰出青年，栖息地，世界巡回，台風天，政局動蕩。", "杰栖回台蕩"),
        ("一干二淨，干凈，髮展，沙髮，胜利。", "干干凈髮髮胜"),
    ],
)
def test_the_same_characters_are_found_elsewhere(text: str, wrong: str) -> None:
    assert "".join(text[at] for at, _ in find_wrong_conversions(text, "Hant")) == wrong


@pytest.mark.parametrize(
    "text",
    [
        "團隊為新館做空間規劃，也做空氣品質監測。",
        "她做空服員三年了。",
        "戒嚴時期權威體制的早期權威研究。",
        "過期權狀可以換發。",
        "海內存知己，舊友卻杳無信息。",
        "質量不滅定律與折算法。",
        "選手把箭靶向後移。",
        "受訪者多有抑鬱症狀。",
        "病患甲與病患乙肝功能都正常。",
        "計畫欠缺省思，也欠缺省水設備。",
        "公司的根基站穩了。",
        "信中的文件夾帶病毒，桌上有透明文件夾。",
        "表中列出資料來源代碼與能源代碼。",
        "車站東端口罩自動販賣機已經拆除。",
        "建築兼容傳統與現代，也剛柔兼容。",
        "倉庫的庫存儲位不足，保存儲備糧的成本上升。",
    ],
)
def test_words_of_taiwan_are_left_alone(text: str) -> None:
    assert [each.word for each in find_foreign_words(text, "zh-Hant")] == []


@pytest.mark.parametrize(
    "text",
    [
        "工商联准会员可以申请。",
        "法定存款准备率下调。",
        "盾构机的激光标靶已经校准，射击标靶尚未更换。",
        "患者甲与患者B肝功能都正常。",
        "附件中的资料夹带病毒，桌上有透明资料夹。",
        "师资安定，救灾物资安放在学校。",
        "矽力杰与矽电股份的股价上涨。",
        "矽线石与含矽粉尘的限值。",
        "贺普丁纳入医保目录。",
    ],
)
def test_words_of_the_mainland_are_left_alone(text: str) -> None:
    assert [each.word for each in find_foreign_words(text, "zh-Hans")] == []


@pytest.mark.parametrize(
    ("locale", "text", "words"),
    [
        ("zh-Hant", "外資做空中概股與期權能否獲利。", ["做空", "期權"]),
        ("zh-Hant", "成人乙肝與甲乙肝疫苗。", ["乙肝", "甲乙肝"]),
        ("zh-Hant", "新版不兼容，與系統兼容性有關。", ["兼容", "兼容"]),
        ("zh-Hant", "基站上線後，端口的缺省值改了。", ["基站", "端口", "缺省"]),
        ("zh-Hant", "開源代碼的存儲位置。", ["源代碼", "存儲"]),
        ("zh-Hans", "标靶治疗与标靶药物。", ["标靶治疗", "标靶药"]),
        ("zh-Hans", "资安防护与资安检测。", ["资安", "资安"]),
        ("zh-Hans", "罹患B肝的病人。", ["B肝"]),
    ],
)
def test_the_same_words_are_found_elsewhere(locale: str, text: str, words: list[str]) -> None:
    assert [each.word for each in find_foreign_words(text, locale)] == words


@pytest.mark.parametrize(
    "text",
    [
        "空氣品質量測站與水質量測站已設置，高品質量產品上市。",
        "視頻繁與否而定，普通脹氣可自行緩解，小鼠標靶治療有效，寄出簡短信件。",
    ],
)
def test_words_that_meet_are_not_a_word_of_the_mainland(text: str) -> None:
    assert list(find_foreign_words(text, "zh-Hant")) == []


@pytest.mark.parametrize("text", ["普通膨化食品与交通膨胀，起飞弹射，电网路径，序列印证，监视讯号。"])
def test_words_that_meet_are_not_a_word_of_taiwan(text: str) -> None:
    assert list(find_foreign_words(text, "zh-Hans")) == []
