"""Which addresses count as public."""

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.kit.http import Guard, is_public
from folkmoot.kit.http.guard import Refused, is_web_port

CLOSED = [
    *("0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.9.9.9"),
    *("169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1"),
    *("192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255"),
    *("240.0.0.1", "255.255.255.255"),
    *("::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0:10.0.0.1"),
    *("64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1"),
    *("2002:7f00:1::", "3fff::1", "5f00::1", "fc00::1", "fd12::1", "fe80::1", "fec0::1", "ff02::1"),
]
OPEN = [
    *("1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.0", "172.32.0.1", "223.255.255.255"),
    *("2606:4700:4700::1111", "2a00:1450::1", "64:ff9b::808:808"),
]


@pytest.mark.parametrize("address", CLOSED)
def test_closed(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))
    assert not Guard().allows(address)


@pytest.mark.parametrize("address", OPEN)
def test_open(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))
    assert Guard().allows(address)


@given(st.ip_addresses())
def test_what_the_standard_library_calls_private_is_closed(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if address.is_private or address.is_multicast or address.is_reserved or address.is_loopback:
        nat64 = ipaddress.ip_network("64:ff9b::/96")
        assert not is_public(address) or address in nat64


def test_a_scope_does_not_help() -> None:
    assert not Guard().allows("fe80::1%eth0")
    assert not Guard().allows("::1%lo")
    assert not Guard().allows("no address")


def test_networks_an_operator_allows() -> None:
    guard = Guard(allow_networks=["10.1.0.0/16", "fd00::/8"])
    assert guard.allows("10.1.2.3")
    assert guard.allows("::ffff:10.1.2.3")
    assert guard.allows("fd00::1")
    assert not guard.allows("10.2.0.1")


def test_hosts_an_operator_trusts() -> None:
    guard = Guard(allow_hosts=["Search.internal", "cache:8080", "[::1]:9000", "127.0.0.1:81"])
    assert guard.trusts("search.INTERNAL", 80)
    assert guard.trusts("search.internal", 9200)
    assert guard.trusts("cache", 8080)
    assert not guard.trusts("cache", 80)
    assert guard.trusts("::1", 9000)
    assert guard.trusts("127.0.0.1", 81)
    assert not guard.trusts("127.0.0.1", 80)


def test_a_socket_for_a_closed_address_is_never_made() -> None:
    info = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("127.0.0.1", 80))
    with pytest.raises(Refused):
        Guard().open_socket(info)
    Guard(allow_networks=["127.0.0.0/8"]).open_socket(info).close()


@pytest.mark.parametrize("port", [80, 443, 1024, 3000, 8080, 8443, 65535])
def test_ports_of_the_web(port: int) -> None:
    assert is_web_port(port)


@pytest.mark.parametrize("port", [0, 1, 21, 22, 25, 110, 143, 465, 587, 993, 2049, 6667, 10080])
def test_ports_of_something_else(port: int) -> None:
    assert not is_web_port(port)
