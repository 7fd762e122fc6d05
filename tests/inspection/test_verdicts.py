"""A verdict that was kept holds exactly as long as a new inspection of the same bytes would find nothing."""

import hashlib
import os
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from projects import SETTINGS, THEME, ProjectCopy

from brief import Project
from brief.inspection import build_inspection
from brief.inspection.build_inspection import BuildInspection
from brief.inspection.extract.formats import ExtractedArtifact
from brief.inspection.leaks import Inspector
from brief.model.artifact import Artifact
from brief.model.diagnostics import Diagnostic
from brief.store import Store, spool

# More in a long run: BRIEF_VERDICT_EDITS=400 pytest tests/inspection/test_verdicts.py
EDITS = int(os.environ.get("BRIEF_VERDICT_EDITS", "10"))
# Sentences that share words, one of which is a near copy of another, and short texts.
SENTENCES = (
    "The depot in the north closes before the winter timetable begins.",
    "The depot in the north closes before the summer timetable begins.",
    "A second operator has asked for the night lines.",
    "The night lines lose money on every day but Saturday.",
    "Every day but Saturday the night lines run empty after two.",
    "Plan Juniper",
    "Depot Nine",
    "Costs rose to 48,213 crowns.",
)
PAGES = (
    *(f"<p>{sentence}</p>" for sentence in SENTENCES),
    "<p>The depot in the north closes before the</p><p>winter timetable begins.</p>",
    "<p>The depot in the south closes before the winter timetable begins.</p>",
    "<p title='Plan Juniper'>The night lines lose money</p>",
    "<p>A second operator</p><p>has asked for the night lines. Every day but Saturday.</p>",
    "<p>Nothing.</p>",
)
BLOCK = (
    "  - kind: paragraph\n    id: note-{number}\n    clearance: {clearance}\n{allowed}"
    '    text: {{en: "{text}", zh-Hans: 甲。, zh-Hant: 甲。}}\n'
)
ALLOWED = "    allow_in_output: The same words are in a public report.\n"


@dataclass
class Note:
    """A block that a test edits."""

    text: str
    clearance: str = "internal"
    is_allowed: bool = False


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def write(project: ProjectCopy, pristine: str, notes: Iterable[Note]) -> Project:
    blocks = (
        BLOCK.format(number=n, clearance=note.clearance, text=note.text, allowed=ALLOWED if note.is_allowed else "")
        for n, note in enumerate(notes)
    )
    project.write(THEME, pristine + "".join(blocks))
    return Project.load(project.root)


def pages(bodies: Iterable[str], inputs: str = "a") -> Iterator[Artifact]:
    for number, body in enumerate(bodies):
        data = f"<!doctype html><html><body>{body}</body></html>".encode()
        # Pages of a format that is not compared with a variant.
        yield Artifact(
            name=f"{number}.html",
            audience="council",
            locale="en",
            format="md",
            media_type="text/html",
            sha256=hashlib.sha256(data).hexdigest(),
            inputs=inputs,
            pages=None,
            content=spool(data),
        )


def inspect(
    project: Project, store: Store | None, bodies: Iterable[str], program: str = "1", inputs: str = "a"
) -> tuple[Diagnostic, ...]:
    inspector = Inspector(project.brief, project.get_template_set)
    with BuildInspection(inspector, store, program, [project.make_variant("council", "en")]) as inspection:
        for page in pages(bodies, inputs):
            inspection.add(page)
        return inspection.collect_diagnostics()


@pytest.fixture
def extracted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were extracted."""
    names: list[str] = []

    class Listed(ExtractedArtifact):
        def __init__(self, artifact: Artifact) -> None:
            names.append(artifact.name)
            super().__init__(artifact)

    monkeypatch.setattr(build_inspection, "ExtractedArtifact", Listed)
    return names


def test_kept_and_new_verdicts_agree_over_edits(project: ProjectCopy, store: Store) -> None:
    source = random.Random(11)  # noqa: S311
    pristine = project.read(THEME)
    notes = [Note(source.choice(SENTENCES)) for _ in range(6)]
    leaks = set()
    for _ in range(EDITS):
        note = source.choice(notes)
        match source.randrange(4):
            case 0:
                note.text = source.choice(SENTENCES)
            case 1 | 2:
                note.clearance = "public" if note.clearance == "internal" else "internal"
            case _:
                note.is_allowed = not note.is_allowed
        loaded = write(project, pristine, notes)
        found = inspect(loaded, store, PAGES)
        assert found == inspect(loaded, None, PAGES), notes
        leaks.add(len(found))
    assert len(leaks) > 1


def test_a_reworded_sentence_is_searched_for_alone(project: ProjectCopy, store: Store, extracted: list[str]) -> None:
    pristine = project.read(THEME)
    assert inspect(write(project, pristine, [Note("An old secret that no page of ours has.")]), store, PAGES) == ()
    assert len(extracted) == len(PAGES)
    extracted.clear()
    # Words that readers see change no verdict, nor does a secret that no page has.
    assert inspect(write(project, pristine, [Note("Another secret that no page of ours has.")]), store, PAGES) == ()
    more = [Note("Another secret that no page of ours has."), Note("What everyone may read.", "public")]
    assert inspect(write(project, pristine, more), store, PAGES) == ()
    assert extracted == []
    (found, other) = inspect(write(project, pristine, [Note(SENTENCES[2])]), store, PAGES)
    assert {found.location, other.location} == {found.location}
    assert found.code == "withheld-text"
    assert extracted == ["2.html", "11.html"]


def test_a_withdrawn_excuse_is_noticed(project: ProjectCopy, store: Store, extracted: list[str]) -> None:
    """What may be read in one block and not in another becomes a leak once the first is withheld."""
    pristine = project.read(THEME)
    both = [Note(SENTENCES[2]), Note(SENTENCES[2], "public")]
    assert inspect(write(project, pristine, both), store, PAGES) == ()
    extracted.clear()
    assert inspect(write(project, pristine, both[:1]), store, PAGES) != ()
    assert "2.html" in extracted
    assert "4.html" not in extracted


def test_a_withdrawn_permission_is_noticed(project: ProjectCopy, store: Store) -> None:
    pristine = project.read(THEME)
    assert inspect(write(project, pristine, [Note("Plan Juniper", is_allowed=True)]), store, PAGES) == ()
    assert len(inspect(write(project, pristine, [Note("Plan Juniper")]), store, PAGES)) == 2


def test_other_rules_inspect_again(project: ProjectCopy, store: Store, extracted: list[str]) -> None:
    loaded = write(project, project.read(THEME), [Note("A secret that no page of ours has.")])
    assert inspect(loaded, store, PAGES) == ()
    extracted.clear()
    assert inspect(loaded, store, PAGES) == ()
    assert extracted == []
    assert inspect(loaded, store, PAGES, program="2") == ()
    assert len(extracted) == len(PAGES)
    extracted.clear()
    # Another variant may have written the same bytes, and miss words in them.
    assert inspect(loaded, store, PAGES, inputs="b") == ()
    assert len(extracted) == len(PAGES)


def test_names_of_another_template_set_are_no_excuse(project: ProjectCopy, store: Store) -> None:
    pristine = project.read(THEME)
    project.write("templates/mine/set.yaml", "extends: base\n")
    project.write("templates/mine/print.css", ".note-0 { color: red }\n")
    project.replace(SETTINGS, "template_set: base", "template_set: mine")
    body = ["<p class='depot-nine-plan'>Nothing.</p>"]
    named = BLOCK.replace("note-{number}", "depot-nine-plan")
    project.write(THEME, pristine + named.format(clearance="internal", text="Nothing at all.", allowed=""))
    project.write("templates/mine/print.css", ".depot-nine-plan { color: red }\n")
    assert inspect(Project.load(project.root), store, body) == ()
    project.write("templates/mine/print.css", ".another { color: red }\n")
    (found,) = inspect(Project.load(project.root), store, body)
    assert "may not see this name" in found.message


@pytest.mark.parametrize("damage", [b"", b"\0" * 8])
def test_a_damaged_store_inspects_again(
    project: ProjectCopy, store: Store, extracted: list[str], damage: bytes
) -> None:
    loaded = write(project, project.read(THEME), [Note("A secret that no page of ours has.")])
    assert inspect(loaded, store, PAGES) == ()
    for path in store.folder.rglob("*"):
        if path.is_file():
            path.write_bytes(damage)
    extracted.clear()
    assert inspect(loaded, store, PAGES) == ()
    assert len(extracted) == len(PAGES)
