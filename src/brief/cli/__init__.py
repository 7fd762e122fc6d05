"""Floor 7: the command line, the only place that prints or exits. Each command is imported when it is called."""

from brief.cli.main import main

__all__ = ["main"]
