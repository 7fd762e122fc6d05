"""Reads the OAuth 2 client from the environment and the keyring, never from a file."""

from collections.abc import Callable, Mapping
from functools import partial
from urllib.parse import urlsplit

from brief.mail.send.credentials import store_password
from brief.mail.send.hosts import is_loopback
from brief.mail.send.oauth import Grant, OAuthClient, TokenSource
from brief.model.diagnostics import MachineError

TOKEN_URL = "BRIEF_OAUTH_TOKEN_URL"  # noqa: S105  (the name of a variable, like those below)
CLIENT_ID = "BRIEF_OAUTH_CLIENT_ID"
GRANT = "BRIEF_OAUTH_GRANT"
SCOPE = "BRIEF_OAUTH_SCOPE"
CLIENT_SECRET = "BRIEF_OAUTH_CLIENT_SECRET"  # noqa: S105
REFRESH_TOKEN = "BRIEF_OAUTH_REFRESH_TOKEN"  # noqa: S105
CA = "BRIEF_OAUTH_CA"


def is_oauth_configured(environment: Mapping[str, str]) -> bool:
    return bool(environment.get(TOKEN_URL))


def make_token_source(
    environment: Mapping[str, str],
    user: str,
    find_in_keyring: Callable[[str, str], str],
    store_in_keyring: Callable[[str, str, str], None] = store_password,
) -> TokenSource:
    """Makes the source of tokens for a user of a mail server.

    Secrets that are not in the environment are looked up in the keyring: the client secret under the host of the token
    endpoint and the client id, the refresh token under that host and the user. If the endpoint replaces a refresh token
    from the keyring, the new one is stored there. One from the environment cannot be replaced for the next run.

    Raises:
        MachineError: a variable is missing or wrong, or a secret is not in the keyring. No message contains a secret.
    """
    url = environment[TOKEN_URL]
    host = _check_url(url)
    client_id = environment.get(CLIENT_ID)
    if not client_id:
        raise MachineError(f"{CLIENT_ID} must be set, because {TOKEN_URL} is set")
    try:
        grant = Grant(environment.get(GRANT, ""))
    except ValueError:
        raise MachineError(f"{GRANT} must be {' or '.join(Grant)}") from None
    secret = environment.get(CLIENT_SECRET) or None
    refresh = environment.get(REFRESH_TOKEN) or None
    if grant is Grant.CLIENT_CREDENTIALS:
        secret = secret or find_in_keyring(host, client_id)
    is_from_keyring = grant is Grant.REFRESH_TOKEN and refresh is None
    if is_from_keyring:
        refresh = find_in_keyring(host, user)

    client = OAuthClient(
        url=url,
        client_id=client_id,
        grant=grant,
        client_secret=secret,
        refresh_token=refresh,
        scope=environment.get(SCOPE) or None,
        ca=environment.get(CA) or None,
    )
    return TokenSource(client, partial(store_in_keyring, host, user) if is_from_keyring else None)


def _check_url(url: str) -> str:
    """Returns the host of a token endpoint, with the port if the URL has one; raises MachineError if the URL is wrong.

    Plain HTTP is accepted only for this machine.
    """
    try:
        split = urlsplit(url)
        host, port = split.hostname or "", split.port
    except ValueError:
        host, port = "", None
    if not host or not url.isascii() or not url.isprintable() or " " in url:
        raise MachineError(f"{TOKEN_URL} is not the URL of a token endpoint, such as https://login.example.org/token")
    if split.username is not None or split.fragment:
        raise MachineError(f"{TOKEN_URL} contains a user or a fragment; remove it")
    if split.scheme != "https" and not (split.scheme == "http" and is_loopback(host)):
        raise MachineError(f"{TOKEN_URL} must begin with https://")
    return host if port is None else f"{host}:{port}"
