"""Reads the mail server and the login from the environment and the keyring, never from a file."""

import enum
import re
import ssl
from collections.abc import Callable, Collection, Mapping
from dataclasses import field, replace
from urllib.parse import SplitResult, unquote, urlsplit

from brief.mail.send.credentials import find_password
from brief.mail.send.hosts import is_ip_address, is_loopback
from brief.mail.send.oauth import TokenSource
from brief.mail.send.oauth_settings import TOKEN_URL, is_oauth_configured, make_token_source
from brief.model.diagnostics import MachineError
from brief.model.record import dataclass

VARIABLE = "BRIEF_SMTP_URL"
CA_VARIABLE = "BRIEF_SMTP_CA"
_URL_FORMS = "smtp+starttls://user:password@host:port or smtps://user:password@host:port"
_UNPRINTABLE = re.compile(r"[\s\x00-\x1f\x7f]")
# RFC 1123, 2.1: letters, digits and hyphens, no hyphen at an end.
_HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\.?\Z")


class Security(enum.StrEnum):
    """How the connection is protected; the values are the schemes of the URL."""

    STARTTLS = "smtp+starttls"
    TLS = "smtps"
    NONE = "smtp+insecure"


class Allowance(enum.StrEnum):
    """What is done only if the user allows it."""

    PLAIN_TEXT = "plain-text"
    NO_AUTHENTICATION = "no-authentication"


# RFC 6409, 3.1, for submission; RFC 8314, 7.3, for TLS from the first byte; RFC 5321, 4.5.4.2, for plain SMTP.
_PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server. Without `user` there is no login; with `tokens`, the login uses OAuth 2 and not `password`.

    `ca` is a file of certificates to trust instead of the system's.
    """

    security: Security
    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca: str | None = None
    tokens: TokenSource | None = field(default=None, repr=False, compare=False)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    def make_tls_context(self) -> ssl.SSLContext:
        """Makes the TLS context that verifies the server's chain, dates and name.

        Raises:
            MachineError: `ca` cannot be read.
        """
        try:
            return ssl.create_default_context(cafile=self.ca)
        except OSError as problem:
            # An SSLError is also an OSError, but its text contains neither the file nor a useful reason.
            reason = (
                "contains no certificate"
                if isinstance(problem, ssl.SSLError)
                else f"cannot be read: {problem.strerror}"
            )
            raise MachineError(f"{CA_VARIABLE} names {self.ca}, which {reason}") from problem


def read_server(
    environment: Mapping[str, str],
    allowed: Collection[Allowance] = (),
    find_in_keyring: Callable[[str, str], str] = find_password,
) -> Server:
    """Returns the server that `BRIEF_SMTP_URL` names; a password that is not in the URL comes from the keyring.

    No message repeats the URL, because it contains a password.

    Raises:
        MachineError: the URL is missing or wrong, asks for something unsafe that is not `allowed`, or the keyring has
            no password.
    """
    url = environment.get(VARIABLE, "")
    if not url:
        raise MachineError(f"{VARIABLE} is not set; set it to the server that sends the mail, as {_URL_FORMS}")
    problems: list[str] = []
    server = _parse(url, environment.get(CA_VARIABLE) or None, problems)
    if server is not None:
        problems += _find_disallowed(server, allowed)
    if server is None or problems:
        raise MachineError(f"{VARIABLE} {'; it '.join(problems)}")
    if server.user is None or server.password is not None:
        if is_oauth_configured(environment):
            raise MachineError(f"{VARIABLE} needs a user and no password, since {TOKEN_URL} is set")
        return server
    if is_oauth_configured(environment):
        return replace(server, tokens=make_token_source(environment, server.user, find_in_keyring))
    return replace(server, password=find_in_keyring(server.host, server.user))


def _parse(url: str, ca: str | None, problems: list[str]) -> Server | None:
    if _UNPRINTABLE.search(url):
        problems.append("has white space or a control character in it")
        return None
    try:
        split = urlsplit(url)
    except ValueError:
        # The text of this error may quote the password.
        problems.append(f"is not a URL; write {_URL_FORMS}, with special characters of the password as %XX")
        return None
    try:
        security = Security(split.scheme)
    except ValueError:
        *others, last = (f"{known}://" for known in Security)
        problems.append(f"must begin with {', '.join(others)} or {last}")
        return None
    if split.path not in ("", "/") or split.query or split.fragment:
        problems.append("has something after the port; write special characters of the password as %XX")
        return None
    host = _read_host(split, problems)
    port = _read_port(split, _PORTS[security], problems)
    user, password = _read_login(split, problems)
    return Server(security, host, port, user, password, ca)


def _read_host(split: SplitResult, problems: list[str]) -> str:
    host = split.hostname or ""
    if not host:
        problems.append("names no host")
    elif not host.isascii():
        problems.append("names a host that is not in ASCII; write its xn-- form")
    elif not (_HOST.match(host) or is_ip_address(host)):
        problems.append("names a host that is neither a host name nor an address")
    return host


def _read_port(split: SplitResult, default: int, problems: list[str]) -> int:
    try:
        port = split.port if split.port is not None else default
    except ValueError:
        port = 0
    if port == 0:
        problems.append("has a port that is not from 1 to 65535")
    return port


def _read_login(split: SplitResult, problems: list[str]) -> tuple[str | None, str | None]:
    try:
        user, password = (None if part is None else _unquote(part) for part in (split.username, split.password))
    except UnicodeError:
        # The text of this error would quote the password.
        problems.append("has a user or password that is not UTF-8")
        return None, None
    if user == "":
        problems.append("has an empty user")
    if password == "":
        problems.append("has an empty password; without the colon, it is looked up in the keyring")
    if any("\0" in part for part in (user, password) if part):
        problems.append("has a NUL in its user or password, which SMTP cannot carry (RFC 4616, 2)")
    return user, password


def _unquote(part: str) -> str:
    text = unquote(part, errors="strict")
    text.encode()  # bytes of the environment that are not UTF-8 appear as lone surrogates
    return text


def _find_disallowed(server: Server, allowed: Collection[Allowance]) -> list[str]:
    problems = []
    if server.security is Security.NONE and Allowance.PLAIN_TEXT not in allowed:
        problems.append(f"would send in plain text; add '--allow {Allowance.PLAIN_TEXT}' to permit it")
    if server.security is Security.NONE and server.user is not None and not is_loopback(server.host):
        problems.append("would send the password in plain text, which is allowed only to this machine")
    if server.user is None and Allowance.NO_AUTHENTICATION not in allowed:
        problems.append(f"names no user; add '--allow {Allowance.NO_AUTHENTICATION}' to send without a login")
    return problems
