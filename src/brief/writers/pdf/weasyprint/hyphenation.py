"""Keeps the engine from hyphenating names: "Byte-Dance" would be read as another name."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from weasyprint.text import line_break

from brief.model.locale import get_primary_language

# Languages that write every noun with a capital.
_CAPITAL_NOUNS = frozenset(("de", "lb"))
# In other languages, longer words with a capital begin a sentence more often than they are a name.
_MAX_NAME_LENGTH = 15


def leave_names_whole() -> None:
    """Replaces the engine's hyphenation dictionaries, once for the whole process."""
    engine: Any = line_break.pyphen  # type: ignore[attr-defined]
    if not isinstance(engine, SimpleNamespace):
        patched: Any = SimpleNamespace(
            language_fallback=engine.language_fallback, Pyphen=_make_dictionary(engine.Pyphen)
        )
        line_break.pyphen = patched  # type: ignore[attr-defined]


def _make_dictionary(original: Any) -> Any:
    class Dictionary(original):  # type: ignore[misc]
        """The hyphenation dictionary of a language, which never divides names."""

        def __init__(self, lang: str, **limits: Any) -> None:
            super().__init__(lang=lang, **limits)
            self.has_capital_nouns = get_primary_language(lang.replace("_", "-")) in _CAPITAL_NOUNS

        def iterate(self, word: str) -> Iterator[tuple[str, str]]:
            if not is_name(word, has_capital_nouns=self.has_capital_nouns):
                yield from super().iterate(word)

    return Dictionary


def is_name(word: str, *, has_capital_nouns: bool) -> bool:
    """Returns whether a word may be a name: it has a digit, or a capital after the first letter, or it is not long and
    begins with a capital, unless the language writes all nouns with one.
    """
    if any(letter.isdigit() for letter in word) or any(letter.isupper() for letter in word[1:]):
        return True
    return word[:1].isupper() and not has_capital_nouns and len(word) <= _MAX_NAME_LENGTH
