"""Characters that would print as empty boxes, and fonts that may not be embedded: said at check, with the place."""

import os
import subprocess
import sys
from pathlib import Path

import fontpkg
import pytest
from expected_diagnostics import assert_accepted, assert_warned
from fontTools import subset  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from projects import HERE, SEED, SETTINGS, THEME, ProjectCopy
from readback import pdf_text

from brief.fonts import coverage
from brief.model.appearance.look import Faces

HAN = Faces(("Source Serif 4", "Noto Serif CJK SC"), ("Inter", "Noto Sans CJK SC"))
SENTENCE = "试点已有稳定客源"

CHARACTERS = [
    ("\U00020000", "rare Han characters"),
    ("\U0002a6a5", "rare Han characters"),
    ("\U00030000", "rare Han characters"),
    ("\U00031350", "rare Han characters"),
    ("\U0001f600", "Noto Emoji"),
    ("\u0e01", "Noto Sans Thai"),
    ("\u0378", "no known font has it"),
    ("葛\U000e0100", "variation selector"),
]


@pytest.mark.parametrize(("drawn", "advice"), CHARACTERS)
def test_a_character_that_no_face_has_is_named_with_its_location(
    published: ProjectCopy, drawn: str, advice: str
) -> None:
    where = published.replace(THEME, SENTENCE, f"试点{HERE}{drawn}已有稳定客源")
    codes = " ".join(f"U+{ord(character):04X}" for character in drawn)
    assert_warned(published, "missing-glyph", where, f"no font for 'zh-Hans' has {codes} '{drawn}'", advice)


def test_an_escaped_character_is_placed_at_its_text(published: ProjectCopy) -> None:
    where = published.replace(THEME, f"{SENTENCE}。", f'{HERE}"{SENTENCE}\\U00020000。"')
    assert_warned(published, "missing-glyph", where, "U+20000")


def test_a_source_s_title_is_looked_at_and_a_claim_s_gist_is_not(published: ProjectCopy) -> None:
    """The gist of a claim is for authors; no variant prints it."""
    published.replace(SEED, "试点前一年夜间线路的乘客数", "试点前一年夜间线路的乘客数\U00020000")
    assert_accepted(published)
    where = published.replace(SEED, "夜间公交乘坐情况调查", f"夜间公交乘坐情况{HERE}\U00020001调查")
    assert_warned(published, "missing-glyph", where, "U+20001")


@pytest.mark.parametrize("text", ["\u200d", "\ufe0f", "——……“”‘’·", "①㎡℃", "→≥×", "Ünïcødé Ελλ Рус"])
def test_what_needs_no_glyph_or_has_one_passes(published: ProjectCopy, text: str) -> None:
    published.replace(THEME, SENTENCE, f"{SENTENCE}{text}")
    assert_accepted(published)


def test_each_missing_character_of_a_text_is_reported_once() -> None:
    assert coverage.find_missing_characters("a\U00020000b中\U00020000\U0001f600", HAN.families) == (
        "\U00020000",
        "\U0001f600",
    )


def test_latin_faces_alone_have_no_han() -> None:
    assert coverage.find_missing_characters("Sora 与可灵", ("Source Serif 4", "Inter")) == ("与", "可", "灵")


def test_a_missing_family_is_reported_once_and_no_glyph_is_guessed(published: ProjectCopy) -> None:
    faces = "{serif: [Source Serif 4, No Such Serif], sans: [Inter]}"
    published.write("templates/own/set.yaml", f"extends: base\nfaces:\n  zh-Hans: {faces}\n")
    published.replace(SETTINGS, "template_set: base", "template_set: own")
    published.replace(THEME, SENTENCE, f"{SENTENCE}\U00020000")
    assert_warned(published, "missing-font", ("", 0, 0), "No Such Serif")


MONO = "serif: [Source Serif 4, Noto Serif CJK SC], sans: [Inter], mono: [Inter]"
HAN_IN_CODE = "serif: [Source Serif 4], sans: [Inter], mono: [Noto Sans Mono CJK SC]"


@pytest.mark.parametrize(
    ("faces", "text", "is_missing"),
    [
        (MONO, "`☞`", True),
        (MONO, "☞", False),
        (MONO, "**`☞`**", True),
        (MONO, "[`☞`](https://e.org)", True),
        (MONO, "☞ ⊿", False),
        (HAN_IN_CODE, "☞", True),
        (HAN_IN_CODE, "`☞`", False),
        (HAN_IN_CODE, "`☆` ☞", True),
    ],
)
@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_code_is_drawn_in_its_own_faces(
    published: ProjectCopy, faces: str, text: str, is_missing: bool, engine: str
) -> None:
    published.write("templates/own/set.yaml", f"extends: base\npdf_engine: {engine}\nfaces:\n  en: {{{faces}}}\n")
    published.replace(SETTINGS, "template_set: base", "template_set: own")
    where = published.replace(THEME, "The cost is known and stable.", f'{HERE}"The cost is {text} here."')
    where = where[0], where[1], where[2] + 1 + len("The cost is ") + text.index("☞")
    # Typst reports a character that no face has once more, for the whole variant.
    found = [each for each in published.check()[1] if each.code == "missing-glyph" and each.file == THEME]
    kind = "code in " if "`☞" in text else ""
    messages = [f"no font for {kind}'en' has U+261E '☞'"] if is_missing else []
    assert [each.message for each in found] == messages
    assert not found or found[0].where == where
    if not is_missing:
        built = published.run("build", "-a", "public", "-l", "en", "-f", "pdf", "--draft")
        assert (built.status, "missing-glyph" in built.stderr) == (0, False), built.stderr


SYMBOLS = "①②℃‰★●■◆→≥×½Ⅱ∶☞⊿♀"


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
@pytest.mark.parametrize(
    ("locale", "sentence"), [("en", "The cost is known and stable."), ("zh-Hans", "成本清楚，且保持稳定。")]
)
def test_symbols_that_only_the_han_faces_have_are_drawn(
    published: ProjectCopy, locale: str, sentence: str, engine: str
) -> None:
    published.write("templates/own/set.yaml", f"extends: base\npdf_engine: {engine}\n")
    published.replace(SETTINGS, "template_set: base", "template_set: own")
    published.replace(THEME, sentence, f"{sentence[:-1]} {SYMBOLS}{sentence[-1]}")
    built = published.run("build", "-a", "public", "-l", locale, "-f", "pdf", "--draft")
    assert built.status == 0, built.stderr
    drawn = pdf_text(next(published.root.glob("drafts/night-buses/public/*.pdf")).read_bytes())
    assert SYMBOLS in "".join(drawn.split())


def write_restricted_font(path: Path, family: str, rights: int) -> None:
    """A font of a few letters that grants these rights (OpenType, OS/2 fsType)."""
    font = TTFont(fontpkg.path("Inter", 400, "normal", nearest=True))
    cutter = subset.Subsetter(subset.Options(name_IDs=["*"]))
    cutter.populate(text="abc")
    cutter.subset(font)
    font["OS/2"].fsType = rights
    for name in (1, 4, 16):
        font["name"].setName(family, name, 3, 1, 0x409)
    font.save(path)


# The rights of fonts, and whether they forbid to embed one.
RIGHTS = {0x0000: False, 0x0002: True, 0x0004: False, 0x0008: False, 0x0100: True, 0x0200: True}
PROGRAM = """
import sys
from pathlib import Path
from brief.fonts import coverage
from brief.model.appearance.look import Faces
from brief.project.checking import check_project
for root in sys.argv[1:]:
    family = Path(root).name
    print(*coverage.find_restricted_families(Faces((family,), ("Inter",))))
    print(coverage.find_missing_characters("a中", (family,)))
    print(*{each.code for each in check_project(Path(root))})
"""


@pytest.fixture(scope="module")
def said_of_rights(tmp_path_factory: pytest.TempPathFactory) -> dict[int, list[str]]:
    """What a process in which the fonts of `RIGHTS` are installed says of each, and of a project that is set in it."""
    folder = tmp_path_factory.mktemp("guarded")
    fonts = folder / "fonts"
    fonts.mkdir()
    (fonts / "fonts.conf").write_text(f"<fontconfig><dir>{fonts}</dir><cachedir>{fonts}/cache</cachedir></fontconfig>")
    roots = []
    for rights in RIGHTS:
        family = f"Guarded{rights}"
        write_restricted_font(fonts / f"{family}.ttf", family, rights)
        project = ProjectCopy(folder / family)
        faces = f"{{serif: [{family}], sans: [Inter]}}"
        project.write("templates/own/set.yaml", f"extends: base\nfaces:\n  en: {faces}\n")
        project.replace(SETTINGS, "template_set: base", "template_set: own")
        roots.append(project.root)
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, *roots],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"FONTCONFIG_FILE": str(fonts / "fonts.conf")},
    )
    lines = ran.stdout.splitlines()
    assert len(lines) == 3 * len(RIGHTS)
    return {rights: lines[3 * at : 3 * at + 3] for at, rights in enumerate(RIGHTS)}


@pytest.mark.parametrize(("rights", "is_named"), RIGHTS.items())
def test_a_font_without_the_right_to_embed_causes_a_warning(
    said_of_rights: dict[int, list[str]], rights: int, is_named: bool
) -> None:
    named, missing, codes = said_of_rights[rights]
    assert named == (f"Guarded{rights}" if is_named else "")
    assert missing == "('中',)"
    assert ("font-embedding" in codes.split()) == is_named
