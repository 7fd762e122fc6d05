"""Classifies the hosts of mail servers."""

import ipaddress


def is_ip_address(host: str) -> bool:
    """Returns whether a host is an IP address and not a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Returns whether a host is `localhost` or a loopback address."""
    return host == "localhost" or (is_ip_address(host) and ipaddress.ip_address(host).is_loopback)
