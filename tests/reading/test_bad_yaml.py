"""YAML that is parsed differently than intended, and content files that are not what they should be."""

import subprocess
import sys

import pytest
from expected_diagnostics import assert_accepted, assert_refused, assert_warned
from projects import HERE, SEED, SETTINGS, THEME, ProjectCopy

from brief.reading import yaml_nodes

GLOSSARY = "content/glossary.yaml"
PUBLISHER = "publisher:"
KNOWN_SETTINGS = "known: audiences, clearances, cut_off, date, embargo, explicit_clearance"


def before_publisher(published: ProjectCopy, text: str) -> tuple[str, int, int]:
    return published.replace(SETTINGS, PUBLISHER, f"{text}\n{PUBLISHER}")


SYNTAX = [
    pytest.param(f"subtitle: Report{HERE}: Q3", "quote the text if it contains ': '", id="colon and space"),
    pytest.param(f"subtitle: {HERE}*bold*", "quote text that starts with *", id="star"),
    pytest.param(f"subtitle: {HERE}& company", "quote text that starts with &", id="ampersand"),
    pytest.param(f"subtitle: {HERE}@handle", "quote the text", id="at sign"),
    pytest.param(f"subtitle: {HERE}`code`", "quote the text", id="backtick"),
    pytest.param(f"subtitle: {HERE}%50", "quote the text", id="percent"),
    pytest.param(f'subtitle: {HERE}"open', "close the quote", id="quote never closed"),
    pytest.param(f"subtitle: {HERE}'open", "close the quote", id="single quote never closed"),
    pytest.param(f'subtitle: "a {HERE}\\q"', "write the character itself", id="unknown escape"),
    pytest.param("subtitle: {reader-survey/wait} " + f"{HERE}is long", "starts with {", id="placeholder first"),
    pytest.param(f"subtitle:\n{HERE}\tindented", "indent with spaces", id="tab"),
    pytest.param(f"...\n{HERE}subtitle: x", "one document", id="document end"),
    pytest.param(f"{HERE}: x", "check the indentation", id="no key"),
    pytest.param(f"subtitle: [a, b{HERE}\n", "close the bracket", id="bracket never closed"),
]


@pytest.mark.parametrize(("text", "advice"), SYNTAX)
def test_a_syntax_error_is_shown_at_its_beginning_with_a_fix(published: ProjectCopy, text: str, advice: str) -> None:
    where = before_publisher(published, text)
    if text.startswith("subtitle: [a, b"):
        where = (SETTINGS, 5, len("publisher") + 1)
    assert_refused(published, "yaml-syntax", where, advice)


MEANING = [
    pytest.param(f"subtitle: {HERE}&company rocks", "unused-anchor", "quote", id="anchor"),
    pytest.param(f"subtitle: {HERE}*bold", "unknown-alias", "quote text that starts with *", id="alias"),
    pytest.param(f"subtitle: {HERE}!important", "yaml-tag", "remove the tag", id="tag"),
    pytest.param(f"subtitle: {HERE}!!python/object/apply:os.system [ls]", "yaml-tag", "remove", id="object"),
    pytest.param(f"subtitle: {HERE}!!str text", "yaml-tag", "remove the tag", id="standard tag"),
    pytest.param(f"{HERE}<<: {{subtitle: x}}", "merge-key", "repeat the keys", id="merge key"),
    pytest.param(f"? {HERE}[a, b]\n: x", "bad-key", "must be plain text", id="list as key"),
    pytest.param(f"{HERE}{{a: b}}: x", "bad-key", "must be plain text", id="mapping as key"),
    pytest.param(f'{HERE}"": x', "bad-key", "must be plain text", id="empty key"),
    pytest.param(f"{HERE}~: x", "unknown-key", KNOWN_SETTINGS, id="null as key"),
    pytest.param(f"{HERE}NO: x", "unknown-key", "no key 'NO'", id="NO as key"),
    pytest.param(f"{HERE}---", "several-documents", "remove the '---'", id="two documents"),
    pytest.param(f"{HERE}subtitel: x", "unknown-key", "did you mean 'subtitle'?", id="misspelt key"),
    pytest.param(f"{HERE}ｓｕｂｔｉｔｌｅ: x", "unknown-key", "did you mean 'subtitle'?", id="full-width key"),
    pytest.param(f"subtitle: {HERE}~", "empty-value", "remove the key", id="null"),
    pytest.param(f"subtitle:{HERE}", "empty-value", "remove the key", id="nothing"),
]


@pytest.mark.parametrize(("text", "code", "advice"), MEANING)
def test_what_yaml_would_read_as_something_else_is_refused(
    published: ProjectCopy, text: str, code: str, advice: str
) -> None:
    assert_refused(published, code, before_publisher(published, text), advice)


@pytest.mark.parametrize(
    ("first", "second"),
    [("subtitle", "subtitle"), ('"subtitle"', "subtitle"), ("caf\u00e9", "cafe\u0301"), ("1", '"1"')],
)
def test_a_key_given_twice_is_refused_with_both_places(published: ProjectCopy, first: str, second: str) -> None:
    where = before_publisher(published, f"{first}: x\n{HERE}{second}: y")
    before = published.files()
    status, found = published.check()
    (diagnostic,) = (diagnostic for diagnostic in found if diagnostic.code == "duplicate-key")
    assert status == 1
    assert diagnostic.where == where
    assert diagnostic.related == f"{SETTINGS}:3:1"
    assert f"= see also: {SETTINGS}:3:1" in published.run("check").stdout
    assert published.files() == before


@pytest.mark.parametrize("word", ["no", "off", "y", "NO", "1.10", "012", "1e3", "2024-01-01", "0x1F"])
def test_words_that_yaml_takes_for_other_values_stay_text(published: ProjectCopy, word: str) -> None:
    published.replace(SETTINGS, "Night buses after one year", word)
    assert f">{word}<" in published.page()


def test_a_switch_is_true_or_false_and_nothing_else(published: ProjectCopy) -> None:
    listing = f"  - kind: list\n    id: a-list\n    ordered: {HERE}no\n    items: [one, two]\n  - kind: callout"
    assert_refused(
        published, "bad-boolean", published.replace(THEME, "  - kind: callout", listing), "write true or false"
    )


NUMBERS = [
    (".nan", "write digits"),
    ("-.inf", "write digits"),
    ("9" * 5000, "5000 characters"),
    ("1e40", "out of range"),
    ("1e-9", "out of range"),
    ("1e400", "not a number"),
    ("１８０", "write 180"),
    ("'1,800,000'", "write 1_800_000"),
    ("一百八十", "write digits"),
    ("0x10", "write digits"),
    ("1.8.0", "write digits"),
    ("about 180", "write digits"),
    ("\u22123.5", "write a hyphen"),
    ("12.5 %", "unit: percent"),
    ("1 800 000", "group digits with '_'"),
    ("42:15", "write durations in one unit"),
    ("'<0.001'", "with qualifier: under"),
]


@pytest.mark.parametrize(("written", "advice"), NUMBERS)
def test_a_number_is_written_in_plain_digits(published: ProjectCopy, written: str, advice: str) -> None:
    where = published.replace(SEED, "value: 1_800_000", f"value: {HERE}{written}")
    assert_refused(published, "bad-number", where, advice)


@pytest.mark.parametrize(
    ("written", "advice"),
    [
        ("2026-02-30", "does not exist"),
        ("2026-13-01", "does not exist"),
        ("0000-01-01", "does not exist"),
        ("2026-6-30", "write it as 2026-03-31"),
        ("30/06/2026", "write it as 2026-03-31"),
        ("2026-06-30T10:00:00", "write it as 2026-03-31"),
        ("２０２６-06-30", "write it as 2026-03-31"),
    ],
)
def test_a_date_is_a_day_of_the_calendar(published: ProjectCopy, written: str, advice: str) -> None:
    assert_refused(published, "bad-date", published.replace(SETTINGS, "2026-06-30", f"{HERE}{written}"), advice)


@pytest.mark.parametrize(
    ("written", "advice"),
    [
        ("2026-02-30", "does not exist"),
        ("2026-13", "write 2025, 2025-Q2"),
        ("2026-Q5", "write 2025, 2025-Q2"),
        ("soon", "write 2025, 2025-Q2"),
        ("2024/2025/2026", "two as A/B"),
        ("2026/2025", "ends before it starts"),
        ("2026-05/2026-04", "ends before it starts"),
        ("2026-Q3/2026-H1", "ends before it starts"),
        ("2026-late/2026-early", "ends before it starts"),
        ("2026-05-09/2026-05-08", "ends before it starts"),
    ],
)
def test_a_period_has_one_of_a_few_forms_and_runs_forward(published: ProjectCopy, written: str, advice: str) -> None:
    assert_refused(published, "bad-period", published.replace(SEED, "2026-05", f"{HERE}{written}"), advice)


@pytest.mark.parametrize("period", ["2026/2026-03", "2026-03/2026", "2025-H2/2026-Q1", "2026-early/2026-late"])
def test_a_period_may_end_inside_its_beginning(published: ProjectCopy, period: str) -> None:
    published.replace(SEED, "date: 2026-05", f"date: {period}")
    assert_accepted(published)


@pytest.mark.parametrize(
    ("text", "line", "held"),
    [
        ("", 1, "found nothing"),
        ("# only a comment\n", 1, "found nothing"),
        ("~\n", 1, "a bare text"),
        ("a text\n", 1, "a bare text"),
        ("# a list\n- id: x\n", 2, "a list"),
    ],
)
def test_a_file_holds_one_mapping(published: ProjectCopy, text: str, line: int, held: str) -> None:
    published.write(THEME, text)
    assert_refused(published, "expected-mapping", (THEME, line, 1), held, "start with a key")


SHAPES = [
    (SETTINGS, "themes: [ridership]", f"themes: {HERE}ridership", "expected-list", "start each entry with '- '"),
    (SETTINGS, "themes: [ridership]", f"themes: {HERE}{{a: b}}", "expected-list", "found a mapping"),
    (SETTINGS, "date: 2026-06-30", f"date: {HERE}[2026]", "expected-scalar", "expected a date, found a list"),
    (THEME, "tone: question", f"tone: {HERE}Question", "unknown-tone", "did you mean 'question'?"),
    (THEME, "clearance: client", f"clearance: {HERE}ｃｌｉｅｎｔ", "unknown-clearance", "did you mean 'client'?"),
    (THEME, "kind: callout", f"kind: {HERE}calout", "unknown-kind", "did you mean 'callout'?"),
    (THEME, "- kind: callout\n    id:", f"- {HERE}id:", "missing-key", "kinds: paragraph, prose, list"),
    (THEME, "    heading: {en: What", f"    {HERE}headng: {{en: What", "unknown-key", "did you mean 'heading'?"),
    (THEME, "id: what-changed", f"id: {HERE}What Changed", "bad-id", "lower-case letters"),
    (THEME, "label: {en: a year, zh-Hans: 年度支出, zh-Hant: 年度支出}", f"label: {HERE}[a, b]", "expected-text", "by locale"),
    (THEME, "clearance: client", f"clearance: {HERE}[client]", "expected-scalar", "a clearance, found a list"),
    (SEED, 'sha256: "0', f'sha256: {HERE}"', "bad-sha256", "sha256sum"),
    (SEED, "language: en", f"language: {HERE}EN", "bad-locale", "did you mean 'en'?"),
    (SEED, "language: en", f"language: {HERE}english", "bad-locale", "write it as in BCP 47"),
    (SETTINGS, "locales: [en, zh-Hans", f"locales: [en, {HERE}zh_hans", "bad-locale", "did you mean 'zh-Hans'?"),
    (SETTINGS, "locales: [en, zh-Hans", f"locales: [en, {HERE}zh_CN", "bad-locale", "write zh-Hans or zh-Hant"),
    (SETTINGS, "zh-Hant]", f"zh-Hant, {HERE}xx]", "unknown-locale", "CLDR"),
    (SETTINGS, "source_locale: en", f"source_locale: {HERE}zh", "unknown-locale", "known: en, zh-Hans, zh-Hant"),
    (SETTINGS, "template_set: base", f"template_set: {HERE}bsae", "unknown-template-set", "base"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "code", "advice"), SHAPES)
def test_a_value_of_the_wrong_shape_is_refused_at_its_location(
    published: ProjectCopy, name: str, old: str, new: str, code: str, advice: str
) -> None:
    assert_refused(published, code, published.replace(name, old, new), advice)


def test_a_missing_key_is_reported_where_the_record_begins(published: ProjectCopy) -> None:
    where = published.replace(
        THEME, "- kind: chart\n    id: riders-chart", f"- {HERE}kind: chart\n    id: riders-chart"
    )
    published.replace(THEME, "    chart: bars\n", "")
    assert_refused(published, "missing-key", where, "block 'riders-chart' needs 'chart'", "add 'chart:'")


def test_an_id_that_differs_from_its_file_is_refused(published: ProjectCopy) -> None:
    where = published.replace(THEME, "id: ridership", f"{HERE}id: riders")
    assert_refused(published, "id-mismatch", where, "'ridership.yaml'", "rename the file, or change the id")


def test_a_chinese_comma_does_not_divide_the_entries_of_a_list(published: ProjectCopy) -> None:
    table = f"  - kind: table\n    id: days\n    title: T\n    columns: [A]\n    rows:\n      - [{HERE}a，b]\n  - kind: callout"
    where = published.replace(THEME, "  - kind: callout", table)
    assert_warned(published, "full-width-comma", where, "'a，b' is one entry", "ASCII comma")


def test_a_chinese_comma_in_a_list_of_names_explains_the_unknown_name(published: ProjectCopy) -> None:
    where = published.replace(SETTINGS, "[public, council]", f"[{HERE}public，council]")
    _, found = published.check()
    assert {(diagnostic.code, diagnostic.where) for diagnostic in found if diagnostic.file == SETTINGS} == {
        ("unknown-audience", where),
        ("full-width-comma", where),
    }


def test_full_width_quotes_make_a_name_unknown(published: ProjectCopy) -> None:
    where = published.replace(SETTINGS, "audiences: [public,", f"audiences: [{HERE}“public”,")
    assert_refused(published, "unknown-audience", where, "did you mean 'public'?")


class TestFiles:
    def test_a_folder_without_settings_is_no_project(self, published: ProjectCopy) -> None:
        (published.root / SETTINGS).unlink()
        assert_refused(
            published,
            "missing-file",
            (SETTINGS, 0, 0),
            f"no project found in {published.root.resolve()}",
            "-C",
            "brief new DIR",
        )

    def test_a_listed_theme_without_file_is_refused_at_the_list(self, published: ProjectCopy) -> None:
        where = published.replace(SETTINGS, "themes: [ridership]", f"themes: [ridership, {HERE}riderships]")
        assert_refused(
            published, "unknown-theme", where, "no content/themes/riderships.yaml", "did you mean 'ridership'?"
        )

    def test_a_listed_audience_without_file_is_refused_at_the_list(self, published: ProjectCopy) -> None:
        where = published.replace(SETTINGS, "audiences: [public,", f"audiences: [public, {HERE}pubic,")
        assert_refused(published, "unknown-audience", where, "did you mean 'public'?")

    def test_a_name_listed_twice_is_refused(self, published: ProjectCopy) -> None:
        where = published.replace(SETTINGS, "themes: [ridership]", f"themes: [ridership, {HERE}ridership]")
        assert_refused(published, "duplicate-entry", where, "listed twice", "remove one")

    def test_a_file_that_nothing_lists_causes_a_warning(self, published: ProjectCopy) -> None:
        published.write(
            "content/audiences/press.yaml",
            published.read("content/audiences/public.yaml").replace("id: public", "id: press"),
        )
        assert_warned(published, "unused-file", ("content/audiences/press.yaml", 0, 0), "add it to 'audiences:'")

    def test_a_file_with_the_other_suffix_causes_a_warning(self, published: ProjectCopy) -> None:
        published.write("seeds/more.yml", "id: more\n")
        assert_warned(published, "unused-file", ("seeds/more.yml", 0, 0), "rename it")

    def test_a_project_needs_no_glossary(self, published: ProjectCopy) -> None:
        (published.root / GLOSSARY).unlink()
        assert_accepted(published)


class TestSizeAndDepth:
    def test_an_alias_may_repeat_a_text(self, published: ProjectCopy) -> None:
        published.replace(SETTINGS, "publisher: {en: Example", "publisher: &who {en: Example")
        published.replace(SETTINGS, "date:", "subtitle: *who\ndate:")
        assert_accepted(published)

    def test_a_file_over_the_cap_is_refused(self, published: ProjectCopy) -> None:
        published.replace(THEME, "The trial has found its public.", "word " * 2_000_000)
        assert_refused(published, "file-too-large", (THEME, 1, 1), "8,000,000 bytes", "split it")

    def test_a_record_over_the_cap_is_refused(self, published: ProjectCopy) -> None:
        published.write("content/translations.lock", "# " + "word " * 2_000_000)
        assert "file-too-large" in {each.code for each in published.check()[1]}

    def test_a_text_over_the_cap_is_refused(self, published: ProjectCopy) -> None:
        where = published.replace(THEME, "en: The trial has found its public.", f"en: {HERE}" + "word " * 10_000)
        assert_refused(published, "text-too-long", where, "40,000", "split it")

    def test_a_word_of_twenty_thousand_letters_is_accepted(self, published: ProjectCopy) -> None:
        published.replace(THEME, "The trial has found its public.", "a" * 20_000)
        assert_accepted(published)

    def test_a_table_of_ten_thousand_rows_is_accepted(self, published: ProjectCopy) -> None:
        rows = "      - [{same: Monday}, 12, 34]\n" * 10_000
        table = f"  - kind: table\n    id: days\n    title: {{same: Days}}\n    columns: [{{same: Day}}, {{same: In}}, {{same: Out}}]\n    rows:\n{rows}"
        published.replace(THEME, "  - kind: callout", f"{table}  - kind: callout")
        assert_accepted(published)

    def test_a_file_of_too_many_entries_is_refused(
        self, published: ProjectCopy, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(yaml_nodes, "MAX_NODES", 1_000)
        rows = "  - [1, 2]\n" * 400
        published.write(SETTINGS, f"rows:\n{rows}")
        assert_refused(published, "too-many-nodes", (SETTINGS, 334, 6), "1,000 entries", "split it")

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            pytest.param("a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + "".join(f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 9)), "too-many-nodes", id="aliases"),
            pytest.param("m0: &m0 {k: v}\n" + "".join(f"m{i}: &m{i} {{<<: [*m{i - 1}, *m{i - 1}]}}\n" for i in range(1, 30)), "too-many-nodes", id="merge keys"),
            pytest.param(f"x: {'[' * 100_000}\n", "too-deep", id="brackets"),
            pytest.param(f"x: {'{a: ' * 100_000}\n", "too-deep", id="braces"),
            pytest.param(f"x:\n  {'- ' * 100_000}\n", "too-deep", id="dashes"),
            pytest.param(f"{'? ' * 100_000}\n", "too-deep", id="complex keys"),
        ],
    )  # fmt: skip
    def test_a_bomb_is_refused_in_little_time_and_memory(self, published: ProjectCopy, text: str, code: str) -> None:
        published.write(SETTINGS, text)
        seconds, mebibytes, codes = measure_reading(published)
        assert code in codes
        assert seconds < 1
        assert mebibytes < 100


MEASURE = """
import resource, sys, time
from pathlib import Path
from brief.reading.project_files import read_project
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
before, start = peak(), time.process_time()
found = read_project(Path(sys.argv[1])).diagnostics
print(time.process_time() - start, peak() - before, *(d.code for d in found))
"""


def measure_reading(project: ProjectCopy) -> tuple[float, float, list[str]]:
    """Processor seconds and MiB that reading takes beyond the interpreter's own, and the errors."""
    ran = subprocess.run([sys.executable, "-c", MEASURE, project.root], capture_output=True, text=True, check=True)
    seconds, mebibytes, *codes = ran.stdout.split()
    return float(seconds), float(mebibytes), codes


def test_a_chinese_locale_names_its_script(project: ProjectCopy) -> None:
    project.replace(SETTINGS, "locales: [en, zh-Hans", "locales: [en, zh-CN")
    (hint,) = (found.hint for found in project.check()[1] if found.code == "missing-catalogue")
    assert hint is not None
    assert hint.startswith("write zh-Hans or zh-Hant")
