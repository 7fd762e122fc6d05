"""Makes the grades of a variant's figures: a letter beside each figure, and an appendix that lists the figures with their
grades and sources.
"""

from collections.abc import Callable, Iterator, Mapping

from brief.model import blocks as authored
from brief.model.align import Align
from brief.model.brief import Brief
from brief.model.catalogue import Catalogue
from brief.model.evidence import Claim, Grade, GradeDisplay, Standing
from brief.model.inline import Reference, Runs, Text, to_plain_text
from brief.model.record import dataclass
from brief.model.text import LocalisedText
from brief.model.variant import Column, Section, Table
from brief.resolve.citations import SourceNumbers
from brief.resolve.claim_words import format_figure
from brief.resolve.figures import derive
from brief.resolve.grading import find_agreeing_claims, grade_claims

# The anchor of the appendix.
GRADES = "grades-of-figures"
# Each grade, strongest first, with its letter, which is the same in every locale, and its name, which the catalogue
# translates.
_LETTERS = {
    Grade.CORROBORATED: ("A", "two sources agree"),
    Grade.SINGLE: ("B", "one source"),
    Grade.OWN: ("C", "our own calculation"),
    Grade.DISPUTED: ("D", "sources disagree"),
}


@dataclass(frozen=True, slots=True)
class Grading:
    """The grades of a variant's figures, and whether it shows them nowhere, in an appendix, or also beside each figure."""

    brief: Brief
    catalogue: Catalogue
    display: GradeDisplay
    grades: Mapping[str, Grade]

    @classmethod
    def grade_brief(cls, brief: Brief, catalogue: Catalogue) -> "Grading":
        """Grades the claims of a brief that was reduced to what one audience may see; withheld claims do not count."""
        (audience,) = brief.audiences.values()
        has_grades = audience.grades is not GradeDisplay.NONE
        return cls(brief, catalogue, audience.grades, grade_claims(brief) if has_grades else {})

    def make_marks(self, *claims: str) -> tuple[Reference, ...]:
        """Returns one mark that combines the grades of these claims, or nothing if the variant does not mark figures."""
        if self.display is not GradeDisplay.FIGURES:
            return ()
        grades = {self.grades[claim] for claim in claims}
        marks = [(letter, self._get_name(name)) for grade, (letter, name) in _LETTERS.items() if grade in grades]
        names = self.catalogue.get(", ", "list").join(name for _, name in marks)
        return (Reference(GRADES, "".join(letter for letter, _ in marks), names),)

    def make_appendix(
        self, number: int, numbers: SourceNumbers, words: Callable[[LocalisedText], Runs]
    ) -> Section | None:
        """Makes the appendix, a table of each figure that the variant prints, the statement of its claim, its grade and its
        sources. Returns None if the variant shows no grades.

        `number` is the number of the section, and `words` resolves an authored text. Adds sources of agreeing claims to
        `numbers`.
        """
        if self.display is GradeDisplay.NONE:
            return None
        table = 1 + sum(
            isinstance(block, authored.Table) for theme in self.brief.themes.values() for block in theme.blocks
        )
        separator = self.catalogue.get(", ", "list")
        key = separator.join(f"{letter}\u00a0{self._get_name(name)}" for letter, name in _LETTERS.values())
        title: Runs = (Text(self.catalogue.get("Evidence for the figures", "grade")),)
        heads = ("Figure", "What it says", "Grade", "Source")
        return Section(
            id=GRADES,
            number=number,
            title=title,
            summary=(
                Text(
                    self.catalogue.get("How well the sources support each figure: {grades}.", "grade").format(
                        grades=key
                    )
                ),
            ),
            takeaways=(),
            blocks=(
                Table(
                    id=f"{GRADES}-table",
                    label=self.catalogue.get("Table {n}", "label").format(n=table),
                    title=title,
                    columns=tuple(
                        Column(title=(Text(self.catalogue.get(head, "grade")),), align=Align.START) for head in heads
                    ),
                    rows=tuple(self._list_rows(numbers, words)),
                    note=None,
                ),
            ),
        )

    def _list_rows(self, numbers: SourceNumbers, words: Callable[[LocalisedText], Runs]) -> Iterator[tuple[Runs, ...]]:
        agreeing, printed = find_agreeing_claims(self.brief), frozenset(numbers.printed_claims)
        for source in tuple(numbers.order):
            for claim in self.brief.sources[source].claims:
                name = f"{source}/{claim.id}"
                figure = self._format(name, claim) if name in printed else ""
                if figure:
                    statement: Runs = (Text(to_plain_text(words(claim.says))),) if claim.says else ()
                    letter, _ = _LETTERS[self.grades[name]]
                    others = agreeing.get(name, ())
                    sources = [*derive.list_sources(self.brief, name), *(other.partition("/")[0] for other in others)]
                    mark = numbers.cite(name, sources)
                    numbers.claims.update(others)
                    numbers.printed_claims.update(others)
                    yield (Text(figure),), statement, (Text(letter),), (mark,)

    def _format(self, name: str, claim: Claim) -> str:
        if claim.standing is Standing.REJECTED:
            return ""
        return format_figure(derive.derive_quantity(self.brief, name), self.catalogue, dated=True)

    def _get_name(self, message: str) -> str:
        return self.catalogue.get(message, "grade")
