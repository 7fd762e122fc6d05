"""Finds the processes that a process started."""

from pathlib import Path


def list_children(pid: int) -> list[int]:
    """Lists the processes that any thread of a process started."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def list_fork_servers(pid: int) -> list[int]:
    return [child for child in list_children(pid) if _is_fork_server(child)]


def list_workers(pid: int) -> list[int]:
    """Lists the processes that a process started, and instead of its fork server those that this one started."""
    servers = list_fork_servers(pid)
    own = [child for child in list_children(pid) if child not in servers]
    return own + [child for server in servers for child in list_children(server)]


def is_running(pid: int) -> bool:
    """Returns whether the process exists and has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _is_fork_server(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/comm").read_text() == "brief-forks\n"
    except OSError:
        return False
