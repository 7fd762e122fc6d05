"""Everything that a template prints is escaped: content, interface words, and what filters make of either."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from variant_samples import sample, write_set

from brief.model.catalogue import Catalogue
from brief.model.diagnostics import ContentError
from brief.model.variant import Variant
from brief.templating.lint import find_unsafe_places
from brief.templating.sandbox import check_templates, render
from brief.templating.template_set import TemplateSet, find_template_set
from brief.writers.docx import write as write_docx
from brief.writers.html import write as write_html

HOSTILE = "<img src=x onerror=alert(1)>"
ESCAPED = "&lt;img src=x onerror=alert(1)&gt;"
PAGE = "page.html.j2"


def render_page(tmp_path: Path, source: str, messages: Mapping[str, tuple[str, ...]] | None = None) -> str:
    return render(a_set(tmp_path, source), PAGE, {"said": HOSTILE, "n": 2}, Catalogue("en", messages or {}))


def a_set(tmp_path: Path, source: str) -> TemplateSet:
    return write_set(tmp_path, files={PAGE: source})


def test_interface_words_of_a_catalogue_are_text(tmp_path: Path) -> None:
    hostile = Catalogue("en", {"Skip to content": (HOSTILE,), "Sources": ("A & B",)})
    page = write_html(replace(sample(), catalogue=hostile), write_set(tmp_path)).data.decode()
    assert HOSTILE not in page
    assert f'<a class="skip" href="#content">{ESCAPED}</a>' in page
    assert "A &amp; B</h2>" in page


@pytest.mark.parametrize(
    "source",
    [
        "{{ _(said) }}",
        "{{ gettext(said) }}",
        "{{ pgettext('x', said) }}",
        "{{ ngettext('one', said, n) }}",
        "{{ npgettext('x', 'one', said, n) }}",
        "{{ _('%(said)s', said=said) }}",
        "{% trans said=said %}{{ said }}{% endtrans %}",
        "{% trans %}{{ said }}{% endtrans %}",
        "{% trans %}Hostile{% endtrans %}",
        "{% set words = _(said) %}{{ words }}",
        "{{ said | forceescape }}",
        "{{ said | e | striptags }}",
        "{% set words %}{{ said }}{% endset %}{{ words }}",
        "{% macro word() %}{{ said }}{% endmacro %}{{ word() }}",
        "{{ '%s' | format(said) }}",
        "{{ [said, '' | e] | join }}",
        "{{ 'x' | e | replace('x', said) }}",
    ],
)
def test_content_is_escaped_once(tmp_path: Path, source: str) -> None:
    assert render_page(tmp_path, source, {"Hostile": (HOSTILE,)}) == ESCAPED


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{{ _('Page %(page)s', page=n) }}", "第 2 页"),
        ("{{ ngettext('%(num)s page', '%(num)s pages', n) }}", "2 页"),
        ("{% trans page=n %}Page {{ page }}{% endtrans %}", "第 2 页"),
        ("{% trans count=n %}{{ count }} part{% pluralize %}{{ count }} parts{% endtrans %}", "2 部分"),
        ("{% trans %}100%{% endtrans %}", "100%"),
    ],
)
def test_placeholders_are_filled(tmp_path: Path, source: str, said: str) -> None:
    words = {
        "Page %(page)s": ("第 %(page)s 页",),
        "%(num)s page": ("%(num)s 页",),
        "%(count)s part": ("%(count)s 部分",),
    }
    assert render_page(tmp_path, source, words) == said


@pytest.mark.parametrize(
    "source",
    [
        "{{ said | safe }}",
        "{{ said | e | indent(said, true) }}",
        "{{ said | urlize }}",
        "{{ said | tojson }}",
        "{{ {'title': said} | xmlattr }}",
        "{{ 'x' | safe | upper }}",
        "{% if false %}{{ said | safe }}{% endif %}",
        "{% filter safe %}x{% endfilter %}",
        "{% filter striptags %}{{ said }}{% endfilter %}",
        "{%- filter default(said, true) -%}{% endfilter %}",
        "{% set words | striptags %}{{ said }}{% endset %}{{ words }}",
        "{% autoescape false %}{{ said }}{% endautoescape %}",
    ],
)
def test_what_would_not_escape_is_refused_unseen(tmp_path: Path, source: str) -> None:
    (diagnostic,) = check_templates(a_set(tmp_path, f"\n{source}"))
    assert (diagnostic.code, diagnostic.location.file, diagnostic.location.line) == (
        "template-unsafe",
        f"templates/mine/{PAGE}",
        2,
    )


@pytest.mark.parametrize(
    "source",
    [
        "{{ [said] | map('safe') | join }}",
        "{% set name = 'sa' ~ 'fe' %}{{ [said] | map(name) | join }}",
        "{{ ['' | e] | map('indent', said, true) | join }}",
        "{{ [said] | map('urlize') | first }}",
    ],
)
def test_what_would_not_escape_is_refused_by_any_name(tmp_path: Path, source: str) -> None:
    with pytest.raises(ContentError) as caught:
        render_page(tmp_path, f"\n{source}")
    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.code, diagnostic.location.file, diagnostic.location.line) == (
        "template-forbidden",
        f"templates/mine/{PAGE}",
        2,
    )


def with_translated_kind() -> Variant:
    """A variant whose localised word for a kind of name is itself a message, of another meaning."""
    variant = sample()
    words = Catalogue("en", {"company": ("WRONG",)})
    return replace(variant, terms=(replace(variant.terms[0], kind="company"),), catalogue=words)


def test_a_localised_kind_is_not_translated_again(tmp_path: Path) -> None:
    page = write_html(with_translated_kind(), write_set(tmp_path)).data.decode()
    assert '<span class="kind">company' in page
    assert "WRONG" not in page


def test_nor_is_it_in_a_document() -> None:
    written = write_docx(with_translated_kind(), find_template_set("base"))
    with zipfile.ZipFile(io.BytesIO(written.data)) as archive:
        document = archive.read("word/document.xml").decode()
    assert ">company" in document
    assert "WRONG" not in document


def test_a_message_shows_what_is_printed_as_a_template_writes_it() -> None:
    (found,) = find_unsafe_places("<p{{ value }}>a</p>", "a.html.j2")
    assert found.message == "a value is printed into a tag of <p{{ }}>"
