"""Files that are not UTF-8, and characters that would do harm on the page, in a file name or in a terminal."""

import pytest
from expected_diagnostics import assert_accepted, assert_refused, assert_warned
from projects import HERE, THEME, ProjectCopy

SENTENCE = "The trial has found its public."


def spoil(project: ProjectCopy, old: bytes, new: bytes, name: str = THEME) -> None:
    data = (project.root / name).read_bytes()
    assert old in data
    project.write(name, data.replace(old, new, 1))


def put(project: ProjectCopy, character: str) -> tuple[str, int, int]:
    return project.replace(THEME, SENTENCE, SENTENCE.replace("trial", f"{HERE}{character}trial"))


def put_escaped(project: ProjectCopy, escape: str) -> tuple[str, int, int]:
    return project.replace(THEME, f"en: {SENTENCE}", f'en: {HERE}"The {escape} trial has found its public."')


def test_a_byte_order_mark_is_taken_off(published: ProjectCopy) -> None:
    spoil(published, b"id:", b"\xef\xbb\xbfid:")
    assert_accepted(published)
    assert "\ufeff" not in published.page()


@pytest.mark.parametrize(
    ("mark", "encoding", "said"),
    [
        (b"\xff\xfe", "utf-16-le", "UTF-16 (little-endian)"),
        (b"\xfe\xff", "utf-16-be", "UTF-16 (big-endian)"),
        (b"", "utf-16-le", "UTF-16 without a byte-order mark"),
        (b"", "utf-16-be", "UTF-16 without a byte-order mark"),
        (b"\xff\xfe\0\0", "utf-32-le", "UTF-32 (little-endian)"),
    ],
)
def test_utf_16_is_refused_whole(published: ProjectCopy, mark: bytes, encoding: str, said: str) -> None:
    published.write(THEME, mark + published.read(THEME).encode(encoding))
    assert_refused(published, "encoding", (THEME, 1, 1), said, "save it as UTF-8")


@pytest.mark.parametrize(
    ("encoding", "text", "advice"),
    [
        (
            "gb18030",
            "id: ridership\ntitle: 乘客增长，候车时间仍是短板。成本清楚，且保持稳定。\n",
            ["GB18030", "iconv -f GB18030"],
        ),
        ("big5", "id: ridership\ntitle: 夜間乘客增加\n", ["GB18030 or Big5", "iconv -f ..."]),
        ("latin-1", "id: ridership\ntitle: é\n", ["0xE9", "save the file as UTF-8"]),
        ("cp1252", "id: ridership\ntitle: ’\n", ["0x92", "save the file as UTF-8"]),
        ("cp1252", "id: ridership\ntitle: Österreich und Südtirol\n", ["0xD6", "looks like Windows-1252"]),
    ],
)
def test_a_legacy_encoding_is_named_at_its_first_byte_and_never_guessed(
    published: ProjectCopy, encoding: str, text: str, advice: list[str]
) -> None:
    published.write(THEME, text.encode(encoding))
    assert_refused(published, "encoding", (THEME, 2, 8), *advice)


@pytest.mark.parametrize("data", [b"\xc0\xaf", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\xf4\x90\x80\x80"])
def test_bytes_that_utf_8_forbids_are_refused(published: ProjectCopy, data: bytes) -> None:
    """Overlong forms, surrogates as three bytes (CESU-8), and code points beyond Unicode."""
    spoil(published, b"The trial", b"The " + data + b" trial")
    assert_refused(published, "encoding", (THEME, 8, 13), f"0x{data[0]:02X}")


@pytest.mark.parametrize("code", [0x00, 0x07, 0x0B, 0x1B, 0x7F, 0x9B, 0xFFFC, 0xFFFE, 0xFFFF, 0xFEFF, 0xE0041])
def test_a_control_character_is_refused_at_its_location(published: ProjectCopy, code: int) -> None:
    assert_refused(published, "control-character", put(published, chr(code)), f"U+{code:04X}", "remove it")


@pytest.mark.parametrize("escape", [r"\0", r"\e", r"\u0007", r"\uFFFE", r"\U000E0041"])
def test_a_control_character_cannot_come_in_as_an_escape(published: ProjectCopy, escape: str) -> None:
    assert_refused(published, "control-character", put_escaped(published, escape), "remove it")


@pytest.mark.parametrize("escape", [r"\ud800", r"\ud83d\ude00"])
def test_halves_of_surrogate_pairs_are_refused(published: ProjectCopy, escape: str) -> None:
    file, line, column = put_escaped(published, escape)
    digits = column + len(r'"The \u')
    assert_refused(published, "yaml-syntax", (file, line, digits), "Unicode", r"\U0001F600")


@pytest.mark.parametrize("code", [*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
def test_text_that_reorders_its_surroundings_is_refused(published: ProjectCopy, code: int) -> None:
    assert_refused(published, "bidi-control", put(published, chr(code)), f"U+{code:04X}", "make text look different")


def test_reordering_characters_are_refused_in_ids_and_names_too(published: ProjectCopy) -> None:
    where = published.replace("content/glossary.yaml", "avoid: [ECT]", f"avoid: [E{HERE}\u202eTC]")
    assert_refused(published, "bidi-control", where)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (0xFDD0, "noncharacter"),
        (0x1FFFE, "noncharacter"),
        (0x4FFFF, "noncharacter"),
        (0x10FFFF, "noncharacter"),
        (0xE000, "private-use"),
        (0xF0000, "private-use"),
        (0x50000, "unassigned"),
        (0xFFFD, "replacement-character"),
        (0x2028, "line-separator"),
        (0x2029, "line-separator"),
        (0x85, "line-separator"),
    ],
)
def test_a_character_that_no_font_has_causes_a_warning_once(published: ProjectCopy, code: int, kind: str) -> None:
    # What is read as a space is not put beside another one.
    where = published.replace(THEME, SENTENCE, SENTENCE.replace("The trial", f"The{HERE}{chr(code)}trial"))
    assert_warned(published, kind, where, f"U+{code:04X}")


def test_an_escaped_private_use_character_causes_a_warning_at_its_text(published: ProjectCopy) -> None:
    assert_warned(published, "private-use", put_escaped(published, r"\ue000"), "U+E000")


def test_a_line_separator_is_read_as_a_space(published: ProjectCopy) -> None:
    put(published, "\u2028")
    assert "The  trial has found" in published.page()


def test_decomposed_letters_are_composed_and_reported_only_on_request(published: ProjectCopy) -> None:
    put(published, "cafe\u0301 ")
    assert_accepted(published)
    _, found = published.check("--verbose")
    assert [(diagnostic.code, diagnostic.severity) for diagnostic in found] == [("normalised", "note")]
    assert "café trial" in published.page()


def test_compatibility_forms_stay_as_they_were_typed(published: ProjectCopy) -> None:
    """NFC, never NFKC: full-width letters and ligatures in a text are the author's."""
    put(published, "ＡＢＣ ﬁ ")
    assert_accepted(published)


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_line_ends_of_other_systems_are_read(published: ProjectCopy, line_end: str) -> None:
    published.write(THEME, published.read(THEME).replace("\n", line_end))
    assert_accepted(published)


@pytest.mark.parametrize(
    ("old", "new", "characters"),
    [
        ("首年乘客增加{reader", f"{HERE}首年乘客增长{{reader", "Simplified characters: 长"),
        ("首年客流增长{reader", f"{HERE}首年客流增長{{reader", "Traditional characters: 長"),
    ],
)
def test_characters_of_the_other_chinese_script_are_named(
    published: ProjectCopy, old: str, new: str, characters: str
) -> None:
    assert_warned(published, "wrong-script", published.replace(THEME, old, new), characters)


@pytest.mark.parametrize(
    ("old", "new", "marks"),
    [
        ("首年乘客增加{reader", f"{HERE}首年“乘客”增加{{reader", "quotation marks of another language: “ ”"),
        ("首年客流增长{reader", f"{HERE}首年「客流」增长{{reader", "quotation marks of another language: 「 」"),
        ("首年客流增长{reader", f"{HERE}首年'客流'增长{{reader", "quotation marks of another language: '"),
    ],
)
def test_quotation_marks_of_other_writing_are_named(published: ProjectCopy, old: str, new: str, marks: str) -> None:
    assert_warned(published, "quotation-marks", published.replace(THEME, old, new), marks)


@pytest.mark.parametrize(
    ("old", "new"), [("首年乘客增加", "所謂「試辦」是Brief’s『說法』"), ("首年客流增长", "所谓“试办”是Brief’s‘说法’")]
)
def test_quotation_marks_of_the_script_and_apostrophes_are_not_reported(
    published: ProjectCopy, old: str, new: str
) -> None:
    published.replace(THEME, old + "{", new + "{")
    assert_accepted(published)


@pytest.mark.parametrize(
    ("old", "new"), [("首年乘客增加", "皇后與太后在台灣的公里數"), ("首年客流增长", "乾坤与瞭望，徵羽")]
)
def test_characters_that_both_scripts_use_are_not_reported(published: ProjectCopy, old: str, new: str) -> None:
    published.replace(THEME, old + "{", new + "{")
    assert_accepted(published)
