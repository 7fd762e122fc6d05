"""`brief doctor`: checks whether this machine has everything that `brief` needs."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from brief.cli import options
from brief.cli.failure import STATUS
from brief.model.diagnostics import ContentError, MachineError
from brief.project.machine import Finding, inspect_machine
from brief.templating.template_set import TemplateSet


@click.command
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@options.project
def command(as_json: bool, root: Path) -> None:
    """Show versions, fonts and engines, what is missing, and how to install it.

    In a project, checks the fonts that its template sets need for its locales; elsewhere, those for English and
    Chinese. Exits with 3 if something required is missing.
    """
    findings = inspect_machine(*_read_project(root))
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            click.echo(_format_finding(finding))
    sys.exit(STATUS[MachineError] if any(each.needed and each.found is None for each in findings) else 0)


def _read_project(root: Path) -> tuple[tuple[TemplateSet, ...], tuple[str, ...]]:
    if not (root / "content" / "brief.yaml").is_file():
        return (), ()
    from brief.project.project import Project

    try:
        project = Project.load(root)
    except ContentError:
        click.echo("brief: the project has errors, so its fonts were not checked; run 'brief check'", err=True)
        return (), ()
    return project.list_template_sets(), tuple(project.brief.locales)


def _format_finding(finding: Finding) -> str:
    if finding.found is not None:
        return f"  ok       {finding.name}: {finding.found}"
    return f"  {'MISSING ' if finding.needed else 'optional'} {finding.name}: {finding.advice}"
