"""Determines what kind of host a name is."""

import ipaddress


def is_ip_address(host: str) -> bool:
    """Returns whether it is an IP address and not a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Returns whether it is this machine."""
    return host == "localhost" or (is_ip_address(host) and ipaddress.ip_address(host).is_loopback)
