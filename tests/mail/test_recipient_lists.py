"""A list of recipients: every error of it at once, each at its line and column, before anything is planned."""

import json
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from mail_plans import Mailing, place_of, row, write_list
from projects import HERE, STARTER

from brief import Project
from brief.model.brief import Brief
from brief.model.diagnostics import Diagnostic
from brief.reading.tables import recipients
from brief.reading.tables.recipients import read_recipients

COLUMNS = "name,address,audience,locale,formats,clearance,copy\n"


@pytest.fixture(scope="module")
def mailing(tmp_path_factory: pytest.TempPathFactory, shared_cache: Path) -> Mailing:
    return Mailing.made(tmp_path_factory.mktemp("lists"), shared_cache)


@cache
def starter_brief() -> Brief:
    return Project.load(STARTER).brief


ADDRESSES = {
    "no at": ("ann.example.org", "needs exactly one"),
    "two ats": ("ann@lee@example.org", "2 '@'"),
    "empty": ("@example.org", "extra dot"),
    "dot first": (".ann@example.org", "extra dot"),
    "dot twice": ("ann..lee@example.org", "extra dot"),
    "with a name": ("Ann <ann@example.org>", "bare address"),
    "with a comment": ("ann(work)@example.org", "comments"),
    "quoted": ('"ann"@example.org', "quotes"),
    "two of them": ("ann@example.org,bob@example.org", "one address"),
    "space": ("ann lee@example.org", "space"),
    "carriage return and another field": ("ann@example.org\r\nBcc: eve@example.com", "line break"),
    "line break": ("ann\nlee@example.org", "line break"),
    "tab": ("ann\tlee@example.org", "a tab"),
    "zero width": ("ann\u200b@example.org", "U+200B"),
    "local part of 65": ("a" * 65 + "@example.org", "64 octets"),
    "local part of 65 octets": ("李" * 22 + "@example.org", "64 octets"),
    "label of 64": (f"ann@{'a' * 64}.org", "invalid domain"),
    "domain too long": (f"ann@{'.'.join(['a' * 61] * 4)}.museum", "longer than"),
    "one label": ("ann@localhost", "incomplete domain"),
    "number for a machine": ("ann@[192.0.2.1]", "IP address"),
    "number for a domain": ("ann@192.0.2.1", "incomplete domain"),
    "hyphen first": ("ann@-example.org", "invalid domain"),
    "underscore": ("ann@my_host.org", "invalid domain"),
    "dot last": ("ann@example.org.", "invalid domain"),
    "ideographic full stop": ("ann@example。org", "full stop"),
    "full-width domain": ("ann@ｅxample.org", "did you mean example.org"),
    "not in IDNA 2008": ("ann@♥.example.org", "invalid domain"),
    "broken A-label": ("ann@xn--a.org", "invalid domain"),
}


@pytest.mark.parametrize(("address", "advice"), ADDRESSES.values(), ids=ADDRESSES.keys())
def test_an_invalid_address_is_refused_at_its_location(mailing: Mailing, address: str, advice: str) -> None:
    people = write_list(row("ann@example.org"), row(address, name="Bob Roe").replace("address: ", f"address: {HERE}"))
    ran = mailing.plan(people)
    assert ran.status == 1
    assert advice in ran.stderr
    assert ran.stderr.count("error[") == 1
    assert f"{place_of(people)}: error[" in ran.stderr
    assert not (mailing.folder / "plan.json").exists()


TAKEN = {
    "plain": ("ann@example.org", "ann@example.org"),
    "every atom character": ("!#$%&'*+/=?^_`{|}~-@example.org", "!#$%&'*+/=?^_`{|}~-@example.org"),
    "digits and a tag": ("2026.ann+brief@mail.example.co", "2026.ann+brief@mail.example.co"),
    "upper case in the domain": ("Ann@EXAMPLE.org", "Ann@example.org"),
    "domain beyond ASCII": ("ann@例子.中国", "ann@xn--fsqu00a.xn--fiqs8s"),
    "sharp s as IDNA 2008 has it": ("ann@straße.example", "ann@xn--strae-oqa.example"),
    "A-label": ("ann@xn--fsqu00a.xn--fiqs8s", "ann@xn--fsqu00a.xn--fiqs8s"),
    "local part of 64": ("a" * 64 + "@example.org", "a" * 64 + "@example.org"),
}


@pytest.mark.parametrize(("address", "envelope"), TAKEN.values(), ids=TAKEN.keys())
def test_an_address_is_taken_in_the_form_that_servers_take(mailing: Mailing, address: str, envelope: str) -> None:
    (message,) = mailing.planned(write_list(row(address)))
    assert message["address"] == envelope
    assert not message["needs_smtputf8"]


def test_an_address_that_needs_smtputf8_is_marked_and_the_others_are_not_held_up(mailing: Mailing) -> None:
    people = write_list(row("用户@例子.中国").replace("address: ", f"address: {HERE}"), row("bob@example.org"))
    ran = mailing.plan(people)
    assert ran.status == 0
    assert f"{place_of(people)}: note[needs-smtputf8]" in ran.stderr
    marked = {m["address"]: m["needs_smtputf8"] for m in mailing.planned(people)}
    assert marked == {"用户@xn--fsqu00a.xn--fiqs8s": True, "bob@example.org": False}


LOOK_ALIKES = {
    "one Cyrillic letter": "ann@exаmple.org",
    "all Cyrillic": "ann@асе.org",
    "Greek among Latin": "ann@gοοgle-mail.example.org",
}


@pytest.mark.parametrize("address", LOOK_ALIKES.values(), ids=LOOK_ALIKES.keys())
def test_a_domain_that_looks_like_another_is_a_warning_with_its_ascii_form(mailing: Mailing, address: str) -> None:
    people = write_list(row(address).replace("address: ", f"address: {HERE}"))
    ran = mailing.plan(people)
    assert ran.status == 0
    assert f"{place_of(people)}: warning[look-alike]" in ran.stderr
    assert "xn--" in ran.stderr


@pytest.mark.parametrize("address", ["ann@例子abc.org", "ann@пример.example", "ann@日本の.example"])
def test_an_honest_domain_in_another_script_is_no_look_alike(mailing: Mailing, address: str) -> None:
    assert "look-alike" not in mailing.plan(write_list(row(address))).stderr


ROWS: dict[str, tuple[list[str], str]] = {
    "above the recipient's clearance": (
        [row("a@example.org", clearance="public").replace("audience: ", f"audience: {HERE}")],
        "above-clearance",
    ),
    "unknown audience": ([row("a@example.org", audience="counsil")], "unknown-audience"),
    "unknown locale": ([row("a@example.org", locale="zh-hans")], "unknown-locale"),
    "unknown key": ([row("a@example.org", adress="b@example.org")], "unknown-key"),
    "two audiences": ([row("a@example.org"), row("A@example.org", audience="public")], "two-audiences"),
    "twice": ([row("a@example.org"), row("A@Example.ORG")], "duplicate-recipient"),
    "twice, in two spellings of a domain": (
        [row("a@例子.中国"), row("a@xn--fsqu00a.xn--fiqs8s")],
        "duplicate-recipient",
    ),
    "two clearances": (
        [row("a@example.org", clearance="client"), row("a@example.org", locale="zh-Hans", clearance="internal")],
        "two-clearances",
    ),
    "no address": (["  - {name: Ann, audience: council, locale: en}\n"], "no-address"),
    "control in the name": ([row("a@example.org", name="Ann\r\nBcc: eve@example.com")], "bad-name"),
    "null in the name": ([row("a@example.org", name="Ann\0")], "control-character"),
    "null in the address": ([row("a\0@example.org")], "control-character"),
    "reordered address": ([row("ann\u202egro.elpmaxe@example.org")], "bidi-control"),
    "encoded word in the name": ([row("a@example.org", name="=?utf-8?q?foo=0ABcc:_evil@x?=")], "bad-name"),
    "reordered name": ([row("a@example.org", name="Ann\u202egpj")], "bidi-control"),
    "nobody": ([], "empty-value"),
}


@pytest.mark.parametrize(("rows", "code"), ROWS.values(), ids=ROWS.keys())
def test_rows_that_cannot_be_are_refused(mailing: Mailing, rows: list[str], code: str) -> None:
    people = write_list(*rows)
    ran = mailing.plan(people)
    assert ran.status == 1
    assert f"error[{code}" in ran.stderr
    if HERE in people:
        assert place_of(people) in ran.stderr
    assert not (mailing.folder / "plan.json").exists()


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\u0085"])
def test_a_line_separator_in_a_name_is_a_space_and_begins_no_field(mailing: Mailing, separator: str) -> None:
    (message,) = mailing.messages(write_list(row("a@example.org", name=f"Ann{separator}Bcc: eve@example.com")))
    assert message["To"].addresses[0].display_name == "Ann Bcc: eve@example.com"
    assert "Bcc" not in message


def test_an_empty_list_is_refused(mailing: Mailing) -> None:
    assert "error[empty-list]" in mailing.plan("recipients: []\n").stderr
    assert "error[empty-list]" in mailing.plan(COLUMNS, name="people.csv").stderr


def test_one_person_may_get_a_variant_in_two_languages(mailing: Mailing) -> None:
    people = write_list(
        row("li@example.org", name="Li Xiaoming"), row("li@example.org", name="李小明", locale="zh-Hans")
    )
    assert [m["variant"] for m in mailing.planned(people)] == ["council.en", "council.zh-Hans"]


def test_every_error_of_a_list_is_reported_at_once(mailing: Mailing) -> None:
    rows = [row("ann"), row("b@example.org", audience="counsil"), "  - {name: Cy}\n", row("d@evil.example")]
    ran = mailing.plan(write_list(*rows), "--allow", "example.org")
    codes = ("bad-address", "unknown-audience", "missing-key", "domain-not-allowed")
    assert [code for code in codes if f"error[{code}]" in ran.stderr] == list(codes)


def test_a_domain_is_allowed_by_its_own_name_alone(mailing: Mailing) -> None:
    assert (
        mailing.plan(
            write_list(row("a@EXAMPLE.org"), row("b@例子.中国")), *("--allow", "example.org", "--allow", "例子.中国")
        ).status
        == 0
    )
    for other in ("a@mail.example.org", "a@example.org.evil.example", "a@evilexample.org"):
        assert "error[domain-not-allowed]" in mailing.plan(write_list(row(other)), "--allow", "example.org").stderr


def test_ten_thousand_are_many(mailing: Mailing) -> None:
    rows = "".join(f"P,p{number}@example.org,council,en,html,,\n" for number in range(10_000))
    assert "error[many-recipients]" in mailing.plan(COLUMNS + rows, name="people.csv").stderr


def test_a_csv_file_says_what_a_yaml_file_says(mailing: Mailing) -> None:
    yaml = write_list(
        row("li@example.org", name="李小明", locale="zh-Hans"), row("z@example.org", name='Zoë "Z", Łukasz')
    )
    csv = (
        "\ufeff"
        + COLUMNS.replace("\n", "\r\n")
        + "李小明,li@example.org,council,zh-Hans,html,,\r\n\r\n"
        + '"Zoë ""Z"", Łukasz",z@example.org, council ,en,html ,client,\r\n'
    )
    ids = [message["message_id"] for message in mailing.planned(yaml)]
    assert [message["message_id"] for message in mailing.planned(csv, name="people.csv")] == ids


@pytest.mark.parametrize("formats", ["html pdf", "html;pdf", " html ; pdf;"])
def test_formats_in_a_cell_stand_with_spaces_or_semicolons(mailing: Mailing, formats: str) -> None:
    ran = mailing.plan(f"{COLUMNS}Ann,a@example.org,council,en,{formats},,\n", name="people.csv")
    assert ran.stderr.count("error[") == 1
    assert "error[not-in-pack]: the pack has no pdf" in ran.stderr


CSV = {
    "unknown column": (f"name,{HERE}adress,audience,locale\n", "unknown-key", "'address'"),
    "column twice": (f"name,audience,locale,{HERE}name\n", "duplicate-key", "twice"),
    "missing column": (f"{HERE}name,address,locale\n", "missing-key", "'audience'"),
    "bars": (f"{HERE}name|address|audience|locale\n", "unknown-key", "vertical bars"),
    "misspelt column": (f"name,address,audience,locale,{HERE}clearence\n", "unknown-key", "'clearance'"),
    "full-width commas": (f"{HERE}name，address，audience，locale\n", "unknown-key", "full-width commas"),
    "too many cells": (f"name,address,audience,locale\n{HERE}Lee, Ann,a@example.org,council,en\n", "ragged-row", "5"),
    "open quote": (f'name,address,audience,locale\n{HERE}"Ann,a@example.org,council,en\n', "csv-quote", "never"),
    "text after a quote": (
        f'name,address,audience,locale\n"Ann"{HERE} Lee,a@example.org,council,en\n',
        "csv-quote",
        "",
    ),
    "line and column of a cell": (
        f'name,address,audience,locale\n"李\n明",{HERE}a@,council,en\n',
        "bad-address",
        "invalid domain",
    ),
    "copy that is no number": (
        f"name,address,audience,locale,copy\nAnn,a@example.org,council,en,{HERE}one\n",
        "bad-number",
        "digits",
    ),
}


@pytest.mark.parametrize(("text", "code", "advice"), CSV.values(), ids=CSV.keys())
def test_errors_of_a_csv_file_have_their_places(mailing: Mailing, text: str, code: str, advice: str) -> None:
    ran = mailing.plan(text, name="people.csv")
    assert ran.status == 1
    assert f"{place_of(text, 'people.csv')}: error[{code}]" in ran.stderr
    assert advice in ran.stderr


@pytest.mark.parametrize("separator", ["|", "，"])
def test_a_first_row_that_is_not_separated_lacks_no_columns(mailing: Mailing, separator: str) -> None:
    ran = mailing.plan(COLUMNS.replace(",", separator) + "Ann", name="people.csv")
    assert ran.stderr.count("error[") == 1, ran.stderr


def test_a_csv_file_that_is_not_utf_8_says_so(mailing: Mailing) -> None:
    (mailing.folder / "people.csv").write_bytes("name,address,audience,locale\n李小明,li@example.org".encode("gb18030"))
    ran = mailing.run("mail", "plan", "people.csv", "--from", "r@example.org")
    assert "people.csv:2:1: error[encoding]" in ran.stderr
    assert "GB18030" in ran.stderr


def test_a_list_with_a_thousand_errors_is_not_read_further(mailing: Mailing) -> None:
    rows = "".join(f"P,p{number}@example.org,counsil,en,html,,\n" for number in range(3000))
    said = mailing.plan(COLUMNS + rows, name="people.csv").stderr
    assert "people.csv:1001:1: error[too-many-errors]" not in said, "more than 50 are not shown"
    assert "brief: 1,002 errors, 0 warnings" in said
    bad = "".join(f"P,p{number}@@example.org,council,en,html,,\n" for number in range(3000))
    assert "brief: 1,001 errors, 0 warnings" in mailing.plan(COLUMNS + bad, name="people.csv").stderr
    absent = "".join(f"P {n},p{n}@example.org,council,en,pdf,,\n" for n in range(3000))
    assert "brief: 1,001 errors, 0 warnings" in mailing.plan(COLUMNS + absent, name="people.csv").stderr


cells = st.sampled_from(
    ["", " ", "Ann", "council", "public", " council", "counsil", "en", "EN", "html", "html pdf", "x;y"]
)
addresses = st.sampled_from(["", "a@example.org", "A@Example.org", "b@", "d[x].y@example.org", "é@例子.中国"])
tails = st.sampled_from(["", "client", "secret", "1", "01", "1.0", "0", '"q, q"'])
table_rows = st.tuples(cells, addresses, cells, cells, cells, tails, tails)


@settings(max_examples=150, deadline=None)
@given(st.lists(table_rows, min_size=1, max_size=6), st.sampled_from([",", ";", "\t"]))
def test_ordinary_rows_are_read_as_the_decoder_reads_them(rows: list[tuple[str, ...]], separator: str) -> None:
    """Long lists are read without the decoder: with it, the same recipients and diagnostics come out."""
    text = "\n".join(separator.join(row) for row in [tuple(COLUMNS.strip().split(",")), *rows])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "people.csv")
        path.write_text(text, "utf-8")
        quick = read_recipients(path, starter_brief())
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(recipients._OrdinaryRows, "read", lambda *_: None)
            slow = read_recipients(path, starter_brief())
    assert [repr(each) for each in quick[0]] == [repr(each) for each in slow[0]]
    assert quick[1] == slow[1]
    assert [each.location for each in quick[0]] == [each.location for each in slow[0]]


# Lists that spreadsheet programs write

SPREADSHEETS = {
    "semicolons": "\ufeffname;address;audience;locale;formats\r\nZoë Łukasz;zoe@example.com;council;en;html\r\n",
    "tabs": "name\taddress\taudience\tlocale\tformats\nZoë Łukasz\tzoe@example.com\tcouncil\ten\thtml\n",
    "sep with a comma": "sep=,\nname,address,audience,locale,formats\nZoë Łukasz,zoe@example.com,council,en,html\n",
    "sep with a semicolon": "SEP=;\r\nname;address;audience;locale;formats\r\nZoë Łukasz;zoe@example.com;council;en;html\r\n",
    "sep, quoted": '"sep=;"\nname;address;audience;locale;formats\nZoë Łukasz;zoe@example.com;council;en;html\n',
    "capitals": "Name,ADDRESS,Audience,Locale,Formats\nZoë Łukasz,zoe@example.com,council,en,html\n",
    "quoted header": '"Name";"Address";"Audience";"Locale";"Formats"\n"Zoë Łukasz";"zoe@example.com";"council";"en";"html"\n',
    "empty cells behind": "name,address,audience,locale,formats,,\nZoë Łukasz,zoe@example.com,council,en,html,,\n,,,,,,\n",
    "several formats": 'name;address;audience;locale;formats\nZoë Łukasz;zoe@example.com;council;en;"html"\n',
}


def _drop_digest(message: dict[str, Any]) -> dict[str, Any]:
    """Without the digest, which covers the second of planning; the Message-ID covers all else."""
    return {key: value for key, value in message.items() if key != "digest"}


@pytest.mark.parametrize("text", SPREADSHEETS.values(), ids=SPREADSHEETS.keys())
def test_what_a_spreadsheet_program_saves_is_read(mailing: Mailing, text: str) -> None:
    (expected,) = mailing.planned(write_list(row("zoe@example.com", name="Zoë Łukasz")))
    (message,) = mailing.planned(text, name="people.csv")
    assert _drop_digest(message) == _drop_digest(expected)


def test_further_columns_are_left_out_with_a_warning(mailing: Mailing) -> None:
    text = f"name,address,audience,locale,formats,{HERE}company\nAnn,ann@example.com,council,en,html,ACME\n"
    ran = mailing.plan(text, name="people.csv")
    assert ran.status == 0, ran.stderr
    assert f"{place_of(text, 'people.csv')}: warning[unknown-key]: the column 'company' is ignored" in ran.stderr


def _workbook(path: Path, rows: list[list[object]]) -> None:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    for number, cells in enumerate(rows):
        sheet.write_row(number, 0, cells)
    book.close()


def test_a_column_of_addresses_under_another_name_is_reported_once(mailing: Mailing) -> None:
    rows = "".join(f"Ann {number},a{number}@example.org,council,en,html\n" for number in range(9))
    ran = mailing.plan("name,e-mail,audience,locale,formats\n" + rows, name="people.csv")
    assert ran.status == 1
    assert ran.stderr.count("error[") == 1
    assert "people.csv: error[no-address]: no recipient has an address" in ran.stderr
    assert "'address'" in ran.stderr


@pytest.mark.parametrize("name", ["people.xlsx", "people.csv"])
def test_a_workbook_is_recognised_by_its_content(mailing: Mailing, name: str) -> None:
    (expected,) = mailing.planned(write_list(row("zoe@example.com", name="Zoë Łukasz")))
    header: list[object] = ["Name", "Address", "Audience", "Locale", "Formats"]
    _workbook(mailing.folder / name, [header, ["Zoë Łukasz", "zoe@example.com", "council", "en", "html"]])
    ran = mailing.run("mail", "plan", name, "--from", "research@example.org", "--json")
    assert ran.status == 0, ran.stderr
    (message,) = json.loads(ran.stdout)["messages"]
    assert _drop_digest(message) == _drop_digest(expected)


def test_diagnostics_of_a_workbook_name_its_cells(mailing: Mailing) -> None:
    header: list[object] = ["name", "address", "audience", "locale"]
    _workbook(
        mailing.folder / "people.xlsx",
        [
            header,
            ["Ann", "ann", "council", "en"],
            ["Bo", "b@b.org", "counsil", "en"],
            ["Cy", "c@example.org", "council", "en"],
            ["Cy", "c@example.org", "council", "en"],
        ],
    )
    ran = mailing.run("mail", "plan", "people.xlsx", "--from", "research@example.org")
    assert ran.status == 1
    assert "people.xlsx:2:2: error[bad-address]" in ran.stderr
    assert "people.xlsx:3:3: error[unknown-audience]" in ran.stderr
    assert "  = see also: people.xlsx:4:1" in ran.stderr


def test_a_damaged_workbook_is_refused(mailing: Mailing) -> None:
    (mailing.folder / "people.xlsx").write_bytes(b"PK\x03\x04" + b"nothing of a workbook" * 20)
    ran = mailing.run("mail", "plan", "people.xlsx", "--from", "research@example.org")
    assert ran.status == 1
    assert "error[bad-workbook]: the workbook cannot be read" in ran.stderr


PEOPLE: list[list[object]] = [
    ["Name", "Address", "Audience", "Locale", "Formats"],
    ["Ann", "ann@example.org", "council", "en", "html"],
    ["Bo", "bo@example.org", "council", "en", "html"],
]


def _read_book(folder: Path, change: Callable[[Any, Any], object]) -> tuple[Diagnostic, ...]:
    book = xlsxwriter.Workbook(folder / "people.xlsx")
    sheet = book.add_worksheet("People")
    for number, cells in enumerate(PEOPLE):
        sheet.write_row(number, 0, cells)
    change(book, sheet)
    book.close()
    return read_recipients(folder / "people.xlsx", starter_brief())[1]


BOOKS: dict[str, tuple[Callable[[Any, Any], object], tuple[str, ...], int]] = {
    "a hidden row": (lambda _, sheet: sheet.set_row(2, options={"hidden": True}), ("hidden-cells",), 3),
    "a filter": (lambda _, sheet: sheet.set_row(1, options={"hidden": True}), ("hidden-cells",), 2),
    "a formula without a result": (lambda _, sheet: sheet.write_formula(2, 1, '=A3&"@x.org"'), ("bad-cell",), 3),
    "a failed formula": (lambda _, sheet: sheet.write_formula(2, 1, "=NA()", None, "#N/A"), ("bad-cell",), 3),
    "merged cells": (lambda _, sheet: sheet.merge_range(1, 2, 2, 2, "council"), ("merged-cells",), 2),
    "a second sheet": (lambda book, _: book.add_worksheet("More").write(0, 0, "Cy"), ("other-sheets",), 1),
    "an empty second sheet": (lambda book, _: book.add_worksheet("Sheet2"), (), 0),
    "a hidden empty row": (lambda _, sheet: sheet.set_row(9, options={"hidden": True}), (), 0),
    "a formula with its result": (lambda _, sheet: sheet.write_formula(2, 1, "=B2", None, "cy@x.org"), (), 0),
}


@pytest.mark.parametrize(("change", "codes", "line"), BOOKS.values(), ids=BOOKS.keys())
def test_what_a_workbook_does_not_show_is_reported(
    tmp_path: Path, change: Callable[[Any, Any], object], codes: tuple[str, ...], line: int
) -> None:
    found = _read_book(tmp_path, change)
    expected = [
        each
        for each in found
        if each.code in ("hidden-cells", "bad-cell", "merged-cells", "missing-key", "other-sheets")
    ]
    assert tuple(each.code for each in expected) == codes
    assert [each.location.line for each in expected][:1] == [line] * bool(codes)


def _add_sheets(book: Any, number: int) -> None:
    for position in range(number):
        book.add_worksheet(f"More {position + 1}").write(0, 0, "Cy")


# The reader of datasets says the same of merged and hidden cells.
MESSAGES: dict[str, tuple[Callable[[Any, Any], object], str]] = {
    "a second sheet": (
        lambda book, _: _add_sheets(book, 1),
        "only the first sheet, 'People', is read; 'More 1' has cells too",
    ),
    "further sheets": (
        lambda book, _: _add_sheets(book, 3),
        "only the first sheet, 'People', is read; 'More 1', 'More 2' and 'More 3' have cells too",
    ),
    "merged cells": (
        lambda _, sheet: sheet.merge_range(1, 2, 2, 2, "council"),
        "the cell is merged down to C3; only C2 has a value",
    ),
    "a hidden row": (lambda _, sheet: sheet.set_row(2, options={"hidden": True}), "row 3 is hidden"),
}


@pytest.mark.parametrize(("change", "message"), MESSAGES.values(), ids=MESSAGES)
def test_what_is_said_of_a_workbook(tmp_path: Path, change: Callable[[Any, Any], object], message: str) -> None:
    assert message in [each.message for each in _read_book(tmp_path, change)]


@pytest.mark.parametrize("form", ["csv", "yaml", "xlsx"])
@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85"])
def test_a_line_separator_in_a_name_is_reported_once_and_read_as_a_space(
    tmp_path: Path, form: str, separator: str
) -> None:
    cells = [f"Ann{separator}Lee", "ann@example.org", "council", "en"]
    path = tmp_path / f"people.{form}"
    if form == "xlsx":
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            for number, line in enumerate((["name", "address", "audience", "locale"], cells)):
                sheet.write_row(number, 0, line)
    elif form == "yaml":
        name = json.dumps(cells[0])
        path.write_text(f"recipients:\n- {{name: {name}, address: ann@example.org, audience: council, locale: en}}\n")
    else:
        path.write_text(f"name,address,audience,locale\n{','.join(cells)}\n", "utf-8", newline="\n")
    (recipient,), found = read_recipients(path, starter_brief())
    assert recipient.name == "Ann Lee"
    assert [each.code for each in found] == ["line-separator"]
