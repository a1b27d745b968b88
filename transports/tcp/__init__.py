"""The thin driver under the gateway: TCP connections on asyncio, with or without TLS."""
