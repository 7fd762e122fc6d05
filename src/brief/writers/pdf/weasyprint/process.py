"""Prepares a process for WeasyPrint: a process must import this module before the engine.

- Pango draws a Han character whose text has no language in the language of PANGO_LANGUAGE or, without it, in the user's
  LANGUAGE. The file must be the same for every user.
- On Linux, the engine's shared libraries are loaded by name (see `libraries`).
- Functions of the engine are replaced, because its files do not conform to PDF/UA-1 and PDF/A-2a (see `conformance`),
  and because it cannot set Chinese lines (see `line_setting`), let figures float (see `floating`), limit what it keeps
  together (see `keeping`), label the further pages of a table (see `continued_tables`), leave out a rule at the top of a
  page (see `opening_rules`), end a layout without room (see `page_limits`), keep names whole (see `hyphenation`) or lay out many footnotes in columns quickly (see
  `container_layout`).
"""

import os

from brief.fonts.system_packages import suggest_package
from brief.model.diagnostics import MachineError
from brief.writers.pdf.weasyprint.libraries import load_libraries_by_name

os.environ["PANGO_LANGUAGE"] = "en"

try:
    with load_libraries_by_name():
        from brief.writers.pdf.weasyprint import (
            conformance,
            container_layout,
            continued_tables,
            floating,
            hyphenation,
            keeping,
            line_setting,
            opening_rules,
            page_limits,
        )

        # Whether Chinese paragraphs are justified; with unknown versions of the engine's functions they stay ragged.
        JUSTIFIES_CHINESE = line_setting.install_line_setting()
except OSError as problem:
    # Raised by cffi, which names the library.
    raise MachineError(f"PDF needs Pango: {str(problem).splitlines()[0]}; {suggest_package('pango')}") from problem

conformance.ensure_conformance()
container_layout.allow_resuming()
container_layout.measure_footnotes_once()
floating.let_figures_float()
keeping.keep_together()
keeping.keep_floats_whole()
continued_tables.label_continued_tables()
opening_rules.leave_out_opening_rules()
page_limits.limit_pages()
hyphenation.leave_names_whole()
