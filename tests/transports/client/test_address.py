"""Addresses, as they are typed on the command line."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transports.client import Address, parse_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1", ("127.0.0.1", 12000)),
        ("example.org", ("example.org", 12000)),
        ("example.org:80", ("example.org", 80)),
        ("::1", ("::1", 12000)),
        ("[::1]", ("::1", 12000)),
        ("[::1]:80", ("::1", 80)),
        ("münchen.example", ("münchen.example", 12000)),
    ],
)
def test_an_address_is_a_host_and_perhaps_a_port(text: str, address: tuple[str, int]):
    assert parse_address(text) == address


@pytest.mark.parametrize(
    "text", ["", ":80", "a:", "a:b", "a:0", "a:65536", "a b", "a:١", "\x1b[2J", "a..b", "x" * 64 + ".org", "[]:80"]
)
def test_invalid_addresses_are_refused(text: str):
    with pytest.raises(ValueError):
        parse_address(text)


@given(st.text(max_size=30))
def test_any_text_is_an_address_or_none(text: str):
    with contextlib.suppress(ValueError):
        assert isinstance(parse_address(text), Address)
