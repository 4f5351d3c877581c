"""Whether somebody asks from the very machine, by a name of it: some things are only for them."""

import ipaddress

from fastapi import Request


def address_of(request: Request) -> str:
    """Where a request comes from; empty where that is not known."""
    return request.client.host if request.client else ""


def is_on_this_machine(request: Request) -> bool:
    """A page of another site that was given a local name does not count as asked from here."""
    return _is_loopback(address_of(request)) and _is_loopback(request.url.hostname or "")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
