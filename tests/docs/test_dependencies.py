"""The page of dependencies names what is declared, no more and no less."""

import re
import tomllib

from tests.support.fences import ROOT


def declared(path: str) -> dict:
    return tomllib.loads((ROOT / path).read_text(encoding="utf-8"))


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[<>=~!\[; ]", requirement)[0] for requirement in requirements}


def described(title: str) -> set[str]:
    page = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    section = page.partition(f"To {title}")[2].partition("\nTo ")[0]
    return set(re.findall(r"^\| `([\w-]+)` \|", section, re.MULTILINE))


def test_what_the_app_needs_is_described():
    assert described("run") == names(declared("pyproject.toml")["project"]["dependencies"]) - {"roulette-core"}


def test_what_developing_needs_is_described():
    project = declared("pyproject.toml")
    assert described("develop") | described("add features") >= names(project["dependency-groups"]["dev"])
    assert described("develop") <= names(project["dependency-groups"]["dev"])


def test_what_the_extras_bring_is_described_and_tested():
    project = declared("pyproject.toml")
    library = declared("roulette_core/pyproject.toml")["project"]["optional-dependencies"]
    extras = set().union(*(names(extra) for extra in project["project"]["optional-dependencies"].values()))
    assert described("add features") == extras | set().union(*(names(extra) for extra in library.values()))
    assert extras <= names(project["dependency-groups"]["dev"])


def test_what_building_the_documentation_needs_is_described():
    assert described("build the documentation") == names(declared("pyproject.toml")["dependency-groups"]["docs"])


def test_what_building_needs_is_described():
    assert described("build, with any installation") == names(declared("pyproject.toml")["build-system"]["requires"])


def test_the_app_brings_the_names_of_the_library():
    assert "roulette-core[names]" in declared("pyproject.toml")["project"]["dependencies"]


def test_the_library_needs_nothing():
    assert declared("roulette_core/pyproject.toml")["project"]["dependencies"] == []


def test_both_distributions_have_the_same_version_and_python():
    app, library = (declared(path)["project"] for path in ("pyproject.toml", "roulette_core/pyproject.toml"))
    assert (app["version"], app["requires-python"]) == (library["version"], library["requires-python"])
    assert (ROOT / "LICENSE").read_bytes() == (ROOT / "roulette_core/LICENSE").read_bytes()
