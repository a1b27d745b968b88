import json

import pytest

from roulette_cli.main import status
from tests.support import terminal

BAD = "tests.core.conformance.bad_policies"


def ran(capsys, *arguments):
    code = status(["prove", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def own_policies(tmp_path, monkeypatch):
    """Policies of one's own, as they lie where one works."""
    (tmp_path / "proved_policies.py").write_text(
        """
from roulette_core import Policy


class Alone(Policy):
    def draw(self, now, choose):
        first = next(iter(self.pool))
        return first, first


class Clumsy(Policy):
    def draw(self, now, choose):
        raise RuntimeError("\\x1b[31mstumbled")
"""
    )
    monkeypatch.syspath_prepend(str(tmp_path))


def test_the_deadlock_of_version_1_is_told(capsys):
    code, out, err = ran(capsys, "--users", "2", "--depth", "20")
    assert (code, err) == (0, "")
    assert "everything: nothing new after 10 events" in out
    assert "all 20 kept" in out
    assert "Deadlock after 5 events" in out
    assert "  to ada: the only other person waiting is your last partner" in out
    assert max(map(len, out.splitlines())) <= 80


def test_the_report_on_version_2_fits_a_terminal(capsys):
    code, out, _ = ran(capsys, "--policy", "v2", "--depth", "12")
    assert code == 0
    assert "every sequence of up to 12 events" in out
    assert "but only for one sequence of random choices" in out
    assert max(map(len, out.splitlines())) <= 80


def test_the_same_as_data(capsys):
    code, out, _ = ran(capsys, "--policy", "v2", "--depth", "7", "--json", "-")
    data = json.loads(out)
    assert (code, data["format"], data["covered"], data["counterexample"]) == (0, 1, "depth", None)
    assert (data["policy"], data["users"], data["depth"]) == ("uniform:minimum=3", 4, 7)
    verdicts = {result["name"]: result["verdict"] for result in data["invariants"]}
    assert (data["verdict"], len(verdicts), verdicts.pop("no_partner_twice_running")) == ("ok", 20, "not asked")
    assert set(verdicts.values()) == {"ok"}
    assert {deadlock["blocks"] for deadlock in data["deadlocks"]} == {True, False}
    assert (data["starvation"]["user"], data["starvation"]["surely"]) == ("ada", False)


def test_a_counterexample_is_a_failure_and_shown_as_history_and_test(capsys, own_policies):
    code, out, _ = ran(capsys, "--policy", "proved_policies:Alone")
    assert code == 1
    assert "Wrong after 4 events, and after no fewer: the policy proved_policies:Alone drew" in out
    assert "def test_nothing_goes_wrong() -> None:" in out
    code, out, _ = ran(capsys, "--policy", "proved_policies:Alone", "--json", "-")
    data = json.loads(out)
    assert (code, data["verdict"], len(data["counterexample"]["story"])) == (1, "failed", 4)
    assert {result["verdict"] for result in data["invariants"]} == {"not asked"}


def test_invariants_that_were_not_asked_are_named_with_the_reason(capsys):
    out = ran(capsys, "--policy", "v2", "--users", "3", "--depth", "6")[1]
    assert "19 of 20 kept; not asked:\n               no partner twice running (not a promise of " in out


def test_text_from_a_policy_is_made_harmless(capsys, own_policies):
    code, out, _ = ran(capsys, "--policy", "proved_policies:Clumsy")
    assert code == 1
    assert "\x1b" not in out
    assert "RuntimeError" in out


def test_an_incomplete_exploration_says_so(capsys):
    code, out, _ = ran(capsys, "--policy", "fresh", "--states", "50")
    assert code == 0
    assert "INCOMPLETE" in out


def test_exact_probabilities_are_fractions(capsys):
    code, out, err = ran(capsys, "--exact", "--users", "5", "--policy", "v2")
    assert (code, err) == (0, "")
    assert "  re-pair probability        1/3, about 0.3333\n" in out
    code, out, _ = ran(capsys, "--exact", "--policy", "v2", "--json", "-")
    assert (code, json.loads(out)["repair"], json.loads(out)["users"]) == (0, "1/5", 4)


def test_where_partners_would_take_too_long_they_are_left_out(capsys):
    code, out, err = ran(capsys, "--exact", "--users", "5", "--policy", "v2", "--states", "5")
    assert code == 0
    assert "1/3" in out
    assert "more than 5 states" in err


def test_a_long_run_shows_a_bar_and_ctrl_c_ends_it_quietly():
    child = terminal.start("prove", "--policy", "interests")
    child.expect("interests")
    child.sendintr()
    ended = terminal.finish(child)
    assert ended.status == 130
    assert "Traceback" not in ended.raw


def test_an_infinite_wait_is_shown_as_for_ever(capsys):
    assert "for ever" in ran(capsys, "--exact", "--users", "2")[1]


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--users", "0"], "--users"),
        (["--users", "9"], "--users"),
        (["--depth", "0"], "--depth"),
        (["--depth", "x"], "--depth"),
        (["--states", "0"], "--states"),
        (["--policy", "v3"], "v3"),
        (["--policy", "no.such:Policy"], "no.such"),
        (["--policy", "tests.core.dubious:Uncopyable"], "cannot be copied"),
        (["--exact", "--depth", "5"], "--depth"),
        (["--exact", "--policy", "waves"], "deadlines"),
        (["--exact", "--policy", "tests.core.dubious:ByName"], "names"),
        (["--json", "/nowhere/proof.json"], "/nowhere"),
        (["surplus"], "surplus"),
    ],
)
def test_a_bad_value_gets_one_line_and_a_hint(capsys, options, named):
    code, out, err = ran(capsys, *options)
    assert (code, out) == (2, "")
    error, hint = err.splitlines()
    assert error.startswith("error: ")
    assert hint.startswith("hint: ")
    assert named in error


@pytest.mark.parametrize(
    "options", [["--users", "1"], ["--users", "2", "--depth", "3"], ["--users", "3", "--policy", f"{BAD}:Childless"]]
)
def test_a_proof_without_a_pairing_proves_nothing_and_fails(capsys, options):
    code, out, _ = ran(capsys, *options)
    assert code == 1
    assert "no two users were ever paired, so nothing is proved" in out
    assert json.loads(ran(capsys, *options, "--json", "-")[1])["verdict"] == "not asked"


def test_mentors_paired_with_themselves_are_found_and_sound_ones_proved(capsys):
    code, out, _ = ran(capsys, "--users", "3", "--depth", "6", "--policy", f"{BAD}:PairsMentorsWithThemselves")
    assert code == 1
    assert "Wrong after 4 events" in out
    assert "drew ('ada', 'ada'), who are not two of the pool" in out
    assert "starts (role mentor)" in out
    assert ran(capsys, "--users", "3", "--depth", "6", "--policy", f"{BAD}:Mentors")[0] == 0


def test_further_interests_join_the_cast_and_special_requests_are_limited(capsys):
    plain, more = (
        json.loads(ran(capsys, "--users", "2", "--depth", "5", "--policy", "interests", *options, "--json", "-")[1])
        for options in (["--special", "0"], ["--special", "0", "--interest", "go"])
    )
    assert plain["special_events"] == more["special_events"] == 0
    assert plain["states"] < more["states"]
    out = ran(capsys, "--users", "2", "--depth", "6", "--special", "2")[1]
    assert "special requests (docs/proving.md) among the first 2 events" in out
