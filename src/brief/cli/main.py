"""The `brief` command: its subcommands, error messages and exit status."""

import atexit
import gc
import signal
import sys

import click

from brief.cli.lazy import LazyGroup
from brief.cli.streams import is_message_lost, replace_streams
from brief.workers.frame_stack import call_with_room

# One line for each command, so that `--help` need not import the commands.
COMMANDS = {
    "approve": "Record that a pack was reviewed and approved.",
    "build": "Build the briefings: every audience, locale and format, or the ones you select.",
    "check": "Find every problem in content, translations, terms, templates and fonts.",
    "diff": "Show what changed between two revisions of the content, or two packs.",
    "doctor": "Show what this machine has, what is missing, and how to install it.",
    "evidence": "Print the evidence: each claim, its source, where it is used, what contradicts it.",
    "explain": "Explain what a diagnostic means and how to fix it.",
    "import": "Import documents as themes, and spreadsheets and bibliographies as source records.",
    "list": "List audiences, locales, themes, formats and template sets.",
    "mail": "Mail packs, once to each recipient.",
    "new": "Create a small working project in the locales that you choose.",
    "schema": "Print the JSON Schema of the content files, for editors.",
    "serve": "Show the project in a browser: choose variants, preview and download them.",
    "snapshot": "Record snapshots of a pack's texts and pages, and report later changes.",
    "token": "Manage the tokens of the HTTP API.",
    "translate": "Show which translations are missing or stale; export and import them.",
    "verify": "Find files of a pack that were changed, removed or added since it was built.",
}


_UNWRITTEN, _INTERRUPTED, _TERMINATED = 3, 128 + signal.SIGINT, 128 + signal.SIGTERM

# Otherwise the interpreter searches all objects for cycles when it ends, which takes a seventh of the time of a check.
atexit.register(gc.freeze)


class _Commands(LazyGroup):
    package = "brief.cli.commands"
    summaries = COMMANDS


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="brief-press", message="brief %(version)s")
def group() -> None:
    """Localised briefings from one tree of structured content."""


def main() -> None:
    """Runs the command line and exits: 0 done, 1 errors in the input, 2 wrong usage, 3 environment or I/O,
    4 output locked, 5 worker failed, 6 some mail refused or deferred, 7 some mail outcomes unknown, 130 or 143 interrupted."""
    # Raises an exception, so that workers are ended and partial files are removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(_TERMINATED))
    replace_streams()
    status = _run()
    # Messages explain these statuses, such as the errors in the input. The outcomes of mail are also in its ledger.
    sys.exit(_UNWRITTEN if status in (0, 1, 2) and is_message_lost() else status)


def _run() -> int:
    output = sys.stdout
    try:
        status: object = call_with_room(group.main, prog_name="brief", standalone_mode=False)
    except SystemExit as end:
        # If the reader of the output has closed it, Click replaces the stream with a silent one, and ends the program.
        status = end.code if sys.stdout is output else 0
    except (click.exceptions.Abort, KeyboardInterrupt):
        status = _INTERRUPTED
    except click.ClickException as problem:
        problem.show()
        status = problem.exit_code
    except Exception as problem:
        from brief.cli.failure import report_failure

        status = report_failure(problem)
    return status if isinstance(status, int) else 0
