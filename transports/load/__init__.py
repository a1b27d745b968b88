"""What load generators are made of: the sockets of many clients in one process, and a server in another."""

from transports.load.client_socket import Address, ClientSocket, NoServer
from transports.load.measured import MeasuredServer, measured_server
from transports.load.server_process import ServerFailed, server_process
from transports.load.sockets import ClientSockets

__all__ = [
    "Address",
    "ClientSocket",
    "ClientSockets",
    "MeasuredServer",
    "NoServer",
    "ServerFailed",
    "measured_server",
    "server_process",
]
