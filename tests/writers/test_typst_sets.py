"""What a template set may do with Typst, what is refused before it runs, and how the engine is chosen."""

import io
import re
import sys
from dataclasses import replace
from pathlib import Path
from time import process_time

import pikepdf
import PIL.Image
import pytest
from projects import ProjectCopy
from variant_samples import pixel, sample, text, write_set

from brief import Project
from brief.model.diagnostics import ContentError, MachineError
from brief.model.source_location import Ref
from brief.model.variant import Chart, Paragraph, Variant
from brief.templating.template_set import TemplateSet, find_template_set
from brief.writers.pdf import preflight, write
from brief.writers.pdf.typst import landscape
from brief.writers.pdf.typst.compiler import CompilerError, EngineProcesses, compile_files
from brief.writers.pdf.typst.engine import prepare
from brief.writers.pdf.typst.server import compile_folder
from brief.writers.pdf.typst.set_files import MAIN, read_set_files
from brief.writers.preflight import find_unsupported


def by_typst(template_set: TemplateSet) -> TemplateSet:
    return replace(template_set, look=replace(template_set.look, pdf_engine=Ref("typst")))


def base() -> TemplateSet:
    return by_typst(find_template_set("base"))


def refusals(template_set: TemplateSet, variant: Variant | None = None) -> list[tuple[str, str]]:
    with pytest.raises(ContentError) as refused:
        write(variant or sample(), template_set)
    return [(found.code, found.message) for found in refused.value.diagnostics]


REFUSED = [
    ('#import "@preview/cetz:0.3.0": canvas', "packages may not be imported"),
    ('#import "../../brand.typ": x', "has no file"),
    ('#include "/etc/passwd"', "has no file"),
    ("#let name = sys.version\n#import name: x", "write the file in quotes"),
    ('text " #import "@local/secret:1.0.0"', "packages may not be imported"),
    ("https://example.org #import sys", "write the file in quotes"),
    ('#eval("1")', "'eval' may not occur"),
    ("#let e = dictionary(std)", "'dictionary' may not occur"),
    ('#plugin("a.wasm")', "'plugin' may not occur"),
    ('#read("/etc/passwd")', "only files of the template set"),
    ('#image("../secret.png")', "only files of the template set"),
]


@pytest.mark.parametrize(("line", "said"), REFUSED)
def test_a_template_that_reaches_out_is_refused_before_it_runs(tmp_path: Path, line: str, said: str) -> None:
    mine = write_set(tmp_path, files={"print.typ": f"// mine\n{line}\n"})
    with pytest.raises(ContentError) as refused:
        preflight(sample(), by_typst(mine))
    found = [each for each in refused.value.diagnostics if said in each.message]
    assert [(each.code, each.location.file) for each in found[:1]] == [
        ("forbidden-resource", "templates/mine/print.typ")
    ]
    assert found[0].location.line in (2, 3)


def test_photographs_of_the_set_lose_their_metadata_and_are_whole(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {MAIN: "", "a.png": pixel().data + b"taken at 51.5"}
    assert read_set_files(write_set(tmp_path / "own", files=files))["a.png"] == pixel().data
    with pytest.raises(ContentError, match="the picture is damaged"):
        read_set_files(write_set(tmp_path / "other", files=files | {"a.png": pixel().data[:40]}))


def test_a_picture_of_very_many_pixels_is_refused(tmp_path: Path) -> None:
    made = io.BytesIO()
    PIL.Image.new("1", (6400, 6300)).save(made, "PNG")
    with pytest.raises(ContentError, match=r"templates/mine/a\.png.*is 6400 x 6300 pixels"):
        read_set_files(write_set(tmp_path, files={MAIN: "", "a.png": made.getvalue()}))


def test_a_name_that_is_put_together_meets_the_engines_own_wall(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    made = f'#let name = "{tmp_path}/secret" + ".txt"\n#let get = read\n#get(name)'
    ((code, _),) = refusals(by_typst(write_set(tmp_path, files={"print.typ": made})))
    assert code == "renderer-failed"


def test_an_error_is_at_the_line_of_the_template(tmp_path: Path) -> None:
    mine = by_typst(write_set(tmp_path, files={"print.typ": '= Title\n\n#let x = 1 + "a"\n'}))
    with pytest.raises(ContentError) as failed:
        write(sample(), mine)
    (found,) = failed.value.diagnostics
    assert (found.code, found.location.file, found.location.line) == ("renderer-failed", "templates/mine/print.typ", 3)


def test_a_layout_that_does_not_settle_is_no_file(tmp_path: Path) -> None:
    more = "#context if calc.odd(counter(page).final().first()) { pagebreak() + [More.] }\n"
    mine = write_set(tmp_path, files={"print.typ": f'#set document(title: "T")\nFirst page.\n{more}'})
    found = refusals(by_typst(mine))
    assert {code for code, _ in found} == {"renderer-failed"}
    assert any("did not converge" in message for _, message in found)


def test_a_loop_without_an_end_is_ended_and_the_next_file_is_made() -> None:
    loop = b"#let f(n) = for x in range(n) { for y in range(n) { for z in range(n) { let a = x } } }\n#f(100000)"
    with pytest.raises(CompilerError, match=r"takes more than 1 second$"):
        compile_files({"print.typ": loop}, {}, "print.typ", 0, seconds=1)
    assert write(sample(blocks=()), base()).pages == 1


def test_a_document_keeps_to_the_process_that_has_compiled_it() -> None:
    """The engine drops what ten compilations have not used, so no process has more documents than that."""
    processes = EngineProcesses()
    first = {name: processes.choose(name) for name in map(str, range(12))}
    assert {name: processes.choose(name) for name in first} == first
    held = [list(first.values()).count(process) for process in set(first.values())]
    assert sorted(held) == [3, 9]
    for number in range(1000):
        processes.choose(f"copy {number}")
    assert len({processes.choose(f"copy {number}") for number in range(1000)}) == 2, "few processes for any number"
    processes.close()


@pytest.mark.parametrize("look", ["base", "board"])
def test_an_edit_costs_a_fraction_of_the_first_layout(look: str, tmp_path: Path) -> None:
    """A rule that captured the whole document made the engine lay out all of it after any edit."""
    blocks = [
        Paragraph(id=f"p{at}", text=text(f"Paragraph {at} is about the buses of the town. " * 20)) for at in range(60)
    ]

    def compile_edited(name: str, words: str) -> float:
        edited = replace(blocks[30], text=text(words))
        prepared = prepare(sample(blocks=(*blocks[:30], edited, *blocks[31:])), by_typst(find_template_set(look)))
        for folder, files in (
            ("project", {**prepared.files, landscape.FILE: landscape.EMPTY}),
            ("faces", prepared.faces),
        ):
            for file, data in files.items():
                path = tmp_path / name / folder / file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        start = process_time()
        answer, _ = compile_folder(str(tmp_path / name / "project"), str(tmp_path / name / "faces"), MAIN, 0, "<none>")
        assert answer["error"] is None
        return process_time() - start

    first = compile_edited("first", "Paragraph 30 is about trams.")
    assert min(compile_edited(name, f"Paragraph 30 is about the buses {name}.") for name in "abc") < first / 2


def test_a_look_in_css_is_refused_and_one_without_print_typ_too(tmp_path: Path) -> None:
    styled = write_set(tmp_path, "styled", {"print.css": "p { color: red }\n"})
    ((code, message),) = refusals(by_typst(styled))
    assert (code, "'styled' has print.css" in message) == ("unusable-print-style", True)
    assert [found.code for found in find_unsupported(by_typst(styled))] == ["unusable-print-style"]
    own = {"print.css": "p { color: red }\n", "print.typ": "= Own\n"}
    with pytest.raises(ContentError, match="PDF/UA-1 error"):
        write(sample(), by_typst(write_set(tmp_path, "both", own)))


def test_a_template_that_changes_web_pages_alone_is_a_warning(tmp_path: Path) -> None:
    mine = by_typst(write_set(tmp_path, files={"block/quote.html.j2": "<blockquote>{{ block.id }}</blockquote>\n"}))
    (warning,) = write(sample(), mine).diagnostics
    assert (warning.code, warning.location.file) == ("unusable-print-style", "templates/mine/block/quote.html.j2")
    assert find_unsupported(mine) == (warning,)


def test_a_character_that_no_font_has_is_named_with_its_block() -> None:
    lacking = Paragraph(id="odd", text=text("a\U000e0fffb"))
    ((code, message),) = refusals(base(), sample(blocks=(lacking,)))
    assert (code, "U+E0FFF" in message, "block 'odd'" in message) == ("missing-glyph", True, True)


def test_an_engine_that_is_not_installed_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(MachineError, match=r"pip install 'brief-press\[typst\]'"):
        write(sample(), base())


def test_the_option_chooses_the_engine_and_caches_do_not_mix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIEF_CACHE_DIR", str(tmp_path / "cache"))
    project = ProjectCopy(tmp_path / "project")
    order = ("build", "-a", "council", "-l", "en", "-f", "pdf", "--jobs", "1", "--draft")
    creators = []
    for options in ((), ("--pdf-engine", "typst"), ()):
        built = project.run(*order, *options)
        assert built.status == 0, built.stderr
        made = project.root / built.stdout.strip()
        with pikepdf.open(made) as document:
            creators.append(str(document.docinfo.get("/Creator", document.docinfo.get("/Producer"))))
    assert ["Typst" in creator for creator in creators] == [False, True, False]
    assert '"typst": "0.15' in (made.parents[1] / "manifest.json").read_text("utf-8")
    unknown = project.run(*order, "--pdf-engine", "typts")
    assert (unknown.status, "unknown PDF engine 'typts'" in unknown.stderr) == (1, True)


def test_charts_carry_their_figures_as_alternative_text(tmp_path: Path) -> None:
    project = Project.load(ProjectCopy(tmp_path / "project").root, pdf_engine="typst")
    variant = project.make_variant("council", "zh-Hans")
    assert any(isinstance(block, Chart) for section in variant.sections for block in section.blocks)
    with pikepdf.open(io.BytesIO(write(variant, project.get_template_set("council")).data)) as document:
        described = [
            str(each.Alt) for each in document.objects if isinstance(each, pikepdf.Dictionary) and "/Alt" in each
        ]
    assert described
    assert all(re.search(r"\d", words) for words in described)
