"""Faulty templates: each error is one diagnostic with a stable code, the template's file and its line."""

import os
from pathlib import Path

import pytest
from variant_samples import sample, write_set

from brief.model.diagnostics import ContentError
from brief.templating.sandbox import check_templates
from brief.writers.html import write as write_html
from brief.writers.pdf import write as write_pdf

PARAGRAPH = "block/paragraph.html.j2"
SHOWN = f"templates/mine/{PARAGRAPH}"

# What the template says on its second line, and the code it earns.
ON_LINE_TWO = [
    pytest.param("{% if %}", "template-syntax", id="syntax-error"),
    pytest.param("{{ nowhere }}", "template-undefined", id="undefined-name"),
    pytest.param("{{ block.nowhere }}", "template-undefined", id="undefined-key"),
    pytest.param("{{ block.nowhere.deeper }}", "template-undefined", id="undefined-key-of-undefined"),
    pytest.param("{{ block.items }}", "template-undefined", id="method-of-a-mapping"),
    pytest.param("{{ block.id.upper() }}", "template-undefined", id="method-of-a-text"),
    pytest.param("{{ block.text[99] }}", "template-undefined", id="index-out-of-range"),
    pytest.param("{{ subtitle }}", "template-failed", id="prints-none"),
    pytest.param("{{ block }}", "template-failed", id="prints-a-mapping"),
    pytest.param("{{ block.text }}", "template-failed", id="prints-a-list"),
    pytest.param("{{ 1 / 0 }}", "template-failed", id="division-by-zero"),
    pytest.param("{{ block.id + 1 }}", "template-failed", id="type-error"),
    pytest.param("{% for n in range(10000000) %}{% endfor %}", "template-failed", id="huge-range"),
    pytest.param('{% include "nowhere.html.j2" %}', "template-not-found", id="missing-include"),
    pytest.param('{% include "/etc/passwd" %}', "template-forbidden", id="absolute-include"),
    pytest.param('{% include "../outside.txt" %}', "template-forbidden", id="include-above-the-set"),
    pytest.param('{% include "block/../../outside.txt" %}', "template-forbidden", id="include-through-the-set"),
    pytest.param('{% include "..\\\\outside.txt" %}', "template-forbidden", id="include-with-backslash"),
    pytest.param('{% include "link.txt" %}', "template-forbidden", id="link-out-of-the-set"),
    pytest.param('{% include ".hidden.j2" %}', "template-forbidden", id="hidden-file"),
    pytest.param('{% include "block/paragraph.html.j2~" %}', "template-forbidden", id="backup"),
    pytest.param("{{ ''.__class__ }}", "template-undefined", id="class-of-a-text"),
    pytest.param("{{ cycler.__init__.__globals__ }}", "template-forbidden", id="globals-of-a-function"),
    pytest.param("{% do block.text.append(1) %}", "template-syntax", id="statement-that-changes"),
    pytest.param("{{ block.text.append(1) }}", "template-undefined", id="changes-content"),
    pytest.param("{{ block.id | nowhere }}", "template-syntax", id="unknown-filter"),
    pytest.param("{{ block.id | safe }}", "template-unsafe", id="unescaped"),
    pytest.param("{% autoescape false %}{{ block.id }}{% endautoescape %}", "template-unsafe", id="escaping-off"),
    pytest.param("<p class={{ block.id }}>", "template-unsafe", id="unquoted-attribute"),
    pytest.param("<p {{ block.id }}>", "template-unsafe", id="value-in-a-tag"),
    pytest.param('<p style="color: {{ block.id }}">', "template-unsafe", id="style-attribute"),
    pytest.param('<p onclick="{{ block.id }}">', "template-unsafe", id="event-attribute"),
    pytest.param("<script>x = '{{ block.id }}'</script>", "template-unsafe", id="script"),
    pytest.param("<style>p { color: {{ block.id }} }</style>", "template-unsafe", id="style-element"),
    pytest.param("<p>{{ stylesheet }}</p>", "template-unsafe", id="style-sheet-as-text"),
    pytest.param('<link rel="attachment" href="x">', "template-unsafe", id="attachment-link"),
    pytest.param('<a rel="x Attachment" href="x">x</a>', "template-unsafe", id="attachment-anchor"),
]


@pytest.mark.parametrize(("line", "code"), ON_LINE_TWO)
def test_error_names_template_and_line(tmp_path: Path, line: str, code: str) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "outside.txt").write_text("SECRET")
    template_set = write_set(tmp_path, files={PARAGRAPH: f"<p>first</p>\n{line}\n"})
    (tmp_path / "templates" / "mine" / "link.txt").symlink_to(tmp_path / "templates" / "outside.txt")
    with pytest.raises(ContentError) as caught:
        write_html(sample(), template_set)
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.code, diagnostic.location.file, diagnostic.location.line) == (code, SHOWN, 2)
    assert "SECRET" not in diagnostic.message


def test_a_style_sheet_outside_the_set_is_an_error(tmp_path: Path) -> None:
    template_set = write_set(tmp_path)
    (tmp_path / "secret.css").write_text("SECRET")
    (template_set.folders[0] / "screen.css").symlink_to(tmp_path / "secret.css")
    with pytest.raises(ContentError) as caught:
        write_html(sample(), template_set)
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.code, diagnostic.location.file) == ("template-forbidden", "templates/mine/screen.css")


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_template_in_another_encoding(tmp_path: Path, encoding: str) -> None:
    template_set = write_set(tmp_path, files={PARAGRAPH: "<p>模板</p>\n".encode(encoding)})
    with pytest.raises(ContentError) as caught:
        write_html(sample(), template_set)
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.code, str(diagnostic.location)) == ("template-encoding", f"{SHOWN}:1:1")


def test_byte_order_mark_is_not_printed(tmp_path: Path) -> None:
    template_set = write_set(tmp_path, files={PARAGRAPH: "\ufeff<p>{{ block.id }}</p>\n"})
    assert "\ufeff" not in write_html(sample(), template_set).data.decode()


def test_templates_that_include_each_other_end(tmp_path: Path) -> None:
    template_set = write_set(tmp_path, files={PARAGRAPH: '{% include "block/paragraph.html.j2" %}\n'})
    with pytest.raises(ContentError) as caught:
        write_html(sample(), template_set)
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.code, diagnostic.location.file, diagnostic.location.line) == ("template-failed", SHOWN, 1)


def test_innermost_template_is_named(tmp_path: Path) -> None:
    files = {PARAGRAPH: '<p>\n{% include "inner.html.j2" %}\n</p>', "inner.html.j2": "\n\n{{ nowhere }}"}
    with pytest.raises(ContentError) as caught:
        write_html(sample(), write_set(tmp_path, files=files))
    (diagnostic,) = caught.value.diagnostics
    assert str(diagnostic.location) == "templates/mine/inner.html.j2:3:0"


def test_check_finds_every_error_without_rendering(tmp_path: Path) -> None:
    files = {PARAGRAPH: "{% if %}", "unused.html.j2": "<p class={{ title }}>\n<p style='{{ title }}'>"}
    found = check_templates(write_set(tmp_path, files=files))
    assert [(d.code, d.location.file, d.location.line) for d in found] == [
        ("template-syntax", SHOWN, 1),
        ("template-unsafe", "templates/mine/unused.html.j2", 1),
        ("template-unsafe", "templates/mine/unused.html.j2", 2),
    ]


def test_a_changed_template_is_read_again(tmp_path: Path) -> None:
    template_set = write_set(tmp_path, files={PARAGRAPH: "<p>before</p>"})
    assert b"<p>before</p>" in write_html(sample(), template_set).data
    write_set(tmp_path, files={PARAGRAPH: "<p>afterwards</p>"})
    assert b"<p>afterwards</p>" in write_html(sample(), template_set).data


def test_a_template_of_the_same_length_and_time_is_read_again(tmp_path: Path) -> None:
    template_set = write_set(tmp_path, files={PARAGRAPH: "<p>one</p>"})
    file = template_set.find_path(PARAGRAPH)
    times = file.stat()
    assert b"<p>one</p>" in write_html(sample(), template_set).data
    file.write_text("<p>two</p>")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert b"<p>two</p>" in write_html(sample(), template_set).data


def test_a_template_that_a_set_did_not_have_before_is_found(tmp_path: Path) -> None:
    template_set = write_set(tmp_path, files={"note.txt": "of my own"})
    assert b"<p>mine</p>" not in write_html(sample(), template_set).data
    write_set(tmp_path, files={PARAGRAPH: "<p>mine</p>"})
    assert b"<p>mine</p>" in write_html(sample(), template_set).data


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"print.css": "html { font-size: 1e9px }"}, id="crashing-style"),
        pytest.param({PARAGRAPH: "<div>" * 500 + "</div>" * 500}, id="500-nested-divs"),
    ],
)
def test_failing_layout_names_the_set(tmp_path: Path, files: dict[str, str | bytes]) -> None:
    with pytest.raises(ContentError) as caught:
        write_pdf(sample(), write_set(tmp_path, files=files))
    assert {(d.code, d.location.file) for d in caught.value.diagnostics} == {
        ("renderer-failed", "templates/mine/print.css")
    }


def test_an_error_in_one_set_leaves_others_printable(tmp_path: Path) -> None:
    with pytest.raises(ContentError):
        write_pdf(sample(), write_set(tmp_path, files={"print.css": "html { font-size: 1e9px }"}))
    assert write_pdf(sample(), write_set(tmp_path, "other")).pages
