"""Manifests, names, messages and cache keys reveal nothing withheld."""

import json

import pytest
from projects import THEME, ProjectCopy

from brief import Project
from brief.build.render import fingerprint_variant, render

# Of the council's variant and of the block that it alone sees.
WITHHELD = ("council", "Council", "shorter waits", "To be decided", "议会", "議會", "待决", "待決")


@pytest.fixture
def noisy(project: ProjectCopy) -> ProjectCopy:
    """A project of which a theme is left out of a variant that lists it."""
    project.replace("content/audiences/public.yaml", "themes: [ridership]", "themes: [ridership, closed]")
    project.replace("content/brief.yaml", "themes: [ridership]", "themes: [ridership, closed]")
    project.write(
        "content/themes/closed.yaml",
        "id: closed\ntitle: {same: Closed}\nsummary: {same: Nothing.}\ntakeaways: []\nclearance: internal\nblocks: []\n",
    )
    return project


def test_the_pack_of_one_audience_names_no_other(project: ProjectCopy) -> None:
    ran = project.run("build", "-a", "public", "-f", "html", "--jobs", "1")
    assert ran.status == 0
    manifest = (project.root / "output/night-buses/manifest.json").read_text("utf-8")
    assert {listed["audience"] for listed in json.loads(manifest)["artifacts"]} == {"public"}
    files = [path.as_posix() for path in (project.root / "output/night-buses/").rglob("*")]
    said = manifest + ran.stdout + ran.stderr + " ".join(path.partition("output/")[2] for path in files)
    assert not [words for words in WITHHELD if words in said]
    assert str(project.root) not in manifest


def test_what_is_left_out_is_named_and_not_quoted(noisy: ProjectCopy) -> None:
    ran = noisy.run("build", "-a", "public", "-f", "html", "-l", "en", "--jobs", "1")
    assert (ran.status, "warning[withheld-theme]" in ran.stderr) == (0, True)
    assert "Nothing." not in ran.stderr


def test_a_template_that_fails_on_one_variant_quotes_no_other(project: ProjectCopy) -> None:
    project.replace("content/brief.yaml", "template_set: base", "template_set: broken")
    project.write("templates/broken/set.yaml", "extends: base\n")
    project.write("templates/broken/block/metrics.html.j2", "{{ block.nothing }}")
    ran = project.run("build", "-a", "public", "-f", "html", "--jobs", "1")
    assert ran.status == 1
    assert "templates/broken/block/metrics.html.j2" in ran.stderr
    assert not [words for words in WITHHELD if words in ran.stderr]


class TestDigests:
    """What a cache goes by: two variants never share one, and a withheld text has no part in it."""

    def test_each_variant_has_its_own(self, project: ProjectCopy) -> None:
        loaded = Project.load(project.root)
        digests = [
            fingerprint_variant(loaded.make_variant(audience, locale), loaded.template_set)
            for audience in loaded.brief.audiences
            for locale in loaded.brief.locales
        ]
        assert len(set(digests)) == len(digests) == 6

    def test_the_wider_variant_first(self, project: ProjectCopy) -> None:
        """The council's variant, and then the public's in the same process: warm caches leak nothing."""
        loaded = Project.load(project.root)
        formats = ("html", "pdf", "docx")
        cold = render(loaded.make_variant("public", "en"), loaded.template_set, formats)
        render(loaded.make_variant("council", "en"), loaded.template_set, formats)
        warm = render(loaded.make_variant("public", "en"), loaded.template_set, formats)
        assert [a.data for a in cold.artifacts] == [a.data for a in warm.artifacts]

    def test_a_withheld_text_changes_none(self, project: ProjectCopy) -> None:
        before = Project.load(project.root)
        project.replace(THEME, "should also pay for shorter waits", "is too much")
        after = Project.load(project.root)
        for locale in before.brief.locales:
            first, second = (
                fingerprint_variant(p.make_variant("public", locale), p.template_set) for p in (before, after)
            )
            assert first == second
        digests = [fingerprint_variant(p.make_variant("council", "en"), p.template_set) for p in (before, after)]
        assert digests[0] != digests[1]
