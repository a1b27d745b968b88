"""What a run should give where it can be calculated."""
