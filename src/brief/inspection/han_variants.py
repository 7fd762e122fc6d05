"""Folds the characters that Chinese scripts, regions and Japanese write differently: 發, 发, 髮 and 発.

A text that is withheld in one of them tells as much in another. The table is `han_variants.txt`, which
`tools/han_variants.py` writes from OpenCC (Apache License 2.0).
"""

from functools import cache
from importlib import resources

from brief.inspection.folding import fold_words, squeeze
from brief.model.han import IDEOGRAPH


@cache
def _load_table() -> str:
    """Returns the character that each one of the Basic Multilingual Plane is folded to, by its number.

    `str.translate` looks up a string faster than a dictionary, which raises for each character that it lacks.
    """
    table = list(map(chr, range(0x10000)))
    for line in (resources.files("brief") / "han_variants.txt").read_text("utf-8").splitlines():
        for character in line:
            table[ord(character)] = line[0]
    return "".join(table)


def fold_variants(text: str) -> str:
    """Replaces each Han character by the first of its variants; keeps the length."""
    return text if text.isascii() or not IDEOGRAPH.search(text) else text.translate(_load_table())


def fold_words_and_variants(text: str) -> str:
    """Folds a text with `fold_words`, and the variants of its Han characters."""
    return fold_variants(fold_words(text))


def squeeze_variants(text: str) -> str:
    """Folds a text with `squeeze`, and the variants of its Han characters."""
    return fold_variants(squeeze(text))
