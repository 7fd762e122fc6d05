"""`brief mail status`: prints the delivery status of messages."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import click

from brief.cli import options
from brief.cli.diagnostics import escape_controls
from brief.mail.compose.outgoing import Key
from brief.mail.plan.plan_file import read_plan
from brief.mail.send.delivery_status import DeliveryState, FailureKind
from brief.mail.send.ledger import SUFFIX, LedgerEntry, find_ledger_of, format_key, read_bounces, read_ledger
from brief.mail.send.ledger_bounces import Bounce
from brief.mail.send.ledger_witness import list_known_ledgers


@click.command
@click.argument("plan", metavar="[PLAN]", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@options.output
@click.option("--json", "as_json", is_flag=True, help="Print JSON with every message, including accepted ones.")
def command(plan: Path | None, output: Path, as_json: bool) -> None:
    """Show what `brief mail send` has done with the messages of PLAN, or with all messages from the packs in DIR.

    PLAN is a file that `brief mail plan` wrote. Lists each message in the ledger that the server has not accepted, with
    its state and the last reply, and each bounce that `brief mail bounces` recorded for a recipient. Then counts all
    messages by state, and the bounces by kind.
    """
    entries = _read_plan_entries(plan) if plan is not None else _read_folder_entries(output)
    if as_json:
        click.echo(json.dumps([_to_json(entry, bounce) for entry, bounce in entries], ensure_ascii=False, indent=2))
        return
    bounces = {}
    for entry, bounce in entries:
        if entry.state is not DeliveryState.ACCEPTED:
            _print_line(entry.state, entry.key, entry.changed, entry.reply)
        if bounce is not None:
            bounces[bounce.key] = bounce
    for bounce in bounces.values():
        _print_line("bounced", bounce.key, bounce.noted, str(bounce.kind), bounce.status, bounce.reason)
    states = Counter(entry.state for entry, _ in entries)
    kinds = Counter(bounce.kind for bounce in bounces.values())
    counts = [f"{states[state]} {state}" for state in DeliveryState if states[state]]
    counts += [f"{kinds[kind]} bounced ({kind})" for kind in FailureKind if kinds[kind]]
    click.echo(f"brief: {', '.join(counts) or 'nothing was sent'}", err=True)


def _print_line(state: str, key: Key, moment: str, *reasons: str) -> None:
    reason = " ".join(filter(None, reasons))
    click.echo(escape_controls(f"{state:<8}  {format_key(key)}  {moment}  {reason}").rstrip())


def _read_plan_entries(path: Path) -> list[tuple[LedgerEntry, Bounce | None]]:
    plan = read_plan(path)
    keys = {message.key for message in plan.messages}
    entries = _read_entries(find_ledger_of(plan.pack, plan.brief))
    return [(entry, bounce) for entry, bounce in entries if entry.key in keys]


def _read_folder_entries(folder: Path) -> list[tuple[LedgerEntry, Bounce | None]]:
    ledgers = list_known_ledgers(folder, SUFFIX)
    if not ledgers:
        click.echo(
            f"brief: {folder} has no record of mail (*{SUFFIX}); name the folder of the packs with '-o'", err=True
        )
    return [each for path in ledgers for each in _read_entries(path)]


def _read_entries(ledger: Path) -> Iterable[tuple[LedgerEntry, Bounce | None]]:
    """Yields each entry of a ledger with the bounce of its recipient, or None. Another message may have caused the bounce."""
    entries = read_ledger(ledger, _print_doubt)
    bounces = {bounce.key.recipient: bounce for bounce in read_bounces(ledger)}
    return ((entry, bounces.get(entry.key.recipient)) for entry in entries)


def _print_doubt(reason: str) -> None:
    click.echo(escape_controls(f"brief: {reason}"), err=True)


def _to_json(entry: LedgerEntry, bounce: Bounce | None) -> dict[str, object]:
    record = {
        "key": format_key(entry.key),
        **asdict(entry.key),
        **{k: v for k, v in asdict(entry).items() if k != "key"},
    }
    if bounce is not None:
        record["bounce"] = {"key": format_key(bounce.key), **{k: v for k, v in asdict(bounce).items() if k != "key"}}
    return record
