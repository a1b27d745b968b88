"""What ``roulette sim`` says on stderr where nothing is compiled."""

from sim.compiled import notice


def without_notice(stderr: str) -> str:
    """What else a command said on stderr."""
    return stderr.replace(f"{notice()}\n", "") if notice() else stderr
