"""Before an import writes, the content is checked as it would be: references, and what readers may not see."""

import pytest
from po_files import PO, bring_back, export_catalogue
from projects import HERE, SEED, THEME, ProjectCopy

PLANNED = "我们计划明年春天关闭北线的夜间车站并出售那里的车库"
RIVAL = """\
  - id: rival
    clearance: internal
    says: {en: A rival earns this., zh-Hans: 对手的收入。, zh-Hant: 對手的收入。}
    quantity: {value: 77_700_000, unit: CNY}
"""
BLOCK = f"""\
  - kind: paragraph
    id: closing
    clearance: internal
    text: {{en: The northern stations will be sold next spring to a rival., zh-Hans: {PLANNED}。, zh-Hant: 內部。}}
"""
TERM = """\
  - id: nightjar
    clearance: internal
    kind: institution
    name: {en: Nightjar Holdings, zh-Hans: 夜鹰控股, zh-Hant: 夜鷹控股}
    says: {en: A rival., zh-Hans: 对手。, zh-Hant: 對手。}
"""
LEAKS = [
    ("对手有7770万", "withheld-text"),
    ("对手有七千七百七十万元", "withheld-text"),
    ("对手有￥77,700,000", "withheld-text"),
    ("对手有７７．７ million", "withheld-text"),
    (PLANNED, "withheld-text"),
    (f"据说{PLANNED[:16]}", "withheld-text"),
    ("据说“The northern stations will be sold next spring”", "withheld-text"),
    ("夜鹰控股的变化", "withheld-term"),
]


@pytest.fixture
def returned(project: ProjectCopy) -> ProjectCopy:
    """A project with a withheld claim, paragraph and name, and the file of its translations."""
    project.replace(SEED, "claims:\n", f"claims:\n{RIVAL}")
    project.write(THEME, project.read(THEME) + BLOCK)
    project.write("content/glossary.yaml", project.read("content/glossary.yaml") + TERM)
    export_catalogue(project, "zh-Hans", "--all")
    return project


@pytest.mark.parametrize(("words", "code"), LEAKS)
def test_a_translation_that_discloses_what_is_withheld_is_refused(returned: ProjectCopy, words: str, code: str) -> None:
    _, line, column = returned.replace(PO, 'msgstr "变化何在"', f'msgstr {HERE}"{words}"')
    before = returned.files()
    status, _, err = bring_back(returned)
    assert status == 1
    assert f"{PO}:{line}:{column}: error[{code}]" in err
    assert returned.files() == before


def test_what_is_withheld_is_reported_beside_other_errors_of_the_file(returned: ProjectCopy) -> None:
    returned.replace(PO, 'msgstr "变化何在"', 'msgstr "What is changed here"')
    returned.replace(PO, 'msgstr "年度乘客人次"', 'msgstr "对手有7770万"')
    before = returned.files()
    status, _, err = bring_back(returned)
    assert (status, "error[wrong-script]" in err, err.count("error[withheld-text]")) == (1, True, 1), err
    assert returned.files() == before


def test_one_entry_with_both_errors_has_both(returned: ProjectCopy) -> None:
    returned.replace(PO, 'msgstr "变化何在"', 'msgstr "夜間對手有7770万"')
    status, _, err = bring_back(returned)
    assert (status, "error[wrong-script]" in err, "error[withheld-text]" in err) == (1, True, True)


def test_an_error_that_was_there_before_keeps_nothing_from_being_imported(returned: ProjectCopy) -> None:
    """A text of another locale is missing, and a reference leads nowhere: neither comes from this import."""
    returned.replace(THEME, "en: The cost is known and stable.", "en: See [](#nowhere-at-all), at a known cost.")
    export_catalogue(returned, "zh-Hans", "--all")
    returned.replace(PO, 'msgstr "变化何在"', 'msgstr "有何变化"')
    text = returned.read(PO)
    start = text.index('msgctxt "theme/ridership/takeaways/3"')
    end = text.index("\n\n", start)
    returned.write(PO, text[:start] + text[start:end].rpartition("msgstr")[0] + 'msgstr ""' + text[end:])
    status, out, err = bring_back(returned)
    assert (status, "1 'zh-Hans' text written" in out) == (0, True), err


def test_a_withheld_text_may_be_translated(returned: ProjectCopy) -> None:
    returned.replace(PO, f'msgstr "{PLANNED}。"', f'msgstr "{PLANNED}，对手有7770万。"')
    assert bring_back(returned)[0] == 0
    assert f"{PLANNED}，对手有7770万" in returned.read(THEME)


def test_what_is_open_in_the_source_language_may_have_the_translation_of_a_withheld_text(project: ProjectCopy) -> None:
    open_block = BLOCK.replace("closing", "opening").replace("    clearance: internal\n", "").replace(PLANNED, "待定")
    project.write(THEME, project.read(THEME) + BLOCK + open_block)
    export_catalogue(project, "zh-Hans", "--all")
    project.replace(PO, 'msgstr "待定。"', f'msgstr "{PLANNED}。"')
    status, _, err = bring_back(project)
    assert status == 0, err


def test_a_typed_figure_is_reported_as_the_check_does(returned: ProjectCopy) -> None:
    """Before, an import took a figure without a claim in silence."""
    _, line, _ = returned.replace(PO, 'msgstr "变化何在"', f'msgstr {HERE}"变化37%何在"')
    status, _, err = bring_back(returned)
    assert status == 0, err
    assert f"{PO}:{line}:" in err
    assert err.count("warning[bare-figure]: '37%' is typed instead of taken from a claim") == 1
    assert err.count("warning[number-mismatch]: the 'zh-Hans' text has 37, which the 'en' text lacks") == 1
    again = returned.check()[1]
    assert {"bare-figure", "number-mismatch"} <= {each.code for each in again}


def test_warnings_of_other_texts_are_left_to_the_check(returned: ProjectCopy) -> None:
    returned.replace(THEME, "en: The cost is known and stable.", "en: The cost of 38% is known and stable.")
    export_catalogue(returned, "zh-Hans", "--all")
    returned.replace(PO, 'msgstr "变化何在"', 'msgstr "有何变化"')
    status, _, err = bring_back(returned)
    assert (status, "bare-figure" in err) == (0, False), err
