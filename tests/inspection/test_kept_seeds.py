"""What the inspection of a project that stays open keeps over edits: it finds what a new inspection finds."""

import random

import pytest
from projects import ProjectCopy

from brief import Project
from brief.inspection.folding import keep_letters
from brief.inspection.leaks import Inspector
from brief.inspection.near_copies import CopyFinder, InspectedText
from brief.inspection.seeds import KeptSeeds, SeedTables
from brief.inspection.visible_texts import VisibleTexts

_WORDS = (
    "buses",
    "trams",
    "ferries",
    "drivers",
    "routes",
    "owners",
    "tickets",
    "harbour",
    "council",
    "winter",
    "delays",
)
_HAN = "公交电车渡轮司机线路业主车票港口议会冬季收入延误城市乘客"


def _make_text(chance: random.Random, at: int) -> str:
    if at % 2:
        return keep_letters("".join(chance.choices(_WORDS, k=8)) + str(at))
    return "".join(chance.choices(_HAN, k=30))


def _find(texts: list[str], shown: str, kept: KeptSeeds) -> set[str]:
    finder: CopyFinder[str] = CopyFinder(VisibleTexts(lambda: ("nothing",)), SeedTables(kept))
    for each in texts:
        finder.add(each, each)
    return set(finder.find(InspectedText(shown.split("|"))))


@pytest.mark.parametrize("seed", range(8))
def test_after_edits_the_same_copies_are_found(seed: int) -> None:
    """Some texts are kept, some are new, and some that were searched for may be shown now."""
    chance = random.Random(seed)  # noqa: S311
    kept = KeptSeeds()
    gone = texts = [_make_text(chance, at) for at in range(60)]
    for edit in range(12):
        texts = chance.sample(texts, len(texts))
        texts = [
            *texts[: -chance.choice((1, 1, 3, 20))],
            _make_text(chance, 100 + edit),
            _make_text(chance, 201 + edit),
        ]
        copied = chance.sample([*texts, *gone], 12)
        shown = "|".join(each[chance.randint(0, 5) : len(each) - chance.randint(0, 5)] for each in copied)
        shown += "|" + "".join(chance.sample(texts, 2))
        assert _find(texts, shown, kept) == _find(texts, shown, KeptSeeds())
        assert set(copied) & set(texts) <= _find(texts, shown, kept)


def test_what_an_edit_withholds_is_found_with_what_was_kept(project: ProjectCopy) -> None:
    loaded = Project.load(project.root)
    first = Inspector(loaded.brief, loaded.get_template_set, loaded.seeds)
    audience, withheld = max(
        (
            (name, [item for item in first.source_strings.list_withheld(name) if len(keep_letters(item.text)) > 25])
            for name in loaded.brief.audiences
        ),
        key=lambda pair: len(pair[1]),
    )
    assert first.inspect_texts(audience, "page", withheld[0].text)
    again = loaded.reload()
    assert again.seeds is loaded.seeds
    assert again.seeds.tables
    later = Inspector(again.brief, again.get_template_set, again.seeds)
    for item in withheld:
        assert later.inspect_texts(audience, "page", item.text) == first.inspect_texts(audience, "page", item.text)
    assert not later.inspect_texts(audience, "page", "Nothing of it.")
