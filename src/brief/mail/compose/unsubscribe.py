"""Lets recipients leave a list: with List-Unsubscribe (RFC 2369, 3.2) and, by a single click, with
List-Unsubscribe-Post (RFC 8058).

An address may contain `{token}`, which only the sender can make for a recipient, and `{address}`. A single click needs
a token: otherwise anyone could forge the POST and unsubscribe anyone else (RFC 8058, 3.1).
"""

import base64
import hmac
import re
from collections.abc import Mapping
from hashlib import sha256
from urllib.parse import quote, urlsplit

from brief.mail.compose.headers import Field
from brief.model.record import dataclass
from brief.reading.addresses import Address

# A URI in ASCII (RFC 3986, 2), short enough for a header line.
_URI = re.compile(r"(https://|mailto:)[!#-;=?-\[\]_a-z~]{1,500}")
_TOKEN, _ADDRESS = "{token}", "{address}"
# Placeholders in letters, where the templates would escape braces.
_LETTER_PLACEHOLDERS = {_TOKEN: "unsubscribe-token-of-recipient", _ADDRESS: "unsubscribe-address-of-recipient"}
PLACEHOLDERS = tuple(_LETTER_PLACEHOLDERS.values())
_MIN_KEY_LENGTH = 16
_TOKEN_LENGTH = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribe:
    """Where to unsubscribe: an https: or mailto: address, and optionally a mailbox."""

    uri: str | None = None
    mailbox: Address | None = None

    @property
    def needs_token(self) -> bool:
        """Whether the address contains a token."""
        return self.uri is not None and _TOKEN in self.uri

    @property
    def letter_uri(self) -> str | None:
        """The address in letters, with `PLACEHOLDERS` that are replaced for each recipient; None without such an address."""
        if self.uri is None:
            return f"mailto:{self.mailbox}?subject=unsubscribe" if self.mailbox else None
        return _fill(self.uri, _LETTER_PLACEHOLDERS)

    def make_fields(self, recipient: Address, token: str | None) -> list[Field]:
        """Makes the header fields for unsubscribing of a message to one recipient."""
        uris = [_fill(self.uri, _make_values(recipient, token))] if self.uri else []
        if self.mailbox:
            uris.append(f"mailto:{self.mailbox}?subject=unsubscribe")
        if not uris:
            return []
        fields: list[Field] = [("List-Unsubscribe", ",\r\n ".join(f"<{uri}>" for uri in uris))]
        if self.needs_token and uris[0].startswith("https://"):
            fields.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
        return fields

    def make_letter_values(self, recipient: Address, token: str | None) -> dict[str, str]:
        """Maps the `PLACEHOLDERS` in a letter to the recipient's values."""
        if self.uri is None or "{" not in self.uri:
            return {}
        return {_LETTER_PLACEHOLDERS[name]: value for name, value in _make_values(recipient, token).items()}


def find_unsubscribe_problem(uri: str) -> str | None:
    """Returns why an address is not valid in List-Unsubscribe, as a predicate; None if it is valid."""
    filled = _fill(uri, {_TOKEN: "x", _ADDRESS: "x"})
    if not _URI.fullmatch(filled):
        return "is neither an https: nor a mailto: address, or has a placeholder other than {token} and {address}"
    try:
        host = urlsplit(filled).netloc
        original = urlsplit(uri).netloc
    except ValueError:
        return "has an invalid host"
    if uri.startswith("https:") and (not host or host != original):
        return "has no host, or a placeholder in it"
    return None


def find_key_problem(key: str) -> str | None:
    """Returns why a key cannot make tokens, as a predicate; None if it can."""
    return None if len(key) >= _MIN_KEY_LENGTH else f"is shorter than {_MIN_KEY_LENGTH} characters"


def make_token(key: str, recipient: Address) -> str:
    """Makes the token of a recipient, which the holder of the key can check.

    It is the first 32 characters, in base64url, of the HMAC-SHA256 of `Address.identity`.
    """
    code = hmac.new(key.encode(), recipient.identity.encode(), sha256).digest()
    return base64.urlsafe_b64encode(code).decode()[:_TOKEN_LENGTH]


def _make_values(recipient: Address, token: str | None) -> dict[str, str]:
    return {_TOKEN: token or "", _ADDRESS: quote(recipient.identity, safe="")}


def _fill(uri: str, values: Mapping[str, str]) -> str:
    for placeholder, value in values.items():
        uri = uri.replace(placeholder, value)
    return uri
