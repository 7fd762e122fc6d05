"""`brief mail`: packs to people, once each."""

import click

from brief.cli.lazy import LazyGroup

COMMANDS = {
    "bounces": "Read what came back, and mark whose address does not work.",
    "plan": "Decide who gets what, and write down every message.",
    "preview": "Show the messages of a plan in a browser.",
    "resolve": "Settle a message of which it is unknown whether it arrived.",
    "send": "Send exactly what was planned, once each.",
    "status": "Say what became of each message.",
}


class _MailGroup(LazyGroup):
    package = __name__
    commands_of = COMMANDS


@click.group(cls=_MailGroup)
def command() -> None:
    """Send packs to people, once each."""
