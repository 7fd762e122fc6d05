"""A project held open: reloading gives what loading gives, and parses no more than what changed."""

from dataclasses import dataclass, field

import pytest
from projects import SEED, SETTINGS, THEME, ProjectCopy

from brief import ContentError, Project
from brief.model.variant import Variant
from brief.reading import yaml_nodes
from brief.resolve import walk


@dataclass
class Parsed:
    files: list[str] = field(default_factory=list)

    def take(self) -> list[str]:
        files, self.files = self.files, []
        return files


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Parsed:
    """The names of the files of content that are parsed."""
    parse, seen = yaml_nodes.parse, Parsed()

    def listen(file, diagnostics):  # type: ignore[no-untyped-def]
        if not file.name.startswith("templates/"):
            seen.files.append(file.name)
        return parse(file, diagnostics)

    monkeypatch.setattr(yaml_nodes, "parse", listen)
    return seen


def test_only_what_changed_is_parsed(project: ProjectCopy, parsed: Parsed) -> None:
    held = Project.load(project.root)
    parsed.take()
    project.replace(THEME, "More riders at night", "Fewer riders at night")
    reloaded = held.reload()
    # The settings say which locales there are, so they are read first and every time.
    assert parsed.take() == ["content/brief.yaml", THEME]
    assert reloaded.brief != held.brief
    assert reloaded == Project.load(project.root)
    assert "More" in str(held.brief.themes["ridership"].title)


def test_a_fixed_error_is_gone_and_a_remaining_one_is_reported_again(project: ProjectCopy) -> None:
    held = Project.load(project.root)
    good = project.read(THEME)
    project.replace(THEME, "claim: reader-survey/yearly-cost", "clam: reader-survey/yearly-cost")
    diagnostics = []
    for _ in range(2):
        with pytest.raises(ContentError) as caught:
            held.reload()
        diagnostics.append(caught.value.diagnostics)
    assert diagnostics[0] == diagnostics[1]
    project.write(THEME, good)
    assert held.reload() == held


def test_a_new_locale_is_missing_in_every_file(project: ProjectCopy) -> None:
    project.accept_translations()
    held = Project.load(project.root)
    project.replace("content/brief.yaml", "zh-Hant]", "zh-Hant, ko]")
    found = held.reload().diagnostics
    assert found == Project.load(project.root).diagnostics
    assert {each.code for each in found} == {"missing-translation"}
    assert {THEME, SETTINGS, "content/glossary.yaml"} < {each.location.file for each in found}


def test_a_file_that_goes_is_missed(project: ProjectCopy) -> None:
    held = Project.load(project.root)
    (project.root / THEME).unlink()
    with pytest.raises(ContentError, match="there is no content/themes/ridership"):
        held.reload()


def test_variants_are_kept_until_what_they_say_or_where_it_stands_changes(project: ProjectCopy) -> None:
    held = Project.load(project.root)
    names = [(audience, locale) for audience in held.brief.audiences for locale in held.brief.locales]
    before = {name: held.make_variant(*name) for name in names}
    assert all(held.reload().make_variant(*name) is before[name] for name in names)
    theme = project.read(THEME)
    for edited in (f"# A remark.\n{theme}", theme.replace("More riders at night", "Fewer riders at night"), theme):
        project.write(THEME, edited)
        held, loaded = held.reload(), Project.load(project.root)
        for name in names:
            kept, made = held.make_variant(*name), loaded.make_variant(*name)
            assert kept == made
            assert [_list_places(kept), kept.catalogue] == [_list_places(made), made.catalogue]


def _list_places(variant: Variant) -> list[object]:
    return [getattr(block, "location", None) for section in variant.sections for block in section.blocks]


def test_a_zero_after_the_point_is_a_change(project: ProjectCopy) -> None:
    """1.125 and 1.1250 are equal as numbers, but print what their source says."""
    cited = "quantity: {value: 42_000_000, unit: CNY, qualifier: about, period: 2025}"
    project.replace(SEED, cited, cited.replace("42_000_000", "42.125"))
    held = Project.load(project.root)
    before = [held.make_variant("council", locale) for locale in held.brief.locales]
    project.replace(SEED, "value: 42.125,", "value: 42.1250,")
    after = [held.reload().make_variant("council", locale) for locale in held.brief.locales]
    assert after == [Project.load(project.root).make_variant("council", locale) for locale in held.brief.locales]
    assert all(
        "42.1250" not in repr(one) and "42.1250" in repr(other) for one, other in zip(before, after, strict=True)
    )


def test_words_of_a_locale_change_its_variants_alone(project: ProjectCopy) -> None:
    held = Project.load(project.root)
    names = [(audience, locale) for audience in held.brief.audiences for locale in held.brief.locales]
    before = {name: held.make_variant(*name) for name in names}
    project.replace(THEME, "More riders at night", "Fewer riders at night")
    held = held.reload()
    after = {name: held.make_variant(*name) for name in names}
    assert {locale for audience, locale in names if after[audience, locale] is not before[audience, locale]} == {"en"}


def test_kept_variants_are_those_of_the_edited_content(project: ProjectCopy) -> None:
    """Whatever is edited: tables, charts and names compare words of several locales."""
    held = Project.load(project.root)
    names = [(audience, locale) for audience in held.brief.audiences for locale in held.brief.locales]
    theme = project.read(THEME)
    edits = [
        theme.replace(phrase.source, f"{phrase.source}{phrase.source}", 1)
        for text in walk.walk_texts(held.brief.themes["ridership"])
        for phrase in text
        if theme.count(phrase.source) == 1 and "{" not in phrase.source and "[" not in phrase.source
    ]
    for content in edits[:: len(edits) // 5]:
        project.write(THEME, content)
        held, loaded = held.reload(), Project.load(project.root)
        for name in names:
            kept, made = held.make_variant(*name), loaded.make_variant(*name)
            assert (kept, _list_places(kept)) == (made, _list_places(made))
