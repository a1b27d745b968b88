"""TCP on asyncio, with or without TLS, as pipes of ``transports.driver``. Start reading in ``server.py``."""

from transports.tcp.server import Server
from transports.tcp.tls import BadCertificate, Certificate

__all__ = ["BadCertificate", "Certificate", "Server"]
