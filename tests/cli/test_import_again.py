"""A changed document imported again: whatever was added, removed or moved, no text gets the translation of another."""

import string
import tempfile
from pathlib import Path

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from projects import SETTINGS, ProjectCopy

# Two for each block; none is like another, so that none passes for an edited version of it.
SENTENCES = (
    "The harbour froze for nine days.", "Buying bulbs in bulk cut spending.", "Nurses work shorter shifts now.",
    "No one pays for bridges.", "Oak forests absorb much carbon.", "Exam results rose sharply in May!",
    "Zinc is traded by weight.", "Queues at customs vanished.", "Every second kiosk sells maps.", "Judges ruled against it.",
    "Icebreakers came too late.", "LED lamps last longest.", "Hospitals hired locums.", "Toll booths stay shut.",
    "Pines burn quickly.", "Pupils like maths", "Copper fell by half", "Visas cost nothing", "Tourists walk more",
    "Appeals are pending",
)  # fmt: skip
NUMERALS = "一二三四五六七八九十"
THEME = "content/themes/report.yaml"


def write_sentence(number: int, *, is_chinese: bool) -> str:
    if is_chinese:
        return f"第{NUMERALS[number % 10]}句{string.ascii_lowercase[number]}。"
    return SENTENCES[number]


def write_document(blocks: list[tuple[str, int]], *, is_chinese: bool = False) -> str:
    """Writes a document with one block for each pair of a kind and the number of its sentence."""
    lines = ["# 报告" if is_chinese else "# Report", "", "开头。" if is_chinese else "The beginning.", ""]
    for kind, number in blocks:
        sentence = write_sentence(number, is_chinese=is_chinese)
        heading = ["", f"## {'标题' if is_chinese else 'Heading'} {string.ascii_uppercase[number]}", ""]
        body = {
            "paragraph": [sentence],
            "list": [f"- {sentence}", f"- {write_sentence(number + 10, is_chinese=is_chinese)}"],
            "quotation": [f"> {sentence}"],
        }
        lines += [*heading, *body[kind], ""]
    return "\n".join(lines)


documents = st.lists(
    st.tuples(st.sampled_from(("paragraph", "list", "quotation")), st.integers(0, 9)),
    min_size=1,
    max_size=5,
    unique_by=lambda block: block[1],
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=documents, after=documents)
def test_no_text_gets_the_translation_of_another(
    tmp_path: Path, before: list[tuple[str, int]], after: list[tuple[str, int]]
) -> None:
    root = Path(tempfile.mkdtemp(dir=tmp_path))
    copy = ProjectCopy(root / "project")
    copy.write(SETTINGS, copy.read(SETTINGS).replace("[en, zh-Hans, zh-Hant]", "[en, zh-Hans]"))
    english, chinese = root / "report.md", root / "report.zh-Hans.md"

    def bring(path: Path, text: str, *options: str) -> str:
        path.write_text(text, "utf-8")
        ran = copy.run("import", str(path), "--into", "report", *options)
        assert ran.status == 0, ran.stderr
        return ran.stdout

    bring(english, write_document(before))
    bring(chinese, write_document(before, is_chinese=True), "-l", "zh-Hans")
    bring(english, write_document(after), "--replace")
    translations = {
        write_sentence(number, is_chinese=False): write_sentence(number, is_chinese=True) for number in range(20)
    }
    translated = {}
    for block in yaml.safe_load(copy.read(THEME))["blocks"]:
        for text in (*block.get("items", ()), *([block["text"]] if "text" in block else ())):
            source = text["en"].removeprefix("> ")
            assert text.get("zh-Hans", "").removeprefix("> ") in ("", translations[source])
            translated[source] = "zh-Hans" in text
    # What both documents have has kept its translation.
    for _, number in {*before} & {*after}:
        assert translated[write_sentence(number, is_chinese=False)]
    assert bring(english, write_document(after)) == ""
    # The translation of the whole document fits again.
    bring(chinese, write_document(after, is_chinese=True), "-l", "zh-Hans", "--replace")
    assert "zh-Hans" in copy.read(THEME)
