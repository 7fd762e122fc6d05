"""Placement of citation marks: none is lost or repeated in a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brief.model.align import Align
from brief.model.inline import Citation, Number, Run, Runs, Strong, Text, to_plain_text
from brief.model.variant import Column, Section, Table
from brief.resolve.citations import SourceNumbers, arrange_citations, mark_introductions, strip_citations

ONE, TWO, BOTH = Citation((1,)), Citation((2,)), Citation((1, 2))


def show_runs(runs: Runs) -> str:
    """The runs as a line of text with the marks in brackets."""
    return "".join(str(list(run.numbers)) if isinstance(run, Citation) else to_plain_text((run,)) for run in runs)


ARRANGED: list[tuple[Runs, str]] = [
    (
        (Text("It grew by "), Number("47%"), ONE, Text(" in 2025. Costs fell.")),
        "It grew by 47% in 2025[1]. Costs fell.",
    ),
    ((Text("增长"), Number("47%"), ONE, Text("，成本下降。")), "增长47%[1]，成本下降。"),
    ((Text("It costs "), Number("RMB 500"), ONE), "It costs RMB 500[1]"),
    ((Number("5"), ONE, Text(" and "), Number("6"), ONE, Text(" riders.")), "5 and 6 riders[1]."),
    ((Number("5"), ONE, Text(" and "), Number("6"), TWO, Text(" riders.")), "5 and 6 riders[1, 2]."),
    ((Number("5"), ONE, Text(" rode. Then "), Number("6"), ONE, Text(" did.")), "5 rode[1]. Then 6 did[1]."),
    ((Text("A first"), ONE, Text(", and again"), ONE, Text(".")), "A first, and again[1]."),
    ((Text("Both"), TWO, ONE, Text(".")), "Both[1, 2]."),
    ((Text("五"), ONE, Text("。六"), ONE, Text("。")), "五[1]。六[1]。"),
    ((Number("2.5"), ONE, Text(" million, version 2.0 now.")), "2.5 million[1], version 2.0 now."),
    ((Text("See "), Strong[Run]((Number("5"), ONE)), Text(" here.")), "See 5 here."),
    # The point of an abbreviation ends no sentence, and is the full stop of one that ends there (Duden, rule 101).
    ((Number("5 Mio."), ONE, Text(" hier, "), Number("6 Mio."), ONE, Text(" dort.")), "5 Mio. hier, 6 Mio. dort[1]."),
    ((Text("Es waren "), Number("5 Mio."), ONE, Text(". Dann "), Number("6"), ONE), "Es waren 5 Mio.[1] Dann 6[1]"),
    ((Text("Es waren "), Number("5 Mio."), Text(".")), "Es waren 5 Mio."),
    ((Text("Es waren "), Strong((Number("5 Mio."),)), Text(".")), "Es waren 5 Mio."),
]


@pytest.mark.parametrize(("runs", "wanted"), ARRANGED)
def test_marks_stand_at_the_ends_of_clauses(runs: Runs, wanted: str) -> None:
    assert show_runs(arrange_citations(runs)) == wanted


def test_a_mark_for_the_whole_goes_before_the_full_stop() -> None:
    assert show_runs(arrange_citations((Text("Kling came out."),), ONE)) == "Kling came out[1]."
    assert show_runs(arrange_citations((Text("可灵发布。"),), ONE)) == "可灵发布[1]。"
    assert show_runs(arrange_citations((Text("riders a year"),), ONE)) == "riders a year[1]"


def test_a_mark_for_the_whole_is_not_repeated() -> None:
    assert show_runs(arrange_citations((Text("A."), ONE, Text(" B.")), ONE)) == "A.[1] B."


PIECES = st.one_of(
    st.sampled_from(["riders", " and ", ", ", ". ", "。", "，", "; ", " at 2.0 ", "（", "——"]).map(Text),
    st.sampled_from(["5", "RMB 250 million", "2.5亿元"]).map(Number),
    st.sampled_from([ONE, TWO, BOTH]),
)


@given(st.lists(PIECES, max_size=12).map(tuple), st.sampled_from([None, ONE]))
def test_arranging_moves_marks_and_nothing_else(runs: tuple[Run, ...], whole: Citation | None) -> None:
    done = arrange_citations(runs, whole)
    assert to_plain_text(done) == to_plain_text(runs)
    before = {n for run in (*runs, whole) if isinstance(run, Citation) for n in run.numbers}
    assert {n for run in done if isinstance(run, Citation) for n in run.numbers} == before
    for run in done:
        if isinstance(run, Citation):
            assert list(run.numbers) == sorted(set(run.numbers))


@given(st.lists(PIECES, max_size=12).map(tuple))
def test_a_sentence_cites_a_source_once(runs: tuple[Run, ...]) -> None:
    seen: set[int] = set()
    for run in arrange_citations(runs):
        if isinstance(run, Citation):
            assert not seen & set(run.numbers)
            seen.update(run.numbers)
        elif set(to_plain_text((run,))) & set(".;。；!?"):
            seen.clear()


def test_sources_are_numbered_as_they_are_first_cited() -> None:
    numbers = SourceNumbers()
    cited = [numbers.cite(claim).numbers for claim in ("b/x", "a/x", "b/y", "c/x", "a/x")]
    assert cited == [(1,), (2,), (1,), (3,), (2,)]
    assert numbers.order == ["b", "a", "c"]
    assert numbers.claims == {"b/x", "a/x", "b/y", "c/x"}


def test_headings_carry_no_marks() -> None:
    assert strip_citations((Text("Growth of "), Number("47%"), ONE)) == (Text("Growth of "), Number("47%"))


def test_a_mark_says_which_sources_it_is_the_first_of_its_section_to_name() -> None:
    table = Table(
        id="costs",
        title=(Text("Costs"), Citation((1,))),
        columns=(Column(title=(Text("Route"), Citation((3,))), align=Align.START),),
        rows=(((Strong[Run]((Text("Bus"), Citation((2, 3)))),),),),
        note=None,
    )
    section = Section(
        id="theme",
        number=1,
        title=(Text("Theme"),),
        summary=(Text("In short"), Citation((1,))),
        takeaways=((Citation((1, 2)),),),
        blocks=(table,),
    )
    told = mark_introductions(section)
    assert told.summary[-1] == Citation((1,), (1,))
    assert told.takeaways == ((Citation((1, 2), (2,)),),)
    (made,) = told.blocks
    assert isinstance(made, Table)
    assert made.title[-1] == Citation((1,))
    # The head of a column is printed again on every page, and a note can be on only one.
    assert made.columns == table.columns
    assert made.rows == (((Strong[Run]((Text("Bus"), Citation((2, 3), (3,)))),),),)
