"""The `brief` command: its subcommands, error messages and exit status."""

import atexit
import gc
import os
import signal
import sys
from pathlib import Path

import click

from brief.cli.lazy import LazyGroup

# One line on each command, so that listing the commands does not import them.
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
    "new": "Create a small working project, in up to three locales.",
    "schema": "Print the JSON Schema of the content files, for editors.",
    "serve": "Show the project in a browser: choose variants, preview and download them.",
    "snapshot": "Record snapshots of a pack's texts and pages, and report later changes.",
    "token": "Manage the tokens of the HTTP API.",
    "translate": "Show which translations are missing or stale; export and import them.",
    "verify": "Find files of a pack that were changed, removed or added since it was built.",
}


_TERMINATED = 128 + signal.SIGTERM

# The interpreter searches all objects for cycles when it ends, which takes a seventh of a check.
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
    # As an exception, so that workers are ended and partial files are removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(_TERMINATED))
    _replace_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        status = group.main(prog_name="brief", standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output has closed it.
        sys.stderr.close()
        sys.exit(0)
    except click.ClickException as problem:
        problem.show()
        sys.exit(problem.exit_code)
    except Exception as problem:
        from brief.cli.failure import report_failure

        sys.exit(report_failure(problem))
    sys.exit(status if isinstance(status, int) else 0)


def _replace_closed_streams() -> None:
    """Ends the program if standard output is closed; messages to a closed standard error are dropped.

    Python sets a stream to None if its descriptor was closed at the start (`>&-`). The next file opened would get that
    descriptor, and output would be written into it.
    """
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115 - open as long as the process
    if sys.stdout is None:
        sys.stderr.write("brief: standard output is closed\n")
        sys.exit(3)
