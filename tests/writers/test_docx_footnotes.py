"""Footnotes beside those that a designer's `reference.docx` already has."""

import re
from pathlib import Path

import pytest
from lxml import etree
from readback import docx_parts, zip_parts
from variant_samples import sample, write_set

from brief.model.diagnostics import ContentError
from brief.model.inline import Citation, Text
from brief.model.variant import Paragraph, Variant
from brief.templating.template_set import TemplateSet, find_template_set
from brief.writers.docx import write

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BODY, NOTES, SETTINGS = "word/document.xml", "word/footnotes.xml", "word/settings.xml"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
SEPARATORS = (
    '<w:footnote w:type="separator" w:id="7"><w:p/></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="8"><w:p/></w:footnote>'
)
Parts = dict[str, bytes]


def reference() -> Parts:
    return docx_parts(find_template_set("base").read("reference.docx"))


def with_notes(notes: str, marked: str) -> Parts:
    """The reference document with footnotes, the marks of which are in the paragraph of the variant's date."""
    parts = reference()
    parts[NOTES] = f'<w:footnotes xmlns:w="{W[1:-1]}">{SEPARATORS}{notes}</w:footnotes>'.encode()
    override = f'<Override PartName="/{NOTES}" ContentType="{TYPE}"/></Types>'
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", override.encode())
    relation = f'<Relationship Id="rIdN" Type="{RELATION}" Target="footnotes.xml"/></Relationships>'
    relations = "word/_rels/document.xml.rels"
    parts[relations] = parts[relations].replace(b"</Relationships>", relation.encode())
    date = '<w:r><w:t xml:space="preserve">{{ date }}</w:t></w:r>'
    assert date in parts[BODY].decode()
    parts[BODY] = parts[BODY].decode().replace(date, f"{date}{marked}").encode()
    return parts


def note(number: str, text: str) -> str:
    return f'<w:footnote w:id="{number}"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:footnote>'


def mark(number: str) -> str:
    return f'<w:r><w:footnoteReference w:id="{number}"/></w:r>'


def make_cited_variant(locale: str = "en") -> Variant:
    """A variant with one citation."""
    return sample(locale, blocks=(Paragraph(id="cited", text=(Text("A fact"), Citation((1,), (1,)))),))


def save_set(project: Path, parts: Parts, references: str = "footnotes") -> TemplateSet:
    settings = f"extends: base\nreferences: {references}\n"
    return write_set(project, files={"reference.docx": zip_parts(parts), "set.yaml": settings})


def test_notes_of_the_cover_stay_and_others_go(tmp_path: Path) -> None:
    notes = note("9", "On the cover") + note("12", "Of a paragraph that was replaced")
    made = docx_parts(write(make_cited_variant(), save_set(tmp_path, with_notes(notes, mark("9")))).data)
    written = etree.fromstring(made[NOTES])
    assert [found.get(f"{W}id") for found in written] == ["7", "8", "9", "13"]
    marks = etree.fromstring(made[BODY]).iter(f"{W}footnoteReference")
    assert [found.get(f"{W}id") for found in marks] == ["9", "13"]
    assert "On the cover" in made[NOTES].decode()
    assert "replaced" not in made[NOTES].decode()


def test_a_variant_without_notes_of_its_own_has_none_that_no_one_sees(tmp_path: Path) -> None:
    parts = with_notes(note("1", "Of a paragraph that was replaced"), "")
    made = docx_parts(write(make_cited_variant(), save_set(tmp_path, parts, "list")).data)
    assert "replaced" not in made[NOTES].decode()


@pytest.mark.parametrize("number", ["x", ""])
def test_an_id_that_is_no_number_is_reported(tmp_path: Path, number: str) -> None:
    with pytest.raises(ContentError) as caught:
        write(make_cited_variant(), save_set(tmp_path, with_notes(note(number, "x"), "")))
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.code, diagnostic.location.file) == ("template-damaged", "templates/mine/reference.docx")
    assert "a footnote" in diagnostic.message


@pytest.mark.parametrize(
    ("pattern", "new"),
    [
        pytest.param("", "", id="as they are"),
        pytest.param("(?=<w:compat>)", '<w:footnotePr><w:pos w:val="pageBottom"/></w:footnotePr>', id="with a place"),
        pytest.param("(?=<w:compat>)", '<w:noLineBreaksAfter w:lang="zh-CN" w:val="("/>', id="with a list"),
        pytest.param("<w:compat>.*</w:compat>", "", id="without what stands after"),
        pytest.param("<w:compat>.*/>", "", id="without anything after"),
    ],
)
def test_the_separators_are_named_once_and_in_their_place_among_the_settings(
    tmp_path: Path, pattern: str, new: str
) -> None:
    parts = reference()
    parts[SETTINGS] = re.sub(pattern, new, parts[SETTINGS].decode(), count=1).encode()
    made = docx_parts(write(make_cited_variant("zh-Hans"), save_set(tmp_path, parts)).data)
    settings = etree.fromstring(made[SETTINGS])
    names = [etree.QName(setting).localname for setting in settings]
    assert len(set(names)) == len(names)
    order = ["noLineBreaksAfter", "noLineBreaksBefore", "footnotePr", "compat", "themeFontLang", "clrSchemeMapping"]
    assert [name for name in names if name in order] == [name for name in order if name in names]
    assert names.count("footnotePr") == 1
    announced = settings.find(f"{W}footnotePr")
    assert announced is not None
    assert [found.get(f"{W}id") for found in announced.iter(f"{W}footnote")] == ["-1", "0"]
