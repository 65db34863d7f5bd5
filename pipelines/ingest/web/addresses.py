"""Which addresses of the network may be connected to.

Covers names to addresses, and which of these are off limits. For connecting, see `connections`.

A fetched page names further addresses (links, redirects), so that whoever writes one could otherwise have us
read services of this machine or of its network, which trust whoever comes from inside.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterator

Resolve = Callable[[str, int], list[str]]
"""Host and port to IP addresses, the likeliest first. Raises OSError if there are none."""

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def resolve(host: str, port: int) -> list[str]:
    """Ask the system for a host's addresses.

    Raises:
        OSError: the name is not known, or nobody could be asked.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError(str(error)) from None
    return list(dict.fromkeys(str(answer[4][0]) for answer in found))


def is_off_limits(address: str) -> bool:
    """Whether an IP address is anything but a public one: this machine, its network, reserved, multicast."""
    return any(map(_is_inside, _all_of(ipaddress.ip_address(address))))


def _is_inside(ip: _Address) -> bool:
    is_site_local = isinstance(ip, ipaddress.IPv6Address) and ip.is_site_local
    return not ip.is_global or ip.is_multicast or ip.is_reserved or ip.is_unspecified or is_site_local


def _all_of(ip: _Address) -> Iterator[_Address]:
    """Yield the address that is reached in the end, or all where an address carries others inside."""
    if isinstance(ip, ipaddress.IPv4Address):
        yield ip
    elif ip.ipv4_mapped is not None:
        yield ip.ipv4_mapped
    elif ip in _NAT64:
        yield ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    else:
        yield ip
        yield from (inside for inside in (ip.sixtofour, *(ip.teredo or ())) if inside is not None)
