"""The wire world: personas who talk bytes, in virtual time, through a faulty network, to the real gateway."""
