"""The command line, the only package that prints or exits. Each command is imported when it is called."""

from brief.cli.main import main

__all__ = ["main"]
