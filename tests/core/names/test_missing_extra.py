"""Without the extra ``names``, importing the names says what to install, and the library works without them."""

import subprocess
import sys


def last_line(program: str) -> str:
    start = "import sys; sys.modules['precis_i18n'] = None; "
    done = subprocess.run([sys.executable, "-c", start + program], capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).splitlines()[-1]


def test_a_missing_package_is_named_with_the_command_that_installs_it() -> None:
    assert last_line("import roulette_core.names") == (
        "ImportError: roulette_core.names needs precis_i18n: pip install 'roulette-core[names]'"
    )


def test_the_library_does_not_import_its_names() -> None:
    assert (
        last_line("import roulette_core, roulette_core.testing; print('roulette_core.names' in sys.modules)") == "False"
    )
