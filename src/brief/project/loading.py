"""Reads a project and checks its content: the first step of `brief check` and of loading a project."""

from collections.abc import Callable, Mapping
from pathlib import Path

from brief.model.brief import Brief
from brief.model.diagnostics import Diagnostic, Severity, sort_diagnostics
from brief.model.source_location import SourceLocation
from brief.project.gating import add_translation_states, weigh_missing
from brief.publish.journal import JOURNAL, recover
from brief.reading.project_files import read_project
from brief.reading.reading_cache import ReadingCache
from brief.reading.tables.frames import GivenTable
from brief.resolve.checks import CheckInput, check_brief
from brief.resolve.checks.clean_texts import CleanTexts
from brief.writers.formats import FORMATS


def read_and_check(
    root: Path,
    cache: ReadingCache | None = None,
    given_tables: Mapping[str, GivenTable] | None = None,
    clean: CleanTexts | None = None,
    on_read: Callable[[Brief], None] = lambda _: None,
) -> tuple[Brief | None, tuple[Diagnostic, ...]]:
    """Reads the brief as far as possible, and returns it with all diagnostics of reading and of the content checks.

    The brief is None if it cannot be read at all. `cache` has files that were read before; `given_tables` has the
    tables that a program passes (see `read_project`). Texts that are `clean` are not checked again. An interrupted
    import of translations is finished or undone first. `on_read` is called with the brief before the checks, which may find
    errors in it.

    Raises:
        MachineError: the import can be neither finished nor undone.
    """
    recovery = recover(root)
    reading = read_project(root, cache, given_tables)
    brief, found = add_translation_states(root, reading)
    diagnostics = list(found)
    if recovery is not None:
        location = SourceLocation(recovery.files[0] if recovery.files else JOURNAL)
        diagnostics.append(Diagnostic("interrupted-import", recovery.describe(), location, severity=Severity.WARNING))
    if brief is not None:
        on_read(brief)
        diagnostics = check_brief(
            CheckInput(brief, tuple(FORMATS), reading.incomplete, clean or CleanTexts()), diagnostics
        )
        # The checks may have found the first other error.
        diagnostics = list(weigh_missing(brief, diagnostics))
    return brief, sort_diagnostics(diagnostics)
