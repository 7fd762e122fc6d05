"""How cost grows with the number of pages and of variants."""

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from meter import Cost, run

from brief.project.new_project import NewProject, create_project

HERE = Path(__file__).parent
_PARAGRAPHS_A_PAGE = 5
_SENTENCES = {
    "en": "Night buses ran on every line in the second year, and the number of riders rose with each month. ",
    "zh-Hans": "夜间公交第二年覆盖全部线路，乘客人次逐月增加，候车时间也有所缩短。",
    "zh-Hant": "夜間公車第二年行駛全部路線，乘客人次逐月增加，候車時間也有所縮短。",
}


@dataclass(frozen=True)
class Point:
    """`number` of pages or variants, and what they cost in all."""

    number: int
    cost: Cost


def steps(limit: int) -> list[int]:
    """1, 10, 100, ... up to the limit, which comes last; none where it is 0."""
    if not limit:
        return []
    powers = [10**exponent for exponent in range(6) if 10**exponent < limit]
    return [*powers, limit]


Measure = Callable[[int, Path], Point]


def page(wanted: int, work: Path) -> Point:
    """One PDF in Traditional Chinese of about so many pages; the true number is what is returned."""
    root = work / "project"
    create_project(root, NewProject())
    _lengthen(root / "content/themes/ridership.yaml", wanted * _PARAGRAPHS_A_PAGE)
    build = [sys.executable, "-m", "brief", "build", "-f", "pdf", "-a", "public", "-l", "zh-Hant", "-C", root]
    cost = run(build, work, {"BRIEF_CACHE_DIR": "off"})
    manifest = (root / "output/night-buses/manifest.json").read_text()
    return Point(int(re.findall(r'"pages": (\d+)', manifest)[0]), cost)


def variant(wanted: int, work: Path) -> Point:
    """So many variants of two pages, each in three formats, one after another."""
    root = work / "project"
    create_project(root, NewProject())
    return Point(wanted, run([sys.executable, HERE / "scripts/variants.py", root, str(wanted)], work))


def _lengthen(theme: Path, paragraphs: int) -> None:
    blocks = []
    for number in range(paragraphs):
        texts = "".join(f'      {locale}: "{number} {text * 4}"\n' for locale, text in _SENTENCES.items())
        blocks.append(
            f"  - kind: paragraph\n    id: added-{number}\n    clearance: public\n    depth: summary\n    text:\n{texts}"
        )
    theme.write_text(theme.read_text("utf-8").rstrip("\n") + "\n" + "".join(blocks), "utf-8")
