"""`brief mail status`: prints the delivery status of messages."""

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import click

from brief.cli import options
from brief.cli.diagnostics import escape_controls
from brief.mail.plan.plan_file import read_plan
from brief.mail.send.delivery_status import DeliveryState
from brief.mail.send.ledger import SUFFIX, LedgerEntry, find_ledger_of, format_key, read_ledger
from brief.mail.send.ledger_witness import list_known_ledgers


@click.command
@click.argument("plan", metavar="[PLAN]", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@options.output
@click.option("--json", "as_json", is_flag=True, help="Print JSON with every message, including accepted ones.")
def command(plan: Path | None, output: Path, as_json: bool) -> None:
    """Show what `brief mail send` has done with the messages of PLAN, or with all messages from the packs in DIR.

    PLAN is a file that `brief mail plan` wrote. Lists each message in the ledger that the server has not accepted, with
    its state and the last reply, and counts all messages by state.
    """
    entries = _read_plan_entries(plan) if plan is not None else _read_folder_entries(output)
    if as_json:
        click.echo(json.dumps([_to_json(entry) for entry in entries], ensure_ascii=False, indent=2))
        return
    for entry in entries:
        if entry.state is not DeliveryState.ACCEPTED:
            click.echo(
                escape_controls(f"{entry.state:<8}  {format_key(entry.key)}  {entry.changed}  {entry.reply}").rstrip()
            )
    counts = Counter(entry.state for entry in entries)
    summary = ", ".join(f"{counts[state]} {state}" for state in DeliveryState if counts[state])
    click.echo(f"brief: {summary or 'nothing was sent'}", err=True)


def _read_plan_entries(path: Path) -> tuple[LedgerEntry, ...]:
    plan = read_plan(path)
    keys = {message.key for message in plan.messages}
    return tuple(
        entry for entry in read_ledger(find_ledger_of(plan.pack, plan.brief), _print_doubt) if entry.key in keys
    )


def _read_folder_entries(folder: Path) -> tuple[LedgerEntry, ...]:
    ledgers = list_known_ledgers(folder, SUFFIX)
    if not ledgers:
        click.echo(
            f"brief: {folder} has no record of mail (*{SUFFIX}); name the folder of the packs with '-o'", err=True
        )
    return tuple(entry for path in ledgers for entry in read_ledger(path, _print_doubt))


def _print_doubt(reason: str) -> None:
    click.echo(escape_controls(f"brief: {reason}"), err=True)


def _to_json(entry: LedgerEntry) -> dict[str, object]:
    return {"key": format_key(entry.key), **asdict(entry.key), **{k: v for k, v in asdict(entry).items() if k != "key"}}
