"""OAuth 2: a token from a real endpoint opens a real mail server, is renewed in time, and no secret is printed."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import keyring
import pytest
from certificates import Authority, authority
from keyring.backend import KeyringBackend
from mail_server import PASSWORD, USER, ReceivingServer
from outgoing_samples import people
from scripted_smtp import Fault, Script, ScriptedServer
from sender_run import Outbox
from token_endpoint import Answer, Form, TokenEndpoint, bearer

from brief import MachineError
from brief.mail.send.delivery_status import DeliveryState
from brief.mail.send.oauth import (
    Grant,
    OAuthClient,
    TokenRefusedError,
    TokenSource,
    TokenUnavailableError,
)
from brief.mail.send.rate_limit import Pacing
from brief.mail.send.server import Allowance, Security, Server, read_server
from brief.mail.send.smtp import ServerError

SECRETS = ("client-secret-1", "refresh-token-1", "access-token-1")


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path)


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("trusted"))


@pytest.fixture(scope="module")
def context(trusted: Authority) -> ssl.SSLContext:
    return trusted.context()


def client(endpoint: TokenEndpoint, trusted: Authority, grant: Grant = Grant.CLIENT_CREDENTIALS) -> OAuthClient:
    is_refresh = grant is Grant.REFRESH_TOKEN
    return OAuthClient(
        url=endpoint.url,
        client_id="brief",
        grant=grant,
        client_secret=SECRETS[0],
        refresh_token=SECRETS[1] if is_refresh else None,
        scope=None if is_refresh else "https://mail.example.org/.default",
        ca=trusted.file,
    )


def with_tokens(receiver: ReceivingServer, trusted: Authority, tokens: TokenSource) -> Server:
    plain = receiver.server(ca=trusted.file)
    return Server(plain.security, plain.host, plain.port, USER, None, trusted.file, tokens)


@pytest.mark.parametrize("grant", list(Grant))
def test_a_token_opens_the_server(outbox: Outbox, context: ssl.SSLContext, trusted: Authority, grant: Grant) -> None:
    with (
        TokenEndpoint(lambda _form: bearer(SECRETS[2]), context) as endpoint,
        ReceivingServer(context, accepts_token=SECRETS[2].__eq__) as receiver,
    ):
        tokens = TokenSource(client(endpoint, trusted, grant))
        # Three connections, one token.
        report = outbox.run(with_tokens(receiver, trusted, tokens), people(3), Pacing(delays=(), per_connection=1))
        assert report.states == {DeliveryState.ACCEPTED: 3}
        assert receiver.logins == [(USER, SECRETS[2])] * 3
    expected = {"grant_type": str(grant), "client_id": "brief", "client_secret": SECRETS[0]}
    more = (
        {"refresh_token": SECRETS[1]}
        if grant is Grant.REFRESH_TOKEN
        else {"scope": "https://mail.example.org/.default"}
    )
    assert endpoint.forms == [expected | more]


def test_a_token_that_is_not_accepted_is_replaced_once(
    outbox: Outbox, context: ssl.SSLContext, trusted: Authority
) -> None:
    given = iter(["withdrawn", "good"])
    with (
        TokenEndpoint(lambda _form: bearer(next(given)), context) as endpoint,
        ReceivingServer(context, accepts_token="good".__eq__) as receiver,
    ):
        tokens = TokenSource(client(endpoint, trusted))
        assert outbox.run(with_tokens(receiver, trusted, tokens), people(2)).states == {DeliveryState.ACCEPTED: 2}
        assert receiver.logins == [(USER, "withdrawn"), (USER, "good")]


def test_a_second_refusal_ends_the_run_and_names_the_reason(
    outbox: Outbox, context: ssl.SSLContext, trusted: Authority
) -> None:
    with (
        TokenEndpoint(lambda _form: bearer(SECRETS[2]), context) as endpoint,
        ReceivingServer(context, accepts_token=lambda _token: False) as receiver,
    ):
        tokens = TokenSource(client(endpoint, trusted))
        with pytest.raises(ServerError, match=r"535 .*\(status 401, scope https://mail\.example\.org/\)") as refusal:
            outbox.run(with_tokens(receiver, trusted, tokens), people(2), Pacing(delays=(0, 0)))
        assert len(receiver.logins) == len(endpoint.forms) == 2
        assert not any(secret in str(refusal.value) for secret in SECRETS)
    assert outbox.states() == [DeliveryState.PLANNED] * 2


def test_a_server_that_refuses_at_once_gets_one_more_token(outbox: Outbox, trusted: Authority) -> None:
    """Without the error in JSON, as Microsoft does; what it repeats is not printed."""
    offers = b"250-scripted\r\n250-AUTH PLAIN XOAUTH2\r\n250 SIZE\r\n"
    script: dict[str, Script] = {"EHLO": offers, "AUTH": lambda line, _number: b"535 5.7.3 unsuccessful " + line[13:]}
    with ScriptedServer(script) as server, TokenEndpoint(lambda _form: bearer(SECRETS[2])) as endpoint:
        tokens = TokenSource(client(endpoint, trusted))
        with pytest.raises(ServerError, match=r"535 5\.7\.3 unsuccessful \*\*\*$"):
            outbox.run(Server(Security.NONE, "127.0.0.1", server.port, "me", tokens=tokens), people(1))
        assert sum(line.startswith(b"AUTH XOAUTH2") for line in server.commands) == 2
        assert not any(b"PLAIN" in line for line in server.commands)


@pytest.mark.parametrize("fault", [Fault.DROP, b"454 4.7.0 later\r\n"], ids=["lost", "busy"])
def test_a_login_that_is_cut_short_is_tried_later(outbox: Outbox, trusted: Authority, fault: Fault | bytes) -> None:
    offers = b"250-scripted\r\n250 AUTH XOAUTH2\r\n"
    script: dict[str, Script] = {"EHLO": offers, "AUTH": lambda _line, number: fault if number == 0 else b"235 ok\r\n"}
    with ScriptedServer(script) as server, TokenEndpoint(lambda _form: bearer("t")) as endpoint:
        tokens = TokenSource(client(endpoint, trusted))
        there = Server(Security.NONE, "127.0.0.1", server.port, "me", tokens=tokens)
        assert outbox.run(there, people(1), Pacing(delays=(1,))).states == {DeliveryState.ACCEPTED: 1}


def test_a_login_that_is_required_in_between_is_made_with_a_new_token(outbox: Outbox, trusted: Authority) -> None:
    """A token may end in the middle of a connection; the message at that point is not refused."""
    given = (f"t{number}" for number in range(9))
    script: dict[str, Script] = {
        "EHLO": b"250-scripted\r\n250 AUTH XOAUTH2\r\n",
        "AUTH": b"235 ok\r\n",
        "MAIL": lambda _, number: b"530 5.7.57 Client not authenticated\r\n" if number == 2 else b"250 ok\r\n",
    }
    with ScriptedServer(script) as server, TokenEndpoint(lambda _form: bearer(next(given))) as endpoint:
        tokens = TokenSource(client(endpoint, trusted))
        there = Server(Security.NONE, "127.0.0.1", server.port, "me", tokens=tokens)
        assert outbox.run(there, people(10), Pacing(delays=(1,))).states == {DeliveryState.ACCEPTED: 10}
        assert len(server.received) == 10
        assert len(endpoint.forms) == 2


def test_a_server_that_requires_a_login_after_each_login_ends_the_run(outbox: Outbox, trusted: Authority) -> None:
    script: dict[str, Script] = {
        "EHLO": b"250-scripted\r\n250 AUTH XOAUTH2\r\n",
        "AUTH": b"235 ok\r\n",
        "MAIL": b"530 5.7.57 Client not authenticated\r\n",
    }
    with ScriptedServer(script) as server, TokenEndpoint(lambda _form: bearer("t")) as endpoint:
        there = Server(Security.NONE, "127.0.0.1", server.port, "me", tokens=TokenSource(client(endpoint, trusted)))
        with pytest.raises(ServerError, match=r"530 5\.7\.57"):
            outbox.run(there, people(3))
    assert outbox.states() == [DeliveryState.PLANNED] * 3


def test_a_server_without_xoauth2_gets_no_token(outbox: Outbox, trusted: Authority) -> None:
    with ScriptedServer({"EHLO": b"250-scripted\r\n250 AUTH PLAIN LOGIN\r\n"}) as server:
        with TokenEndpoint(lambda _form: bearer("t")) as endpoint:
            there = Server(Security.NONE, "127.0.0.1", server.port, "me", tokens=TokenSource(client(endpoint, trusted)))
            with pytest.raises(ServerError, match="XOAUTH2"):
                outbox.run(there, people(1))
        assert endpoint.forms == []


# The token endpoint


def test_a_token_is_used_until_a_minute_before_its_end(trusted: Authority) -> None:
    now = [1000.0]
    with TokenEndpoint(lambda _form: bearer(f"t{len(endpoint.forms)}", 100)) as endpoint:
        tokens = TokenSource(client(endpoint, trusted), clock=lambda: now[0])
        seen = []
        for moment in (1000.0, 1039.0, 1041.0, 1080.0):
            now[0] = moment
            seen.append(tokens.get_token())
    assert seen == ["t1", "t1", "t2", "t2"]


def test_a_replaced_refresh_token_is_used_and_kept(trusted: Authority) -> None:
    kept: list[str] = []
    with TokenEndpoint(lambda form: bearer("t", 0, refresh_token=form["refresh_token"] + "+")) as endpoint:
        tokens = TokenSource(client(endpoint, trusted, Grant.REFRESH_TOKEN), kept.append)
        tokens.get_token()
        tokens.get_token()
        assert (kept, tokens.unsaved_because) == (["refresh-token-1+", "refresh-token-1++"], None)
        assert [form["refresh_token"] for form in endpoint.forms] == ["refresh-token-1", "refresh-token-1+"]
        forgetful = TokenSource(client(endpoint, trusted, Grant.REFRESH_TOKEN))
        forgetful.get_token()
        assert forgetful.unsaved_because == "the old one is not from the keyring"


def test_a_new_refresh_token_that_cannot_be_kept_is_used_and_reported(
    outbox: Outbox, context: ssl.SSLContext, trusted: Authority
) -> None:
    """The endpoint may have withdrawn the old one, so ending the run would lose both."""

    def fail(_token: str) -> None:
        raise MachineError("the keyring cannot be written (KeyringLocked)")

    with (
        TokenEndpoint(lambda form: bearer("t", 0, refresh_token=form["refresh_token"] + "+"), context) as endpoint,
        ReceivingServer(context, accepts_token=lambda _token: True) as receiver,
    ):
        tokens = TokenSource(client(endpoint, trusted, Grant.REFRESH_TOKEN), fail)
        report = outbox.run(with_tokens(receiver, trusted, tokens), people(4), Pacing(delays=(), per_connection=2))
        assert report.states == {DeliveryState.ACCEPTED: 4}
    assert [form["refresh_token"] for form in endpoint.forms] == ["refresh-token-1", "refresh-token-1+"]
    assert tokens.unsaved_because == "the keyring cannot be written (KeyringLocked)"


@pytest.mark.parametrize(
    "lifetime",
    [None, -5, 0, "soon", True, [], {"a": 1}, float("nan"), "٣", "9" * 400],
    ids=lambda value: str(value)[:9],
)
def test_a_lifetime_that_is_none_means_that_a_token_is_used_once(trusted: Authority, lifetime: object) -> None:
    now = [0.0]
    answer: Answer = (200, {"access_token": "t", "token_type": "Bearer", "expires_in": lifetime})
    with TokenEndpoint(lambda _form: answer) as endpoint:
        tokens = TokenSource(client(endpoint, trusted), clock=lambda: now[0])
        tokens.get_token()
        now[0] = 25 * 3600.0
        tokens.get_token()
    assert len(endpoint.forms) == 2


@pytest.mark.parametrize("lifetime", [3600, "3600", 3600.0, 1e9, 10**400], ids=lambda value: str(value)[:9])
def test_a_token_is_used_for_its_lifetime_however_written(trusted: Authority, lifetime: object) -> None:
    answer: Answer = (200, {"access_token": "t", "token_type": "Bearer", "expires_in": lifetime})
    with TokenEndpoint(lambda _form: answer) as endpoint:
        tokens = TokenSource(client(endpoint, trusted))
        assert (tokens.get_token(), tokens.get_token(), len(endpoint.forms)) == ("t", "t", 1)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 " + b"a" * 400,
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 400,
        b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 400,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"0" * 400,
    ],
    ids=["status", "header", "body", "chunk"],
)
def test_an_endpoint_that_sends_a_byte_now_and_then_has_a_deadline(answer: bytes) -> None:
    def trickle(listener: socket.socket) -> None:
        with suppress(OSError), listener.accept()[0] as connection:
            for byte in answer:
                connection.send(bytes([byte]))
                time.sleep(0.02)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=trickle, args=(listener,), daemon=True).start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/token"
        known = OAuthClient(url=url, client_id="brief", grant=Grant.CLIENT_CREDENTIALS, client_secret=SECRETS[0])
        begun = time.monotonic()
        with pytest.raises(TokenUnavailableError, match=r"takes longer than 1\.5 s"):
            TokenSource(known, timeout=1.5).get_token()
        assert time.monotonic() - begun < 5


REFUSALS: dict[str, tuple[Answer, str]] = {
    "wrong client": (
        (401, {"error": "invalid_client", "error_description": "no client-secret-1\x1b[2J"}),
        r"refuses: invalid_client: no \*\*\*\ufffd\[2J$",
    ),
    "refresh token withdrawn": ((400, {"error": "invalid_grant"}), "refuses: invalid_grant"),
    "error that is none": ((400, {"error": "\r\n", "error_description": "x"}), "refuses: 400"),
    "page in place of JSON": ((403, b"<html>"), "refuses: 403"),
    "redirection": ((302, b""), "refuses: 302"),
    "no token": ((200, {"token_type": "bearer"}), "did not return a bearer token"),
    "token that is none": ((200, {"access_token": "a\r\nb", "token_type": "bearer"}), "did not return a bearer token"),
    "other kind": ((200, {"access_token": "a", "token_type": "mac"}), "did not return a bearer token"),
    "list": ((200, []), "did not return a bearer token"),
    "no end": ((200, b" " * 70_000), "is too long"),
}


@pytest.mark.parametrize(("answer", "why"), REFUSALS.values(), ids=REFUSALS.keys())
def test_a_refusal_of_the_endpoint_is_reported_without_secrets(trusted: Authority, answer: Answer, why: str) -> None:
    with TokenEndpoint(lambda _form: answer) as endpoint:
        tokens = TokenSource(client(endpoint, trusted, Grant.REFRESH_TOKEN))
        with pytest.raises(TokenRefusedError, match=why) as refusal:
            tokens.get_token()
        assert len(endpoint.forms) == 1
    shown = f"{refusal.value} {tokens!r}"
    assert not any(secret in shown for secret in SECRETS)


def test_a_secret_that_the_endpoint_repeats_as_it_was_sent_is_not_shown(trusted: Authority) -> None:
    answer: Answer = (401, {"error": "invalid_client", "error_description": "no s%2Fcret%2B1 and no s/cret+1"})
    with TokenEndpoint(lambda _form: answer) as endpoint:
        known = replace(client(endpoint, trusted), client_secret="s/cret+1")  # noqa: S106
        with pytest.raises(TokenRefusedError, match=r"invalid_client: no \*\*\* and no \*\*\*$"):
            TokenSource(known).get_token()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_an_endpoint_without_time_defers(outbox: Outbox, trusted: Authority, status: int) -> None:
    with (
        TokenEndpoint(lambda _form: (status, {"error": "slow_down"})) as endpoint,
        ScriptedServer({"EHLO": b"250-scripted\r\n250 AUTH XOAUTH2\r\n"}) as server,
    ):
        tokens = TokenSource(client(endpoint, trusted))
        report = outbox.run(Server(Security.NONE, "127.0.0.1", server.port, "me", tokens=tokens), people(2))
    assert report.states == {DeliveryState.DEFERRED: 2}


def test_no_secret_goes_to_an_endpoint_that_is_not_verified(context: ssl.SSLContext, tmp_path: Path) -> None:
    with TokenEndpoint(lambda _form: bearer("t"), context) as endpoint:
        stranger = client(endpoint, authority(tmp_path))
        with pytest.raises(TokenRefusedError, match=r"could not be verified: .*; no secret was sent"):
            TokenSource(stranger).get_token()
        assert endpoint.forms == []


def test_an_endpoint_that_is_gone_defers(trusted: Authority) -> None:
    with TokenEndpoint(lambda _form: bearer("t")) as endpoint:
        pass
    with pytest.raises(TokenUnavailableError, match="cannot be reached"):
        TokenSource(client(endpoint, trusted)).get_token()


# The settings

SETTINGS = {
    "BRIEF_SMTP_URL": "smtps://me@mail.example.org",
    "BRIEF_OAUTH_TOKEN_URL": "https://login.example.org/token",
    "BRIEF_OAUTH_CLIENT_ID": "brief",
    "BRIEF_OAUTH_GRANT": "client_credentials",
    "BRIEF_OAUTH_CLIENT_SECRET": "hunter2",
}


def refuse(*_: str) -> str:
    raise AssertionError("the keyring was asked")


WRONG = {
    "http": ({"BRIEF_OAUTH_TOKEN_URL": "http://login.example.org/token"}, "must begin with https://"),
    "no URL": ({"BRIEF_OAUTH_TOKEN_URL": "https://"}, "is not the URL"),
    "port that is none": ({"BRIEF_OAUTH_TOKEN_URL": "https://login.example.org:x/"}, "is not the URL"),
    "user": ({"BRIEF_OAUTH_TOKEN_URL": "https://me:hunter2@login.example.org/"}, "contains a user"),
    "line break": ({"BRIEF_OAUTH_TOKEN_URL": "https://login.example.org/\r\nx"}, "is not the URL"),
    "no client": ({"BRIEF_OAUTH_CLIENT_ID": ""}, "BRIEF_OAUTH_CLIENT_ID must be set"),
    "no grant": ({"BRIEF_OAUTH_GRANT": ""}, "must be client_credentials or refresh_token"),
    "other grant": ({"BRIEF_OAUTH_GRANT": "password"}, "must be client_credentials or refresh_token"),
    "password too": ({"BRIEF_SMTP_URL": "smtps://me:hunter2@mail.example.org"}, "a user and no password"),
    "no user": ({"BRIEF_SMTP_URL": "smtps://mail.example.org"}, "a user and no password"),
}


@pytest.mark.parametrize(("more", "why"), WRONG.values(), ids=WRONG.keys())
def test_wrong_settings_are_refused_without_repeating_secrets(more: Form, why: str) -> None:
    with pytest.raises(MachineError, match=why) as refusal:
        read_server(SETTINGS | more, tuple(Allowance), find_in_keyring=refuse)
    assert "hunter2" not in str(refusal.value)


class Keys(KeyringBackend):
    priority = 1

    def __init__(self) -> None:
        self.kept = {("brief:login.example.org", "brief"): "secret", ("brief:login.example.org", "me"): "refresh"}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


@pytest.fixture
def keys() -> Iterator[Keys]:
    before, used = keyring.get_keyring(), Keys()
    keyring.set_keyring(used)
    yield used
    keyring.set_keyring(before)


@pytest.mark.parametrize(
    ("grant", "name", "sent"),
    [
        ("client_credentials", "brief", ("client_secret", "secret")),
        ("refresh_token", "me", ("refresh_token", "refresh")),
    ],
)
def test_secrets_that_are_not_in_the_environment_are_in_the_keyring(
    keys: Keys, grant: str, name: str, sent: tuple[str, str]
) -> None:
    settings = {**SETTINGS, "BRIEF_OAUTH_GRANT": grant, "BRIEF_OAUTH_CLIENT_SECRET": ""}
    server = read_server(settings)
    assert server.password is None
    with TokenEndpoint(lambda _form: bearer("t")) as endpoint:
        keys.kept["brief:" + endpoint.host, name] = keys.kept["brief:login.example.org", name]
        server = read_server(settings | {"BRIEF_OAUTH_TOKEN_URL": endpoint.url})
        assert server.tokens is not None
        assert server.tokens.get_token() == "t"
    assert sent in endpoint.forms[0].items()
    keys.kept.clear()
    with pytest.raises(MachineError, match=rf"keyring set brief:login\.example\.org {name}$"):
        read_server(settings)


def test_a_refresh_token_of_the_keyring_is_replaced_there(keys: Keys) -> None:
    with TokenEndpoint(lambda _form: bearer("t", refresh_token="next")) as endpoint:  # noqa: S106
        keys.kept["brief:" + endpoint.host, "me"] = "first"
        more = {"BRIEF_OAUTH_TOKEN_URL": endpoint.url, "BRIEF_OAUTH_GRANT": "refresh_token"}
        server = read_server(SETTINGS | more)
        assert server.tokens is not None
        assert server.tokens.get_token() == "t"
    assert keys.kept["brief:" + endpoint.host, "me"] == "next"
    assert PASSWORD not in repr(server)
