"""The address of a cluster's scheduler, and whether what is sent there can be read on the way."""

import ipaddress
import re
from urllib.parse import urlsplit

# Dask waits long for any other scheme, and then fails noisily.
_SCHEMES = re.compile(r"(tcp|tls|wss?|ucxx?)://.+")
_ENCRYPTED = ("tls", "wss")


def is_scheduler_address(url: str) -> bool:
    return _SCHEMES.fullmatch(url) is not None


def is_readable_on_the_way(url: str) -> bool:
    """Whether content would leave this machine unencrypted. Who reads along could also have a worker run anything."""
    try:
        split = urlsplit(url)
        host = split.hostname or ""
    except ValueError:
        return True
    return split.scheme not in _ENCRYPTED and not _is_here(host)


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
