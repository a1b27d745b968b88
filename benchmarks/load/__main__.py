"""``python -m benchmarks.load``: measures a server under many clients, which verify every line."""

import argparse

from benchmarks.load.load_test import UNLIMITED, load_test


def main() -> None:
    """Reads the command line, and prints the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--clients", type=int, default=10_000, metavar="N", help="clients (default: %(default)s)")
    parser.add_argument(
        "--seconds", type=float, default=60.0, metavar="S", help="for each measurement (default: %(default)s)"
    )
    parser.add_argument("--loop", choices=("asyncio", "uvloop"), default="asyncio", help="event loop of the server")
    chosen = parser.parse_args()
    with load_test(chosen.clients, chosen.loop, **UNLIMITED) as test:
        print(f"memory per connection   {test.bytes_per_connection:10,.0f} bytes")
        tasks = (("private lines", test.talk, ", each heard once and in order"), ("pairings", test.change, ""))
        for title, measure, remark in tasks:
            done = measure(chosen.seconds)
            print(f"{title:<24}{done.amount:10,}{remark}")
            print(f"  per second            {done.amount / done.seconds:10,.0f}")
            print(f"  processor, each       {done.cpu_seconds / done.amount * 1e6:10.1f} µs")


if __name__ == "__main__":
    main()
