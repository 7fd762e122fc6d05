"""Checks of names: each must refer to something that exists, and that the audience may see."""

from collections.abc import Iterable, Iterator
from typing import assert_never

from brief.model import blocks
from brief.model.blocks import Block
from brief.model.brief import Brief
from brief.model.chart_kinds import CHART_KINDS, find_count_problem
from brief.model.counts import format_count
from brief.model.diagnostic_sink import DiagnosticSink, suggest_name
from brief.model.diagnostics import Diagnostic
from brief.model.evidence import Claim, Source, Standing
from brief.model.figures.quantity import Quantity
from brief.model.inline import ClaimValue, CrossReference
from brief.model.source_location import Ref, SourceLocation
from brief.reading.layout import SETTINGS, IncompleteFiles
from brief.reading.values import is_reserved_id
from brief.resolve import walk
from brief.resolve.block_labels import LABELS
from brief.resolve.checks import structure
from brief.resolve.checks.cells import (
    make_column_claims,
    report_selection,
    report_unknown_cell,
    warn_about_long_figures,
)
from brief.resolve.checks.chart_points import (
    check_annotations,
    check_even_periods,
    check_named_points,
    check_running_sums,
)
from brief.resolve.checks.quantities import check_quantity, has_drawable_number
from brief.resolve.checks.specifications import check_specification
from brief.resolve.datasets.blocks import expand_dataset_blocks
from brief.resolve.datasets.selections import is_selection
from brief.resolve.figures import derive
from brief.resolve.figures.operands import DerivationError

_ALL_READ = IncompleteFiles()


def check_references(brief: Brief, formats: Iterable[str], incomplete: IncompleteFiles = _ALL_READ) -> list[Diagnostic]:
    """Reports unknown, repeated and reserved names, claims that cannot be printed, malformed blocks, and content that no
    variant prints.

    `formats` lists the output formats that exist. Names that `incomplete` files may define are not reported as unknown.
    """
    sink = DiagnosticSink()
    # Blocks from datasets are checked with the rows that they get.
    checker = _ReferenceChecker(expand_dataset_blocks(brief, sink, incomplete), incomplete, sink)
    checker.check_settings()
    checker.check_audiences(tuple(formats))
    checker.check_ids()
    checker.check_evidence()
    checker.check_glossary()
    for theme in checker.brief.themes.values():
        for block in theme.blocks:
            checker.check_block(block)
    for text in walk.walk_printed_texts(checker.brief):
        checker.check_references(text)
    structure.report_unprinted(checker.brief, incomplete, sink)
    return checker.sink.found


class _ReferenceChecker:
    def __init__(self, brief: Brief, incomplete: IncompleteFiles, sink: DiagnosticSink) -> None:
        self.brief = brief
        self.incomplete = incomplete
        self.sink = sink
        self.blocks = {str(block.id): block for theme in brief.themes.values() for block in theme.blocks}

    def check_settings(self) -> None:
        settings = self.brief.settings
        self.check_repeated(settings.locales, "locale")
        structure.report_locales(settings, self.sink)
        for ref, kind in ((settings.themes, "theme"), (settings.audiences, "audience"), (settings.locales, "locale")):
            if not ref and SETTINGS not in self.incomplete.files:
                self.sink.add_error(
                    "empty-list", settings.location, f"the brief has no {kind}", f"list one under '{kind}s:'"
                )

    def check_repeated(self, refs: Iterable[Ref], kind: str) -> None:
        first_locations: dict[str, SourceLocation] = {}
        for ref in refs:
            if ref.name in first_locations:
                message = f"{kind} '{ref}' is listed twice"
                self.sink.add_error("duplicate-entry", ref.location, message, "remove one", first_locations[ref.name])
            first_locations.setdefault(ref.name, ref.location)

    def check_audiences(self, formats: tuple[str, ...]) -> None:
        for audience in self.brief.audiences.values():
            self.check_repeated((choice.theme for choice in audience.themes), "theme")
            self.check_repeated(audience.formats, "format")
            if not audience.themes and audience.location.file not in self.incomplete.files:
                self.sink.add_error(
                    "empty-list",
                    audience.location,
                    f"audience '{audience.id}' reads no theme",
                    "list one under 'themes:'",
                )
            structure.report_appendix_order(audience, self.brief, self.sink)
            for choice in audience.themes:
                self.check_known(choice.theme, self.brief.themes, "theme")
            for ref in audience.formats:
                self.check_known(ref, formats, "format")

    def check_ids(self) -> None:
        first_locations: dict[str, SourceLocation] = {}
        for theme in self.brief.themes.values():
            for name, location in ((theme.id, theme.location), *((block.id, block.location) for block in theme.blocks)):
                if name in first_locations and name:
                    self.sink.add_error(
                        "duplicate-id",
                        location,
                        f"the id '{name}' is used twice in the brief",
                        "ids are anchors and must differ",
                        related=first_locations[name],
                    )
                first_locations.setdefault(name, location)
                if is_reserved_id(name):
                    self.sink.add_error(
                        "reserved-id",
                        location,
                        f"the id '{name}' is reserved: every variant uses it as an anchor",
                        "choose another",
                    )

    def check_evidence(self) -> None:
        for source in self.brief.sources.values():
            self.check_repeated((Ref(claim.id, claim.location) for claim in source.claims if claim.id), "claim")
            for claim in source.claims:
                for ref in claim.contradicts:
                    self.check_known(ref, self.brief.claims, "claim")
                if (claim.contradicts or claim.standing is not Standing.USED) and claim.note is None:
                    does = "contradicts another" if claim.contradicts else f"is {claim.standing.value}"
                    self.sink.add_error(
                        "missing-note",
                        claim.location,
                        f"claim '{claim.id}' {does}, and no note says why",
                        "add 'note:' with the reading that the brief uses, and the reason",
                    )
                if claim.quantity is not None and claim.quantity.derived is not None:
                    self.check_inputs(source, claim)
                if claim.quantity is not None:
                    check_quantity(source, claim, claim.quantity, self.brief, self.incomplete, self.sink)
            warn_about_long_figures(source, self.brief, self.sink)
            for claim, quantity in make_column_claims(source):
                check_quantity(source, claim, quantity, self.brief, self.incomplete, self.sink)

    def check_inputs(self, source: Source, claim: Claim) -> None:
        """Checks the claims and cells that a computed claim names."""
        for ref in derive.list_inputs(source, claim):
            if is_selection(self.brief, ref.name):
                report_selection(ref, claim, self.brief, self.incomplete, self.sink)
            else:
                self.check_known(ref, self.brief.claims, "claim")

    def check_glossary(self) -> None:
        terms = {str(term.id): term for term in self.brief.glossary.terms}
        self.check_repeated((Ref(term.id, term.location) for term in self.brief.glossary.terms if term.id), "term")
        for term in self.brief.glossary.terms:
            if term.owner is not None:
                self.check_known(term.owner, terms, "term")

    def check_block(self, block: Block) -> None:
        self.check_repeated(block.audiences, "audience")
        for ref in block.audiences:
            self.check_known(ref, self.brief.audiences, "audience")
        if isinstance(block, blocks.Table | blocks.Chart) and not self.check_expanded(block):
            return
        match block:
            case blocks.Table():
                self.check_not_empty(block, block.columns, "columns")
                self.check_not_empty(block, block.rows, "rows")
                structure.report_rows(block, self.sink)
            case blocks.Chart():
                self.check_chart(block)
            case blocks.Vega():
                check_specification(block, self.brief, self.sink)
            case blocks.Timeline():
                self.check_not_empty(block, block.events, "events")
                for event in block.events:
                    self.check_printable(ClaimValue(event.claim, "period"))
            case blocks.Metrics():
                self.check_not_empty(block, block.metrics, "metrics")
                for metric in block.metrics:
                    self.check_printable(ClaimValue(metric.claim))
            case blocks.ListBlock():
                self.check_not_empty(block, block.items, "items")
            case blocks.Paragraph() | blocks.Prose() | blocks.Callout() | blocks.Quote() | blocks.Figure():
                pass
            case other:
                assert_never(other)

    def check_expanded(self, block: blocks.Table | blocks.Chart) -> bool:
        """Returns whether the block has rows or claims, and not a query that could not be expanded.

        Reports a query that names no dataset; the expansion has reported other errors.
        """
        if block.from_ is not None:
            return False
        parts = block.columns if isinstance(block, blocks.Table) else block.series
        total = isinstance(block, blocks.Table) and block.total
        if block.where or block.order or block.top or total or any(part.column for part in parts):
            message = f"block '{block.id}' selects rows but names no dataset"
            self.sink.add_error("bad-query", block.location, message, "write from: source/dataset")
            return False
        return True

    def check_not_empty(self, block: Block, parts: tuple[object, ...], kind: str) -> None:
        if not parts:
            self.sink.add_error(
                "empty-list", block.location, f"block '{block.id}' has no {kind}", "add some, or remove the block"
            )

    def check_chart(self, block: blocks.Chart) -> None:
        self.check_not_empty(block, block.series, "series")
        self.check_not_empty(block, block.categories, "categories")
        needs = CHART_KINDS[block.chart]
        units = [set(self.check_series(block, series)) for series in block.series]
        for mixed in units if needs.own_units else [set().union(*units)]:
            if len(mixed) > 1:
                message = f"chart '{block.id}' mixes {' and '.join(sorted(mixed))}"
                self.sink.add_error("mixed-units", block.location, message, "use one unit per chart")
        if (problem := find_count_problem(block.chart, len(block.series), len(block.categories))) is not None:
            message = f"chart '{block.id}': a chart of kind '{block.chart}' {problem}"
            self.sink.add_error("series-length", block.location, message, needs.hint or "draw several charts")
        check_named_points(block, self.sink)
        check_annotations(block, self.sink)
        check_even_periods(block, self.brief, self.sink)
        if block.chart is blocks.ChartKind.WATERFALL:
            check_running_sums(block, self.brief, self.sink)

    def check_series(self, block: blocks.Chart, series: blocks.Series) -> Iterator[str]:
        """Checks the claims of a series, and yields the units of those that a chart can draw."""
        if len(series.claims) != len(block.categories):
            self.sink.add_error(
                "series-length",
                series.location,
                f"the series has {format_count(len(series.claims), 'claim')}, but the chart has"
                f" {format_count(len(block.categories), 'category', 'categories')}",
                f"write one claim, or '{blocks.NO_FIGURE}', for each category",
            )
        if series.claims and not series.drawn_claims:
            self.sink.add_error("empty-list", series.location, "the series has no figure", "remove the series")
        is_dated = CHART_KINDS[block.chart].is_dated
        for ref in series.drawn_claims if not is_dated else series.claims:
            if is_dated:
                self.check_printable(ClaimValue(ref, "period"))
            elif (quantity := self.check_printable(ClaimValue(ref))) is not None:
                if not has_drawable_number(quantity):
                    hint = f"give it a quantity with a number, or write '{blocks.NO_FIGURE}'"
                    self.sink.add_error("no-number", ref.location, f"claim '{ref}' has no number to draw", hint)
                yield derive.find_unit(self.brief, ref.name)

    def check_references(self, record: object) -> None:
        """Checks the claims and blocks to which the texts of a record refer."""
        for run in walk.walk_references(record):
            match run:
                case CrossReference(target):
                    self.check_cross_reference(target)
                case ClaimValue():
                    self.check_printable(run)
                case cite:
                    self.check_known(cite.claim, self.brief.claims, "claim")

    def check_cross_reference(self, target: Ref) -> None:
        block = self.blocks.get(target.name)
        labelled = {name for name, candidate in self.blocks.items() if type(candidate) in LABELS or candidate.heading}
        if target.name in self.brief.themes or (block is None and self.incomplete.may_define("block", target.name)):
            return
        if block is None:
            self.sink.add_error(
                "unknown-block",
                target.location,
                f"unknown block '{target}'",
                suggest_name(target.name, labelled | set(self.brief.themes)),
            )
        elif target.name not in labelled:
            self.sink.add_error(
                "unnumbered-block",
                target.location,
                f"block '{target}' has neither a number nor a heading to refer to",
                "refer to a table, chart, timeline, figure or theme, or to a block with a heading",
            )

    def check_printable(self, run: ClaimValue) -> Quantity | None:
        """Reports a claim that the placeholder cannot print. Returns its quantity, or None if it has none or is unknown."""
        if not self.check_known(run.claim, self.brief.claims, "claim"):
            return None
        _, claim = self.brief.claims[run.claim.name]
        quantity = claim.quantity
        if claim.standing is Standing.REJECTED:
            self.sink.add_error(
                "rejected-claim",
                run.claim.location,
                f"claim '{run.claim}' is rejected; its figure is not printed",
                "cite it only",
            )
        elif quantity is None:
            self.sink.add_error(
                "no-quantity", run.claim.location, f"claim '{run.claim}' has no quantity", f"cite it: [@{run.claim}]"
            )
        elif run.is_absolute and self.spans_zero(run):
            self.sink.add_error(
                "bad-placeholder",
                run.claim.location,
                f"claim '{run.claim}' is a range from below zero to above it, and has no amount without a sign",
                f"write {{{run.claim}}}, without :abs",
            )
        elif run.part == "period" and quantity.period is None:
            message = f"claim '{run.claim}' has no period"
            self.sink.add_error("no-period", run.claim.location, message, "add one to the claim")
        return quantity

    def spans_zero(self, run: ClaimValue) -> bool:
        """Returns whether the claim is a range from below zero to above it."""
        try:
            quantity = derive.derive_quantity(self.brief, run.claim.name)
        except DerivationError:
            return False
        return bool(quantity and quantity.low is not None and quantity.high is not None) and (
            quantity.low < 0 < quantity.high  # type: ignore[operator, union-attr]  # both are numbers
        )

    def check_known(self, ref: Ref, names: Iterable[str], kind: str) -> bool:
        """Returns whether a name is known, and reports it if it is not."""
        if ref.name in names:
            return True
        if kind == "claim" and "[" in ref.name:
            report_unknown_cell(ref, self.brief, self.incomplete, self.sink)
            return False
        if not self.incomplete.may_define(kind, ref.name):
            self.sink.add_error(
                f"unknown-{kind}", ref.location, f"unknown {kind} '{ref}'", suggest_name(ref.name, names)
            )
        return False
