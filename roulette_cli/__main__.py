"""Where the program starts: Ctrl-C ends it without a traceback while it is still being imported."""

import os
import signal


def run() -> None:
    """Imports the command line, and runs it."""
    before = signal.getsignal(signal.SIGINT)  # ignored, if we were started in the background
    if before is signal.default_int_handler:
        signal.signal(signal.SIGINT, lambda number, frame: os._exit(128 + number))
    from roulette_cli.main import run as run_command

    signal.signal(signal.SIGINT, before)
    run_command()


if __name__ == "__main__":
    run()
