"""What the operator sees and does: console, admin socket, log, metrics, recordings."""
