"""Turns errors into messages and exit statuses."""

import errno
from pathlib import Path

import click

from brief.cli.diagnostics import DiagnosticFormat, show
from brief.model.diagnostics import BriefError, ContentError, MachineError, OutputLockedError, RequestError, WorkerError

STATUS: dict[type[BriefError], int] = {
    ContentError: 1,
    RequestError: 2,
    MachineError: 3,
    OutputLockedError: 4,
    WorkerError: 5,
}
_IO_STATUS = 3


def report_failure(problem: Exception) -> int:
    """Prints the error on standard error and returns the exit status; raises it again if it is a defect of brief."""
    if isinstance(problem, ContentError):
        show(problem.diagnostics, DiagnosticFormat.TEXT, Path())
        return STATUS[ContentError]
    if isinstance(problem, BriefError):
        click.echo(f"brief: {problem}", err=True)
        return next(status for kind, status in STATUS.items() if isinstance(problem, kind))
    if isinstance(problem, OSError) and problem.errno is not None:
        prefix = f"{problem.filename}: " if problem.filename else ""
        click.echo(f"brief: {prefix}{problem.strerror or errno.errorcode[problem.errno]}", err=True)
        return _IO_STATUS
    raise problem
