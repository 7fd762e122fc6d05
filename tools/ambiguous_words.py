"""Writes `src/brief/ambiguous_words.txt` from the phrases of OpenCC: `python tools/ambiguous_words.py`.

Each line begins with characters that have the same Simplified form, such as 發 and 髮; then follow words in which only one of
them is right, as Taiwan writes them. A word that adds nothing to shorter ones, or has rare characters, is left out.
"""

import subprocess
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import opencc

from brief.resolve.checks.conversions import AMBIGUOUS_CHARACTERS

FILE = Path(__file__).parents[1] / "src" / "brief" / "ambiguous_words.txt"
_OPENCC = Path(opencc.__file__).parent / "clib"
# Big5 has the characters in general use before this code, in its first level.
# Words that OpenCC lacks, or that make sure of the end of a word (半導體|製造, not 體制).
_MORE_WORDS = "製程 米製程 半導體製 硬體製 軟體製 錄製 更複雜 複合成長 號誌 網誌 療癒 治癒 痊癒"
_END_OF_FIRST_LEVEL = b"\xc9\x40"


def make_text() -> str:
    """Returns the content of the file."""
    words = _list_words()
    kept: dict[str, set[str]] = {}
    for key in sorted(words, key=lambda key: (len(key), key)):
        if not _adds_nothing(key, words[key], kept):
            kept[key] = words[key]
    kept |= {_make_key(word): {word} for word in _MORE_WORDS.split()}
    lines: dict[str, list[str]] = defaultdict(list)
    for key, forms in kept.items():
        lines[next(AMBIGUOUS_CHARACTERS[each] for each in key if each in AMBIGUOUS_CHARACTERS)] += sorted(forms)
    return "".join(f"{each} {' '.join(lines[each])}\n" for each in sorted(lines))


def _list_words() -> dict[str, set[str]]:
    """Lists the words that have one of the characters, by what they have in common."""
    variants = {form: others[0] for form, others in _read("TWVariants").items()}
    words: dict[str, set[str]] = defaultdict(set)
    for simplified, forms in _read("STPhrases").items():
        for form in forms:
            word = "".join(variants.get(each, each) for each in form)
            is_ambiguous = any(each in AMBIGUOUS_CHARACTERS for each in word)
            if is_ambiguous and len(word) == len(simplified) and all(map(_is_in_general_use, word)):
                words[_make_key(word)].add(word)
    return words


def _make_key(word: str) -> str:
    return "".join(AMBIGUOUS_CHARACTERS.get(each, each)[0] for each in word)


def _adds_nothing(key: str, forms: set[str], kept: Mapping[str, set[str]]) -> bool:
    """Returns whether shorter words allow the same characters at each position of the word."""
    return all(
        any(
            {form[at - start] for form in shorter} == {form[at] for form in forms}
            for start, shorter in _find_parts(key, at, kept)
        )
        for at, each in enumerate(key)
        if each in AMBIGUOUS_CHARACTERS
    )


def _find_parts(key: str, at: int, kept: Mapping[str, set[str]]) -> Iterator[tuple[int, set[str]]]:
    for start in range(at + 1):
        for end in range(max(at + 1, start + 2), len(key) + 1):
            shorter = kept.get(key[start:end])
            if shorter and end - start < len(key):
                yield start, shorter


@cache
def _is_in_general_use(character: str) -> bool:
    try:
        return len(code := character.encode("big5")) == 1 or code < _END_OF_FIRST_LEVEL
    except UnicodeEncodeError:
        return False


def _read(name: str) -> Mapping[str, list[str]]:
    """Reads a dictionary of OpenCC: each phrase, and its conversions."""
    with TemporaryDirectory() as folder:
        text = Path(folder) / "words.txt"
        source = _OPENCC / "share" / "opencc" / f"{name}.ocd2"
        program = [_OPENCC / "bin" / "opencc_dict", "-f", "ocd2", "-t", "text", "-i", source, "-o", text]
        subprocess.run(program, check=True, capture_output=True)
        rows = (line.split("\t") for line in text.read_text("utf-8").splitlines())
        return {row[0]: row[1].split(" ") for row in rows if len(row) == 2}


if __name__ == "__main__":
    FILE.write_text(make_text(), encoding="utf-8")
