"""`brief mail`: mails packs to people, once to each."""

import click

from brief.cli.lazy import LazyGroup

COMMANDS = {
    "bounces": "Read bounce reports, and mark recipients whose address does not work.",
    "plan": "Plan a mailing: choose the files for each recipient, and write all messages to a plan.",
    "preview": "Show the messages of a plan in a browser.",
    "resolve": "Record whether messages with an unknown outcome were delivered.",
    "send": "Send the messages of a plan, each exactly once.",
    "status": "Show the delivery status of each message.",
}


class _MailGroup(LazyGroup):
    package = __name__
    summaries = COMMANDS


@click.group(cls=_MailGroup)
def command() -> None:
    """Mail packs, once to each recipient."""
