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
from brief.resolve.checks.decline import check_declines
from brief.resolve.checks.evidence import check_cut_off, check_evidence
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
    """What a check looks at: the whole brief, the names of the output formats, and the files that could not be read.

    `clean` has the texts in which an earlier run found nothing, `seen` what each audience may see.
    """

    brief: Brief
    formats: tuple[str, ...] = ()
    incomplete: IncompleteFiles = IncompleteFiles()  # frozen
    clean: CleanTexts = field(default_factory=CleanTexts)
    seen: Selections = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "seen", Selections(self.brief))


Check = Callable[[CheckInput], Iterable[Diagnostic]]

CHECKS: Mapping[str, Check] = {
    "references": lambda given: check_references(given.brief, given.formats, given.incomplete),
    "arithmetic": lambda given: check_arithmetic(given.brief, given.seen),
    "bare-texts": lambda given: check_bare_texts(given.brief, given.clean),
    "cut-off": lambda given: check_cut_off(given.brief),
    "declines": lambda given: check_declines(given.brief),
    "evidence": lambda given: check_evidence(given.brief, given.seen, given.incomplete),
    "parity": lambda given: check_parity(given.brief),
    "stop-codes": lambda given: check_stop_codes(given.brief),
    "style": lambda given: check_style(given.brief, given.clean),
    "term-parity": lambda given: check_terms_in_all_locales(given.brief, given.clean),
    "typed-figures": lambda given: check_typed_figures(given.brief),
    "visibility": lambda given: check_visibility(given.brief, given.seen),
    "wording": lambda given: check_wording(given.brief, given.clean),
}


def check_brief(given: CheckInput, earlier: Iterable[Diagnostic] = ()) -> list[Diagnostic]:
    """Returns the `earlier` diagnostics and what all checks find, in the order of the table, without the warnings that
    the content allows.
    """
    found = (diagnostic for check in CHECKS.values() for diagnostic in check(given))
    return leave_out_allowed(given.brief, (*earlier, *found))
