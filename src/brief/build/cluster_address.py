"""Checks the address of a Dask scheduler, and whether the connection to it is encrypted."""

import ipaddress
import re
from urllib.parse import urlsplit

# For any other scheme, Dask waits for a long time, then fails with a long traceback.
_SCHEMES = re.compile(r"(tcp|tls|wss?|ucxx?)://.+")
_ENCRYPTED = ("tls", "wss")


def is_scheduler_address(url: str) -> bool:
    """Returns whether the text looks like the address of a scheduler, such as `tcp://host:8786`."""
    return _SCHEMES.fullmatch(url) is not None


def exposes_content(url: str) -> bool:
    """Returns whether content would leave this machine unencrypted; True if the URL cannot be parsed.

    On such a connection, an attacker could also run code on a worker.
    """
    try:
        split = urlsplit(url)
        host = split.hostname or ""
    except ValueError:
        return True
    return split.scheme not in _ENCRYPTED and not _is_loopback(host)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
