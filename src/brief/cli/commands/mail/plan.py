"""`brief mail plan`: checks a mailing, and writes its messages to a plan."""

import json
import os
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from brief.cli import options
from brief.cli.diagnostics import DiagnosticFormat, show
from brief.cli.output_file import OutputFile
from brief.mail.bounces.recording import find_bounced_recipients
from brief.mail.compose.export_eml import write_eml
from brief.mail.plan.plan import MailPlan, compose_outgoing
from brief.mail.plan.plan_file import may_write_plan, write_plan
from brief.mail.plan.planner import make_plan
from brief.mail.plan.policy import make_policy
from brief.mail.send.ledger import ensure_ledger, find_ledger_of
from brief.mail.send.unsubscribe_key import find_unsubscribe_key
from brief.model.diagnostics import ContentError
from brief.publish.paths import make_safe_stem
from brief.reading.values import BadValueError, parse_date_time

_MAX_LISTED = 50


def _parse_time(_context: click.Context, _option: click.Parameter, text: str | None) -> datetime | None:
    try:
        return parse_date_time(text) if text is not None else None
    except BadValueError as problem:
        raise click.BadParameter(f"{problem.message}; {problem.hint}") from problem


def _refuse_other_files(_context: click.Context, _option: click.Parameter, path: Path) -> Path:
    if not may_write_plan(path):
        raise click.BadParameter(f"'{path}' exists and is not a plan; choose another file, or delete it")
    return path


@click.command
@click.argument("recipients", metavar="RECIPIENTS", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--from", "sender", metavar="ADDRESS", help="The sender (default: mail.sender of content/brief.yaml).")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=OutputFile(),
    callback=_refuse_other_files,
    default=Path("plan.json"),
    show_default=True,
    help="The file to write the plan to.",
)
@click.option(
    "--pack",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="The pack (default: output/<brief>).",
)
@click.option("--allow", metavar="DOMAIN", multiple=True, help="Permit mail only to this domain; repeatable.")
@click.option(
    "--limit",
    metavar="MB",
    type=click.IntRange(min=1),
    help="The size limit of a message (default: the project's setting, or 20).",
)
@click.option(
    "--dry-run",
    "dry_run",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the messages as .eml files to DIR instead of a plan.",
)
@click.option(
    "--accept-ledger", "accept", is_flag=True, help="Plan even if the ledger is missing, replaced or an older copy."
)
@click.option(
    "--not-before",
    metavar="TIME",
    callback=_parse_time,
    help="Send nothing before this time, such as 2026-03-31T09:00+08:00.",
)
@click.option("--include-bounced", is_flag=True, help="Also plan for recipients with permanent bounces.")
@click.option("--yes", is_flag=True, help="Permit 10,000 or more recipients.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@options.project
def command(
    recipients: Path,
    sender: str | None,
    output: Path,
    pack: Path | None,
    allow: tuple[str, ...],
    limit: int | None,
    dry_run: Path | None,
    accept: bool,
    not_before: datetime | None,
    include_bounced: bool,
    yes: bool,
    as_json: bool,
    root: Path,
) -> None:
    """Plan a mailing: choose the files for each recipient, and write all messages to a plan.

    RECIPIENTS is a YAML or CSV file or a workbook. Nothing is sent: 'brief mail send' sends exactly the messages of the
    plan. No plan is written if anything would prevent them from being sent.
    """
    project = options.load_project(root)
    folder = pack or root / "output" / make_safe_stem(project.brief.settings.id)
    try:
        policy = make_policy(project.brief.settings.mail, sender, allow, limit)
        policy = replace(policy, unsubscribe_key=find_unsubscribe_key(policy.unsubscribe, os.environ))
        plan, warnings = make_plan(
            project,
            folder,
            recipients,
            policy,
            many=yes,
            trial=dry_run is not None,
            not_before=not_before,
            bounced={} if include_bounced else find_bounced_recipients(folder),
        )
        if dry_run is not None:
            write_eml(compose_outgoing(plan), dry_run)
        else:
            ledger = ensure_ledger(find_ledger_of(plan.pack, plan.brief), accept=accept)
            write_plan(replace(plan, ledger=ledger), output)
    except ContentError as error:
        show(error.diagnostics, DiagnosticFormat.TEXT, root)
        sys.exit(1)
    if warnings:
        show(warnings, DiagnosticFormat.TEXT, root)
    path = dry_run or output
    if as_json:
        click.echo(json.dumps(_to_json(plan, path), ensure_ascii=False, indent=2))
    else:
        _print_table(plan)
        click.echo(f"{path}: {len(plan.messages):,} message{'' if len(plan.messages) == 1 else 's'}")


def _to_json(plan: MailPlan, path: Path) -> dict[str, object]:
    return {
        "plan": str(path),
        "brief": plan.brief,
        "date": plan.date,
        "sender": str(plan.envelope.sender),
        "not_before": plan.not_before.isoformat() if plan.not_before else None,
        "messages": [
            {
                "name": message.name,
                "address": str(message.address),
                "variant": message.key.variant,
                "attachments": [file.path for file in message.files],
                "message_id": message.message_id,
                "digest": message.digest,
                "size": message.size,
                "needs_smtputf8": message.address.needs_smtputf8,
            }
            for message in plan.messages
        ],
    }


def _print_table(plan: MailPlan) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Name", "Address", "Variant", "Attached"):
        table.add_column(title, overflow="fold")
    table.add_column("kB", justify="right")
    for message in plan.messages[:_MAX_LISTED]:
        attached = " ".join(file.path.rpartition(".")[2] for file in message.files)
        size = f"{message.size / 1000:,.0f}"
        table.add_row(message.name, message.address.display_address, message.key.variant, attached, size)
    # Names must not be read as markup of the table.
    Console(markup=False, highlight=False).print(table)
    if len(plan.messages) > _MAX_LISTED:
        click.echo(f"... and {len(plan.messages) - _MAX_LISTED:,} more")
