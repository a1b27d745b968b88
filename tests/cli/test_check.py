import builtins
import json

import pytest

from roulette_cli.main import status
from tests.support import terminal

BAD = "tests.core.conformance.bad_policies"
QUICK = ["--alone", "--budget", "4s"]


def ran(capsys, *arguments):
    code = status(["check", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_a_sound_policy_is_compared_with_the_others_in_80_columns(capsys):
    code, out, err = ran(capsys, "v1", "--budget", "4s")
    assert (code, err) == (0, "")
    assert out.startswith("no-repeat\n\n  determinism             ok ")
    assert "  no repeats              ok " in out
    assert "\n fresh:memory=5,patience=30 " in out
    assert " closed, 101 users, 30 min " in out and " mixed, 200 users, 30 min " in out
    assert max(map(len, out.splitlines())) <= 80


def test_a_failure_is_shown_as_history_and_test(capsys):
    code, out, _ = ran(capsys, f"{BAD}:LooksAtNoBlocks", *QUICK)
    assert code == 1
    assert "  blocks                  FAILED     " in out
    assert "       1 s  ada joins as Ada" in out
    assert "def test_looks_at_blocks() -> None:" in out
    assert "closed" not in out


def test_the_same_as_data(capsys):
    code, out, _ = ran(capsys, f"{BAD}:Creeping", *QUICK, "--json", "-")
    data = json.loads(out)
    found = {finding["name"]: finding for finding in data["findings"]}
    assert (code, data["format"], data["simulated"], data["verdict"]) == (1, 1, None, "failed")
    assert found["contract"]["verdict"] == "failed"
    assert found["contract"]["story"][0] == "       1 s  ada joins as Ada: ada is in the lobby"
    assert "def test_deadlines_end" in found["contract"]["test"]
    assert found["no repeats"]["verdict"] == "not asked"


def test_claims_are_made_and_waived(capsys):
    claims = ["--claim", "never_repeats", "--waive", "starvation_free", "--most-waiting", "2"]
    code, out, _ = ran(capsys, "uniform", *QUICK, *claims)
    assert code == 1
    assert "  no repeats              FAILED" in out
    assert "  starvation              not asked  not claimed: starvation_free" in out
    assert "  maximum waiting         ok" in out


@pytest.mark.parametrize(
    "command",
    [
        ["check", f"{BAD}:Talks", *QUICK],
        ["prove", "--users", "3", "--policy", f"{BAD}:Talks"],
        ["prove", "--users", "3", "--policy", f"{BAD}:Talks", "--exact"],
        ["sim", "--users", "5", "--duration", "1m", "--policy", f"{BAD}:Talks"],
        ["swarm", "--seed", "1", "--seconds", "5", "--policy", f"{BAD}:Talks"],
    ],
    ids=" ".join,
)
def test_what_a_policy_prints_goes_to_stderr(command, capsys):
    assert status([*command, "--no-progress", "--json", "-"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)
    assert "drawing from" in err


@pytest.mark.parametrize(
    "command",
    [
        ["check", f"{BAD}:Quits", *QUICK],
        ["prove", "--users", "3", "--policy", f"{BAD}:Quits"],
        ["sim", "--users", "5", "--duration", "10m", "--policy", f"{BAD}:Quits"],
        ["sim", "--world", "wire", "--users", "5", "--duration", "10m", "--policy", f"{BAD}:Quits"],
        ["swarm", "--seeds", "8", "--processes", "1", "--users", "9", "--policy", f"{BAD}:Quits"],
    ],
    ids=" ".join,
)
def test_a_policy_that_ends_the_program_has_failed(command, capsys):
    assert status([*command, "--no-progress"]) == 1
    assert "SystemExit" in "".join(capsys.readouterr())


def test_mentors_paired_with_themselves_are_found(capsys):
    code, out, _ = ran(capsys, f"{BAD}:PairsMentorsWithThemselves", *QUICK)
    assert code == 1
    assert "  contract                FAILED     the policy tests.core" in out
    assert "attributes={'role': 'mentor'}" in out


def test_where_no_users_are_ever_paired_the_check_says_so_and_fails(capsys):
    code, out, _ = ran(capsys, f"{BAD}:Childless", *QUICK)
    assert code == 1
    assert "  contract                not asked  no users were ever paired, so nothing was" in out
    assert "FAILED" not in out


def test_without_the_extra_the_error_says_what_to_install(capsys, monkeypatch):
    usual = builtins.__import__

    def without(name, *rest):
        if name == "hypothesis":
            raise ModuleNotFoundError("No module named 'hypothesis'", name="hypothesis")
        return usual(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    code, out, err = ran(capsys, "v1")
    assert (code, out) == (1, "")
    assert err.splitlines() == [
        "error: roulette check needs hypothesis, which is not installed",
        "hint: pip install 'roulette-chat[testing]'",
    ]


def test_a_long_run_shows_a_bar_and_ctrl_c_ends_it_quietly():
    child = terminal.start("check", "interests", "--budget", "60s")
    child.expect("interests")
    child.sendintr()
    ended = terminal.finish(child)
    assert ended.status == 130
    assert "Traceback" not in ended.raw


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["v3"], "v3"),
        (["no.such:Policy"], "no.such"),
        (["v1", "--claim", "everything"], "everything"),
        (["v1", "--waive", "nothing"], "nothing"),
        (["v1", "--budget", "0s"], "0s"),
        (["v1", "--seed", "-1"], "--seed"),
        (["v1", "--most-waiting", "-1"], "--most-waiting"),
        (["v1", "--json", "/nowhere/check.json"], "/nowhere"),
        (["v1", "surplus"], "surplus"),
    ],
)
def test_a_bad_value_gets_one_line_and_a_hint(capsys, options, named):
    code, out, err = ran(capsys, *options)
    assert (code, out) == (2, "")
    error, hint = err.splitlines()
    assert error.startswith("error: ")
    assert hint.startswith("hint: ")
    assert named in error.lower()
