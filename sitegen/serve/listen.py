"""Where the preview listens: on this machine only, unless another address is asked for; and who may speak to it."""

from __future__ import annotations

import errno
import ipaddress
import os
import socket

from msgspec import Struct

PORTS_TRIED = 20


class ListenError(Exception):
    """The preview cannot listen where it was asked to; the message says why and what to do."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket on an address of this machine; port 0 takes a free one. Raises ListenError."""
    family, address = _found(host)
    try:
        return _bind(family, address, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ListenError(f"port {port} is in use{_advice(family, address, port)}") from None
        if error.errno == errno.EACCES:
            raise ListenError(f"port {port} is the system's own; take one above 1023: --port 8000") from None
        if error.errno == errno.EADDRNOTAVAIL:
            raise ListenError(f'"{host}" is no address of this machine; the usual one is --host 127.0.0.1') from None
        raise ListenError(f"{host}:{port} cannot be used: {error.strerror}") from None


class Address(Struct, frozen=True):
    """Where a socket listens: an IP address and a port."""

    host: str
    port: int

    @property
    def ip(self) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
        """The IP address."""
        return ipaddress.ip_address(self.host.partition("%")[0])

    def __str__(self) -> str:
        """`127.0.0.1:8000` or `[::1]:8000`, as it stands in a URL."""
        return f"{_in_url(self.ip)}:{self.port}"

    def reached(self) -> str:
        """The address at which it can be reached: itself, or where it stands for all addresses of this machine the one
        from which the way out begins.
        """
        if not self.ip.is_unspecified:
            return str(self)
        # Nothing is sent: a datagram socket only asks for the way (to addresses for documentation, RFC 5737 and 3849).
        family, far = (socket.AF_INET, "192.0.2.1") if self.ip.version == 4 else (socket.AF_INET6, "2001:db8::1")
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((far, 9))
                return str(Address(probe.getsockname()[0], self.port))
        except OSError:
            return f"localhost:{self.port}"


def address_of(bound: socket.socket) -> Address:
    """Where a socket listens."""
    host, port = bound.getsockname()[:2]
    return Address(host, port)


class Hosts:
    """The Host headers (RFC 9110, 7.2) of those who mean a socket. A browser leaves out port 80.

    Any other one comes from a foreign page whose name was made to point here (DNS rebinding). Where the socket takes
    all addresses of this machine, the one at which a request came in is meant, and this machine's name.
    """

    def __init__(self, address: Address) -> None:
        self._port, self._is_everywhere = address.port, address.ip.is_unspecified
        own = socket.gethostname().lower() if self._is_everywhere else _in_url(address.ip)
        self.named = frozenset((*self._with_port("localhost"), *self._with_port(own)))

    def _with_port(self, name: str) -> tuple[str, ...]:
        return (f"{name}:{self._port}", name) if self._port == 80 else (f"{name}:{self._port}",)

    def means_us(self, host: str, came_to: str) -> bool:
        """Whether a Host header means this socket; the request came in at the IP address `came_to`."""
        host = host.lower()
        if host in self.named or not self._is_everywhere or not came_to:
            return host in self.named
        return host in self._with_port(_in_url(Address(came_to, self._port).ip))


def _in_url(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    # A socket for both kinds of address shows the older kind as one of the newer.
    return str(address.ipv4_mapped) if address.ipv4_mapped else f"[{address}]"


def _found(host: str) -> tuple[socket.AddressFamily, str]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM) if host else []
    except (OSError, UnicodeError):
        found = []
    if not found:
        raise ListenError(f'there is no host "{host}"; the usual one is --host 127.0.0.1')
    return min((family, str(address[0])) for family, _, _, _, address in found)


def _bind(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
    # asyncio sends small answers at once (TCP_NODELAY) only where the socket names its protocol.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
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
