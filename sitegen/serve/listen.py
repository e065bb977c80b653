"""Where the preview listens: this machine only."""

from __future__ import annotations

import errno
import ipaddress
import os
import socket

PORTS_TRIED = 20


class ListenError(Exception):
    """The preview cannot listen where it was asked to; the message says why and what to do."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket on a loopback address; port 0 takes a free one. Raises ListenError."""
    family, address = _loopback(host)
    try:
        return _bind(family, address, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ListenError(f"port {port} is in use{_advice(family, address, port)}") from None
        if error.errno == errno.EACCES:
            raise ListenError(f"port {port} is the system's own; take one above 1023: --port 8000") from None
        raise ListenError(f"{host}:{port} cannot be used: {error.strerror}") from None


def address_of(bound: socket.socket) -> str:
    """`127.0.0.1:8000` or `[::1]:8000`, as it stands in an address."""
    host, port = bound.getsockname()[:2]
    return f"[{host}]:{port}" if bound.family == socket.AF_INET6 else f"{host}:{port}"


def host_names(bound: socket.socket) -> frozenset[str]:
    """The Host headers (RFC 9110, 7.2) of those who mean this socket; a browser leaves out port 80.

    Any other one comes from a foreign page whose name was made to point here (DNS rebinding).
    """
    port = bound.getsockname()[1]
    names = {address_of(bound).rpartition(":")[0], "localhost"}
    return frozenset({f"{name}:{port}" for name in names} | (names if port == 80 else set()))


def _loopback(host: str) -> tuple[socket.AddressFamily, str]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise ListenError(f'there is no host "{host}"; the usual one is --host 127.0.0.1') from None
    addresses = sorted((family, str(address[0])) for family, _, _, _, address in found)
    for _, address in addresses:
        if not ipaddress.ip_address(address.partition("%")[0]).is_loopback:
            message = f'"{host}" can be reached from other machines, and the preview may show drafts'
            raise ListenError(f"{message}; use --host 127.0.0.1")
    return addresses[0]


def _bind(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # Elsewhere this lets two servers share a port.
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((address, port))
        bound.listen(128)
    except OSError:
        bound.close()
        raise
    return bound


def _advice(family: socket.AddressFamily, address: str, port: int) -> str:
    for free in range(port + 1, min(port + 1 + PORTS_TRIED, 65536)):
        try:
            _bind(family, address, free).close()
        except OSError:
            continue
        return f", perhaps by another preview; this one is free: --port {free}"
    return "; name another one with --port"
