"""The thin driver under the gateway: TCP connections on asyncio, with or without TLS."""

from transports.tcp.server import Server
from transports.tcp.tls import BadCertificate, Certificate

__all__ = ["BadCertificate", "Certificate", "Server"]
