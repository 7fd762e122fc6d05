"""Records in which texts a check found nothing, so that they are not checked again after an edit.

A check may use this if its findings depend only on a text and on the values that it passes as its rule: then a text
without findings has none the next time either. Texts with findings are always checked, because their locations change.
"""

from collections.abc import Iterator
from dataclasses import field
from hashlib import blake2b

from brief.model.record import dataclass

_BYTES = 16


@dataclass(slots=True)
class CleanTexts:
    """Digests, each of a rule and a text without findings: `known` from the earlier run, and `met` in this run."""

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

    def renew(self) -> "CleanTexts":
        """Returns what the next run of the checks starts from."""
        return CleanTexts(frozenset(self.met))

    def select_rule(self, *rule: str) -> "CleanRule":
        """Returns the texts that are clean under a rule: the name of the check, and everything that it depends on
        except the text.
        """
        return CleanRule(self, blake2b(repr(rule).encode("utf-8", "surrogatepass"), digest_size=_BYTES).digest())


@dataclass(frozen=True, slots=True)
class CleanRule:
    """The texts that are clean under one rule."""

    texts: CleanTexts
    rule: bytes

    def has(self, text: str) -> bool:
        """Returns whether the text is known to be clean."""
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
