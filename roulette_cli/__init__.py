"""The command ``roulette``: a file per command with its options, one call and one print."""
