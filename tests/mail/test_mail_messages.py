"""A message: made of the parts it should have, read back as it was meant, and nothing else in its header."""

import hashlib
import io
import re
import subprocess
import sys
from dataclasses import replace
from email.generator import BytesGenerator
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path

import pytest
from letters import FIELDS, MOMENT, SENDING, a_letter
from mail_plans import PACK, Mailing, read, row, write_list

from brief import Artifact, ContentError, Project, compose, compose_letter
from brief.mail.compose.message import MessageTemplate
from brief.model.variant import Chart
from brief.reading.addresses import parse_address
from brief.store import spool

LOCALES = ("en", "zh-Hans", "zh-Hant")


@pytest.fixture(scope="module")
def mailing(tmp_path_factory: pytest.TempPathFactory, shared_cache: Path) -> Mailing:
    return Mailing.made(tmp_path_factory.mktemp("messages"), shared_cache, "-a", "council", "-f", "html", "-f", "pdf")


@pytest.fixture(scope="module")
def messages(mailing: Mailing) -> dict[str, EmailMessage]:
    """One message in each locale, as a reader gets it."""
    people = write_list(
        *(row(f"li@{locale}.example.org", "李小明", locale=locale, formats=["html", "pdf"]) for locale in LOCALES)
    )
    return dict(zip(LOCALES, mailing.messages(people), strict=True))


class Page(HTMLParser):
    """What an HTML body says and refers to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words = ""
        self.sources: list[str] = []
        self.attributes: dict[str, dict[str, str | None]] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes.setdefault(tag, dict(attrs))
        self.sources += [value or "" for name, value in attrs if name in ("src", "href", "background")]

    def handle_data(self, data: str) -> None:
        self.words += data


def tree(message: EmailMessage) -> object:
    if not message.is_multipart():
        return message.get_content_type()
    return message.get_content_subtype(), [tree(part) for part in message.iter_parts()]  # type: ignore[arg-type]


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    assert found is not None
    content: str = found.get_content()
    return content


@pytest.mark.parametrize("locale", LOCALES)
def test_a_message_has_text_page_picture_and_attachments(messages: dict[str, EmailMessage], locale: str) -> None:
    body = ("related", [("alternative", ["text/plain", "text/html"]), "image/png"])
    assert tree(messages[locale]) == ("mixed", [body, "text/html", "application/pdf"])
    assert [defect for each in messages[locale].walk() for defect in each.defects] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_the_header_says_all_that_it_must_and_names_one_recipient(
    messages: dict[str, EmailMessage], locale: str
) -> None:
    message = messages[locale]
    assert message.keys() == [*FIELDS, "Content-Type"]
    assert message["To"].addresses[0].addr_spec == f"li@{locale.lower()}.example.org"
    assert message["To"].addresses[0].display_name == "李小明"
    assert message["From"].addresses[0].addr_spec == "research@example.org"
    assert message["Content-Language"] == locale
    assert message["Auto-Submitted"] == "auto-generated"
    assert re.fullmatch(r"<[0-9a-f]{40}@example\.org>", message["Message-ID"])


WORDS = {
    "en": ("Night buses after one year, 30 June 2026", "Example Research", "Dear 李小明,", "Web page", "PDF, 3 pages"),
    "zh-Hans": ("夜间公交一周年（2026年6月30日）", "示例研究组", "李小明，您好！", "网页", "PDF，3页"),
    "zh-Hant": ("夜間公車一週年（2026年6月30日）", "範例研究組", "李小明 您好：", "網頁", "PDF，3頁"),
}


@pytest.mark.parametrize("locale", LOCALES)
def test_subject_sender_and_greeting_are_in_the_recipients_language(
    messages: dict[str, EmailMessage], locale: str
) -> None:
    subject, sender, *words = WORDS[locale]
    message = messages[locale]
    assert message["Subject"] == subject
    assert message["From"].addresses[0].display_name == sender
    page = Page(part(message, "html"))
    for word in words:
        assert word in part(message, "plain")
        assert word in page.words
    assert page.attributes["html"]["lang"] == locale
    assert part(message, "html").count(f'lang="{locale}"') == 2, "web mail drops <html>"


@pytest.mark.parametrize("locale", LOCALES)
def test_the_text_says_what_the_page_says(messages: dict[str, EmailMessage], mailing: Mailing, locale: str) -> None:
    variant = Project.load(mailing.project.root).make_variant("council", locale)
    page, text = Page(part(messages[locale], "html")).words, part(messages[locale], "plain")
    (section,) = variant.sections
    said = [
        variant.title,
        variant.marking or "",
        *("".join(run.text for run in t if hasattr(run, "text")) for t in section.takeaways),
    ]
    assert all(words in page and words in text for words in said)
    assert len(section.takeaways) == 3


@pytest.mark.parametrize("locale", LOCALES)
def test_the_page_refers_to_its_own_picture_alone(messages: dict[str, EmailMessage], locale: str) -> None:
    message = messages[locale]
    (picture,) = [each for each in message.walk() if each.get_content_type() == "image/png"]
    assert Page(part(message, "html")).sources == [f"cid:{picture['Content-ID'].strip('<>')}"]
    assert picture.get_content_disposition() == "inline"
    assert picture.get_content().startswith(b"\x89PNG")


@pytest.mark.parametrize("locale", LOCALES)
def test_attachments_are_the_packs_bytes_under_names_that_people_read(
    messages: dict[str, EmailMessage], mailing: Mailing, locale: str
) -> None:
    titles = {
        "en": "Night buses after one year - Council version",
        "zh-Hans": "夜间公交一周年 - 议会版",
        "zh-Hant": "夜間公車一週年 - 議會版",
    }
    attached = {each.get_filename(): each for each in messages[locale].iter_attachments()}
    assert list(attached) == [f"{titles[locale]}.html", f"{titles[locale]}.pdf"]
    for suffix in ("html", "pdf"):
        content = attached[f"{titles[locale]}.{suffix}"].get_payload(decode=True)
        assert content == (mailing.project.root / PACK / f"council/night-buses.council.{locale}.{suffix}").read_bytes()


@pytest.mark.parametrize("locale", LOCALES)
def test_every_line_is_short_and_plain_ascii(mailing: Mailing, locale: str) -> None:
    (path,) = mailing.files(write_list(row("li@example.org", "李小明", locale=locale, formats=["html", "pdf"])))
    data = path.read_bytes()
    assert data.isascii()
    assert b"\0" not in data
    assert data.replace(b"\r\n", b"").count(b"\r") == data.replace(b"\r\n", b"").count(b"\n") == 0
    assert max(map(len, data.split(b"\r\n"))) <= 78
    assert read(data).as_bytes() == data


def test_a_non_ascii_address_is_unchanged_in_the_header() -> None:
    """RFC 6532; everything else is as it would be for anybody else."""
    to = parse_address("用户@例子.中国")
    data = MessageTemplate(a_letter(subject="夜间公交"), {}, SENDING).write("李小明", to).load()
    message = read(data)
    assert message["Subject"] == "夜间公交"
    assert message.keys() == [*FIELDS, "Content-Type"]
    assert "<用户@xn--fsqu00a.xn--fiqs8s>".encode() in data
    assert data.replace("用户".encode(), b"").isascii()


# The same bytes


def test_the_same_plan_gives_the_same_bytes_in_another_process_and_zone(mailing: Mailing) -> None:
    assert (
        mailing.plan(write_list(row("li@example.org", "李小明", locale="zh-Hans"), row("ann@example.org"))).status == 0
    )
    script = (
        "import sys, hashlib; from pathlib import Path; from brief.mail.plan.plan import compose_outgoing;"
        "from brief.mail.plan.plan_file import read_plan;"
        "print(*(hashlib.sha256(o.load()).hexdigest() for o in compose_outgoing(read_plan(Path(sys.argv[1])))))"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", script, str(mailing.folder / "plan.json")],
            env={
                "PYTHONPATH": ":".join(sys.path),
                "PYTHONHASHSEED": seed,
                "TZ": zone,
                "LANG": language,
                "PATH": "/usr/bin",
            },
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone, language, folder in (
            ("1", "Asia/Taipei", "C", "/"),
            ("2", "America/Lima", "zh_TW.UTF-8", mailing.folder),
        )
    }
    assert len(digests) == 1
    assert len(digests.pop().split()) == 2


def test_the_id_of_a_message_changes_with_what_it_says_and_to_whom(mailing: Mailing) -> None:
    def ids(*rows: str) -> list[str]:
        return [message["message_id"] for message in mailing.planned(write_list(*rows))]

    first = ids(row("ann@example.org"), row("bob@example.org"))
    assert ids(row("ann@example.org"), row("bob@example.org")) == first
    assert len({*first, *ids(row("ann@example.org", formats=["pdf"]), row("bob@example.org", name="Bob"))}) == 4


# For who sends another way


def test_compose_gives_a_message_that_is_sent_as_it_is(mailing: Mailing) -> None:
    project = Project.load(mailing.project.root)
    artifact = an_artifact("zh-Hans")
    letter = compose_letter(project.make_variant("council", "zh-Hans"), project.template_set, [artifact])
    message = compose([artifact], letter, "李小明", "li@example.org", sender="research@example.org", moment=MOMENT)
    assert message["To"] == "李小明 <li@example.org>"
    assert [each.get_filename() for each in message.iter_attachments()] == ["夜间公交一周年 - 议会版.pdf"]
    again = compose([artifact], letter, "李小明", "li@example.org", sender="research@example.org", moment=MOMENT)
    assert message.as_bytes() == again.as_bytes()
    sent = io.BytesIO()
    BytesGenerator(sent).flatten(message, linesep="\r\n")  # as `smtplib.SMTP.send_message` does
    assert sent.getvalue() == message.as_bytes()
    assert max(map(len, message.as_bytes().split(b"\r\n"))) <= 78


@pytest.mark.parametrize(("locale", "audience"), [("en", "council"), ("zh-Hans", "public")])
def test_compose_refuses_what_is_of_another_variant(locale: str, audience: str) -> None:
    with pytest.raises(ContentError, match="other-variant"):
        compose(
            [an_artifact(locale, audience)],
            a_letter(locale="zh-Hans"),
            "Li",
            "li@example.org",
            sender="r@example.org",
            moment=MOMENT,
        )


def test_compose_refuses_addresses_that_are_none() -> None:
    with pytest.raises(ContentError) as refusal:
        compose([], a_letter(), "Ann", "ann", sender="r@", moment=MOMENT, list_unsubscribe="http://x\r\nBcc: e@x")
    assert [diagnostic.code for diagnostic in refusal.value.diagnostics] == ["bad-address"] * 3


def test_compose_fills_in_the_token_for_unsubscribing() -> None:
    def composed(token: str | None) -> EmailMessage:
        return compose(
            [],
            a_letter(),
            "Ann",
            "ann@example.org",
            sender="r@example.org",
            moment=MOMENT,
            list_unsubscribe="https://example.org/{token}",
            unsubscribe_token=token,
        )

    message = composed("t0ken")
    assert message["List-Unsubscribe"] == "<https://example.org/t0ken>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    with pytest.raises(ContentError, match="no token"):
        composed(None)
    with pytest.raises(ContentError, match="unsafe-header"):
        composed("x>\r\nBcc: <eve@example.com")


def an_artifact(locale: str, audience: str = "council") -> Artifact:
    data = b"%PDF-1.7 " + locale.encode()
    return Artifact(
        name=f"night-buses.{audience}.{locale}.pdf",
        audience=audience,
        locale=locale,
        format="pdf",
        media_type="application/pdf",
        sha256=hashlib.sha256(data).hexdigest(),
        inputs="",
        content=spool(data),
    )


def test_the_picture_is_the_main_exhibit(starter: Project) -> None:
    variant = starter.make_variant("council", "en")
    (section, *others) = variant.sections
    chart = next(block for block in section.blocks if isinstance(block, Chart))
    hero = replace(chart, id="hero", description="The main exhibit", is_hero=True)
    with_hero = replace(variant, sections=(replace(section, blocks=(*section.blocks, hero)), *others))
    assert "The main exhibit" in compose_letter(with_hero, starter.template_set).text
    assert "The main exhibit" not in compose_letter(variant, starter.template_set).text
