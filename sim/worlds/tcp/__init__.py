"""The tcp world: a population over real sockets, in real time, at a server that is seen only from outside."""

from sim.worlds.tcp.simulation import SERVERS_OWN, ForeignUsers, simulate

__all__ = ["SERVERS_OWN", "ForeignUsers", "simulate"]
