"""TCP on asyncio, with or without TLS, as a transport of ``transports.serving``. Start reading in ``transport.py``."""

from transports.tcp.tls import BadCertificate, Certificate
from transports.tcp.transport import TcpTransport

__all__ = ["BadCertificate", "Certificate", "TcpTransport"]
