"""Whether somebody asks from the very machine, by a name of it: some things are only for them."""

import ipaddress
from typing import Final

from fastapi import Request

_FORWARDED: Final = frozenset({"forwarded", "via", "x-real-ip"})
_FORWARDED_PREFIX: Final = "x-forwarded-"


def address_of(request: Request) -> str:
    """Where a request comes from; empty where that is not known."""
    return request.client.host if request.client else ""


def is_on_this_machine(request: Request) -> bool:
    """A page of another site that was given a local name does not count as asked from here, and
    neither does whatever came through a proxy, which may itself be on this machine.
    """
    return (
        not _is_forwarded(request)
        and _is_loopback(address_of(request))
        and _is_loopback(request.url.hostname or "")
    )


def _is_forwarded(request: Request) -> bool:
    """By its headers; or by HTTP/1.0, which proxies speak that add none, and no browser."""
    names = (name.lower() for name in request.headers)
    is_named = any(n in _FORWARDED or n.startswith(_FORWARDED_PREFIX) for n in names)
    return is_named or request.scope.get("http_version") == "1.0"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
