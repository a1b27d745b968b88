"""A program in processes that hash otherwise: what depends on the order of hashes comes out differently."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def outputs(program: str, *seeds: str) -> list[str]:
    """What a Python program prints, once for each seed of Python's hashes."""
    return [
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        ).stdout
        for seed in seeds
    ]
