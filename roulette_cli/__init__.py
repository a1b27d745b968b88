"""The composition root of the command ``roulette``: one file per command, no logic."""
