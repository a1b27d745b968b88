"""The chat as its users see it: a client that speaks JSON lines, its screen, and its plain face."""
