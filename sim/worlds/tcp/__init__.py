"""The tcp world: a population over real sockets, in real time, at a server into which one cannot look."""
