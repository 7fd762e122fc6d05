"""A header says what was meant and nothing else, and the name of an attachment comes back as a name."""

import re

import pytest
from header_reader import read_fields, read_mailboxes, read_text
from hypothesis import given, settings
from hypothesis import strategies as st
from letters import FIELDS, a_letter, write_message
from mail_plans import Mailing, read, row, write_list
from projects import ProjectCopy

from brief import ContentError
from brief.mail.compose import mime
from brief.mail.compose.message import make_attachment
from brief.reading.addresses import find_header_problem

# Names of attachments


NAMES = {
    "Chinese": "夜间公交一周年",
    "over a hundred characters": "夜間公車一週年" * 20,
    "quotes and semicolons": 'a "b"; c=d\\e',
    "percent and star": "100% * filename*=utf-8''x",
    "path": "../../etc/passwd",
    "drive": "C:\\Windows\\system",
    "line break": "a\r\nBcc: eve@example.com",
    "override": "a\u202egpj.exe",
    "leading dot": ".hidden",
    "emoji": "🚌 night",
    "decomposed": "Zoe\u0308",
}


@pytest.mark.parametrize("title", NAMES.values(), ids=NAMES.keys())
def test_an_attachments_name_comes_back_and_is_a_name(title: str) -> None:
    letter = a_letter(title=title)
    attachment = make_attachment(letter, "council/night-buses.council.en.pdf", "application/pdf", "")
    name, plain_name = attachment.name, attachment.plain_name
    message = read(write_message(letter, name="Ann", attached=[(name, plain_name)]))
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == name
    assert name.endswith(".pdf")
    assert len(name) <= 84
    assert not re.search(r'[\x00-\x1f"/\\:*;\u202a-\u202e]', name)
    assert message.keys() == [*FIELDS, "Content-Type"]
    header = str(message.as_bytes().split(b"Content-Disposition:")[-1].split(b"\r\n\r\n")[0], "ascii")
    assert re.search(r"[; ]filename=\S", header), "clients that know nothing of RFC 2231 find a name too"


# Header injection


INJECTIONS = {
    "line feed": "Report\nBcc: eve@example.com",
    "carriage return": "Report\rBcc: eve@example.com",
    "both": "Report\r\nBcc: eve@example.com",
    "body": "Report\r\n\r\n<h1>no</h1>",
    "null": "Report\0",
    "vertical tab": "Report\vBcc: eve@example.com",
    "form feed": "Report\fBcc: eve@example.com",
    "next line": "Report\x85Bcc: eve@example.com",
    "line separator": "Report\u2028Bcc: eve@example.com",
    "paragraph separator": "Report\u2029Bcc: eve@example.com",
    "override": "Report \u202efdp.exe",
    "half a surrogate": "Report \ud800",
    "encoded word with a line feed": "=?utf-8?q?foo=0ABcc:_evil@x?=",
    "encoded word in base64": "=?utf-8?b?Zm9vDQpCY2M6IGV2aWxAeC5vcmc=?=",
    "encoded word in the midst": "plain =?utf-8?q?abc?= kept",
    "encoded word cut short": "=?utf-8?q?foo=0ABcc:_evil@x",
}


@pytest.mark.parametrize("text", INJECTIONS.values(), ids=INJECTIONS.keys())
@pytest.mark.parametrize("where", ["subject", "sender_name", "name"])
def test_what_could_begin_another_field_is_refused(where: str, text: str) -> None:
    letter = a_letter(**({where: text} if where != "name" else {}))
    with pytest.raises(ContentError) as refusal:
        write_message(letter, name=text if where == "name" else "Ann")
    assert {diagnostic.code for diagnostic in refusal.value.diagnostics} == {"unsafe-header"}


@pytest.mark.parametrize("subject", ["=?utf-8?q?foo=0ABcc:_evil@x?=", "Night \\u202e buses"])
def test_a_title_that_no_subject_can_be_is_refused_at_its_location(published: ProjectCopy, subject: str) -> None:
    mailing = Mailing.of(published)
    published.replace("content/brief.yaml", "en: Night buses after one year", f'en: "{subject}"')
    ran = mailing.plan(write_list(row("ann@example.org")))
    assert ran.status == 1
    assert "content/brief.yaml:2:" in ran.stderr
    assert "Traceback" not in ran.stderr


@settings(max_examples=150, deadline=None)
@given(subject=st.text(max_size=200), sender=st.text(max_size=80), name=st.text(max_size=120))
def test_any_texts_give_the_intended_header_or_an_error(subject: str, sender: str, name: str) -> None:
    try:
        data = write_message(a_letter(subject=subject, sender_name=sender), name=name)
    except ContentError:
        return
    fields = read_fields(data)
    assert [field for field, _ in fields] == [*FIELDS, "Content-Type"]
    values = dict(fields)
    assert read_text(values["Subject"]) == subject
    assert read_mailboxes(values["From"]) == [(sender, "research@example.org")]
    assert read_mailboxes(values["To"]) == [(name, "ann@example.org")]
    assert max(map(len, data.split(b"\r\n"))) <= 78


NAMES_OF_PEOPLE = {
    "16 Han characters": "人民文学出版社古典文学编辑室主任王",
    "200 Han characters": "出版社" * 66 + "王二",
    "42 Latin letters with a mark": "Łukasz Wolfeschlegelsteinhausenbergerdorff",
    "200 Latin letters": "Wolfeschlegelsteinhausen " * 7 + "Wolfeschlegelsteinhausena",
    "200 Latin letters without a space": "W" * 200,
    "comma": "Lee, Ann, of the Council for Night Buses and Trams, Second Section",
    "short comma": "Lee, Ann",
    "quotes": 'Ann "Bus" Lee (Council) <chair> @ work; a:b',
    "Arabic": "محمد بن عبد الله بن عبد المطلب بن هاشم بن عبد مناف",
    "Devanagari with joiners": "क्\u200dष" * 40,
    "emoji": "🚌" * 200,
    "two spaces": "Ann  Lee " + "李" * 40,
}


@pytest.mark.parametrize("name", NAMES_OF_PEOPLE.values(), ids=NAMES_OF_PEOPLE.keys())
def test_names_that_need_several_encoded_words_go_through(name: str) -> None:
    assert len(name) <= 200
    values = dict(read_fields(write_message(a_letter(sender_name=name, subject=name), name=name)))
    assert read_text(values["Subject"]) == name
    assert read_mailboxes(values["From"]) == [(name, "research@example.org")]
    assert read_mailboxes(values["To"]) == [(name, "ann@example.org")]


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=200))
def test_every_name_of_up_to_200_characters_goes_through(name: str) -> None:
    if find_header_problem(name) is not None:
        return
    values = dict(read_fields(write_message(a_letter(sender_name=name), name=name)))
    assert read_mailboxes(values["To"]) == [(name, "ann@example.org")]
    assert read_mailboxes(values["From"]) == [(name, "research@example.org")]


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=120))
def test_ordinary_texts_are_never_refused(text: str) -> None:
    assert find_header_problem(text) is None or "=?" in text


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=300), st.binary(max_size=300))
def test_any_body_survives_encoding(words: str, data: bytes) -> None:
    entity = mime.make_multipart(
        "mixed",
        "seed",
        mime.make_text("plain", mime.FillableText(words, "")),
        mime.make_binary(mime.encode_base64(data), ("Content-Type", "application/pdf")),
    )
    written = b"".join(piece if isinstance(piece, bytes) else piece.fill({}) for piece in entity.list_pieces())
    text, file = read(written).iter_parts()
    assert text.get_payload(decode=True) == ("\r\n".join(words.splitlines()) + "\r\n").encode()
    assert file.get_payload(decode=True) == data
    assert max(map(len, written.split(b"\r\n"))) <= 78
