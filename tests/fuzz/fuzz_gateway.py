"""Looks for stories that break the gateway, led by what each new one reaches in the code.

``uv run --group fuzz python -m tests.fuzz.fuzz_gateway --seconds 600`` begins with the stories kept in ``corpus`` and
looks for so many seconds. A story that breaks something is written to a file in the folder ``--found``; put it into
``corpus``, where the tests play it ever after. What else is worth keeping for the next time is left in that folder too.
"""

import argparse
import sys
from pathlib import Path

import atheris

CORPUS = Path(__file__).with_name("corpus")


def main() -> None:
    """Never comes back: libFuzzer ends the process, with status 0 if nothing was found."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=int, default=60, help="how long to look")
    options.add_argument("--found", type=Path, default=Path("fuzz-found"), help="where to put what is found")
    given = options.parse_args()
    given.found.mkdir(parents=True, exist_ok=True)
    with atheris.instrument_imports(include=["transports", "roulette_core"]):
        from tests.support.story import play
    flags = [f"-max_total_time={given.seconds}", "-max_len=600", "-timeout=60", "-print_final_stats=1"]
    folders = [str(given.found), str(CORPUS)]
    atheris.Setup([sys.argv[0], *flags, f"-artifact_prefix={given.found}/", *folders], play)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
