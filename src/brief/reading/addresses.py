"""Parses mail addresses, finds out whether two of them are the same mailbox, and checks texts for header fields.

`email-validator` is not used, because it takes 41 µs for an address (version 2.4) and this module 5, and a list of
100,000 recipients is checked twice. It also maps full-width letters and the ideographic full stop silently, although
the list should be corrected. Both leave IDNA 2008 to `idna`.
"""

import re
import unicodedata
from functools import lru_cache
from types import ModuleType

from brief.model.diagnostics import MachineError
from brief.model.record import dataclass

# Lengths in octets: RFC 5321, 4.5.3.1.1 to 4.5.3.1.3 (a path of 256 octets has two angle brackets around the address).
MAX_LOCAL, MAX_DOMAIN, MAX_ADDRESS, _MAX_LABEL = 64, 255, 254, 63
# A dot-atom without its dots (RFC 5322, 3.2.3); RFC 6532, 3.2, adds all non-ASCII characters.
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\x80-\U0010ffff-]+")
_LINE_BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_VISIBLE_ASCII = re.compile(r"[!-~]+")
# The form of most addresses: a dot-atom in ASCII before the '@', and no quotes, comments or brackets.
_ORDINARY_ADDRESS = re.compile(
    r"([A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*)@([A-Za-z0-9.-]+)"
)
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
_TOP_LEVEL = re.compile(r"[a-z][a-z0-9-]*[a-z0-9]")
_OTHER_DOTS = re.compile("[\u3002\uff0e\uff61]")
_ALPHABETS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "GEORGIAN")
# Cyrillic letters that most typefaces draw as Latin ones (Unicode Technical Standard 39, confusables.txt).
_LATIN_IN_CYRILLIC = frozenset("асԁеһіјӏорԛѕԝхуѵьгпк")

# Characters that reorder surrounding text (Unicode Standard Annex 9). Joiners are legitimate in Persian and Hindi.
_REORDERING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_JOINERS = "\u200c\u200d"
# Text that mail clients decode anywhere in a header (RFC 2047, 2).
_ENCODED_WORD = re.compile(r"=\?[^?\s]*\?[^?\s]*\?")


class BadAddressError(ValueError):
    """A text is not an address. `message` is a predicate that follows it; `hint` says what to do, or is None."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox. `domain` is in the ASCII form of IDNA 2008, and `display_address` has the domain in Unicode."""

    local: str
    domain: str
    display_address: str

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"

    @property
    def identity(self) -> str:
        """The form of the address by which recipients are distinguished. It ignores case, as servers do in practice."""
        folded = f"{self.local.casefold()}@{self.domain}"
        # The same object if it is equal, which saves memory in long lists.
        return self.display_address if folded == self.display_address else folded

    @property
    def needs_smtputf8(self) -> bool:
        """Whether the address requires a server that offers SMTPUTF8 (RFC 6531)."""
        return not self.local.isascii()

    @property
    def look_alike(self) -> str | None:
        """A label of the domain that may imitate another one, or None."""
        if self.display_address.isascii():
            return None
        return next(
            (label for label in self.display_address.rpartition("@")[2].split(".") if _may_deceive(label)), None
        )


def parse_address(text: str) -> Address:
    """Reads `local@domain` (RFC 5321, 4.1.2, with RFC 6531, 3.3), without name, comments, quotes or address literals.

    Raises:
        BadAddressError: it is not an address, or is too long.
        MachineError: a domain is not ASCII, and the package `idna` is not installed.
    """
    if (ordinary := _ORDINARY_ADDRESS.fullmatch(text)) is not None and len(ordinary[1]) <= MAX_LOCAL:
        domain, display_domain = _parse_domain_cached(ordinary[2])
        if len(ordinary[1]) + 1 + len(domain) <= MAX_ADDRESS:
            display_address = f"{ordinary[1]}@{display_domain}"
            # The same object if it is equal, which saves memory in long lists.
            return Address(ordinary[1], domain, text if display_address == text else display_address)
    _refuse_characters(text)
    if text.count("@") != 1:
        raise BadAddressError(
            f"has {text.count('@') or 'no'} '@'; it needs exactly one",
            _find_hint(text) or "write it as name@example.org",
        )
    local, _, domain = unicodedata.normalize("NFC", text).partition("@")
    for atom in local.split("."):
        if not atom:
            raise BadAddressError("has an extra dot before the '@'")
        if not _ATOM.fullmatch(atom):
            invalid = next(character for character in atom if not _ATOM.fullmatch(character))
            raise BadAddressError(f"has '{invalid}' before the '@', which is not allowed there", _find_hint(text))
    if len(local.encode()) > MAX_LOCAL:
        raise BadAddressError(f"is longer than {MAX_LOCAL} octets before the '@'")
    ascii_domain = parse_domain(domain)
    if len(local.encode()) + 1 + len(ascii_domain) > MAX_ADDRESS:
        raise BadAddressError(f"is longer than {MAX_ADDRESS} octets")
    return Address(local, ascii_domain, f"{local}@{_decode_domain(ascii_domain)}")


@lru_cache(maxsize=4096)
def _parse_domain_cached(text: str) -> tuple[str, str]:
    """Returns the domain in ASCII and in Unicode; raises the errors of `parse_address`.

    Results are cached, because the addresses of a list have few different domains.
    """
    domain = parse_domain(text)
    return domain, _decode_domain(domain)


def parse_domain(text: str) -> str:
    """Returns a domain in lower case and in ASCII (RFC 5891); raises the errors of `parse_address`."""
    if _OTHER_DOTS.search(text):
        raise BadAddressError("has a full stop in its domain that is not ASCII", "write '.'")
    domain = text.lower()
    if domain.startswith("["):
        raise BadAddressError("has an IP address as its domain", "write a domain, as in name@example.org")
    if not domain.isascii() or "xn--" in domain:
        domain = _encode_domain(domain)
    labels = domain.split(".")
    for label in labels:
        if not _LABEL.fullmatch(label) or len(label) > _MAX_LABEL:
            raise BadAddressError(f"has the invalid domain '{text}'", "write it as in name@example.org")
    if len(labels) < 2 or not _TOP_LEVEL.fullmatch(labels[-1]):
        raise BadAddressError(f"has the incomplete domain '{text}'", "write it as in name@example.org")
    if len(domain) > MAX_DOMAIN:
        raise BadAddressError(f"has a domain longer than {MAX_DOMAIN} octets")
    return domain


def _refuse_characters(text: str) -> None:
    """Raises BadAddressError if the text is empty or has characters that no address can have."""
    if not text:
        raise BadAddressError("is empty")
    if _VISIBLE_ASCII.fullmatch(text):
        return
    for character in text:
        if character in _LINE_BREAKS:
            raise BadAddressError("has a line break", _find_hint(text) or "write it on one line")
        if character.isspace():
            raise BadAddressError("has a tab" if character == "\t" else "has a space", _find_hint(text))
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn"):
            raise BadAddressError(f"has U+{ord(character):04X}, which is not allowed in an address", "remove it")


def _find_hint(text: str) -> str | None:
    """Returns a hint for a text with more than an address, or None."""
    if "<" in text:
        return "write the bare address here, and the person under 'name'"
    if '"' in text or "(" in text:
        return "addresses with quotes or comments are not supported"
    if "," in text or ";" in text:
        return "write one address for each recipient"
    return None


def _encode_domain(domain: str) -> str:
    idna = _import_idna()
    try:
        encoded: str = idna.encode(domain, strict=True).decode("ascii")
    except idna.IDNAError as problem:
        plain = unicodedata.normalize("NFKC", domain)
        hint = f"did you mean {plain}?" if plain != domain else None
        raise BadAddressError(f"has the invalid domain '{domain}': {problem}", hint) from None
    return encoded


def _decode_domain(domain: str) -> str:
    if "xn--" not in domain:
        return domain
    decoded: str = _import_idna().decode(domain)
    return decoded


def _import_idna() -> ModuleType:
    try:
        import idna
    except ImportError:
        raise MachineError("non-ASCII domains need the package 'idna': pip install 'idna>=3.10'") from None
    return idna


def _may_deceive(label: str) -> bool:
    """Returns whether a label mixes alphabets, or has only Cyrillic letters that look Latin."""
    if label.isascii():
        return False
    alphabets = {word for word in _ALPHABETS for letter in label if unicodedata.name(letter, "").startswith(word)}
    letters = {letter for letter in label if letter.isalpha()}
    return len(alphabets) > 1 or (bool(letters) and letters <= _LATIN_IN_CYRILLIC)


def find_header_problem(text: str) -> str | None:
    """Returns why a text is not safe in a header, as a predicate that follows the text; None if it is safe.

    A control character or line separator could begin another field, an encoded word could hide one, and characters
    that reorder text could display a different name.
    """
    if text.isprintable() and "=?" not in text:
        return None
    for character in text:
        category = unicodedata.category(character)
        code = f"U+{ord(character):04X}"
        if _REORDERING.match(character):
            return f"has {code}, which reorders the text around it"
        if category in ("Cc", "Cs", "Zl", "Zp") or (category == "Cf" and character not in _JOINERS):
            return f"has {code}, which is not allowed in a mail header"
    if _ENCODED_WORD.search(text):
        return "has '=?...?', which mail clients take for an encoded word"
    return None
