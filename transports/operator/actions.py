"""What an operator can do to users and networks, and the safeguards against hitting others by accident."""

from collections.abc import Callable, Sequence
from ipaddress import ip_address, ip_network
from typing import Any, Protocol

from roulette_core import User
from transports.gateway import Gateway, Output, place
from transports.limits import LOOPBACK, Network
from transports.operator.answers import Answer, done, refusal
from transports.operator.questions import unknown_user


class ServerControl(Protocol):
    """Drives a gateway: ``transports.serving.Server``, or a test."""

    @property
    def gateway(self) -> Gateway:
        """The chat server."""

    def clock(self) -> float:
        """The gateway's time, in seconds."""

    def advance(self, step: Callable[..., Sequence[Output]], *what: Any) -> None:
        """Calls ``step``, a method of the gateway, at the present time, and carries out its outputs."""

    def stop(self) -> None:
        """Says goodbye to all users and stops."""


def kick(server: ServerControl, name: str) -> Answer:
    """Disconnects a user, who may reconnect."""
    gateway = server.gateway
    user = gateway.find(name)
    if user is None:
        return unknown_user(name)
    shown = gateway.name(user)
    server.advance(gateway.kick, user)
    return done(f"{shown} is disconnected and may reconnect.", disconnected=1)


def ban(server: ServerControl, target: str) -> Answer:
    """Disconnects and turns away everyone from a user's address, or from an address or network.

    A pseudonym may look like an address. Then the operator has to say which is meant: guessing could ban the wrong one.
    """
    network, user = parse_network(target), server.gateway.find(target)
    if network is None:
        return unknown_user(target) if user is None else _ban_user(server, user)
    if user is not None:
        return refusal(f"{target} is a user's pseudonym, too.", "Kick the user, or ban the address shown by explain.")
    if any(network.overlaps(loopback) for loopback in LOOPBACK if loopback.version == network.version):
        return refusal(f"{network} includes this machine, and any proxy on it.", "Ban a smaller network.")
    return _ban(server, network)


def unban(gateway: Gateway, target: str) -> Answer:
    """Ends a ban."""
    network = parse_network(target)
    if network is None:
        return refusal(f"{target} is not an address or network; bans lists the banned ones.")
    if not gateway.unban(network):
        return refusal(f"{network} is not banned; bans lists the banned ones.")
    return done(f"{network} is no longer banned.")


def say(server: ServerControl, text: str) -> Answer:
    """Sends a text to all users."""
    listeners = len(server.gateway.roulette)
    server.advance(server.gateway.say, text)
    return done(f"Sent; users: {listeners}.", listeners=listeners)


def close(server: ServerControl) -> Answer:
    """Says goodbye to all users and stops the server."""
    server.stop()
    return done("The server says goodbye to all users and stops.")


def parse_network(text: str) -> Network | None:
    """Returns a network as written; of an address, itself (IPv4) or its /64 (IPv6); None if it is neither."""
    try:
        return ip_network(text, strict=False) if "/" in text else place(ip_address(text))
    except ValueError:
        return None


def _ban_user(server: ServerControl, user: User) -> Answer:
    """Bans a user's address; if others share it, as behind a proxy, only disconnects the user."""
    gateway = server.gateway
    address = gateway.address(user)
    shared = (*LOOPBACK, *gateway.limits.exempt)
    if not address or any(ip_address(address) in network for network in shared):
        kicked = kick(server, gateway.name(user))
        remark = f"The address, {address or 'unknown'}, is shared with others and therefore not banned."
        return Answer(remarks=[*kicked.remarks, remark], counts=kicked.counts)
    return _ban(server, place(ip_address(address)))


def _ban(server: ServerControl, network: Network) -> Answer:
    gateway = server.gateway
    before = len(gateway)
    server.advance(gateway.ban, network)
    gone = before - len(gateway)
    return done(f"{network} is banned until the server stops; disconnected: {gone}.", disconnected=gone)
