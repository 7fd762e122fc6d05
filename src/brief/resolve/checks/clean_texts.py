"""Remembers the texts in which a check found nothing, so that they are not checked again after an edit elsewhere.

A check may use this if its diagnostics depend only on the text and on the values that the check passes to `for_rule`. Texts
with diagnostics are always checked, because their locations may have changed.
"""

from collections.abc import Iterator
from dataclasses import field
from hashlib import blake2b

from brief.model.record import dataclass

# The length of a digest.
_BYTES = 16


@dataclass(slots=True)
class CleanTexts:
    """Digests of pairs of a rule and a clean text: `known` has those of the earlier run, `current` those of this run."""

    known: frozenset[bytes] = frozenset()
    current: set[bytes] = field(default_factory=set)

    @classmethod
    def from_bytes(cls, data: bytes) -> "CleanTexts":
        return cls(frozenset(_divide(data)))

    def to_bytes(self) -> bytes:
        return b"".join(sorted(self.current))

    @property
    def has_changed(self) -> bool:
        return self.current != self.known

    def make_next(self) -> "CleanTexts":
        """Returns the object for the next run of the checks, in which the texts of this run are known."""
        return CleanTexts(frozenset(self.current))

    def for_rule(self, *rule: str) -> "CleanRule":
        """Returns the clean texts of one rule, which is the name of the check and everything on which its diagnostics depend,
        except the text.
        """
        return CleanRule(self, blake2b(repr(rule).encode("utf-8", "surrogatepass"), digest_size=_BYTES).digest())


@dataclass(frozen=True, slots=True)
class CleanRule:
    """Looks up and records clean texts under one rule, whose digest is `rule`."""

    texts: CleanTexts
    rule: bytes

    def recall(self, text: str) -> bool:
        """Returns whether the text is known to be clean; if so, also records it for the next run."""
        digest = self._digest(text)
        if digest in self.texts.known:
            self.texts.current.add(digest)
            return True
        return False

    def add(self, text: str) -> None:
        """Records that the text is clean."""
        self.texts.current.add(self._digest(text))

    def _digest(self, text: str) -> bytes:
        return blake2b(self.rule + text.encode("utf-8", "surrogatepass"), digest_size=_BYTES).digest()


def _divide(data: bytes) -> Iterator[bytes]:
    return (data[start : start + _BYTES] for start in range(0, len(data) - _BYTES + 1, _BYTES))
