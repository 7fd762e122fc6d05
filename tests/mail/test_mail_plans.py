"""A plan is made of a pack that may go out, and of nothing else; and it stays what it was."""

import base64
import hmac
import html
import json
import socket
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from unittest.mock import patch
from urllib.parse import quote

import pikepdf
import pytest
from mail_plans import PACK, Mailing, read, row, write_list
from projects import ProjectCopy, run_brief

from brief import Project, compose_letter
from brief.inspection.leaks import Inspector
from brief.mail.compose.css_inline import read_styles
from brief.mail.plan.letters import inspect_letter
from brief.mail.plan.plan import compose_outgoing
from brief.mail.plan.plan_file import read_plan
from brief.model.diagnostic_sink import DiagnosticSink

ANN = write_list(row("ann@example.org"))
SETTINGS = "content/brief.yaml"
PACKAGED = Path(__file__).parents[2] / "templates/base"


@pytest.fixture
def mailing(published: ProjectCopy) -> Mailing:
    """A project of its own with an approved pack, to be broken at will."""
    return Mailing.of(published)


def run_refused(mailing: Mailing, code: str, *args: str, people: str = ANN) -> str:
    """The messages of a refused plan."""
    ran = mailing.plan(people, *args)
    assert ran.status == 1
    assert f"error[{code}]" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not (mailing.folder / "plan.json").exists()
    return ran.stderr


def test_a_plan_says_who_gets_what(mailing: Mailing) -> None:
    ran = mailing.plan(write_list(row("ann@example.org"), row("li@例子.中国", "李小明", locale="zh-Hans")))
    assert ran.status == 0
    for words in (
        "Ann Lee",
        "ann@example.org",
        "council.en",
        "李小明",
        "li@例子.中国",
        "council.zh-Hans",
        "2 messages",
    ):
        assert words in ran.stdout


def test_a_single_message(mailing: Mailing) -> None:
    assert mailing.plan(ANN).stdout.endswith("plan.json: 1 message\n")


def test_an_unapproved_pack_is_not_mailed(mailing: Mailing) -> None:
    (mailing.project.root / "output/night-buses.approval.json").unlink()
    assert "brief approve" in run_refused(mailing, "not-approved")


def test_a_pack_that_was_rebuilt_since_is_not_mailed(mailing: Mailing) -> None:
    text = mailing.project.read(SETTINGS)
    mailing.project.write(SETTINGS, text.replace("en: Night buses after one year", "en: Night buses after two years"))
    assert mailing.project.run("build", "-f", "html", "--jobs", "1", "--replace").status == 0
    run_refused(mailing, "not-approved")


def test_a_pack_that_was_changed_is_not_mailed(mailing: Mailing) -> None:
    page = mailing.project.root / PACK / "council/night-buses.council.en.html"
    page.write_bytes(page.read_bytes() + b" ")
    assert "night-buses.council.en.html: error[pack-changed]" in run_refused(mailing, "pack-changed")


def test_a_missing_pack_is_reported(mailing: Mailing) -> None:
    run_refused(mailing, "pack-manifest", "--pack", "nowhere")


def test_a_pack_of_another_brief_or_date_is_not_mailed(mailing: Mailing) -> None:
    mailing.project.write(SETTINGS, mailing.project.read(SETTINGS).replace("2026-06-30", "2026-07-31"))
    assert "2026-07-31" in run_refused(mailing, "other-pack")


def test_a_variant_that_the_pack_lacks_is_not_mailed(mailing: Mailing) -> None:
    assert "no pdf of audience 'council' in 'en'" in run_refused(
        mailing, "not-in-pack", people=write_list(row("ann@example.org", formats=["html", "pdf"]))
    )


def test_content_that_changed_since_the_build_is_a_warning(mailing: Mailing) -> None:
    theme = "content/themes/ridership.yaml"
    mailing.project.write(theme, mailing.project.read(theme).replace("found its public", "found its riders"))
    ran = mailing.plan(ANN)
    assert ran.status == 0
    assert "warning[pack-outdated]" in ran.stderr
    mailing.project.write(theme, mailing.project.read(theme).replace("found its riders", "found its public"))
    assert "pack-outdated" not in mailing.plan(ANN).stderr


def test_a_message_above_the_limit_is_refused_by_its_size_as_sent(mailing: Mailing) -> None:
    page = "templates/large/screen.html.j2"
    mailing.project.write("templates/large/set.yaml", "extends: base\n")
    own = (PACKAGED / "screen.html.j2").read_text("utf-8")
    mailing.project.write(page, own.replace("</body>", "<p>padding of many words</p>\n" * 26_000 + "</body>"))
    mailing.project.write(SETTINGS, mailing.project.read(SETTINGS).replace("template_set: base", "template_set: large"))
    assert (
        mailing.project.run("build", "-f", "html", "-a", "council", "-l", "en", "--jobs", "1", "--replace").status == 0
    )
    mailing.approve()
    size = (mailing.project.root / PACK / "council/night-buses.council.en.html").stat().st_size
    assert size < 1_000_000, "only in base64 is it too large"
    assert "1.1 MB; the limit is 1 MB" in run_refused(mailing, "message-too-large", "--limit", "1")
    assert mailing.plan(ANN, "--limit", "2").status == 0


# The content of a variant's mail


def test_what_an_audience_may_not_see_is_found_in_its_mail(mailing: Mailing) -> None:
    mailing.project.write("templates/leaky/set.yaml", "extends: base\n")
    mailing.project.write(
        "templates/leaky/mail/body.txt.j2",
        "{{ title }}: Whether RMB 3.1 million a year should also pay for shorter waits\n",
    )
    mailing.project.write(SETTINGS, mailing.project.read(SETTINGS).replace("template_set: base", "template_set: leaky"))
    theme = "content/themes/ridership.yaml"
    said = "a year should also pay for shorter waits"
    assert said in mailing.project.read(theme)
    assert mailing.project.run("build", "-f", "html", "--jobs", "1", "--replace").status == 0
    mailing.approve()
    errors = run_refused(mailing, "withheld-text", people=write_list(row("ann@example.org", audience="public")))
    assert "night-buses.public.en.mail.txt" in errors
    assert mailing.plan(ANN).status == 0, "the council may read it"


def test_withheld_text_is_found_in_the_svg_of_a_mailed_picture(starter: Project) -> None:
    letter = compose_letter(starter.make_variant("council", "en"), starter.get_template_set("council"))
    drawn = replace(letter, audience="public", subject="", title="", html="", text="")
    sink = DiagnosticSink()
    inspect_letter(drawn, Inspector(starter.brief, starter.get_template_set), sink)
    assert {diagnostic.code for diagnostic in sink.found} == {"withheld-text"}
    assert "night-buses.public.en.mail.1.svg" in sink.found[0].message


def test_what_an_audience_may_not_see_is_found_in_what_is_attached(mailing: Mailing) -> None:
    """A page that was tampered with before anybody approved it, manifest and all."""
    page = mailing.project.root / PACK / "public/night-buses.public.en.html"
    before = page.read_bytes()
    leaked = "<p>Whether RMB 3 million a year should also pay for shorter waits.</p></body>"
    page.write_bytes(before.replace(b"</body>", leaked.encode()))
    manifest = mailing.project.root / PACK / "manifest.json"
    document = json.loads(manifest.read_bytes())
    (entry,) = [e for e in document["artifacts"] if e["path"] == "public/night-buses.public.en.html"]
    entry |= {"bytes": page.stat().st_size, "sha256": sha256(page.read_bytes()).hexdigest()}
    manifest.write_text(json.dumps(document))
    mailing.approve()
    run_refused(mailing, "withheld-text", people=write_list(row("ann@example.org", audience="public")))


BROKEN = {
    "undefined": ("mail/body.html.j2", "{{ nobody.knows }}", "template-undefined"),
    "syntax": ("mail/body.txt.j2", "{% if %}", "template-syntax"),
    "subject of two lines": ("mail/subject.txt.j2", "{{ title }}\nBcc: eve@example.com", "unsafe-header"),
    "value in a style": ("mail/body.html.j2", '<p style="{{ title }}">', "template-unsafe"),
    "selector that no tag can take": ("mail/inline.css", "p:hover { color: red }", "mail-style"),
    "unknown custom property": ("mail/inline.css", "p { color: var(--nothing) }", "mail-style"),
    "custom property of itself": (
        "mail/inline.css",
        ":root { --a: var(--b); --b: var(--a) } p { color: var(--a) }",
        "mail-style",
    ),
    "custom property with a fallback": ("mail/inline.css", "p { color: var(--ink, red) }", "mail-style"),
}


@pytest.mark.parametrize(("name", "content", "code"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_template_is_found_before_anything_is_planned(
    mailing: Mailing, name: str, content: str, code: str
) -> None:
    mailing.project.write("templates/own/set.yaml", "extends: base\n")
    mailing.project.write(f"templates/own/{name}", content)
    mailing.project.write(SETTINGS, mailing.project.read(SETTINGS).replace("template_set: base", "template_set: own"))
    run_refused(mailing, code)


def test_custom_properties_are_resolved_however_they_are_spaced() -> None:
    css = ":root { --text: VAR( --ink ) } p { color: var(  --text ); margin: 0 }"
    styles = read_styles(css, "inline.css", "en", {"ink": "#123456"})
    assert styles.rules == "p { color: #123456; margin: 0 }"


def test_a_sets_colours_and_words_reach_the_mail(mailing: Mailing) -> None:
    mailing.project.write("templates/own/set.yaml", 'extends: base\ncolours: {brand: "#5b2a86"}\n')
    mailing.project.write(SETTINGS, mailing.project.read(SETTINGS).replace("template_set: base", "template_set: own"))
    (message,) = mailing.messages(ANN)
    body = message.get_body(("html",))
    assert body is not None
    assert "background-color: #5b2a86" in body.get_content()
    assert "#12355b" not in body.get_content()
    assert "var(--" not in body.get_content()


# Who sends


def with_mail(mailing: Mailing, settings: str) -> None:
    mailing.project.write(SETTINGS, mailing.project.read(SETTINGS) + f"mail: {settings}\n")


def test_the_settings_name_the_sender_and_what_else_goes_into_the_header(mailing: Mailing) -> None:
    with_mail(
        mailing,
        "{sender: research@example.org, reply_to: desk@example.org, list_unsubscribe: 'mailto:leave@example.org'}",
    )
    (mailing.folder / "people.yaml").write_text(ANN)
    assert mailing.run("mail", "plan", "people.yaml", "--dry-run", "trial").status == 0
    (path,) = (mailing.folder / "trial").iterdir()
    message = read(path.read_bytes())
    assert message["From"].addresses[0].addr_spec == "research@example.org"
    assert message["Reply-To"] == "desk@example.org"
    assert message["List-Unsubscribe"] == "<mailto:leave@example.org>"


KEY = "a key of sixteen or more"


def test_one_click_unsubscribes_each_recipient_by_their_own_token(
    mailing: Mailing, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_mail(
        mailing,
        "{list_unsubscribe: 'https://example.org/leave?who={address}&t={token}', unsubscribe_mailbox: leave@example.org}",
    )
    monkeypatch.setenv("BRIEF_UNSUBSCRIBE_KEY", KEY)
    people = write_list(row("Ann+x@example.org"), row("li@example.org", "李小明", locale="zh-Hans"))
    messages = mailing.messages(people)
    for message, address in zip(messages, ("ann+x@example.org", "li@example.org"), strict=True):
        code = hmac.new(KEY.encode(), address.encode(), "sha256").digest()
        token = base64.urlsafe_b64encode(code).decode()[:32]
        uri = f"https://example.org/leave?who={quote(address, safe='')}&t={token}"
        assert message["List-Unsubscribe"] == f"<{uri}>, <mailto:leave@example.org?subject=unsubscribe>"
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        for kind in ("plain", "html"):
            body = message.get_body((kind,))
            assert body is not None
            assert uri in html.unescape(body.get_content())
            assert "of-recipient" not in body.get_content()
    assert mailing.plan(people).status == 0
    outgoing = compose_outgoing(read_plan(mailing.folder / "plan.json"))
    assert [read(each.load())["List-Unsubscribe"] for each in outgoing] == [m["List-Unsubscribe"] for m in messages]
    assert KEY not in (mailing.folder / "plan.json").read_text()


def test_a_token_needs_a_key(mailing: Mailing, monkeypatch: pytest.MonkeyPatch) -> None:
    with_mail(mailing, "{list_unsubscribe: 'https://example.org/{token}'}")
    monkeypatch.delenv("BRIEF_UNSUBSCRIBE_KEY", raising=False)
    ran = mailing.plan(ANN)
    assert ran.status == 3
    assert "BRIEF_UNSUBSCRIBE_KEY is not set, and the keyring" in ran.stderr
    monkeypatch.setenv("BRIEF_UNSUBSCRIBE_KEY", "short")
    ran = mailing.plan(ANN)
    assert ran.status == 3
    assert "shorter than 16 characters" in ran.stderr


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("{list_unsubscribe: 'https://example.org/leave'}", "<https://example.org/leave>"),
        ("{unsubscribe_mailbox: leave@example.org}", "<mailto:leave@example.org?subject=unsubscribe>"),
    ],
)
def test_without_a_token_there_is_no_one_click(mailing: Mailing, settings: str, expected: str) -> None:
    """RFC 8058, 3.1: the address alone must identify the recipient, by something that is hard to forge."""
    with_mail(mailing, settings)
    (message,) = mailing.messages(ANN)
    assert message["List-Unsubscribe"] == expected
    assert "List-Unsubscribe-Post" not in message
    body = message.get_body(("plain",))
    assert body is not None
    assert expected.strip("<>") in body.get_content()


WRONG_SETTINGS = {
    "sender that is none": ("{sender: research}", "bad-address"),
    "reply address that is none": ("{reply_to: 'a@b'}", "bad-address"),
    "domain that is none": ("{allow: [example]}", "bad-address"),
    "unsubscribing at no address": ("{list_unsubscribe: 'http://example.org'}", "bad-address"),
    "unsubscribing at no host": ("{list_unsubscribe: 'https:///leave'}", "bad-address"),
    "unsubscribing at the recipient's host": ("{list_unsubscribe: 'https://{token}.example.org/'}", "bad-address"),
    "another placeholder": ("{list_unsubscribe: 'https://example.org/{name}'}", "bad-address"),
    "mailbox for unsubscribing that is none": ("{unsubscribe_mailbox: 'leave@'}", "bad-address"),
    "unsubscribing with another field": (
        '{list_unsubscribe: "https://example.org>\\nBcc: <eve@example.com"}',
        "bad-address",
    ),
    "empty list of domains": ("{allow: []}", "empty-list"),
    "limit that is no number": ("{limit: 20MB}", "bad-number"),
    "unknown key": ("{from: research@example.org}", "unknown-key"),
    "sender of another domain than --from": ("{sender: research@example.com}", "other-sender"),
}


@pytest.mark.parametrize(("settings", "code"), WRONG_SETTINGS.values(), ids=WRONG_SETTINGS.keys())
def test_settings_that_cannot_be_are_refused_at_their_place(mailing: Mailing, settings: str, code: str) -> None:
    with_mail(mailing, settings)
    assert "content/brief.yaml:10:" in run_refused(mailing, code)


def test_editors_know_the_settings() -> None:
    schema = json.loads(run_brief("schema", "brief", cwd=Path()).stdout)
    keys = {"sender", "reply_to", "allow", "limit", "list_unsubscribe", "unsubscribe_mailbox"}
    assert set(schema["$defs"]["mailsettings"]["properties"]) == keys


def test_a_sender_is_needed(mailing: Mailing) -> None:
    said = mailing.plan(ANN, sender=()).stderr
    assert "error[no-sender]" in said
    assert "or 'mail: {sender: ADDRESS}' in content/brief.yaml" in said


@pytest.mark.parametrize(
    "sender", ["research", "Research <research@example.org>", "r@example.org\nBcc: eve@example.com"]
)
def test_a_sender_that_is_no_address_is_refused(mailing: Mailing, sender: str) -> None:
    assert "--from: error[bad-address]" in mailing.plan(ANN, sender=("--from", sender)).stderr


# Dry runs


def test_a_dry_run_opens_no_socket_and_leaves_no_plan(mailing: Mailing) -> None:
    with patch.object(socket, "socket", side_effect=AssertionError("a socket was opened")):
        ran = mailing.plan(ANN, "--dry-run", "trial")
    assert ran.status == 0
    assert not (mailing.folder / "plan.json").exists()
    (path,) = (mailing.folder / "trial").iterdir()
    assert path.name == "00001.council.en.ann@example.org.eml"
    # The name of the file says who gets what, as its text does.
    assert [oct(made.stat().st_mode & 0o777) for made in (path, path.parent)] == ["0o600", "0o700"]
    assert read(path.read_bytes())["To"] == "Ann Lee <ann@example.org>"


def test_a_dry_run_accepts_an_unapproved_pack(mailing: Mailing) -> None:
    (mailing.project.root / "output/night-buses.approval.json").unlink()
    ran = mailing.plan(ANN, "--dry-run", "trial")
    assert ran.status == 0
    assert "warning[not-approved]" in ran.stderr


def test_a_dry_run_mixes_with_nothing(mailing: Mailing) -> None:
    (mailing.folder / "trial").mkdir()
    (mailing.folder / "trial/old.eml").write_text("")
    ran = mailing.plan(ANN, "--dry-run", "trial")
    assert ran.status == 3
    assert "not empty" in ran.stderr


# Numbered copies


def test_each_gets_their_own_copy(mailing: Mailing) -> None:
    people = write_list(
        row("li@example.org", "李小明", locale="zh-Hans", formats=["pdf"]),
        row("zoe@example.org", "Zoë Łukasz", formats=["pdf"], copy=12),
    )
    (mailing.folder / "people.yaml").write_text(people, "utf-8")
    order = ("build", "-a", "council", "-f", "pdf", "--replace", "--copies", "people.yaml")
    assert mailing.run(*order).status == 0
    mailing.approve()
    first, second = mailing.messages(people)
    (mine,), (theirs,) = first.iter_attachments(), second.iter_attachments()
    assert (mine.get_filename(), theirs.get_filename()) == (
        "夜间公交一周年 - 议会版 0001.pdf",
        "Night buses after one year - Council version 0012.pdf",
    )
    copies = mailing.project.root / PACK / "copies/council"
    assert mine.get_content() == (copies / "night-buses.council.zh-Hans.0001-李小明.pdf").read_bytes()
    assert theirs.get_content() == (copies / "night-buses.council.en.0012-Zoë-Łukasz.pdf").read_bytes()
    other = people.replace("李小明", "李大明")
    assert "李大明" in run_refused(mailing, "no-copy", people=other)


def test_each_copy_that_goes_out_is_inspected(mailing: Mailing) -> None:
    """A copy into which someone put what the council may not see, and whose digest was put into the manifest, too."""
    planned = "The northern stations will be sold next spring"
    theme = mailing.project.read("content/themes/ridership.yaml")
    block = (
        f"  - {{kind: paragraph, id: last, clearance: internal, text: {{en: {planned}, zh-Hans: 内, zh-Hant: 內}}}}\n"
    )
    mailing.project.write("content/themes/ridership.yaml", theme + block)
    people = write_list(*(row(f"{name}@example.org", name.title(), formats=["pdf"]) for name in ("ann", "bob")))
    (mailing.folder / "people.yaml").write_text(people, "utf-8")
    order = ("build", "-a", "council", "-l", "en", "-f", "pdf", "--replace", "--copies", "people.yaml")
    assert mailing.run(*order).status == 0
    pack = mailing.project.root / PACK
    path = pack / "copies/council/night-buses.council.en.0002-Bob.pdf"
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.docinfo["/Subject"] = pikepdf.String(planned)
        pdf.save(path)
    manifest = json.loads((pack / "manifest.json").read_bytes())
    assert [copy["inspected"] for copy in manifest["copies"]] == [True, True]
    data = path.read_bytes()
    manifest["copies"][1] |= {"sha256": sha256(data).hexdigest(), "bytes": len(data)}
    (pack / "manifest.json").write_text(json.dumps(manifest))
    mailing.approve()
    assert "0002-Bob.pdf" in run_refused(mailing, "withheld-text", people=people)


def test_a_number_in_the_list_without_copies_in_the_pack_is_refused(mailing: Mailing) -> None:
    assert (
        mailing.project.run("build", "-a", "council", "-l", "en", "-f", "pdf", "--jobs", "1", "--replace").status == 0
    )
    mailing.approve()
    run_refused(mailing, "no-copy", people=write_list(row("ann@example.org", formats=["pdf"], copy=3)))
