"""`brief verify`: compares a pack with its manifest."""

import json
import sys
from pathlib import Path

import click

from brief.cli.diagnostics import DiagnosticFormat, show
from brief.model.counts import format_count
from brief.publish.approval import find_approval
from brief.publish.verify import verify_pack


@click.command
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(folder: Path, as_json: bool) -> None:
    """Find what was changed, removed or added in a pack since it was built.

    DIR is a pack, such as output/night-buses. Exits with 1 if it does not match its manifest, and names each file.
    """
    verdict = verify_pack(folder)
    approval = find_approval(folder, verdict)
    if as_json:
        diagnostics = [
            {
                "code": diagnostic.code,
                "path": diagnostic.location.file,
                "message": diagnostic.message,
                "hint": diagnostic.hint,
            }
            for diagnostic in verdict.diagnostics
        ]
        document = {
            "brief": verdict.brief,
            "consistent": verdict.is_consistent,
            "manifest": verdict.digest,
            "files": verdict.files,
            "diagnostics": diagnostics,
            "approval": {"by": approval.by, "at": approval.at, "note": approval.note} if approval else None,
        }
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    elif verdict.is_consistent:
        status = f"approved by {approval.by} at {approval.at}" if approval else "not approved"
        click.echo(f"{folder}: {format_count(verdict.files, 'file matches', 'files match')} the manifest; {status}")
    else:
        show(verdict.diagnostics, DiagnosticFormat.TEXT, folder)
    sys.exit(0 if verdict.is_consistent else 1)
