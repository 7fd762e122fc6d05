"""Finds columns of averages, prices and rates by their names: the sum of such a column means nothing."""

import re
from collections.abc import Iterable

# Words for averages, prices and rates in the names of columns, in the languages of the packaged catalogues.
_AVERAGES = re.compile(
    r"\b(?:average|avg|mean|median|percentile|rates?|ratio|index|prices?"
    r"|per(?! (?:year|quarter|month|week|day))|(?:pro|je)(?! (?:jahr|quartal|monat|woche|tag))"
    r"|durchschnitt\w*|mittelwert|mittlere\w*|preise?|moyen(?:ne)?s?|médian\w*|prix|taux|indice"
    r"|promedio|mediana|precios?|tasa|índice)\b"
    r"|平均|[人日周月年单單户戶]均|均[价價值]|中位|单价|單價|[价價]格|指[数數]|比[率例]|単価|価格|指数|중앙값|단가|가격|지수|비율|평균",
    re.I,
)


def find_average_name(names: Iterable[str]) -> str | None:
    """Returns the first of a column's names that suggests averages, prices or rates; None if no name does."""
    return next((name for name in names if _AVERAGES.search(re.sub(r"[-_]", " ", name))), None)
