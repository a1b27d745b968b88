"""What happened in one run, written down as columns of numbers."""
