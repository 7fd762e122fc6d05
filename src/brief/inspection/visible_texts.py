"""Decides whether a match in an artifact is also in a text that its audience may see, and records which texts these
are.

More visible texts never lead to more findings. So a file without findings stays without findings for as long as the
audience may see the texts that contained a match.
"""

import re
import threading
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Set
from contextlib import contextmanager
from dataclasses import field
from functools import cached_property, lru_cache
from hashlib import blake2b
from itertools import accumulate

from brief.inspection.folding import drop_gaps, keep_letters
from brief.inspection.han_variants import fold_words_and_variants
from brief.model.han import DENSE_CHARACTER
from brief.model.record import dataclass

_WORD = re.compile("[a-z0-9]{3,}")
_RARE_HAN = 3
# The bytes of the digest of a text.
_SIZE = 16


def digest_key(*parts: object) -> bytes:
    """Returns a short digest of values; each value must have only one `repr`."""
    return blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=_SIZE).digest()


# Most texts are visible to several audiences.
_digest_text = lru_cache(maxsize=50_000)(digest_key)
_drop_gaps = lru_cache(maxsize=50_000)(drop_gaps)
_keep_letters = lru_cache(maxsize=50_000)(keep_letters)


@dataclass(frozen=True)
class _Row:
    """Texts without line breaks, joined into one string to be searched at once."""

    texts: tuple[str, ...]

    @cached_property
    def row(self) -> str:
        return "\n".join(self.texts)

    @cached_property
    def _starts(self) -> list[int]:
        return list(accumulate((len(text) + 1 for text in self.texts), initial=0))

    @cached_property
    def _indices(self) -> dict[str, int]:
        return {text: index for index, text in enumerate(self.texts)}

    def find(self, searched: str | re.Pattern[str]) -> int:
        """Returns the index of a text that contains the string or matches the pattern; -1 if no text does."""
        if isinstance(searched, str):
            # Most elements are a complete text.
            if (index := self._indices.get(searched)) is not None:
                return index
            at = self.row.find(searched)
        else:
            found = searched.search(self.row)
            at = found.start() if found else -1
        return at if at < 0 else bisect_right(self._starts, at) - 1


class _Recorder(threading.local):
    """The indices of the texts that answered with yes; each thread has its own."""

    def __init__(self) -> None:
        self.used: set[int] = set()


@dataclass
class VisibleTexts:
    """The folded texts that an audience may see; `list_texts` is called when they are first needed."""

    list_texts: Callable[[], Iterable[str]]
    _recorder: _Recorder = field(default_factory=_Recorder)
    _asked: dict[str | re.Pattern[str], int] = field(default_factory=dict)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.list_texts()))

    @cached_property
    def keys(self) -> tuple[bytes, ...]:
        """A digest of each text, in the order of `texts`."""
        return tuple(map(_digest_text, self.texts))

    @cached_property
    def key_set(self) -> frozenset[bytes]:
        return frozenset(self.keys)

    @cached_property
    def _squeezed(self) -> _Row:
        return _Row(tuple(map(_drop_gaps, self.texts)))

    @cached_property
    def _letters(self) -> _Row:
        return _Row(tuple(map(_keep_letters, self.texts)))

    @cached_property
    def _words(self) -> dict[str, int]:
        return {word: index for index, text in enumerate(self.texts) for word in _WORD.findall(text)}

    @contextmanager
    def record(self) -> Iterator[set[int]]:
        """Collects the indices of the texts that answer with yes in this context and thread. The set is complete at the
        end.
        """
        outer, used = self._recorder.used, set[int]()
        self._recorder.used = used
        try:
            yield used
        finally:
            outer |= used
            self._recorder.used = outer

    def use(self, indices: Set[int]) -> None:
        """Records the texts on which a cached answer depends."""
        self._recorder.used |= indices

    def has_letters(self, letters: str | re.Pattern[str]) -> bool:
        """Returns whether the letters and digits of a text contain these letters, or match the pattern."""
        found = self._asked.get(letters)
        if found is None:
            found = self._asked[letters] = self._letters.find(letters)
        return self._answer(found)

    def has_squeezed(self, squeezed: str) -> bool:
        """Returns whether a text contains the squeezed one."""
        return self._answer(self._squeezed.find(squeezed))

    def has_all_words(self, text: str) -> bool:
        """Returns whether each word of the text is in a visible one; in Han text, each sequence of `_RARE_HAN`
        characters.
        """
        folded = fold_words_and_variants(text)
        if DENSE_CHARACTER.search(folded):
            letters = keep_letters(folded)
            starts = range(len(letters) - _RARE_HAN + 1)
            return all(self.has_letters(letters[at : at + _RARE_HAN]) for at in starts)
        return all(self._answer(self._words.get(word, -1)) for word in _WORD.findall(folded))

    def _answer(self, index: int) -> bool:
        if index < 0:
            return False
        self._recorder.used.add(index)
        return True
