"""Lists the evidence: each claim, where the brief uses it, and what contradicts it."""

from collections.abc import Mapping

from brief.model.brief import Brief
from brief.model.counts import format_count
from brief.model.evidence import Claim, Grade, Source
from brief.model.figures.quantity import Quantity
from brief.model.record import dataclass
from brief.resolve import walk
from brief.resolve.claim_words import format_figure
from brief.resolve.datasets.selections import is_selection, select_cells
from brief.resolve.figures import derive
from brief.resolve.grading import grade_claims


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A claim, `used_in` blocks, themes and audiences that print or cite it, and the claims that contradict it, by id.

    `figure` has its quantity as each locale prints it, with its period; empty if the claim has no quantity. `formula`
    says how the quantity was computed, with every digit of the result; empty if the source states it.
    """

    name: str
    source: Source
    claim: Claim
    figure: Mapping[str, str]
    formula: str
    used_in: tuple[str, ...]
    contradicted_by: tuple[str, ...]
    grade: Grade


def list_evidence(brief: Brief) -> tuple[EvidenceLine, ...]:
    """Returns one line per claim, in the order of the files; a contradiction is listed for both claims."""
    uses, grades = _collect_uses(brief), grade_claims(brief)
    opposed: dict[str, list[str]] = {}
    for name, (_, claim) in brief.claims.items():
        for ref in claim.contradicts:
            opposed.setdefault(ref.name, []).append(name)
            opposed.setdefault(name, []).append(ref.name)
    return tuple(
        EvidenceLine(
            name,
            source,
            claim,
            _format_figures(name, brief),
            _format_formula(name, brief),
            tuple(uses.get(name, ())),
            tuple(dict.fromkeys(opposed.get(name, ()))),
            grades[name],
        )
        for name, (source, claim) in brief.claims.items()
    )


def _format_figures(name: str, brief: Brief) -> dict[str, str]:
    quantity = derive.derive_quantity(brief, name)
    figures = {tag: format_figure(quantity, catalogue, dated=True) for tag, catalogue in brief.catalogues.items()}
    return {tag: figure for tag, figure in figures.items() if figure}


def _format_formula(name: str, brief: Brief) -> str:
    """Formats how the claim is derived, as written, and the full result: `share of a, b = 66.6666666667`.

    An input that was converted is followed by both figures: `sum of a, b (500 m = 0.5 km) = 3.5 km`.
    """
    quantity, full = brief.claims[name][1].quantity, derive.derive_fully(brief, name)
    if full is None or quantity is None or quantity.derived is None:
        return ""
    ((operation, written),) = derive.list_operations(quantity.derived).items()
    refs = [ref.name for ref in derive.list_inputs(*brief.claims[name])]
    converted = derive.list_conversions(brief, name)
    inputs = []
    for ref, text in zip(refs, written, strict=True):
        notes = []
        if is_selection(brief, ref):
            cells = format_count(len(select_cells(brief, ref).figures), "cell")
            notes.append(f"{cells} in {converted[ref][0].unit}" if ref in converted else cells)
        elif ref in converted:
            notes.append(" = ".join(f"{_format_ends(quantity)} {quantity.unit}" for quantity in converted[ref]))
        inputs.append(f"{text} ({', '.join(notes)})" if notes else text)
    unit = f" {full.unit}" if converted else ""
    return f"{operation} of {', '.join(inputs)} = {_format_ends(full)}{unit}"


def _format_ends(quantity: Quantity) -> str:
    ends = (quantity.value, quantity.low, quantity.high)
    return " to ".join(f"{end:,f}" for end in ends if end is not None)


def _collect_uses(brief: Brief) -> dict[str, list[str]]:
    uses: dict[str, list[str]] = {}
    for theme in brief.themes.values():
        for name, part in ((theme.id, theme.opening), *((block.id, block) for block in theme.blocks)):
            _record_use(uses, name, part)
    for audience in brief.audiences.values():
        _record_use(uses, audience.id, audience)
    return uses


def _record_use(uses: dict[str, list[str]], name: str, part: object) -> None:
    for ref in walk.walk_claims(part):
        locations = uses.setdefault(ref.name, [])
        if name not in locations:
            locations.append(name)
