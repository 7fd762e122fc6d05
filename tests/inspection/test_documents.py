"""The inspection of artifacts as documents: what a template, a font or a style sheet may break is found in the bytes."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from projects import SETTINGS, THEME, ProjectCopy, Run
from readback import docx_parts, zip_parts

from brief import Pack, Project
from brief.inspection.documents import inspect_document, list_inspections
from brief.inspection.expected import expect_document
from brief.inspection.extract.blocks import ALTERNATIVE, read_docx, read_html
from brief.inspection.extract.formats import ExtractedArtifact
from brief.inspection.extract.pdf_facts import read_facts_and_words
from brief.inspection.folding import squeeze
from brief.inspection.words.passages import Passage, PrintPosition, list_passages
from brief.inspection.words.pieces import list_pieces
from brief.inspection.words.same_words import ReadingText, compare_words
from brief.model.artifact import Artifact
from brief.model.diagnostics import Diagnostic
from brief.store import spool
from brief.templating.packaged import PACKAGED

CASES = [(locale, form) for locale in ("en", "zh-Hans", "zh-Hant") for form in ("html", "pdf", "docx")]

BASE = Path(__file__).parents[2] / "templates/base"


def inspect(starter: Project, artifact: Artifact) -> tuple[Diagnostic, ...]:
    variant, look = starter.make_variant(artifact.audience, artifact.locale), starter.template_set.look
    extracted = ExtractedArtifact(artifact)
    assert list(extracted.read_parts())
    return inspect_document(artifact, expect_document(variant, look), extracted, look)


def read(artifact: Artifact) -> str:
    """The text of an artifact in reading order."""
    if artifact.format == "pdf":
        return read_facts_and_words(artifact.data).words.text
    document = (read_html if artifact.format == "html" else read_docx)(artifact.data)
    main = (block for block in document.blocks if block.kind != ALTERNATIVE and block.part in ("", "word/document.xml"))
    return "\n".join(block.text for block in main)


def describe_pictures(passages: Sequence[Passage]) -> str:
    """The alternative texts of pictures."""
    return "\n".join(each.pieces[0] for each in passages if each.subject.startswith("the alternative text"))


@pytest.mark.parametrize(("locale", "form"), CASES)
def test_sound_files_pass(starter: Project, starter_pack: Pack, locale: str, form: str) -> None:
    for audience in ("public", "council"):
        assert inspect(starter, starter_pack[audience, locale, form]) == ()


@pytest.mark.parametrize(("locale", "form"), CASES)
def test_every_passage_that_is_dropped_is_missed(starter: Project, starter_pack: Pack, locale: str, form: str) -> None:
    artifact = starter_pack["council", locale, form]
    passages = tuple(list_passages(starter.make_variant("council", locale)))
    text, searched = read(artifact), 0
    for passage in passages:
        words = passage.pieces[0].strip()
        if (
            passage.position in (PrintPosition.ANYWHERE, PrintPosition.ABOVE)
            or len(squeeze(words)) < 4
            or text.count(words) != 1
        ):
            continue
        searched += 1
        left = text.replace(words, "")
        found = list(
            compare_words(artifact, list_pieces(passages), ReadingText(left, alternative=describe_pictures(passages)))
        )
        # A figure may be read in another sentence too.
        codes = {"words-out-of-order", "missing-words"} if squeeze(words) in squeeze(left) else {"missing-words"}
        assert len(found) == 1, words
        assert found[0].code in codes, words
        assert f"of {passage.subject}, the words '" in found[0].message
    assert searched >= 5


@pytest.mark.parametrize("form", ["html", "pdf", "docx"])
def test_a_passage_in_another_place_is_misplaced(starter: Project, starter_pack: Pack, form: str) -> None:
    artifact = starter_pack["council", "en", form]
    passages = tuple(list_passages(starter.make_variant("council", "en")))
    text, words = read(artifact), "The cost is known and stable."
    for moved in (text.replace(words, "") + words, words + text.replace(words, "")):
        moved_text = ReadingText(moved, alternative=describe_pictures(passages))
        (found,) = compare_words(artifact, list_pieces(passages), moved_text)
        assert found.code == "words-out-of-order"
        assert f"of theme 'ridership', the words '{words}' are not where they belong" in found.message


def test_words_that_occur_often_are_found_in_their_places(starter_pack: Pack) -> None:
    """The publisher of a source is named below every chart, and a column of a table may repeat the same words."""
    artifact = starter_pack["council", "en", "html"]
    passages = [
        Passage(f"block '{number}'", pieces)
        for number in range(60)
        for pieces in ((f"Chart number {number:03} of many",), ("Institute of Public Hygiene",))
    ]
    text = "\n".join(passage.pieces[0] for passage in passages)
    pieces = list_pieces(passages)
    assert not list(compare_words(artifact, pieces, ReadingText(text)))
    first, second = "Chart number 057 of many", "Chart number 058 of many"
    swapped = text.replace(first, "#").replace(second, first).replace("#", second)
    assert "words-out-of-order" in {each.code for each in compare_words(artifact, pieces, ReadingText(swapped))}
    lost = text.removesuffix("Institute of Public Hygiene")
    (found,) = compare_words(artifact, pieces, ReadingText(lost))
    assert "of block '59', the words 'Institute of Public Hygiene' are missing" in found.message


def build(project: ProjectCopy, *options: str) -> Run:
    return project.run("build", "-a", "council", "-l", "en", "--draft", "--jobs", "1", *options)


def use_own_set(project: ProjectCopy, **files: str) -> None:
    """Gives the project a template set with these files; `__` is a slash and `_` a dot in their names."""
    project.write("templates/own/set.yaml", "extends: base\n")
    for name, text in files.items():
        project.write(f"templates/own/{name.replace('__', '/').replace('_', '.')}", text)
    project.replace(SETTINGS, "template_set: base", "template_set: own")


@pytest.mark.parametrize("form", ["html", "pdf"])
def test_a_template_that_drops_a_callout_stops_the_build(project: ProjectCopy, form: str) -> None:
    use_own_set(project, block__callout_html_j2='<aside id="{{ block.id }}">{{ _("Question") }}</aside>\n')
    ran = build(project, "-f", form)
    assert ran.status == 1
    assert (
        f"night-buses.council.en.{form}: error[missing-words]: {form} of 'council' in 'en': "
        "of block 'council-view', the words 'To be decided' are missing"
    ) in ran.stderr
    assert "correct 'block/callout.html.j2' of the template set" in ran.stderr


@pytest.mark.parametrize("hiding", ["hidden", 'style="display: none"', 'style="color: red; visibility:hidden"'])
def test_words_that_a_template_hides_are_missing(project: ProjectCopy, hiding: str) -> None:
    template = (PACKAGED[1] / "base" / "block" / "callout.html.j2").read_text("utf-8")
    changed = template.replace("<aside ", f"<aside {hiding} ", 1)
    assert changed != template
    use_own_set(project, block__callout_html_j2=changed)
    ran = build(project, "-f", "html")
    assert ran.status == 1
    assert "of block 'council-view', the words 'To be decided' are missing" in ran.stderr


@pytest.mark.parametrize("form", ["html", "pdf"])
@pytest.mark.parametrize("locale", ["en", "zh-Hant"])
def test_a_template_that_drops_the_drawing_of_a_chart_stops_the_build(
    project: ProjectCopy, form: str, locale: str
) -> None:
    template = (PACKAGED[1] / "base" / "block" / "chart.html.j2").read_text("utf-8")
    assert "{{ block.drawing }}" in template
    use_own_set(project, block__chart_html_j2=template.replace("{{ block.drawing }}", ""))
    ran = project.run("build", "-a", "council", "-l", locale, "--draft", "--jobs", "1", "-f", form)
    assert ran.status == 1
    assert "of the alternative text of block 'riders-chart', the words '" in ran.stderr


def test_a_template_that_drops_the_author_of_a_source_stops_the_build(project: ProjectCopy) -> None:
    seed = project.read("seeds/reader-survey.yaml")
    project.write("seeds/reader-survey.yaml", seed.replace("publisher:", "author: {same: Ann Press}\npublisher:", 1))
    assert build(project, "-f", "html").status == 0
    template = (BASE / "sources.html.j2").read_text()
    use_own_set(project, sources_html_j2=template.replace("<span>{{ source.author }}</span>", ""))
    ran = build(project, "-f", "html")
    assert (ran.status, "of source 1, the words 'Ann Press' are missing" in ran.stderr) == (1, True)


def test_a_template_that_prints_blocks_in_another_order_stops_the_build(project: ProjectCopy) -> None:
    use_own_set(
        project,
        blocks_html_j2='{% for block in section.blocks | reverse %}\n{% include "block.html.j2" %}\n{% endfor %}\n',
    )
    ran = build(project, "-f", "html")
    assert ran.status == 1
    assert "error[words-out-of-order]: html of 'council' in 'en': of block '" in ran.stderr
    assert "' are not where they belong" in ran.stderr


def test_a_link_without_its_target_stops_the_build(project: ProjectCopy) -> None:
    use_own_set(
        project,
        block__chart_html_j2='{% from "runs.html.j2" import words, caption with context %}\n<figure>{{ caption(block) }}'
        "{{ block.drawing }}{{ words(block.citation) }}</figure>\n",
    )
    ran = build(project, "-f", "html")
    assert ran.status == 1
    assert "error[broken-link]: html of 'council' in 'en': links lead to 'riders-chart', which" in ran.stderr


def test_a_page_says_its_language_and_its_title(project: ProjectCopy) -> None:
    page = (
        '<!DOCTYPE html>\n<html>\n<head><meta charset="utf-8"><title>Report</title><style>{{ stylesheet }}</style></head>\n'
        "<body><h1>{{ title }}</h1><p>{{ publisher }} {{ audience_title }} {{ marking }} {{ date_text }}</p>\n"
        '{% for section in sections %}\n{% include "section.html.j2" %}\n{% endfor %}\n'
        '{% include "terms.html.j2" %}\n{% include "sources.html.j2" %}\n</body>\n</html>\n'
    )
    use_own_set(project, screen_html_j2=page)
    ran = build(project, "-f", "html")
    assert ran.status == 1
    assert "error[document-language]: html of 'council' in 'en' has no language" in ran.stderr
    assert "error[document-title]: html of 'council' in 'en' has the title 'Report', which does not name" in ran.stderr
    mended = page.replace("<html>", '<html lang="en">').replace("Report", "Draft")
    project.write("templates/own/screen.html.j2", mended)
    ran = build(project, "-f", "html")
    assert (ran.status, "document-language" in ran.stderr, "error[document-title]" in ran.stderr) == (1, False, True)
    project.write("templates/own/screen.html.j2", mended.replace("Draft", ""))
    ran = build(project, "-f", "html")
    assert "html of 'council' in 'en' has no title; it must name 'Night buses after one year'" in ran.stderr
    assert "write {{ title }} in the <title> of screen.html.j2 and print.html.j2" in ran.stderr


def test_hints_name_the_files_that_the_engine_reads(project: ProjectCopy) -> None:
    title = 'title: v.title + " – " + v.audience_title'
    document = (BASE / "typst/document.typ").read_text("utf-8")
    blocks = (BASE / "typst/blocks.typ").read_text("utf-8")
    assert document.count(title) == blocks.count("if b.title != none {") == 1
    text = (BASE / "typst/text.typ").read_text("utf-8")
    assert text.count("link(target, body)") == 1
    project.replace(THEME, "Waiting remains", "[Waiting](https://example.org/) remains")
    project.write("templates/own/typst/document.typ", document.replace(title, 'title: "Report"'))
    project.write("templates/own/typst/blocks.typ", blocks.replace("if b.title != none {", "if false {"))
    project.write("templates/own/typst/text.typ", text.replace("link(target, body)", "body"))
    project.write("templates/own/set.yaml", "extends: base\npdf_engine: typst\n")
    project.replace(SETTINGS, "template_set: base", "template_set: own")
    ran = build(project, "-f", "pdf")
    assert ran.status == 1
    assert "pdf of 'council' in 'en' has the title 'Report', which does not name" in ran.stderr
    assert {line.strip(" =") for line in ran.stderr.splitlines() if line.startswith("  = ")} == {
        f"{what} in 'print.typ' of the template set, or a file that it imports"
        for what in ("state the title of the document", "print them", "make links of the runs that have a 'url'")
    }


def test_an_error_in_typst_is_not_looked_for_in_a_style_sheet(project: ProjectCopy) -> None:
    project.write("templates/own/set.yaml", "extends: base\npdf_engine: typst\n")
    project.write("templates/own/print.typ", "#document(\n")
    project.replace(SETTINGS, "template_set: base", "template_set: own")
    ran = build(project, "-f", "pdf")
    assert "templates/own/print.typ:1:9: error[renderer-failed]" in ran.stderr
    assert "correct the Typst source of the set" in ran.stderr


def strip_fonts(pdf: pikepdf.Pdf) -> None:
    for item in pdf.objects:
        for key in ("/FontFile", "/FontFile2", "/FontFile3"):
            if isinstance(item, pikepdf.Dictionary) and key in item:
                del item[key]


def name_standard_font(pdf: pikepdf.Pdf) -> None:
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    pdf.pages[0].Resources.Font["/Extra"] = pdf.make_indirect(font)


@pytest.mark.parametrize(
    ("change", "codes"),
    [(strip_fonts, {"font-not-embedded"}), (name_standard_font, {"font-not-embedded"}), (lambda _: None, set())],
)
def test_a_font_that_is_not_in_the_pdf_is_reported(
    starter: Project, starter_pack: Pack, change: Callable[[pikepdf.Pdf], None], codes: set[str]
) -> None:
    artifact = next(each for each in starter_pack if each.format == "pdf" and each.locale == "en")
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(artifact.data)) as pdf:
        change(pdf)
        pdf.save(made)
    assert {each.code for each in inspect(starter, replace(artifact, content=spool(made.getvalue())))} == codes


def test_a_title_that_is_too_long_for_a_property_of_word_is_shortened(project: ProjectCopy) -> None:
    project.replace(SETTINGS, "en: Night buses after one year", f"en: Night buses after {'a long & cold ' * 20} year")
    ran = project.run("build", "-a", "council", "-l", "en", "--draft", "--jobs", "1")
    assert (ran.status, "document-title" in ran.stderr) == (0, False), ran.stderr


@pytest.mark.parametrize(
    ("rule", "font"),
    [
        ('p { font-family: "Noto Serif CJK SC", serif }', "Noto Serif CJK SC"),
        ("p { font: 1rem/1.5 Inter, Microsoft YaHei }", "Microsoft YaHei"),
        (":root:lang(zh-Hant) { --serif-text: 'PingFang SC' }", "PingFang SC"),
        ("p { font-family: Inter, 'Noto Sans CJK TC', 'Noto Sans CJK SC' }", ""),
        ("p:lang(zh-Hans) { font-family: 'Noto Sans CJK SC' } /* p { font-family: SimSun } */", ""),
        ("@font-face { font-family: 'Noto Sans SC'; src: local('Noto Sans SC') }", ""),
    ],
)
def test_a_style_sheet_names_faces_of_the_region(project: ProjectCopy, rule: str, font: str) -> None:
    packaged = PACKAGED[1] / "base/screen.css"
    use_own_set(project, screen_css=f"{packaged.read_text('utf-8')}\n{rule}\n")
    ran = project.run("build", "-a", "council", "-l", "zh-Hant", "-f", "html", "--draft", "--jobs", "1")
    said = "error[wrong-face]: html of 'council' in 'zh-Hant': the font "
    assert (ran.status, f"{said}{font}, " in ran.stderr) == (1 if font else 0, bool(font)), ran.stderr


def test_a_page_in_traditional_chinese_does_not_say_that_it_is_in_simplified(project: ProjectCopy) -> None:
    packaged = PACKAGED[1] / "base/screen.html.j2"
    use_own_set(project, screen_html_j2=packaged.read_text("utf-8").replace("{{ locale }}", "zh-CN", 1))
    for locale, status in (("zh-Hant", 1), ("zh-Hans", 0)):
        ran = project.run("build", "-a", "council", "-l", locale, "-f", "html", "--draft", "--jobs", "1")
        assert (ran.status, "error[document-language]" in ran.stderr) == (status, bool(status)), ran.stderr


@pytest.mark.parametrize(
    ("locale", "rule", "font"),
    [
        ("zh-Hant", "p { font-family: 'Noto Sans CJK HK' }", "Noto Sans CJK HK"),
        ("zh-Hant", "p { font-family: 'PingFang HK', 'PingFang TC' }", "PingFang HK"),
        ("zh-Hant-HK", "p { font-family: 'Noto Sans CJK TC' }", "Noto Sans CJK TC"),
        ("zh-Hant-HK", "p { font-family: 'Noto Sans CJK HK' }", ""),
        ("zh-Hant-HK", "p { font-family: 'Microsoft JhengHei' }", ""),
        ("zh-Hant-HK", "p:lang(zh-Hant) { font-family: 'Noto Sans CJK TC' }", ""),
    ],
)
def test_faces_of_hong_kong_are_not_those_of_taiwan(project: ProjectCopy, locale: str, rule: str, font: str) -> None:
    use_own_set(project, screen_css=f"{(PACKAGED[1] / 'base/screen.css').read_text('utf-8')}\n{rule}\n")
    project.replace(SETTINGS, "zh-Hant]", "zh-Hant, zh-Hant-HK]")
    ran = project.run("build", "-a", "council", "-l", locale, "-f", "html", "--draft", "--jobs", "1")
    said = f"error[wrong-face]: html of 'council' in '{locale}': the font "
    assert (ran.status, f"{said}{font}, " in ran.stderr) == (1 if font else 0, bool(font)), ran.stderr


def test_pages_of_hong_kong_have_its_faces_in_every_format(project: ProjectCopy) -> None:
    project.replace(SETTINGS, "zh-Hant]", "zh-Hant, zh-Hant-HK]")
    assert project.run("build", "-a", "council", "-l", "zh-Hant-HK", "--draft", "--jobs", "1").status == 0
    project.write(
        "templates/own/set.yaml",
        "extends: base\nfaces:\n  zh-Hant: {serif: [Noto Serif CJK HK], sans: [Noto Sans CJK HK]}\n",
    )
    project.replace(SETTINGS, "template_set: base", "template_set: own")
    ran = project.run("build", "-a", "council", "-l", "zh-Hant", "-f", "pdf", "-f", "docx", "--draft", "--jobs", "1")
    assert ran.status == 1
    for form in ("pdf", "docx"):
        assert f"error[wrong-face]: {form} of 'council' in 'zh-Hant'" in ran.stderr


@pytest.mark.parametrize(
    ("locale", "tag", "is_wrong"),
    [
        *(("zh-Hant", tag, True) for tag in ("zh-Hans", "zh-CN", "ja", "zh-Hant-HK", "en")),
        *(("zh-Hant", tag, False) for tag in ("zh-Hant", "zh-TW")),
        *(("zh-Hans", tag, tag == "zh-Hant") for tag in ("zh-Hant", "zh", "zh-SG")),
        *(("en", tag, tag == "fr") for tag in ("fr", "en-GB")),
    ],
)
def test_a_block_in_another_language_than_its_words_is_reported(
    project: ProjectCopy, locale: str, tag: str, is_wrong: bool
) -> None:
    template = (PACKAGED[1] / "base/block/callout.html.j2").read_text("utf-8")
    use_own_set(project, block__callout_html_j2=template.replace("<aside ", f'<aside lang="{tag}" ', 1))
    ran = project.run("build", "-a", "council", "-l", locale, "-f", "html", "-f", "pdf", "--draft", "--jobs", "1")
    assert ran.status == int(is_wrong), ran.stderr
    # Of a PDF it is not known to which words a language belongs, and sources are in English.
    for form in ("html", "pdf") if tag != "en" else ("html",):
        assert (f"error[document-language]: {form} of 'council' in '{locale}': " in ran.stderr) == is_wrong


def test_passages_whose_language_the_content_marks_are_right(project: ProjectCopy) -> None:
    words = "zh-Hant: 報告寫道「the buses ran every night of the year」。"
    block = f"  - {{kind: paragraph, id: odd, depth: summary, text: {{en: Odd., zh-Hans: 奇。, {words}}}}}\n"
    project.write(THEME, project.read(THEME) + block)
    ran = project.run("build", "-a", "council", "-l", "zh-Hant", "--draft", "--jobs", "1")
    assert ran.status == 0, ran.stderr
    pages = [page.read_text("utf-8") for page in project.root.glob("drafts/*/council/*.zh-Hant.html")]
    assert any('lang="en">the buses ran every night of the year<' in page for page in pages)


def test_an_east_asian_language_of_word_that_is_not_the_locale_s_is_reported(
    starter: Project, starter_pack: Pack
) -> None:
    artifact = starter_pack["council", "zh-Hant", "docx"]
    assert inspect(starter, artifact) == ()
    parts = docx_parts(artifact.data)
    parts["word/document.xml"] = parts["word/document.xml"].replace(
        b"</w:body>", b'<w:p><w:r><w:rPr><w:lang w:eastAsia="zh-CN"/></w:rPr><w:t>x</w:t></w:r></w:p></w:body>'
    )
    (found,) = inspect(starter, replace(artifact, content=spool(zip_parts(parts))))
    assert (found.code, "'zh-CN'" in found.message) == ("document-language", True)


def test_traditional_chinese_in_the_faces_of_simplified_stops_the_build(project: ProjectCopy) -> None:
    use_own_set(project)
    faces = '{serif: ["Source Serif 4", "Noto Serif CJK SC"], sans: [Inter, "Noto Sans CJK SC"]}'
    project.write("templates/own/set.yaml", f"extends: base\nfaces:\n  zh-Hant: {faces}\n")
    ran = project.run("build", "-a", "council", "-l", "zh-Hant", "-f", "pdf", "-f", "docx", "--draft", "--jobs", "1")
    assert ran.status == 1
    for form, font in (
        ("pdf", "Noto-Serif-CJK-SC-Cut"),
        ("pdf", "Noto-Sans-CJK-SC-Cut"),
        ("docx", "Noto Serif CJK SC"),
    ):
        said = (
            f"error[wrong-face]: {form} of 'council' in 'zh-Hant': the font {font}, which is for Simplified Chinese, "
        )
        assert said in ran.stderr


def test_a_character_that_no_font_has_stops_the_build(project: ProjectCopy) -> None:
    project.replace(THEME, "The trial has found its public.", "The trial \U00012000 has found its public.")
    ran = build(project, "-f", "pdf")
    assert ran.status == 1
    assert (
        "error[missing-glyph]: pdf of 'council' in 'en': a font has no glyph, so an empty box is drawn, for '\U00012000' (U+12000)"
        in (ran.stderr)
    )
    assert build(project, "-f", "html").status == 0


def test_words_that_word_lacks_are_named(starter: Project, starter_pack: Pack) -> None:
    artifact = starter_pack["council", "en", "docx"]
    parts = docx_parts(artifact.data)
    name = "word/document.xml"
    parts[name] = parts[name].replace(b"Whether ", b"").replace(b'w:name="_Ref_riders_chart"', b'w:name="_Other"')
    (broken, missing) = inspect(starter, replace(artifact, content=spool(zip_parts(parts))))[::-1]
    assert (missing.code, broken.code) == ("missing-words", "broken-link")
    assert "of block 'council-view', the words 'Whether" in missing.message
    assert "_Ref_riders_chart" in broken.message


def test_what_a_word_document_says_of_itself_is_not_mended_in_web_pages(starter: Project, starter_pack: Pack) -> None:
    artifact = starter_pack["council", "en", "docx"]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive, zipfile.ZipFile(io.BytesIO(artifact.data)) as original:
        for name in original.namelist():
            if name != "docProps/core.xml":
                archive.writestr(name, original.read(name))
    found = inspect(starter, replace(artifact, content=spool(stream.getvalue())))
    assert [each.code for each in found] == ["document-language", "document-title"]
    assert all("reference.docx" in str(each.hint) for each in found)


def edit_pdf(data: bytes, what: str) -> bytes:
    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        if what == "language":
            pdf.Root.Lang = pikepdf.String("de")
        elif what == "links":
            for page in pdf.pages:
                for annotation in page.obj.get("/Annots", pikepdf.Array()):
                    if "/Dest" in annotation:
                        annotation.Dest = pikepdf.String("nowhere")
        elif what == "structure":
            del pdf.Root.StructTreeRoot
        pdf.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(("what", "code"), [("language", "document-language"), ("links", "broken-link")])
def test_what_is_wrong_with_a_pdf_is_named(starter: Project, starter_pack: Pack, what: str, code: str) -> None:
    artifact = starter_pack["council", "en", "pdf"]
    (found,) = inspect(starter, replace(artifact, content=spool(edit_pdf(artifact.data, what))))
    assert found.code == code


def test_a_pdf_without_structure_is_read_in_the_order_in_which_it_is_drawn(starter_pack: Pack) -> None:
    data = starter_pack["council", "en", "pdf"].data
    words = read_facts_and_words(edit_pdf(data, "structure")).words
    assert "The trial has found its public." in words.text


def list_manifested(project: ProjectCopy) -> Iterator[tuple[str, list[str]]]:
    manifest = re.findall(
        r'"format": "(\w+)"|"inspections": \[([^\]]*)\]', project.read("drafts/night-buses/manifest.json")
    )
    forms = [form for form, _ in manifest if form]
    lists = [re.findall(r'"([a-z]+)"', listed) for form, listed in manifest if not form]
    yield from zip(forms, lists, strict=True)


def test_the_manifest_lists_what_was_inspected(project: ProjectCopy) -> None:
    ran = build(project, "-f", "html", "-f", "docx")
    assert ran.status == 0, ran.stderr
    listed = dict(list_manifested(project))
    assert listed == {form: list(list_inspections(form)) for form in ("html", "docx")}
    assert set(listed["docx"]) >= {"withheld", "words", "links", "language", "title", "faces"}
    assert list_inspections("json") == ("withheld",)


def test_a_word_file_in_a_latin_regional_locale_is_built(project: ProjectCopy) -> None:
    project.replace(SETTINGS, "zh-Hant]", "zh-Hant, en-GB]")
    ran = project.run("build", "-a", "council", "-l", "en-GB", "-f", "docx", "--draft", "--jobs", "1")
    assert (ran.status, "document-language" in ran.stderr) == (0, False), ran.stderr
