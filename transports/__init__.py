"""Everything that carries bytes: the text dialect and the gateway (sans-I/O), the TCP driver, console, recorder."""
