"""Which addresses may be connected to: public ones, and those the operator names.

Without this, whoever can make the server fetch a URL can reach what only the server can reach.
"""

import ipaddress
import socket
from collections.abc import Iterable

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

# IANA's special-purpose registries (RFC 6890 and its updates), written out because the standard
# library's own judgement changed between patch releases.
_CLOSED_V4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_OPEN_V6 = ipaddress.IPv6Network("2000::/3")
_CLOSED_V6 = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, Teredo and benchmarking among them
        "2001:db8::/32",
        "2002::/16",  # 6to4 hides an IPv4 address
        "3fff::/20",
    )
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")

# Below 1024 only the web's own ports; above, those that browsers refuse because a line-based
# protocol behind them might take an HTTP request for its own (WHATWG Fetch, "bad port").
_WEB_PORTS = frozenset({80, 443})
_BAD_PORTS = frozenset(
    {1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566}
    | {6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080}
)


def is_public(address: IPAddress) -> bool:
    """Tell whether `address` is one that anybody on the internet could reach."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _CLOSED_V4)
    if address in _NAT64:
        return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    # Everything outside global unicast is refused, IPv4-mapped and link-local addresses included.
    return address in _OPEN_V6 and not any(address in network for network in _CLOSED_V6)


def is_web_port(port: int) -> bool:
    return port in _WEB_PORTS if port < 1024 else port not in _BAD_PORTS


class Refused(OSError):
    """Says that a connection was not even tried."""


class Guard:
    """Decides on addresses, and is asked for every socket before it connects.

    `allow_hosts` holds names, with or without a port, that are trusted wherever they lead;
    `allow_networks` holds networks in CIDR form that are open besides the public ones.
    """

    def __init__(
        self, *, allow_hosts: Iterable[str] = (), allow_networks: Iterable[str] = ()
    ) -> None:
        self._hosts = frozenset(host.lower() for host in allow_hosts)
        self._networks = tuple(ipaddress.ip_network(network) for network in allow_networks)

    def trusts(self, host: str, port: int) -> bool:
        host = host.lower()
        bracketed = f"[{host}]" if ":" in host else host
        return host in self._hosts or f"{bracketed}:{port}" in self._hosts

    def allows(self, host: str) -> bool:
        """Tell whether an address in text form, scope and all, may be connected to."""
        try:
            address = ipaddress.ip_address(host.partition("%")[0])
        except ValueError:
            return False
        mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
        if any((mapped or address) in network for network in self._networks):
            return True
        return is_public(address)

    def open_socket(
        self, info: tuple[int, int, int, str, tuple[str, int] | tuple[str, int, int, int]]
    ) -> socket.socket:
        """Make the socket for one resolved address, or refuse.

        Called with the very address that is connected to next, so that a name which resolves
        differently the second time gains nothing.
        """
        family, kind, protocol, _, address = info
        if not self.allows(str(address[0])):
            raise Refused(f"{address[0]} is not public")
        return socket.socket(family, kind, protocol)
