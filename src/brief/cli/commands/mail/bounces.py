"""`brief mail bounces`: records whose mail came back."""

import json
import os
from dataclasses import asdict
from pathlib import Path

import click

from brief.cli import options
from brief.cli.diagnostics import escape_controls
from brief.cli.progress import print_wait
from brief.mail.bounces.mailboxes import parse_imap_url, read_imap, read_maildir
from brief.mail.bounces.recording import BounceSummary, list_ledgers, record_mailbox
from brief.mail.send.delivery_status import FailureKind
from brief.mail.send.ledger import format_key, open_ledger
from brief.model.diagnostics import MachineError
from brief.reading.addresses import BadAddressError, parse_address


@click.command
@click.argument("mailbox", metavar="[MAILDIR | imaps://USER@HOST/FOLDER]", required=False)
@click.option("--forget", metavar="ADDRESS", multiple=True, help="Forget the bounces of this address; repeatable.")
@options.output
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(mailbox: str | None, forget: tuple[str, ...], output: Path, as_json: bool) -> None:
    """Read bounce reports, and mark their recipients in the ledgers in DIR.

    'brief mail plan' then leaves out those whose address does not work. Nothing in the mailbox is deleted or changed.
    The password is in BRIEF_IMAP_PASSWORD or in the keyring; with BRIEF_OAUTH_TOKEN_URL, the login uses OAuth 2.
    """
    if not list_ledgers(output):
        raise MachineError(f"there is no ledger in '{output}'; name the folder of the packs that were mailed with -o")
    if (mailbox is None) == (not forget):
        raise click.UsageError("give a mailbox, or an address with --forget")
    if mailbox is None:
        _forget(forget, output)
        return
    if "://" in mailbox:
        try:
            folder = parse_imap_url(mailbox)
        except ValueError as problem:
            raise click.BadParameter(f"the mailbox {problem}") from None
        summary = record_mailbox(read_imap(folder, os.environ), output, print_wait)
    else:
        summary = record_mailbox(read_maildir(Path(mailbox)), output, print_wait)
    if as_json:
        click.echo(json.dumps(_to_json(summary), ensure_ascii=False, indent=2))
    else:
        _print(summary)


def _print(summary: BounceSummary) -> None:
    for bounce in summary.bounces:
        click.echo(
            escape_controls(f"{bounce.kind:<9}  {format_key(bounce.key)}  {bounce.status} {bounce.reason}").rstrip()
        )
    for name in summary.unreadable:
        click.echo(escape_controls(f"unknown    {name}"))
    non_reports_label = "message that is not a report" if summary.non_reports == 1 else "messages that are not reports"
    unmatched_label = "about another message" if summary.unmatched == 1 else "about other messages"
    counts = {
        **{str(kind): sum(bounce.kind is kind for bounce in summary.bounces) for kind in FailureKind},
        "unknown": len(summary.unreadable),
        unmatched_label: summary.unmatched,
        non_reports_label: summary.non_reports,
    }
    summary_text = ", ".join(f"{count} {label}" for label, count in counts.items() if count)
    click.echo(f"brief: {summary_text or 'no messages'}", err=True)


def _to_json(summary: BounceSummary) -> dict[str, object]:
    bounces = [
        {
            "key": format_key(bounce.key),
            **asdict(bounce.key),
            "kind": bounce.kind,
            "status": bounce.status,
            "reason": bounce.reason,
        }
        for bounce in summary.bounces
    ]
    return {
        "bounces": bounces,
        "unknown": summary.unreadable,
        "unmatched": summary.unmatched,
        "other": summary.non_reports,
    }


def _forget(addresses: tuple[str, ...], output: Path) -> None:
    recipients = []
    for address in addresses:
        try:
            recipients.append(parse_address(address).identity)
        except BadAddressError as problem:
            raise click.BadParameter(f"the address '{address}' {problem.message}") from None
    count = 0
    for path in list_ledgers(output):
        with open_ledger(path, print_wait) as ledger:
            count += ledger.forget_bounces(recipients)
    click.echo(f"brief: {count} forgotten", err=True)
