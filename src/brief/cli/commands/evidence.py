"""`brief evidence`: prints each claim with its link, where it is used, and what contradicts it."""

import json
from pathlib import Path

import click

from brief.cli import options
from brief.model.evidence import Standing
from brief.resolve.evidence import EvidenceLine, list_evidence


@click.command
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--unused", is_flag=True, help="Only claims that the brief does not use.")
@click.option("--disputed", is_flag=True, help="Only claims that are disputed, rejected or contradicted.")
@options.project
def command(as_json: bool, unused: bool, disputed: bool, root: Path) -> None:
    """Print the evidence: each claim, as SOURCE/CLAIM, its link, where it is used, and which claims contradict it."""
    brief = options.load_project(root).brief
    language = brief.settings.source_locale
    lines = [
        line
        for line in list_evidence(brief)
        if not (unused and line.used_in)
        and not (disputed and line.claim.standing is Standing.USED and not line.contradicted_by)
    ]
    if as_json:
        click.echo(json.dumps([_to_json(line, language) for line in lines], ensure_ascii=False, indent=2))
        return
    for line in lines:
        record = _to_json(line, language)
        standing = "" if line.claim.standing is Standing.USED else f" [{line.claim.standing}]"
        click.echo(f"{line.name}{standing}" + (f"\n  {record['says']}" if record["says"] else ""))
        if line.figure:
            click.echo(f"  figure: {' | '.join(dict.fromkeys(line.figure.values()))}")
        if line.formula:
            click.echo(f"  formula: {line.formula}")
        click.echo(f"  grade: {line.grade}")
        click.echo(f"  used in: {', '.join(line.used_in) or '-'}")
        if line.contradicted_by:
            click.echo(f"  contradicted by: {', '.join(line.contradicted_by)}")
        for key in ("locator", "url", "doi"):
            if record[key]:
                click.echo(f"  {key}: {record[key]}")
        if record["note"]:
            click.echo(f"  note: {record['note']}")


def _to_json(line: EvidenceLine, locale: str) -> dict[str, object]:
    says = line.claim.says.find_phrase(locale) if line.claim.says else None
    locator = line.claim.locator.find_phrase(locale) if line.claim.locator else None
    note = line.claim.note.find_phrase(locale) if line.claim.note else None
    return {
        "claim": line.name,
        "says": says.source if says else "",
        "figure": dict(line.figure),
        "formula": line.formula or None,
        "standing": str(line.claim.standing),
        "grade": str(line.grade),
        "checked": str(line.claim.checked or line.source.checked or "") or None,
        "corroborates": [ref.name for ref in line.claim.corroborates],
        "used_in": list(line.used_in),
        "contradicted_by": list(line.contradicted_by),
        "note": note.source if note else None,
        "locator": locator.source if locator else None,
        "url": line.claim.url or line.source.url,
        "doi": line.claim.doi or line.source.doi,
        "file": line.claim.location.file,
        "line": line.claim.location.line,
    }
