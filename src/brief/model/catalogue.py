"""The interface texts of one locale, which templates and the program itself print."""

from collections.abc import Mapping
from dataclasses import field

from brief.model.record import dataclass

# Separates context from message in gettext's own keys (GNU gettext manual, "The Format of GNU MO Files").
CONTEXT_SEPARATOR = "\x04"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Messages by `context\\x04msgid`, each with its plural forms; a message without plural has one form.

    The source language's catalogue may be empty: a missing message falls back to its id.
    """

    locale: str
    messages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def get(self, message: str, context: str | None = None) -> str:
        """Returns the message in this locale, in its first plural form; without a translation, the message itself."""
        forms = self.messages.get(_make_key(message, context))
        return forms[0] if forms else message

    def has(self, message: str, context: str | None = None) -> bool:
        """Returns whether the message is listed."""
        return _make_key(message, context) in self.messages

    def get_plural(self, one: str, other: str, form: int, context: str | None = None) -> str:
        """Returns the message in the plural form of index `form`; without a translation, `one` for form 0, else
        `other`.
        """
        forms = self.messages.get(_make_key(one, context))
        if forms:
            return forms[min(form, len(forms) - 1)]
        return one if form == 0 else other


def _make_key(message: str, context: str | None) -> str:
    return f"{context}{CONTEXT_SEPARATOR}{message}" if context else message
