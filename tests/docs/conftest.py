"""What the tests of the documentation share."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def importable(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Lets the module saved at a path be imported for this test alone, whatever bore its name before."""

    def prepare(path: Path) -> None:
        monkeypatch.syspath_prepend(str(path.parent))
        monkeypatch.setitem(sys.modules, path.stem, sys)  # what was there comes back after the test
        del sys.modules[path.stem]

    return prepare
