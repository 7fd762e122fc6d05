"""Remembers the texts in which a check found nothing, so that after an edit elsewhere they are not checked again.

A check may use this if its findings depend only on the text and on the values that the check passes to `for_rule`. Texts with
findings are always checked, because the locations in the findings may have changed.
"""

from collections.abc import Iterator
from dataclasses import field
from hashlib import blake2b

from brief.model.record import dataclass

_BYTES = 16


@dataclass(slots=True)
class CleanTexts:
    """Digests of pairs of a rule and a text without findings: `known` from the earlier run, and `met` in this run."""

    known: frozenset[bytes] = frozenset()
    met: set[bytes] = field(default_factory=set)

    @classmethod
    def from_bytes(cls, data: bytes) -> "CleanTexts":
        return cls(frozenset(_divide(data)))

    def to_bytes(self) -> bytes:
        return b"".join(sorted(self.met))

    @property
    def has_changed(self) -> bool:
        return self.met != self.known

    def make_next(self) -> "CleanTexts":
        """Returns the object for the next run of the checks, which knows what this run met."""
        return CleanTexts(frozenset(self.met))

    def for_rule(self, *rule: str) -> "CleanRule":
        """Returns a view for one rule: the name of the check, and everything that its findings depend on except the
        text.
        """
        return CleanRule(self, blake2b(repr(rule).encode("utf-8", "surrogatepass"), digest_size=_BYTES).digest())


@dataclass(frozen=True, slots=True)
class CleanRule:
    """Looks up and records clean texts under one rule, whose digest is `rule`."""

    texts: CleanTexts
    rule: bytes

    def recall(self, text: str) -> bool:
        """Returns whether the text is known to be clean; if so, it is kept for the next run."""
        name = self._digest(text)
        if name in self.texts.known:
            self.texts.met.add(name)
            return True
        return False

    def add(self, text: str) -> None:
        self.texts.met.add(self._digest(text))

    def _digest(self, text: str) -> bytes:
        return blake2b(self.rule + text.encode("utf-8", "surrogatepass"), digest_size=_BYTES).digest()


def _divide(data: bytes) -> Iterator[bytes]:
    return (data[at : at + _BYTES] for at in range(0, len(data) - _BYTES + 1, _BYTES))
