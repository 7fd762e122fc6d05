"""`brief mail preview`: shows the messages of a plan as their readers get them."""

import tempfile
from pathlib import Path

import click

from brief.cli.diagnostics import escape_controls
from brief.mail.compose.export_eml import write_eml
from brief.mail.compose.letter import RECIPIENT
from brief.mail.plan.plan import MailPlan, compose_outgoing
from brief.mail.plan.plan_file import read_plan
from brief.model.counts import format_count


@click.command
@click.argument("plan", metavar="PLAN", type=click.Path(exists=True, path_type=Path))
@click.option("-n", "number", metavar="N", type=click.IntRange(min=1), help="Print the text of message N instead.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port to listen on (default: any free one).")
@click.option("--no-browser", is_flag=True, help="Print the address of the page without opening a browser.")
def command(plan: Path, number: int | None, port: int, no_browser: bool) -> None:
    """Show the messages of a plan in a browser, on this machine only, until you press Ctrl-C.

    PLAN is a plan, or a folder of .eml files from a dry run.
    """
    if number is not None:
        _print_message(read_plan(plan), number)
        return
    from brief.web.mail_preview import serve_messages

    with tempfile.TemporaryDirectory(prefix="brief-") as temporary_folder:
        folder = plan
        if not plan.is_dir():
            folder = Path(temporary_folder) / "messages"
            write_eml(compose_outgoing(read_plan(plan)), folder)
        serve_messages(
            folder, port, not no_browser, on_ready=lambda address: click.echo(f"{address}  (press Ctrl-C to stop)")
        )


def _print_message(plan: MailPlan, number: int) -> None:
    if number > len(plan.messages):
        raise click.UsageError(
            f"there is no message {number}: the plan has {format_count(len(plan.messages), 'message')}"
        )
    message = plan.messages[number - 1]
    letter = plan.letters[message.letter]
    lines = [
        f"From: {letter.sender_name} <{plan.envelope.sender}>",
        f"To: {message.name} <{message.address.display_address}>",
        f"Subject: {letter.subject}",
        *(f"Attached: {file.name}" for file in message.files),
        "",
        letter.text.replace(RECIPIENT, message.name),
    ]
    click.echo("\n".join(map(escape_controls, lines)), nl=False)
