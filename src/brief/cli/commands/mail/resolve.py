"""`brief mail resolve`: records whether messages with an unknown outcome were delivered."""

from collections import defaultdict
from pathlib import Path

import click

from brief.cli import options
from brief.mail.compose.outgoing import Key
from brief.mail.send.ledger import find_ledger_in, open_ledger, parse_key


@click.command
@click.argument("key_texts", metavar="KEY...", nargs=-1, required=True)
@click.option("--delivered/--not-delivered", default=None, required=True, help="Whether the message was delivered.")
@options.output
def command(key_texts: tuple[str, ...], delivered: bool, output: Path) -> None:
    """Record the outcome of messages whose delivery is unknown; 'brief mail status' prints their KEYs.

    Ask the recipient, or search the server's log for the Message-ID. With --not-delivered the next
    'brief mail send' sends the message again; this also works for refused messages.
    """
    for path, keys in _group_by_ledger(key_texts, output).items():
        with open_ledger(path, lambda holder: click.echo(f"brief: waiting for {holder}", err=True)) as ledger:
            ledger.resolve(keys, delivered)
    click.echo(f"brief: recorded {len(key_texts)} as {'delivered' if delivered else 'not delivered'}", err=True)


def _group_by_ledger(key_texts: tuple[str, ...], output: Path) -> dict[Path, list[Key]]:
    keys = defaultdict(list)
    for text in key_texts:
        try:
            key = parse_key(text)
        except ValueError:
            raise click.BadParameter(f"'{text}' is not a message key; write brief/date/variant/recipient") from None
        path = find_ledger_in(output, key.brief)
        if not path.exists():
            raise click.BadParameter(f"there is no ledger '{path}'; name the folder of the packs with -o")
        keys[path].append(key)
    return keys
