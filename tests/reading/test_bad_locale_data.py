"""Mismatched translations, incomplete catalogues, and a locale that only the project has."""

import re
from decimal import Decimal
from importlib import resources
from pathlib import Path

import pytest
import yaml
from catalogues import load_packaged_catalogue
from expected_diagnostics import assert_accepted, assert_refused, assert_warned
from projects import HERE, SEED, SETTINGS, THEME, ProjectCopy

from brief.model.diagnostic_sink import DiagnosticSink
from brief.model.figures.quantity import CalendarPeriod, FiscalYear, Period, Qualifier, Quantity
from brief.model.source_location import SourceLocation
from brief.reading.catalogue import TEMPLATE, parse, require_all_messages
from brief.reading.copied_words import (
    _is_distinctive,
    _read_packaged_texts,
    find_copied_messages,
    find_copied_words,
    find_foreign_texts,
)
from brief.reading.po_file import read_translations
from brief.reading.text_file import make_text_file
from brief.resolve.figures.periods import format_period
from brief.resolve.figures.quantities import format_quantity

PACKAGED = {
    path.name.removesuffix(".po")
    for path in (resources.files("brief") / "catalogues").iterdir()
    if path.name.endswith(".po")
}
# Regional catalogues inherit what they do not have.
READY = tuple(sorted(tag for tag in PACKAGED if tag.rpartition("-")[0] not in PACKAGED))
# Klingon: catalogues of languages that people write may be added.
NEVER_PACKAGED = "tlh"

AUDIENCES = ("content/audiences/public.yaml", "content/audiences/council.yaml")
GLOSSARY = "content/glossary.yaml"
HANS = "content/catalogues/zh-Hans.po"
SWEDISH = "content/catalogues/sv.po"


def _write_entry(key: str, words: str) -> str:
    context, _, message = key.rpartition("\x04")
    return f'{f"""msgctxt "{context}"{chr(10)}""" if context else ""}msgid "{message}"\nmsgstr "{words}"\n'


# Words that two languages write alike, and Chinese of characters that both scripts have.
SHARED = {
    *(
        "Sources",
        "Source",
        "Question",
        "institution",
        "publication",
        "technique",
        "projection",
        "Figure {n}",
        "{n} minute",
        "Formats",
    ),
    *("Diagnostics", "Public", "Client", "Total", "Standard"),
    *("{year}年第{week}週", "数十万", "数百万", "数千万"),
    *(
        "{kind}（{low}至{high}）：{title}。{shows}",
        "{year}年上半年",
        "{year}年下半年",
        "不包含",
        "Git版本",
        "已完成。",
        "已取消。",
    ),
}


class TestTexts:
    def test_a_text_for_a_locale_that_the_brief_lacks_causes_a_warning(self, published: ProjectCopy) -> None:
        where = published.replace(THEME, "{en: What changed", f"{{{HERE}fr: Ce qui change, en: What changed")
        assert_warned(published, "unused-locale", where, "never printed")

    @pytest.mark.parametrize(
        ("old", "new", "advice"),
        [
            ("{en: What changed", f"{{{HERE}EN: x, en: What changed", "did you mean 'en'?"),
            ("变化何在,", f"变化何在, {HERE}zh_Hant: x,", "did you mean 'zh-Hant'?"),
            ("变化何在,", f"变化何在, {HERE}zh-hant: x,", "did you mean 'zh-Hant'?"),
            ("变化何在,", f"变化何在, {HERE}chinese: x,", "known: en, zh-Hans, zh-Hant"),
        ],
    )
    def test_a_misspelt_locale_is_refused(self, published: ProjectCopy, old: str, new: str, advice: str) -> None:
        assert_refused(published, "unknown-locale", published.replace(THEME, old, new), advice)

    def test_a_comma_that_ends_a_text_in_braces_is_named(self, published: ProjectCopy) -> None:
        where = published.replace(THEME, "{en: What changed,", f"{{en: What changed, {HERE}and why,")
        assert_refused(
            published, "unknown-locale", where, "'and why' is not a locale", "quotes if its comma belongs to the text"
        )

    def test_a_missing_text_is_refused_and_no_other_language_steps_in(self, published: ProjectCopy) -> None:
        where = published.replace(
            THEME, "heading: {en: What changed, zh-Hans: 变化何在,", f"heading: {HERE}{{en: What changed,"
        )
        assert_refused(published, "missing-translation", where, "no 'zh-Hans' text", "add a text in 'zh-Hans'")

    def test_a_text_for_all_locales_cannot_be_chinese(self, published: ProjectCopy) -> None:
        old = "{en: Example Research, zh-Hans: 示例研究组, zh-Hant: 範例研究組}"
        where = published.replace(SETTINGS, old, f"{HERE}示例研究组")
        assert_refused(published, "missing-translation", where, "has Chinese characters")

    def test_a_text_for_all_locales_cannot_be_prose(self, published: ProjectCopy) -> None:
        old = "{en: Example Research, zh-Hans: 示例研究组, zh-Hant: 範例研究組}"
        where = published.replace(SETTINGS, old, f"{HERE}{'All about buses. ' * 20}")
        assert_refused(published, "missing-translation", where, "this text is prose")

    def test_a_name_or_number_may_stand_for_all_locales(self, published: ProjectCopy) -> None:
        published.replace(SETTINGS, "{en: Example Research, zh-Hans: 示例研究组, zh-Hant: 範例研究組}", "Example 2026")
        assert_accepted(published)

    @pytest.mark.parametrize(
        "text",
        ['""', '"  "', *(f'"{blank}"' for blank in (r"\u200b", r"\u2060 ", r"\xad", r"\u3164", "&nbsp;", "&#8203;"))],
    )
    def test_an_empty_translation_is_missing_and_says_where(self, published: ProjectCopy, text: str) -> None:
        where = published.replace(THEME, "zh-Hans: 变化何在", f"zh-Hans: {HERE}{text}")
        status, found = published.check()
        assert status == 1
        assert [(each.code, each.where) for each in found if each.severity == "warning"] == [
            ("empty-translation", where)
        ]
        assert {each.code for each in found if each.severity == "error"} == {"missing-translation"}

    @pytest.mark.parametrize("text", ['""', r'"\u200b"', '{same: "&nbsp;"}'])
    def test_an_empty_text_of_all_locales_is_refused(self, published: ProjectCopy, text: str) -> None:
        where = published.replace(
            THEME, "heading: {en: What changed, zh-Hans: 变化何在, zh-Hant: 有何變化}", f"heading: {HERE}{text}"
        )
        if text.startswith("{same"):
            where = (where[0], where[1], where[2] + len("{same: "))
        assert_refused(published, "empty-value", where, "the text is empty")

    def test_an_untranslated_text_causes_a_warning(self, published: ProjectCopy) -> None:
        where = published.replace(THEME, "试点已有稳定客源。", f"{HERE}The trial has found its public.")
        assert_warned(published, "same-translation", where, "word for word the 'en' one", "translate it")

    def test_short_names_may_be_the_same(self, published: ProjectCopy) -> None:
        published.replace(
            THEME, "{en: Riders, zh-Hans: 乘客, zh-Hant: 乘客}", "{en: KPI 1, zh-Hans: KPI 1, zh-Hant: KPI 1}"
        )
        assert_accepted(published)


class TestPlaceholders:
    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("首年客流增长", "lacks {reader-survey/riders-growth}"),
            ("{reader-survey/riders-growth}{reader-survey/riders-growth}", "also has {reader-survey/riders-growth}"),
            ("{reader-survey/wait}", "also has {reader-survey/wait}"),
            ("{reader-survey/riders-growth}[@reader-survey/wait]", "also has [@reader-survey/wait]"),
            ("{reader-survey/riders-growth}[](#riders-chart)", "also has [](#riders-chart)"),
            ("{reader-survey/riders-growth:bare}", "also has {reader-survey/riders-growth:bare}"),
        ],
    )
    def test_every_locale_prints_and_cites_the_same(self, published: ProjectCopy, text: str, said: str) -> None:
        other = f"{THEME}:4:7"
        old = "zh-Hans: 首年客流增长{reader-survey/riders-growth}。候车时间仍是短板。"
        where = published.replace(THEME, old, f'zh-Hans: {HERE}"{text}。"')
        published.replace(SETTINGS, "audiences: [public, council]", "audiences: [council]")
        (published.root / AUDIENCES[0]).unlink()
        diagnostic = assert_refused(published, "reference-mismatch", where, said, "same claims")
        assert diagnostic.related == other
        assert f"= see also: {other}" in published.run("check").stdout

    def test_a_full_width_letter_is_another_name(self, published: ProjectCopy) -> None:
        published.replace(THEME, "首年客流增长{reader-survey/riders-growth}", "增长{reader-survey/ｒiders-growth}")
        assert {diagnostic.code for diagnostic in published.check()[1]} == {"bad-placeholder"}


def entry(msgid: str, *forms: str, context: str = "", plural: str = "", flags: str = "") -> str:
    written = f'{flags}msgctxt "{context}"\n' if context else flags
    written += f'{HERE}msgid "{msgid}"\n' + (f'msgid_plural "{plural}"\n' if plural else "")
    return written + "".join(
        f'msgstr{f"[{index}]" if plural else ""} "{form}"\n' for index, form in enumerate(forms)
    )  # fmt: skip


class TestCatalogues:
    def test_a_project_may_word_a_message_its_own_way(self, published: ProjectCopy) -> None:
        published.mark(HANS, entry("Sources", "出处").replace(HERE, ""))
        assert_accepted(published)
        assert ">出处<" in published.page(locale="zh-Hans")

    MISSING = (
        (entry("Sources", ""), "'Sources' has no 'zh-Hans' text fill in msgstr"),
        (entry("{n} hour", "", context="unit", plural="{n} hours"), "a plural form of '{n} hour'"),
        (entry("Sources", "出处", flags="#, fuzzy\n"), "has not been reviewed"),
        (
            'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
            + entry("{n} day", "{n}天", context="unit", plural="{n} days"),
            "fill in all 2 msgstr",
        ),
    )

    @pytest.mark.parametrize(("text", "advice"), MISSING)
    def test_a_message_without_words_is_refused(self, published: ProjectCopy, text: str, advice: str) -> None:
        assert_refused(published, "missing-message", published.mark(HANS, text), advice)

    PLACEHOLDERS = (
        (entry("{n} hour", "{ｎ}小时", context="unit", plural="{n} hours"), "use {n}"),
        (entry("{n} hour", "小时", context="unit", plural="{n} hours"), "use {n}"),
        (entry("{n} hour", "{n}{n}小时", context="unit", plural="{n} hours"), "use {n}"),
        (entry("{n} hour", "{n小时", context="unit", plural="{n} hours"), "use {n}"),
        (entry("{n} hour", "{n.__class__}小时", context="unit", plural="{n} hours"), "use {n}"),
        (entry("Page %(page)s of %(pages)s", "第%(page)s页"), "use %(page)s and %(pages)s"),
        (entry("Contents", "目录{n}"), "use no placeholder"),
        (entry("1e4", "万", context="scale"), "use {n}"),
        (entry("CNY", "{amount}元", context="currency"), "use {n}"),
        (entry("1e1", "几十{n}", context="several"), "use no placeholder"),
    )

    @pytest.mark.parametrize(("text", "advice"), PLACEHOLDERS)
    def test_the_words_keep_the_placeholders(self, published: ProjectCopy, text: str, advice: str) -> None:
        assert_refused(published, "message-placeholder", published.mark(HANS, text), "must have", advice)

    def test_a_misspelt_message_causes_a_warning(self, published: ProjectCopy) -> None:
        where = published.mark(HANS, entry("Key take-aways", "要点"))
        assert_warned(published, "unused-message", where, "did you mean 'Key takeaways'?")

    def test_a_message_of_the_project_s_own_templates_is_not(self, published: ProjectCopy) -> None:
        published.mark(HANS, entry("Printed on recycled paper", "再生纸印刷").replace(HERE, ""))
        assert_accepted(published)

    SYNTAX = (
        (f'msgid "Sources"\n{HERE}msgstr "出处\n', "the quotes"),
        (f'{HERE}mgsid "Sources"\nmsgstr "出处"\n', "the keyword"),
        (f'msgid "Sources"\nmsgstr "出处"\n\n{HERE}Sources = 出处\n', "the keyword"),
        (f'{HERE}msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=many; plural=0;\\n"\n', "header"),
        (f'{HERE}msgid ""\nmsgstr ""\n"POT-Creation-Date: yesterday\\n"\n', "header"),
        (f'msgctxt "unit"\n{HERE}msgid "{{n}} hour"\nmsgid_plural "{{n}} hours"\n', "missing msgstr"),
    )

    @pytest.mark.parametrize(("text", "advice"), SYNTAX)
    def test_a_broken_catalogue_is_refused_at_its_line(self, published: ProjectCopy, text: str, advice: str) -> None:
        assert_refused(published, "catalogue-syntax", published.mark(HANS, text), advice)

    @pytest.mark.parametrize(
        ("language", "name"),
        [("zh_Hant", "zh-Hans.po"), ("zh-TW", "zh-Hans.po"), ("ja", "zh-Hans.po"), ("zh_CN", "zh-Hant.po")],
    )
    def test_a_catalogue_copied_from_another_language_is_refused(
        self, published: ProjectCopy, language: str, name: str
    ) -> None:
        where = published.mark(f"content/catalogues/{name}", f'msgid ""\nmsgstr ""\n{HERE}"Language: {language}\\n"\n')
        said = f"the header says '{language.replace('-', '_')}', but the file is called '{name}'"
        assert_refused(published, "catalogue-language", where, said, f"set Language: {name[:-3]}, and translate it")

    @pytest.mark.parametrize(("language", "name"), [("fr", "es.po"), ("zh-Hans", "zh-Hant.po"), ("en", "zh-Hans.po")])
    def test_words_of_another_language_are_found_under_any_header(
        self, published: ProjectCopy, language: str, name: str
    ) -> None:
        folder = resources.files("brief") / "catalogues"
        if language == "en":
            words = fill_with_english((folder / "brief.pot").read_text("utf-8"))
        else:
            words = (folder / f"{language}.po").read_text("utf-8")
        if name == "es.po":
            translate(published, "es")
        copied = re.sub('"Language: [^"]*"', f'"Language: {name[:-3]}\\\\n"', words)
        published.write(f"content/catalogues/{name}", copied)
        said = f"the texts of {name} are identical to those of {language}"
        status, found = published.check()
        assert status == 1
        assert [(each.message, each.hint) for each in found if each.code == "catalogue-language"] == [
            (said, f"translate them into '{name[:-3]}'")
        ]

    @pytest.mark.parametrize(
        ("language", "name"), [("ja", "zh-Hant"), ("zh-Hans", "zh-Hant"), ("fr", "de"), ("en", "ko")]
    )
    def test_some_messages_of_another_language_are_found(
        self, published: ProjectCopy, language: str, name: str
    ) -> None:
        if name not in ("zh-Hant", "zh-Hans"):
            translate(published, name)
        own, other = _read_packaged_texts()[name], _read_packaged_texts()[language]
        plain = [key for key in own if own[key] and "{" not in key and "%" not in key and "{" not in own[key]]
        keys = [key for key in plain if _is_distinctive(other.get(key, "")) and own[key] != other[key]][:6]
        words = {**own, **{key: other[key] for key in keys}}
        rest = [key for key in plain if key not in keys][:30]
        published.write(
            f"content/catalogues/{name}.po", "\n\n".join(_write_entry(key, words[key]) for key in keys + rest)
        )
        found = [each for each in published.check()[1] if each.code == "catalogue-language"]
        assert [(each.severity, each.message.partition(":")[0]) for each in found] == [
            ("warning", f"6 texts of {name}.po are identical to those of {language}")
        ]

    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("zh-Hant-HK", {"Contents": "目录", "Tables and figures": "图表目录", "Key takeaways": "要点"}),
            ("zh-Hant", {"Contents": "Contents"}),
            ("zh-Hant", {"Contents": "目录"}),
            ("zh-Hans", {"Contents": "目錄"}),
            ("ko", {"Contents": "目次", "Tables and figures": "図表一覧", "Key takeaways": "要点"}),
            ("ja", {"Contents": "目录"}),
            ("ja", {"Contents": "Contents"}),
            ("de", {"Contents": "目次"}),
        ],
    )
    def test_short_messages_in_another_script_are_found(
        self, published: ProjectCopy, name: str, words: dict[str, str]
    ) -> None:
        if name not in ("zh-Hant", "zh-Hans"):
            translate(published, name)
        published.write(
            f"content/catalogues/{name}.po", "\n\n".join(_write_entry(key, text) for key, text in words.items())
        )
        found = [each for each in published.check()[1] if each.code == "catalogue-language"]
        shown = ", ".join(f"'{text}'" for text in words.values())
        assert [(each.severity, each.message) for each in found] == [
            ("warning", f"texts of {name}.po are in another language: {shown}")
        ]

    @pytest.mark.parametrize(
        ("name", "key", "word", "language"),
        [
            ("fr", "Sources", "Quellen", "de"),
            ("de", "Contents", "Sommaire", "fr"),
            ("es", "Tables and figures", "Tableaux et figures", "fr"),
            ("de", "Warning", "Warning", "en"),
            ("ja", "Contents", "목차", "ko"),
            ("zh-Hans", "Sources", "出典", "ja"),
        ],
    )
    def test_a_word_of_another_language_is_found_alone(
        self, published: ProjectCopy, name: str, key: str, word: str, language: str
    ) -> None:
        if name != "zh-Hans":
            translate(published, name)
        catalogue = f"content/catalogues/{name}.po"
        published.write(catalogue, f"{_write_entry('Public', 'Public')}\n{_write_entry(key, word)}")
        found = [each for each in published.check()[1] if each.code == "catalogue-language"]
        assert len(found) == 1
        assert found[0].severity == "warning"
        assert f"'{word}'" in found[0].message
        if language != "ko":
            assert found[0].message == f"'{word}' is the word of '{language}' for '{key}'"
            published.write(catalogue, f"# same in both\n{_write_entry(key, word)}")
            assert not [each for each in published.check()[1] if each.code == "catalogue-language"]

    @pytest.mark.parametrize("name", ["zh-Hant", "zh-Hant-HK", "zh-Hans", "ja", "ko", "de", "fr", "es"])
    def test_the_packaged_words_are_in_their_language(self, name: str) -> None:
        words = {key: (text,) for key, text in _read_packaged_texts()[name].items()}
        assert find_foreign_texts(words, name) == ()
        assert find_foreign_texts(words, f"{name}-x-own") == ()
        assert find_copied_words(words, name) == {}

    def test_a_few_words_that_are_the_same_are_no_copy(self, published: ProjectCopy) -> None:
        names = ("Midjourney", "OpenAI Sora", "Example Research", "Video Arena")
        published.write(HANS, "\n\n".join(f'msgid "{name}"\nmsgstr "{name}"' for name in names) + "\n")
        assert_accepted(published)

    @pytest.mark.parametrize("language", ["zh_TW", "zh-Hant", "zh_Hant_TW", "zh_HK", "zh_TW.UTF-8", ""])
    def test_another_name_of_its_language_will_do(self, published: ProjectCopy, language: str) -> None:
        published.write("content/catalogues/zh-Hant.po", f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n')
        assert_accepted(published)

    def test_a_catalogue_in_a_legacy_encoding_is_refused(self, published: ProjectCopy) -> None:
        published.write(HANS, 'msgid "Sources"\nmsgstr "出处"\n'.encode("gb18030"))
        assert_refused(published, "encoding", (HANS, 2, 9), "GB18030")


def translate(project: ProjectCopy, tag: str) -> None:
    """Gives the project a further locale, of which only the catalogue is missing."""

    def with_texts(value: object) -> object:
        if isinstance(value, list):
            return [with_texts(part) for part in value]
        if not isinstance(value, dict):
            return value
        texts = {tag: f"{tag} {value['en']}"} if "en" in value else {}
        return {key: with_texts(part) for key, part in value.items()} | texts

    for name in (SETTINGS, THEME, SEED, GLOSSARY, *AUDIENCES):
        content = with_texts(yaml.safe_load(project.read(name)))
        if name == SETTINGS:
            assert isinstance(content, dict)
            content["locales"].append(tag)
        project.write(name, yaml.safe_dump(content, allow_unicode=True, sort_keys=False))


def template() -> str:
    """The messages that every catalogue must have: not those of which a language takes what it needs."""
    written = (resources.files("brief") / "catalogues" / "brief.pot").read_text("utf-8")
    optional = ('msgctxt "scale"', 'msgctxt "currency"')
    return "\n\n".join(entry for entry in written.split("\n\n") if not any(context in entry for context in optional))


def fill_with_english(text: str) -> str:
    """The template of all messages with the English words for their translations."""
    return fill_template(text).replace('-sv"', '"')


def fill_template(text: str) -> str:
    """The template of all messages with each one's words, marked `-sv`, for its translation, in a language of one plural form."""
    filled, words = [], ""
    for line in text.split("\n"):
        if line.startswith(("msgid ", "msgid_plural ")):
            words = line.partition(" ")[2]
        if line.startswith("msgstr[1]"):
            continue
        empty_at = line.startswith("msgstr") and line.endswith(' ""') and words != '""'
        filled.append(f'{line[:-2]}{words[:-1]}-sv"' if empty_at else line)
    return "\n".join(filled).replace("nplurals=2; plural=(n != 1)", "nplurals=1; plural=0")


class TestALocaleOfTheProjectsOwn:
    SCALE = '\nmsgctxt "scale"\nmsgid "1e6"\nmsgstr "{n} miljoner"\n'

    def test_a_locale_without_a_catalogue_is_refused_at_its_entry(self, published: ProjectCopy) -> None:
        translate(published, "sv")
        line = published.read(SETTINGS).split("\n").index("- sv") + 1
        assert_refused(published, "missing-catalogue", (SETTINGS, line, 3), f"to {SWEDISH}, set Language: sv,")
        hint = published.check()[1][0].hint
        assert Path(hint.removeprefix("copy ").partition(" to ")[0]).read_text("utf-8") == TEMPLATE.read_text("utf-8")

    def test_every_message_that_its_catalogue_lacks_is_named(self, published: ProjectCopy) -> None:
        translate(published, "sv")
        published.write(SWEDISH, 'msgid "Sources"\nmsgstr "Källor"\n')
        status, found = published.check()
        wanted = template().count("\nmsgid ") - len(["the header", "Sources"]) + len(["the scale"])
        assert status == 1
        assert {(diagnostic.code, diagnostic.where) for diagnostic in found} == {("missing-message", (SWEDISH, 1, 1))}
        assert len(found) == wanted
        assert any(diagnostic.hint == 'add msgid "Contents"' for diagnostic in found)
        assert any(diagnostic.hint == 'add msgctxt "label" msgid "Table {n}"' for diagnostic in found)
        assert any("number scale for 'sv'" in diagnostic.message for diagnostic in found)

    def test_with_all_messages_it_is_built_like_any_other(self, published: ProjectCopy) -> None:
        translate(published, "sv")
        published.write(
            SWEDISH,
            fill_template(template()).replace('"Sources"\nmsgstr "Sources-sv"', '"Sources"\nmsgstr "Källor"')
            + self.SCALE,
        )
        assert_accepted(published)
        page = published.page(locale="sv")
        assert '<html lang="sv"' in page
        assert ">Källor<" in page
        assert "2,65 miljoner" in page

    def test_the_template_shows_every_word_for_a_number_with_what_it_is_in_english(self) -> None:
        written = (resources.files("brief") / "catalogues" / "brief.pot").read_text("utf-8")
        for shown in (
            '#. {n} ten thousand. Keep the scales that the language counts in, and remove the others.\nmsgctxt "scale"\nmsgid "1e4"',
            '#. RMB {n}. Remove this message if the language writes the same.\nmsgctxt "currency"\nmsgid "CNY"',
            '#. dozens of something\nmsgctxt "several"\nmsgid "1e1"',
        ):
            assert shown in written

    def test_a_region_takes_what_it_does_not_say_from_its_language(self, published: ProjectCopy) -> None:
        translate(published, "zh-Hant-HK")
        status, found = published.check()
        # The texts of the sample are those of another language.
        assert (status, {diagnostic.code for diagnostic in found} <= {"quotation-marks", "wrong-script"}) == (0, True)
        assert ">資料來源<" in published.page(locale="zh-Hant-HK")

    def test_english_of_any_region_needs_no_catalogue(self, published: ProjectCopy) -> None:
        translate(published, "en-GB")
        _, found = published.check()
        assert {diagnostic.code for diagnostic in found} <= {"same-translation"}

    @pytest.mark.parametrize("name", READY)
    def test_the_packaged_catalogues_lack_nothing(self, name: str) -> None:
        sink, file = DiagnosticSink(), resources.files("brief") / "catalogues" / f"{name}.po"
        read = parse(make_text_file(f"catalogues/{name}.po", file.read_text("utf-8")), name, sink)
        assert read is not None
        require_all_messages(read.messages, SourceLocation(file.name), name, sink)
        assert sink.found == []

    @pytest.mark.parametrize("name", READY)
    def test_no_two_packaged_catalogues_have_the_same_words(self, name: str) -> None:
        file = resources.files("brief") / "catalogues" / f"{name}.po"
        read = parse(make_text_file(file.name, file.read_text("utf-8")), name, DiagnosticSink())
        assert read is not None
        others = {"en", *READY} - {name}
        assert find_copied_messages(read.messages, name) is None
        found = [find_copied_messages(read.messages, other) for other in others]
        assert {copied and copied.locale for copied in found} == {name}

    def test_a_message_that_two_packaged_catalogues_share_is_listed(self) -> None:
        """Whatever is the same in two languages is so on purpose: words of both, and forms of text around figures."""
        shared = set()
        for folder in ("catalogues", "catalogues/web"):
            files = [each for each in (resources.files("brief") / folder).iterdir() if each.name.endswith(".po")]
            words: dict[tuple[str, str], set[str]] = {}
            for file in files:
                for key, (message, text) in read_translations(file.read_text("utf-8")).items():
                    if text and _is_distinctive(text):
                        words.setdefault((key, text), {"en"} if text == message else set()).add(file.name)
            shared |= {text for (_, text), names in words.items() if len(names) > 1}
        assert shared == SHARED, "translate what was copied, and list in SHARED what two languages write alike"

    @pytest.mark.parametrize("tag", [tag for tag in READY if not tag.startswith("zh")])
    def test_a_ready_locale_needs_its_texts_alone(self, published: ProjectCopy, tag: str) -> None:
        translate(published, tag)
        status, found = published.check()
        # The texts of the sample are in English.
        assert (status, {diagnostic.code for diagnostic in found} <= {"wrong-script"}) == (0, True)
        page = published.page(locale=tag)
        assert f'<html lang="{tag}"' in page
        assert "Key takeaways" not in page

    @pytest.mark.parametrize(
        ("tag", "words"),
        [
            ("de", "Geschäftsjahr 2025; 2. Quartal des Geschäftsjahres 2025; etwa 1,2 Mio. €; 1 Mio. Personen"),
            (
                "fr",
                "exercice 2025; 2e trimestre de l’exercice 2025; environ 1,2 million d’euros; 1 million de personnes",
            ),
            (
                "es",
                "ejercicio 2025; segundo trimestre del ejercicio 2025; alrededor de 1,2 millones de euros; 1 millón de personas",
            ),
            ("ja", "2025会計年度; 2025会計年度第2四半期; 約120万ユーロ; 100万人"),
            ("ko", "2025회계연도; 2025회계연도 2분기; 약 120만 유로; 100만 명"),
        ],
    )
    def test_ready_locales_write_years_and_figures_as_their_readers_do(self, tag: str, words: str) -> None:
        catalogue = load_packaged_catalogue(tag)
        year, quarter = (CalendarPeriod(2025, fiscal=FiscalYear.BY_END, quarter=number) for number in (None, 2))
        figures = (
            Quantity(value=Decimal(1_200_000), unit="EUR", qualifier=Qualifier.ABOUT),
            Quantity(value=Decimal(1_000_000), unit="person"),
        )
        written = [
            *(format_period(Period(part), catalogue) for part in (year, quarter)),
            *(format_quantity(figure, catalogue) for figure in figures),
        ]
        assert "; ".join(written).replace("\u00a0", " ") == words


@pytest.mark.parametrize(
    ("entry", "reported"),
    [
        ('msgstr "{n} millions"', ["the scale '1e6' has one form, '{n} millions', for 1 and for 2"]),
        ('msgstr "{n} Mio."', []),
        ('msgid_plural "1e6"\nmsgstr[0] "{n} million"\nmsgstr[1] "{n} millions"', []),
    ],
)
def test_a_scale_with_one_form_in_a_language_with_two_is_reported(entry: str, reported: list[str]) -> None:
    head = 'msgid ""\nmsgstr ""\n"Language: fr\\n"\n"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n'
    file = make_text_file("content/catalogues/fr.po", f'{head}\nmsgctxt "scale"\nmsgid "1e6"\n{entry}\n')
    sink = DiagnosticSink()
    assert parse(file, "fr", sink) is not None
    assert [(found.message, found.severity) for found in sink.found] == [(each, "warning") for each in reported]


def test_a_syntax_error_names_its_line_once() -> None:
    """Babel ends its messages with the line as well, and counts it from 0."""
    sink = DiagnosticSink()
    assert parse(make_text_file("content/catalogues/fr.po", '"Sources"\n'), "fr", sink) is None
    (found,) = sink.found
    assert (found.location.line, re.findall("[0-9]", found.message)) == (1, [])


@pytest.mark.parametrize("language", ["es", "fr", "de", "en", "ja"])
@pytest.mark.parametrize("share", [2, 3, 5])
def test_a_catalogue_of_another_language_that_is_copied_in_part_is_found(language: str, share: int) -> None:
    """One text in two, three or five is copied into a catalogue of a language that is not packaged."""
    words = _read_packaged_texts()[language]
    own = {
        key: (text if number % share == 0 else f"testo {number}",) for number, (key, text) in enumerate(words.items())
    }
    found = find_copied_messages(own, NEVER_PACKAGED)
    assert found is not None
    assert (found.locale, found.are_most) == (language, False)


@pytest.mark.parametrize(("one", "other"), [("es", "fr"), ("en", "fr"), ("de", "en"), ("ja", "zh-Hant")])
def test_languages_share_words_but_no_sentences(one: str, other: str) -> None:
    words = {key: (text,) for key, text in _read_packaged_texts()[one].items()}
    shared = {key: text for key, text in words.items() if _read_packaged_texts()[other].get(key) == text[0]}
    assert find_copied_messages({**dict.fromkeys(words, ("testo proprio",)), **shared}, NEVER_PACKAGED) is None
