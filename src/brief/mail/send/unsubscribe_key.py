"""Finds the key for the tokens for unsubscribing in the environment or the keyring."""

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from brief.mail.compose.unsubscribe import Unsubscribe, find_key_problem
from brief.mail.send.credentials import find_password
from brief.model.diagnostics import MachineError

VARIABLE = "BRIEF_UNSUBSCRIBE_KEY"
USER = "unsubscribe"


def find_unsubscribe_key(
    unsubscribe: Unsubscribe, environment: Mapping[str, str], find_in_keyring: Callable[[str, str], str] = find_password
) -> str | None:
    """Returns the key, or None if no token is needed.

    Raises:
        MachineError: the key is in neither place, or too short.
    """
    if not unsubscribe.needs_token or unsubscribe.uri is None:
        return None
    key = environment.get(VARIABLE)
    if not key:
        try:
            key = find_in_keyring(urlsplit(unsubscribe.uri).hostname or "mail", USER)
        except MachineError as missing:
            raise MachineError(f"{VARIABLE} is not set, and {missing}") from None
    if (problem := find_key_problem(key)) is not None:
        raise MachineError(f"the key for unsubscribing, in {VARIABLE} or in the keyring, {problem}")
    return key
