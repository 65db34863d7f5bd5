"""Which addresses are off limits, in every way to write them."""

from __future__ import annotations

import pytest

from pipelines.ingest.web.addresses import is_off_limits, resolve


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "224.0.0.1", "239.1.1.1", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1",
        "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "fec0::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a00:1",
        "2002:7f00:1::", "2002:a00:1::1",
    ],
)  # fmt: skip
def test_what_is_not_public_is_off_limits(address: str) -> None:
    assert is_off_limits(address)


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_public_addresses_are_not(address: str) -> None:
    assert not is_off_limits(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "::1", "localhost"])
def test_every_way_to_write_an_address_is_seen_through(host: str) -> None:
    try:
        found = resolve(host, 80)
    except OSError:
        return  # not known here: it is not connected to either
    assert found
    assert all(map(is_off_limits, found))


def test_a_name_that_cannot_be_is_an_error_like_one_that_is_not_known() -> None:
    with pytest.raises(OSError):
        resolve("a" * 300, 80)
