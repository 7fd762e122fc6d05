"""`brief check`: reports all problems at once."""

import sys
from dataclasses import replace
from pathlib import Path

import click

from brief.cli import options
from brief.cli.diagnostics import DiagnosticFormat, show
from brief.model.diagnostics import Diagnostic, Severity, has_errors, sort_diagnostics
from brief.project.check_cache import check_unless_known


@click.command
@click.option(
    "--format",
    "format_name",
    type=click.Choice([str(f) for f in DiagnosticFormat]),
    default="text",
    help="text for people, json for programs, github for annotations, sarif (2.1.0) for code scanning.",
)
@click.option("--strict", is_flag=True, help="Treat warnings as errors.")
@click.option(
    "--inspect",
    is_flag=True,
    help="Also build every variant, and search its bytes for content that its audience may not see.",
)
@click.option("--fix", is_flag=True, help="Fix the problems that have exactly one fix, and report the rest.")
@click.option("--dry-run", is_flag=True, help="With --fix: show the changes as a unified diff, and write nothing.")
@click.option("--verbose", is_flag=True, help="Also print notes about corrections that were made while reading.")
@options.pdf_engine
@options.project
def command(
    format_name: str, strict: bool, inspect: bool, fix: bool, dry_run: bool, verbose: bool, pdf_engine: str, root: Path
) -> None:
    """Find every problem in content, translations, terms, templates and fonts.

    Prints what it finds to standard output, in every format, and a summary to standard error. Exits with 1 if
    there is an error. With --fix, files are changed first, all of them or none.
    """
    if dry_run and not fix:
        raise click.UsageError("--dry-run needs --fix: write 'brief check --fix --dry-run'")
    if fix:
        from brief.cli.fixing import show_changes, write_fixes

        if dry_run:
            show_changes(root)
            return
        write_fixes(root)
    diagnostics = _apply_strict(check_unless_known(root, pdf_engine), strict)
    if inspect and not has_errors(diagnostics):
        from brief.project.checking import inspect_project

        diagnostics = sort_diagnostics(
            (*diagnostics, *_apply_strict(inspect_project(root, pdf_engine=pdf_engine), strict))
        )
    diagnostics = tuple(d for d in diagnostics if verbose or d.severity is not Severity.NOTE)
    show(diagnostics, DiagnosticFormat(format_name), root, is_result=True)
    sys.exit(1 if has_errors(diagnostics) else 0)


def _apply_strict(diagnostics: tuple[Diagnostic, ...], strict: bool) -> tuple[Diagnostic, ...]:
    if not strict:
        return diagnostics
    return tuple(replace(d, severity=Severity.ERROR) if d.severity is Severity.WARNING else d for d in diagnostics)
