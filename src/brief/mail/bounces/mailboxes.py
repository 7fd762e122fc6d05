"""Reads the messages of a Maildir or of an IMAP folder. Nothing is deleted, moved or marked as read."""

import imaplib
import re
import ssl
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from brief.mail.bounces.report import MAX_MESSAGE_BYTES
from brief.mail.send.credentials import find_password
from brief.mail.send.oauth import TokenSource, TokenUnavailableError
from brief.mail.send.oauth_settings import is_oauth_configured, make_token_source
from brief.mail.send.smtp_connection import remove_controls
from brief.model.diagnostics import MachineError
from brief.model.record import dataclass

PASSWORD = "BRIEF_IMAP_PASSWORD"  # noqa: S105  (the name of a variable)
CA = "BRIEF_IMAP_CA"
_PORT = 993  # RFC 8314, 7.1
_TIMEOUT_SECONDS = 60.0
_URL_FORM = "imaps://user@host/folder"
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
# Characters of a quoted folder name, without characters that would end the quotes or the line. Non-ASCII needs modified
# UTF-7.
_FOLDER = re.compile(r"[ !#-\[\]-~]{1,200}")


@dataclass(frozen=True, slots=True)
class ReceivedMessage:
    """A message and its name in the mailbox; `data` is None if the message is too large to be read."""

    name: str
    data: bytes | None


@dataclass(frozen=True, slots=True)
class ImapFolder:
    """A folder on an IMAP server, which is reached over TLS."""

    user: str
    host: str
    port: int
    folder: str


class _RefusedError(Exception):
    """The server answered NO or BAD."""


def read_maildir(folder: Path) -> Iterator[ReceivedMessage]:
    """Reads the messages of a Maildir, from its folders `new` and `cur`.

    Raises:
        MachineError: the folder is not a Maildir, or cannot be read.
    """
    parts = [folder / name for name in ("new", "cur")]
    if not all(part.is_dir() for part in parts):
        raise MachineError(f"'{folder}' is not a Maildir: it must have the folders 'new' and 'cur'")
    try:
        for path in sorted(path for part in parts for path in part.iterdir() if not path.name.startswith(".")):
            if path.is_file() and not path.is_symlink():
                data = path.read_bytes() if path.stat().st_size <= MAX_MESSAGE_BYTES else None
                yield ReceivedMessage(path.relative_to(folder).as_posix(), data)
    except OSError as problem:
        raise MachineError(f"cannot read {folder}: {problem.strerror or problem}") from problem


def parse_imap_url(url: str) -> ImapFolder:
    """Parses `imaps://user@host:port/folder` (RFC 5092).

    Raises:
        ValueError: the URL is invalid. The message, such as "must begin with imaps://", never contains a password.
    """
    try:
        split = urlsplit(url)
        user, password, port = split.username, split.password, split.port or _PORT
    except ValueError:
        raise ValueError(f"is not of the form {_URL_FORM}") from None
    if split.scheme != "imaps":
        raise ValueError("must begin with imaps://; unencrypted connections are not supported")
    if password is not None:
        raise ValueError(f"contains a password, which other users can see; put it in {PASSWORD} or in the keyring")
    folder = unquote(split.path.lstrip("/")) or "INBOX"
    if not user or not split.hostname or split.query or split.fragment:
        raise ValueError(f"is not of the form {_URL_FORM}")
    if not _FOLDER.fullmatch(folder):
        raise ValueError("names a folder with characters that are not printable ASCII, or with a quote or backslash")
    return ImapFolder(unquote(user), split.hostname, port, folder)


def read_imap(
    folder: ImapFolder, environment: Mapping[str, str], find_in_keyring: Callable[[str, str], str] = find_password
) -> Iterator[ReceivedMessage]:
    """Reads the messages of a folder, which is opened read-only (EXAMINE, RFC 9051, 6.3.3).

    Logs in with OAuth 2 if the environment configures it, otherwise with the password from the environment or the keyring.

    Raises:
        MachineError: the server cannot be reached or verified, refuses the login, or does not have the folder; or the
            password or token cannot be found.
    """
    tokens = make_token_source(environment, folder.user, find_in_keyring) if is_oauth_configured(environment) else None
    password = "" if tokens else environment.get(PASSWORD) or find_in_keyring(folder.host, folder.user)
    secrets = [password] if password else []
    server_name = f"{folder.host}:{folder.port}"
    try:
        with imaplib.IMAP4_SSL(
            folder.host, folder.port, ssl_context=_make_tls_context(environment), timeout=_TIMEOUT_SECONDS
        ) as server:
            if tokens is not None:
                _authenticate(server, folder.user, tokens, secrets)
            else:
                server.login(folder.user, password)
            _require(server.select(f'"{folder.folder}"', readonly=True), f"the folder '{folder.folder}'")
            yield from _fetch_all(server)
    except ssl.SSLCertVerificationError as problem:
        raise MachineError(
            f"{server_name} could not be verified: {problem.verify_message}; no password was sent"
        ) from None
    except TokenUnavailableError as problem:
        raise MachineError(str(problem)) from None
    except (imaplib.IMAP4.error, _RefusedError) as problem:
        raise MachineError(f"{server_name}: {_redact(str(problem), secrets)}") from None
    except OSError as problem:
        reason = getattr(problem, "strerror", None) or type(problem).__name__
        raise MachineError(f"{server_name} cannot be reached: {reason}") from None


def _make_tls_context(environment: Mapping[str, str]) -> ssl.SSLContext:
    authorities = environment.get(CA) or None
    try:
        return ssl.create_default_context(cafile=authorities)
    except OSError as problem:
        reason = (
            "contains no certificate" if isinstance(problem, ssl.SSLError) else f"cannot be read: {problem.strerror}"
        )
        raise MachineError(f"{CA} names {authorities}, which {reason}") from None


def _authenticate(server: imaplib.IMAP4, user: str, tokens: TokenSource, secrets: list[str]) -> None:
    token = tokens.get_token()
    secrets.append(token)
    server.authenticate("XOAUTH2", lambda _challenge: f"user={user}\1auth=Bearer {token}\1\1".encode())


def _fetch_all(server: imaplib.IMAP4) -> Iterator[ReceivedMessage]:
    (uids,) = _require(server.uid("SEARCH", "ALL"), "the list of messages")
    for uid in (uids or b"").decode("ascii", "replace").split():
        size = _SIZE.search(_take_first_part(_require(server.uid("FETCH", uid, "(RFC822.SIZE)"), f"message {uid}")))
        if size is not None and int(size[1]) > MAX_MESSAGE_BYTES:
            yield ReceivedMessage(uid, None)
            continue
        # PEEK does not mark it as seen (RFC 9051, 6.4.5).
        answer = _require(server.uid("FETCH", uid, "(BODY.PEEK[])"), f"message {uid}")
        data = next((part[1] for part in answer if isinstance(part, tuple)), None)
        if data is not None:
            yield ReceivedMessage(uid, data)


def _take_first_part(answer: list[bytes | tuple[bytes, bytes] | None]) -> bytes:
    part = answer[0] if answer else b""
    return (part[0] if isinstance(part, tuple) else part) or b""


def _require(answer: tuple[str, list], subject: str) -> list:  # type: ignore[type-arg]
    status, data = answer
    if status != "OK":
        reason = b" ".join(part for part in data if isinstance(part, bytes)).decode("utf-8", "replace")
        raise _RefusedError(f"{subject} cannot be read: {reason}")
    return data


def _redact(text: str, secrets: list[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, "***")
    return remove_controls(text)[:300]
