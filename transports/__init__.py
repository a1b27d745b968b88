"""Everything that carries bytes: dialects and gateway (sans-I/O), the TCP driver, the operator's side, the client."""
