"""The cache: what comes from it is what a cold build would make, after any edit, and never another audience's."""

import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from projects import ProjectCopy

from brief import Project
from brief.build import fingerprint
from brief.build.render import fingerprint_variant
from brief.model.artifact import BuildSelection
from brief.project import incremental
from brief.project.incremental import BuildRequest
from brief.templating.packaged import PACKAGED

TEXT = "content/themes/ridership.yaml"


pytestmark = pytest.mark.usefixtures("cache")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("BRIEF_CACHE_DIR", str(folder))
    return folder


def build(root: Path, *formats: str, audiences: tuple[str, ...] = ()) -> tuple[dict[str, bytes], int]:
    """The artifacts by name, and how many of them came from the cache."""
    pack = incremental.build_project(root, BuildRequest(BuildSelection(audiences, (), formats)), jobs=1).pack
    return {artifact.name: artifact.data for artifact in pack}, pack.reused


def test_an_unchanged_project_renders_nothing(project: ProjectCopy) -> None:
    first, reused = build(project.root, "html", "docx")
    assert reused == 0
    assert build(project.root, "html", "docx") == (first, len(first))


@pytest.mark.usefixtures("starter_pack")
def test_one_sentence_in_one_locale_prints_the_variants_that_show_it(
    project: ProjectCopy, cache: Path, shared_cache: Path
) -> None:
    shutil.copytree(shared_cache, cache)
    before, reused = build(project.root)
    assert reused == len(before)
    project.replace(TEXT, "zh-Hant: 每年", "zh-Hant: 一年")
    after, reused = build(project.root)
    changed = {name for name in after if after[name] != before[name]}
    # The block is for clients: the public variant has none of it.
    assert changed == {f"night-buses.council.zh-Hant.{suffix}" for suffix in ("html", "pdf", "docx")}
    assert reused == len(after) - 3


def test_warnings_come_out_of_the_cache_too(project: ProjectCopy) -> None:
    project.write("templates/mine/set.yaml", "extends: base\n")
    project.write("templates/mine/print.css", "p { widht: 3px }\n")
    project.replace("content/brief.yaml", "template_set: base", "template_set: mine")
    first = project.run("build", "-f", "pdf", "-l", "en", "--jobs", "1")
    again = project.run("build", "-f", "pdf", "-l", "en", "--jobs", "1")
    assert "0 from the cache" in first.stderr
    assert "0 rendered" in again.stderr
    assert "style-ignored" in first.stderr
    assert first.stderr.splitlines()[:-1] == again.stderr.splitlines()[:-1]


def test_a_failed_build_caches_nothing_of_the_error(project: ProjectCopy) -> None:
    project.write("templates/mine/set.yaml", "extends: base\n")
    project.write("templates/mine/block/paragraph.html.j2", "{{ nothing_of_this_name }}\n")
    project.replace("content/brief.yaml", "template_set: base", "template_set: mine")
    assert [project.run("build", "-f", "html", "--jobs", "1").status for _ in range(2)] == [1, 1]


def test_the_cache_can_be_deleted_at_any_time(project: ProjectCopy, cache: Path) -> None:
    first, _ = build(project.root, "html")
    shutil.rmtree(cache)
    assert build(project.root, "html") == (first, 0)


def test_damaged_entries_are_rebuilt(project: ProjectCopy, cache: Path) -> None:
    first, _ = build(project.root, "html")
    for path in cache.glob("??/*"):
        path.write_bytes(path.read_bytes()[:-1] + b"?")
    assert build(project.root, "html") == (first, 0)


def test_the_cache_can_be_disabled(project: ProjectCopy, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIEF_CACHE_DIR", "off")
    assert [build(project.root, "html")[1] for _ in range(2)] == [0, 0]
    assert not cache.exists()


def test_audience_and_locale_are_part_of_the_key(project: ProjectCopy) -> None:
    """Two audiences that see the same text, that differ only in their names."""
    public = project.read("content/audiences/public.yaml")
    project.write("content/audiences/press.yaml", public.replace("id: public", "id: press"))
    project.replace("content/brief.yaml", "audiences: [public, council]", "audiences: [public, press, council]")
    loaded = Project.load(project.root)
    variants = [
        loaded.make_variant(audience, locale) for audience in ("public", "press") for locale in ("en", "zh-Hans")
    ]
    assert len({fingerprint_variant(variant, loaded.template_set) for variant in variants}) == 4
    # Even if nothing else differed, not the title and not the words.
    one = variants[0]
    for other in (replace(one, audience="x"), replace(one, locale="zh-Hant"), replace(one, template_set="x")):
        assert fingerprint_variant(one, loaded.template_set) != fingerprint_variant(other, loaded.template_set)


def test_a_secret_built_first_is_in_no_other_variant_from_a_warm_cache(project: ProjectCopy) -> None:
    project.replace(TEXT, "Whether {reader-survey", "Canary-7f3a. Whether {reader-survey")
    council, _ = build(project.root, "html", audiences=("council",))
    assert any(b"Canary-7f3a" in data for data in council.values())
    everything, reused = build(project.root, "html")
    assert reused == 3
    assert not any(b"Canary-7f3a" in data for name, data in everything.items() if ".public." in name)


def test_what_is_edited_while_it_is_printed_is_not_kept(
    project: ProjectCopy, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write("templates/mine/set.yaml", "extends: base\n")
    project.replace("content/brief.yaml", "template_set: base", "template_set: mine")
    rendered = fingerprint.fingerprint_template_set(Project.load(project.root).template_set)
    answers = iter([rendered] * 7)
    monkeypatch.setattr(fingerprint, "fingerprint_template_set", lambda _: next(answers, "edited"))
    build(project.root, "html")
    monkeypatch.undo()
    monkeypatch.setenv("BRIEF_CACHE_DIR", str(cache))
    monkeypatch.setattr(incremental, "find_pack", lambda *_: None)
    assert build(project.root, "html")[1] < 6


def test_where_nothing_changed_no_engine_is_imported(project: ProjectCopy) -> None:
    heavy = "weasyprint docx jinja2 resvg_py opencc babel yaml markdown_it lxml PIL uharfbuzz rich"
    script = (
        "import sys\nfrom brief.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        f"print('imported:', *(name for name in '{heavy}'.split() if name in sys.modules))"
    )
    command = [sys.executable, "-c", script, "build", "-f", "html", "--jobs", "1", "-C", str(project.root)]
    outputs = [subprocess.run(command, check=True, capture_output=True, env=dict(os.environ)) for _ in range(2)]
    assert b"0 rendered, 6 from the cache" in outputs[1].stderr
    assert outputs[1].stdout.splitlines()[-1] == b"imported:"


# Edits: each takes the project and a source of chance, and may leave it as it was.


def _word(project: ProjectCopy, chance: random.Random) -> None:
    """A letter in some text of content or seeds."""
    name = chance.choice([path for path in _yaml(project) if not path.endswith("brief.yaml")])
    lines = project.read(name).split("\n")
    fit = [n for n, line in enumerate(lines) if re.match(r"\s+(en|zh-Hans|zh-Hant): [^{\"\[]", line)]
    if fit:
        number = chance.choice(fit)
        lines[number] += chance.choice((" x", "、一", " 12", "\u2014"))
    project.write(name, "\n".join(lines))


def _number(project: ProjectCopy, chance: random.Random) -> None:
    name = "seeds/reader-survey.yaml"
    project.write(
        name,
        re.sub(r"(value: )([0-9_]+)", lambda m: f"{m[1]}{chance.randint(1000, 99999)}", project.read(name), count=1),
    )


def _clearance(project: ProjectCopy, chance: random.Random) -> None:
    level = chance.choice(("public", "client", "internal"))
    project.write(TEXT, re.sub(r"    clearance: \w+", f"    clearance: {level}", project.read(TEXT)))


def _template(project: ProjectCopy, chance: random.Random) -> None:
    folder = chance.choice(("parent", "mine"))
    source = next(root for root in PACKAGED if root.is_dir()) / "base/block/paragraph.html.j2"
    extra = f"<p>{chance.randint(0, 3)}</p>\n"
    project.write(f"templates/{folder}/block/paragraph.html.j2", source.read_text() + extra)


def _style(project: ProjectCopy, chance: random.Random) -> None:
    source = next(root for root in PACKAGED if root.is_dir()) / "base/screen.css"
    project.write("templates/mine/screen.css", source.read_text() + f"/* {chance.randint(0, 3)} */\n")


def _look(project: ProjectCopy, chance: random.Random) -> None:
    """A colour in the settings of the set, or of the one it extends."""
    folder, parent = chance.choice((("mine", "parent"), ("parent", "base")))
    colour = f"#1235{chance.randint(10, 13)}"
    project.write(f"templates/{folder}/set.yaml", f'extends: {parent}\ncolours:\n  brand: "{colour}"\n')


def _catalogue(project: ProjectCopy, chance: random.Random) -> None:
    words = chance.choice(("Sources", "References", "Quellen"))
    project.write(
        "content/catalogues/en.po",
        f'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Sources"\nmsgstr "{words}"\n',
    )


def _order_of_blocks(project: ProjectCopy, chance: random.Random) -> None:
    head, *blocks = project.read(TEXT).split("\n  - kind: ")
    chance.shuffle(blocks)
    project.write(TEXT, "\n  - kind: ".join([head, *(block.rstrip("\n") for block in blocks)]) + "\n")


EDITS: tuple[Callable[[ProjectCopy, random.Random], None], ...] = (
    _word,
    _number,
    _clearance,
    _template,
    _style,
    _look,
    _catalogue,
    _order_of_blocks,
)


def _yaml(project: ProjectCopy) -> list[str]:
    found = (path for folder in ("content", "seeds") for path in (project.root / folder).rglob("*.yaml"))
    return sorted(path.relative_to(project.root).as_posix() for path in found)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=st.lists(st.tuples(st.sampled_from(EDITS), st.integers(0, 1000)), min_size=1, max_size=4))
def test_a_warm_build_equals_a_cold_one_after_any_edit(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    edits: list[tuple[Callable[[ProjectCopy, random.Random], None], int]],
) -> None:
    """The cache stays warm from one example to the next, so every state is met in many orders."""
    root = tmp_path / "project"
    shutil.rmtree(root, ignore_errors=True)
    project = ProjectCopy(root)
    project.write("templates/mine/set.yaml", "extends: parent\n")
    project.write("templates/parent/set.yaml", "extends: base\n")
    project.replace("content/brief.yaml", "template_set: base", "template_set: mine")
    project.replace("content/audiences/public.yaml", "formats: [html, pdf, docx]", "formats: [html]")
    # Another locale is built as these two are.
    project.replace("content/brief.yaml", "locales: [en, zh-Hans, zh-Hant]", "locales: [en, zh-Hans]")
    held = Project.load(root)
    for edit, seed in edits:
        edit(project, random.Random(seed))  # noqa: S311
        held = held.reload()
        assert held == Project.load(root)
        warm, _ = build(root, "html", "docx")
    with monkeypatch.context() as cold:
        cold.setenv("BRIEF_CACHE_DIR", "off")
        made, _ = build(root, "html", "docx")
    assert warm == made
