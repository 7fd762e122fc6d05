"""Builds the command and the environment of another Python process that finds the same modules as this one.

It finds none in its working folder.
"""

import os
import sys
from multiprocessing.spawn import get_executable


def build_command(*arguments: str) -> list[str]:
    """Returns the command that runs this process's interpreter with `arguments`."""
    # -P: `-c` would search the working folder for modules first, which may be a project from somebody else, and a script
    # its own folder, in which a module may have the name of a library.
    return [get_executable(), "-P", *arguments]


def build_environment() -> dict[str, str]:
    """Returns this process's environment, with its module search path as PYTHONPATH."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
