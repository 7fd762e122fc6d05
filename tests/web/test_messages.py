"""Messages read back from files."""

import contextlib
from pathlib import Path

import pytest
from mail_samples import CID, HTML, TEXT, message, write_folder
from variant_samples import pixel

from brief.model.diagnostics import MachineError
from brief.web.messages import Mailbox, decode_part, get_part_name, get_part_type, read_message

FILE = "00001.council.zh-Hant.chen1@example.org.eml"


def test_a_message_is_taken_apart() -> None:
    read = read_message(FILE, message())
    assert (read.name, read.address) == ("陳憲龍", "chen1@example.org")
    assert (read.subject, read.language, read.variant) == ("深夜公車", "zh-Hant", "council.zh-Hant")
    assert dict(read.headers)["From"] == "研究組 <desk@example.org>"
    assert (read.html or "").strip() == HTML
    assert (read.text or "").strip() == TEXT
    assert decode_part(read.pictures[CID]) == pixel().data
    assert [(get_part_name(file), get_part_type(file), len(decode_part(file))) for file in read.attachments] == [
        ("報告.pdf", "application/pdf", 20)
    ]


def test_a_message_may_lack_everything() -> None:
    read = read_message("a.eml", b"\r\n")
    assert (read.name, read.address, read.subject, read.variant, read.language) == ("", "", "", "", None)
    assert read.html is None
    assert read.attachments == ()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"To: =?utf-8?q?foo=0ABcc:_evil@x?= <a@b>\r\n\r\nx",
        b"Content-Type: multipart/mixed; boundary=\r\n\r\nx",
        b"Content-Type: text/html; charset=nonsense\r\n\r\n\xff\xfe",
        b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!",
        b"To: <<>>,,;\r\nSubject: \xff\xfe\r\nContent-Language: en, zh\r\n\r\n",
        b"\x00" * 100,
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3000)),
        b'Content-Type: image/x"onerror=1; name=\xff\r\nContent-ID: <\r\n a>\r\n\r\nx',
        b"Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nx",
    ],
)
def test_any_bytes_give_a_message_or_an_error_of_ours(data: bytes) -> None:
    with contextlib.suppress(MachineError):
        read_message("odd.eml", data)


def test_an_invalid_media_type_is_not_passed_on() -> None:
    odd = message().replace(b"application/pdf", b'image/x"><b>')
    assert [get_part_type(file) for file in read_message(FILE, odd).attachments] == ["application/octet-stream"]


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    (write_folder(tmp_path, 3) / "notes.txt").write_text("not a message")
    mailbox = Mailbox(tmp_path)
    assert [each.address for each in mailbox[:]] == [f"chen{number}@example.org" for number in (1, 2, 3)]
    assert len(mailbox) == 3


def test_a_folder_without_messages_is_reported(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match=r"there are no \.eml files in"):
        Mailbox(tmp_path)
    with pytest.raises(MachineError, match="No such file or directory"):
        Mailbox(tmp_path / "absent")
