"""Writes `src/brief/han_variants.txt` from the tables of OpenCC: `python tools/han_variants.py`.

Each line has the characters that a conversion between Chinese scripts, regions or Japanese may replace with each other,
such as 發, 发, 髮 and 発. The first one is that with the lowest number.
"""

from pathlib import Path

import opencc

FILE = Path(__file__).parents[1] / "src" / "brief" / "han_variants.txt"
_CONFIGURATIONS = ("t2s", "s2t", "jp2t", "hk2t", "tw2t")
# Extension A; CJK Unified Ideographs.
_BLOCKS = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000))


def make_text() -> str:
    """Returns the content of the file."""
    characters = [chr(code) for block in _BLOCKS for code in block]
    groups = {each: {each} for each in characters}
    for name in _CONFIGURATIONS:
        # Line by line, so that no two characters are taken for a word.
        converted = opencc.OpenCC(name).convert("\n".join(characters)).split("\n")
        for character, other in zip(characters, converted, strict=True):
            if other in groups and other not in groups[character]:
                group = groups[character] | groups[other]
                groups.update(dict.fromkeys(group, group))
    lines = {"".join(sorted(group)) for group in groups.values() if len(group) > 1}
    return "".join(f"{line}\n" for line in sorted(lines))


if __name__ == "__main__":
    FILE.write_text(make_text(), encoding="utf-8")
