"""`BRIEF_SMTP_URL`: what it says, what it must not say, and that its password is seen nowhere."""

import sys

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring

from brief import MachineError
from brief.mail.send.server import Allowance, Security, Server, read_server

EVERYTHING = tuple(Allowance)


def no_keyring(*_: str) -> str:
    raise AssertionError("the keyring was asked")


@pytest.mark.parametrize(
    ("url", "server"),
    [
        (
            "smtp+starttls://me:pw@mail.example.org:2525",
            Server(Security.STARTTLS, "mail.example.org", 2525, "me", "pw"),
        ),
        ("smtp+starttls://me:pw@mail.example.org", Server(Security.STARTTLS, "mail.example.org", 587, "me", "pw")),
        (
            "smtps://me%40example.org:p%2Fw%25%40@Mail.Example.ORG/",
            Server(Security.TLS, "mail.example.org", 465, "me@example.org", "p/w%@"),
        ),
        ("smtps://me:pw@[::1]:4650", Server(Security.TLS, "::1", 4650, "me", "pw")),
        ("smtps://me:%E5%AF%86%E7%A0%81@127.0.0.1", Server(Security.TLS, "127.0.0.1", 465, "me", "密码")),
    ],
)
def test_valid_urls(url: str, server: Server) -> None:
    assert read_server({"BRIEF_SMTP_URL": url}, find_in_keyring=no_keyring) == server


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("", "is not set"),
        ("mail.example.org:587", "must begin with"),
        ("smtp://me:hunter2@mail.example.org", "must begin with"),
        ("https://me:hunter2@mail.example.org", "must begin with"),
        ("smtps://", "names no host"),
        ("smtps://me:hunter2@", "names no host"),
        ("smtps://me:hunter2@:465", "names no host"),
        ("smtps://me:hunter2@mail.example.org:0", "port that is not from 1 to 65535"),
        ("smtps://me:hunter2@mail.example.org:70000", "port that is not from 1 to 65535"),
        ("smtps://me:hunter2@mail.example.org:smtp", "port that is not from 1 to 65535"),
        ("smtps://me:hunter2@mail.example.org:-1", "port that is not from 1 to 65535"),
        (
            "smtps://me:hunter2/3@mail.example.org",
            "port that is not from 1 to 65535; .*has something after|has something after",
        ),
        ("smtps://me:hunter2#3@mail.example.org", "has something after"),
        ("smtps://me:hunter2?3@mail.example.org", "has something after"),
        ("smtps://me:hunter2@mail.example.org:465?timeout=1", "has something after"),
        ("smtps://me:hunter2@mail_server", "neither a host name"),
        ("smtps://me:hunter2@-mail.example.org", "neither a host name"),
        ("smtps://me:hunter2@邮件.example.org", "xn--"),
        ("smtps://me:hunter2@[mail", "is not a URL"),
        ("smtps://me:hunter2@mail.example.org\n", "white space"),
        ("smtps://me:hunter2@mail.example.org\r\nRCPT TO:<a@b.c>", "white space"),
        ("smtps://:hunter2@mail.example.org", "empty user"),
        ("smtps://me:@mail.example.org", "empty password"),
        ("smtps://me:hunter2%00@mail.example.org", "NUL"),
        ("smtps://me:hunter2%FF@mail.example.org", "not UTF-8"),
        ("smtps://me:hunter2\udcff@mail.example.org", "not UTF-8"),
        ("smtps://mail.example.org", "'--allow no-authentication'"),
        ("smtp+insecure://me:hunter2@mail.example.org", "'--allow plain-text'"),
        ("smtp+insecure://me:hunter2@127.0.0.1", "'--allow plain-text'"),
        ("smtp+insecure://localhost", "add '--allow plain-text' to permit it; it names no user"),
        ("smtps://me:hunter2@:0", "names no host; it has a port"),
    ],
)
def test_invalid_urls(url: str, why: str) -> None:
    with pytest.raises(MachineError, match=f"BRIEF_SMTP_URL .*(?:{why})") as caught:
        read_server({"BRIEF_SMTP_URL": url}, find_in_keyring=no_keyring)
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_plain_text_and_no_login_are_each_asked_for() -> None:
    url = {"BRIEF_SMTP_URL": "smtp+insecure://localhost:2525"}
    assert read_server(url, EVERYTHING) == Server(Security.NONE, "localhost", 2525)
    for one in Allowance:
        with pytest.raises(MachineError):
            read_server(url, [one])


@pytest.mark.parametrize("host", ["mail.example.org", "192.0.2.1"])
def test_no_password_goes_out_in_plain_text(host: str) -> None:
    with pytest.raises(MachineError, match="the password in plain text") as caught:
        read_server({"BRIEF_SMTP_URL": f"smtp+insecure://me:hunter2@{host}"}, EVERYTHING)
    assert "hunter2" not in str(caught.value)
    for here in ("localhost", "127.0.0.1", "[::1]"):
        assert read_server({"BRIEF_SMTP_URL": f"smtp+insecure://me:hunter2@{here}"}, EVERYTHING).user == "me"


def test_a_password_is_not_shown() -> None:
    server = read_server({"BRIEF_SMTP_URL": "smtps://me:hunter2@mail.example.org"})
    assert "hunter2" not in f"{server} {server!r}"
    assert str(server) == "mail.example.org:465"


class _Keyring(KeyringBackend):
    """A keyring in memory, with one password in it."""

    priority = 1.0

    def get_password(self, service: str, username: str) -> str | None:
        return {("brief:mail.example.org", "me"): "from the keyring"}.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError


def test_a_password_from_the_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    before = keyring.get_keyring()
    keyring.set_keyring(_Keyring())  # type: ignore[no-untyped-call]
    try:
        found = read_server({"BRIEF_SMTP_URL": "smtps://me@mail.example.org"})
        assert (found.user, found.password) == ("me", "from the keyring")
        with pytest.raises(MachineError, match=r"keyring set brief:mail\.example\.org you"):
            read_server({"BRIEF_SMTP_URL": "smtps://you@mail.example.org"})
        keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call]
        with pytest.raises(MachineError, match="the keyring cannot be read"):
            read_server({"BRIEF_SMTP_URL": "smtps://me@mail.example.org"})
        monkeypatch.setitem(sys.modules, "keyring", None)
        with pytest.raises(MachineError, match="pip install 'keyring"):
            read_server({"BRIEF_SMTP_URL": "smtps://me@mail.example.org"})
    finally:
        keyring.set_keyring(before)
