"""The table of content checks. To add one, write a function and add a line to `CHECKS`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field

from brief.model.brief import Brief
from brief.model.diagnostics import Diagnostic
from brief.model.record import dataclass
from brief.reading.layout import IncompleteFiles
from brief.resolve.checks.allowed import leave_out_allowed
from brief.resolve.checks.arithmetic import check_arithmetic
from brief.resolve.checks.bare_texts import check_bare_texts
from brief.resolve.checks.clean_texts import CleanTexts
from brief.resolve.checks.evidence import check_cut_off, check_evidence
from brief.resolve.checks.figures.decline import check_declines
from brief.resolve.checks.figures.growth import check_growth
from brief.resolve.checks.figures.placeholders import Placeholders
from brief.resolve.checks.figures.repeated_qualifiers import check_repeated_qualifiers
from brief.resolve.checks.figures.repeated_units import check_repeated_units
from brief.resolve.checks.figures.years import check_years
from brief.resolve.checks.parity import check_parity
from brief.resolve.checks.references import check_references
from brief.resolve.checks.stop_codes import check_stop_codes
from brief.resolve.checks.style import check_style
from brief.resolve.checks.term_parity import check_terms_in_all_locales
from brief.resolve.checks.typed_figures import check_typed_figures
from brief.resolve.checks.visibility import check_visibility
from brief.resolve.checks.wording import check_wording
from brief.resolve.select import Selections


@dataclass(frozen=True, slots=True)
class CheckInput:
    """What a check examines: the whole brief, the names of the output formats, and the files that could not be read.

    `clean` has the texts in which an earlier run found nothing, `selections` what each audience may see, `placeholders` those of
    all texts.
    """

    brief: Brief
    formats: tuple[str, ...] = ()
    incomplete: IncompleteFiles = IncompleteFiles()  # frozen
    clean: CleanTexts = field(default_factory=CleanTexts)
    selections: Selections = field(init=False, repr=False)
    placeholders: Placeholders = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "selections", Selections(self.brief))
        object.__setattr__(self, "placeholders", Placeholders(self.brief))


Check = Callable[[CheckInput], Iterable[Diagnostic]]

CHECKS: Mapping[str, Check] = {
    "references": lambda inputs: check_references(inputs.brief, inputs.formats, inputs.incomplete),
    "arithmetic": lambda inputs: check_arithmetic(inputs.brief, inputs.selections),
    "bare-texts": lambda inputs: check_bare_texts(inputs.brief, inputs.clean),
    "cut-off": lambda inputs: check_cut_off(inputs.brief),
    "declines": lambda inputs: check_declines(inputs.brief, inputs.placeholders),
    "evidence": lambda inputs: check_evidence(inputs.brief, inputs.selections, inputs.incomplete, inputs.clean),
    "growth": lambda inputs: check_growth(inputs.brief, inputs.placeholders),
    "parity": lambda inputs: check_parity(inputs.brief, inputs.clean),
    "repeated-qualifiers": lambda inputs: check_repeated_qualifiers(inputs.brief, inputs.placeholders),
    "repeated-units": lambda inputs: check_repeated_units(inputs.brief, inputs.placeholders),
    "stop-codes": lambda inputs: check_stop_codes(inputs.brief),
    "style": lambda inputs: check_style(inputs.brief, inputs.clean),
    "term-parity": lambda inputs: check_terms_in_all_locales(inputs.brief, inputs.clean),
    "typed-figures": lambda inputs: check_typed_figures(inputs.brief, inputs.clean),
    "visibility": lambda inputs: check_visibility(inputs.brief, inputs.selections),
    "wording": lambda inputs: check_wording(inputs.brief, inputs.clean),
    "years": lambda inputs: check_years(inputs.brief, inputs.placeholders),
}


def check_brief(inputs: CheckInput, earlier: Iterable[Diagnostic] = ()) -> list[Diagnostic]:
    """Returns the `earlier` diagnostics and then those of all checks, in the order of the table, without the warnings that
    the content allows.
    """
    diagnostics = (diagnostic for check in CHECKS.values() for diagnostic in check(inputs))
    return leave_out_allowed(inputs.brief, (*earlier, *diagnostics))
