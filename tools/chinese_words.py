"""Writes `src/brief/chinese_words.txt` from the dictionary of jieba 0.42.1 (MIT): `python tools/chinese_words.py dict.txt`.

Each line begins with the logarithm of how often its words occur, to the base of 2; then follow the words, in Simplified
characters. Rare words and words of more than four characters are left out. What Taiwan writes is added, since jieba has counted
texts of the mainland.
"""

import re
import sys
from collections import defaultdict
from pathlib import Path

FILE = Path(__file__).parents[1] / "src" / "brief" / "chinese_words.txt"
_LEAST = 20
_WORD = re.compile("[\u4e00-\u9fff]{1,4}")
_NOTICE = """\
# From the dictionary of jieba 0.42.1 (https://github.com/fxsjy/jieba), under the MIT License:
#
# Copyright (c) 2013 Sun Junyi
#
# Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
# files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
# modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
# Software is furnished to do so, subject to the following conditions:
#
# The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.
#
# THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
# WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
# COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
# ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE."""
# As often as usual words of the mainland.
_MORE = 9
_MORE_WORDS = (
    "量测 检测 测站 测站网 标靶 位址 介面 品管 产制 建置 资讯 程式 网路 软体 硬体 影片 列印 萤幕 数位 捷运 客运 机车 便当 薪资 调薪 升息 降息"
    " 加码 减码 年增 年减 季增 季减 月增 月减 营收 毛利 毛利率 本益比 股利 配息 除息 法说会 公视 健保 劳保 劳健保 长照 长照中心 就医 掛号 挂号"
    " 公告 研拟 研商 裁罚 开罚 罚锾 核定 函释 立委 议员 里长 县市 直辖市 台铁 高铁 国道 省道 号志 绿能 储能 风电 光电 离岸 装置 电价 台电 核电 系统化 斗室"
    ""
)


def make_text(dictionary: Path) -> str:
    """Returns the content of the file."""
    words: dict[int, set[str]] = defaultdict(set)
    known: set[str] = set()
    for line in dictionary.read_text("utf-8").splitlines():
        word, count, *_ = line.split(" ")
        if int(count) >= _LEAST and _WORD.fullmatch(word):
            words[int(count).bit_length() - 1].add(word)
            known.add(word)
    words[_MORE] |= set(_MORE_WORDS.split()) - known
    return "".join(
        f"{line}\n" for line in (_NOTICE, *(f"{count} {' '.join(sorted(words[count]))}" for count in sorted(words)))
    )


if __name__ == "__main__":
    FILE.write_text(make_text(Path(sys.argv[1])), "utf-8")
