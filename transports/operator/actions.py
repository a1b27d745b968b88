"""What an operator may do to people; whom it may never hit by accident is decided here."""

from ipaddress import ip_address, ip_network

from roulette_core import User
from transports.gateway import Gateway
from transports.gateway.admission import place
from transports.limits import LOOPBACK, Network
from transports.operator.answers import Answer, done, refusal
from transports.operator.questions import nobody
from transports.operator.server_control import ServerControl


def kick(server: ServerControl, name: str) -> Answer:
    """Disconnects a user, who may come back."""
    gateway = server.gateway
    user = gateway.find(name)
    if user is None:
        return nobody(name)
    shown = gateway.name(user)
    server.advance(gateway.kick, user)
    return done(f"{shown} is disconnected, and may come back.", disconnected=1)


def ban(server: ServerControl, target: str) -> Answer:
    """Disconnects a user and keeps out all who come from the same address; or those of an address or network.

    Somebody may call themselves like an address: that is for the operator to tell apart, not for us to guess.
    """
    network, user = parse_network(target), server.gateway.find(target)
    if network is None:
        return nobody(target) if user is None else _ban_user(server, user)
    if user is not None:
        return refusal(f"Somebody calls themselves {target}.", "Kick them, or ban the address that explain tells.")
    if any(network.overlaps(loopback) for loopback in LOOPBACK if loopback.version == network.version):
        return refusal(f"{network} holds this machine itself, and any proxy on it.", "Ban a smaller network.")
    return _ban(server, network)


def unban(gateway: Gateway, target: str) -> Answer:
    """Ends a ban."""
    network = parse_network(target)
    if network is None:
        return refusal(f"{target} is no address or network; bans lists those that are banned.")
    if not gateway.unban(network):
        return refusal(f"{network} is not banned; bans lists those that are.")
    return done(f"{network} is banned no more.")


def say(server: ServerControl, text: str) -> Answer:
    """Says something to everybody."""
    listeners = len(server.gateway.roulette)
    server.advance(server.gateway.say, text)
    return done(f"Said to {listeners}.", listeners=listeners)


def close(server: ServerControl) -> Answer:
    """Says goodbye to everybody and stops the server."""
    server.stop()
    return done("The server says goodbye to everybody and stops.")


def parse_network(text: str) -> Network | None:
    """A network as written, or the one that an address belongs to: a single IPv4 address, 64 bits of IPv6."""
    try:
        return ip_network(text, strict=False) if "/" in text else place(ip_address(text))
    except ValueError:
        return None


def _ban_user(server: ServerControl, user: User) -> Answer:
    """Where many come from one address, as through a proxy, the user alone is sent away."""
    gateway = server.gateway
    address = gateway.address(user)
    shared = (*LOOPBACK, *gateway.limits.exempt)
    if not address or any(ip_address(address) in network for network in shared):
        kicked = kick(server, gateway.name(user))
        remark = f"Their address, {address or 'unknown'}, is shared with others and therefore not banned."
        return Answer(remarks=[*kicked.remarks, remark], counts=kicked.counts)
    return _ban(server, place(ip_address(address)))


def _ban(server: ServerControl, network: Network) -> Answer:
    gateway = server.gateway
    before = len(gateway)
    server.advance(gateway.ban, network)
    gone = before - len(gateway)
    return done(f"{network} is banned until the server stops; disconnected {gone}.", disconnected=gone)
