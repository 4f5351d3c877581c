"""Whether a TCP port of this machine can be listened on, asked before anything is started."""

import errno
import socket
from random import choice
from typing import Final

_NOT_EPHEMERAL: Final = range(20_000, 32_000)
TRIES: Final = 50


def free_port(host: str = "127.0.0.1") -> int:
    """A port nobody listens on at this moment, and none that the system gives to an outgoing
    connection before it is listened on.
    """
    for port in (choice(_NOT_EPHEMERAL) for _ in range(TRIES)):  # noqa: S311 - no secret
        if is_free(host, port):
            return port
    with _listener() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def is_free(host: str, port: int) -> bool:
    """Raises `OSError` where the reason is another than a port in use."""
    with _listener() as probe:
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise
    return True


def _listener() -> socket.socket:
    """Like the servers' own sockets: a port whose connections are still closing counts as free."""
    probe = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return probe
