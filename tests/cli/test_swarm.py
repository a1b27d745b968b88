import json

import pytest

from sim.swarm import GROUPS
from tests.cli.said import assert_two_plain_lines, said
from tests.support import terminal
from transports.dialects.json_lines import JsonDialect

QUICK = ["--users", "3", "--seconds", "10", "--processes", "1"]


def garbling(monkeypatch):
    """Makes the server send JSON clients a line that they cannot read; returns options for such clients."""
    monkeypatch.setattr(JsonDialect, "ping", lambda self, pong: b"\x1b[2Jping\r\n")
    return ["--dialects", "json", "--limits", "patience", "--personas", "lurker", *QUICK]


def test_a_few_cases_pass():
    code, out, err = said(["swarm", "--seeds", "3", *QUICK])
    assert (code, err) == (0, "")
    assert "failures     none" in out
    assert "never: not a failure" in out


def test_the_report_of_one_case_shows_only_what_happened_in_it():
    code, out, err = said(["swarm", "--seed", "17", "--policy", "waves", "--faults", "none"])
    assert (code, err) == (0, "")
    assert "waves" in out
    assert "never" not in out


def test_the_same_as_data():
    code, out, err = said(["swarm", "--seeds", "2", "--from", "40", "--json", "-", *QUICK])
    data = json.loads(out)
    assert (code, err, data["format"], data["cases"], data["failures"]) == (0, "", 1, 2, [])
    assert (data["verdict"], [check["verdict"] for check in data["checks"]]) == ("ok", ["ok", "not asked"])
    assert set(data["counts"]) == set(GROUPS)


def test_a_failure_is_shown_with_a_command_that_repeats_it(monkeypatch):
    options = garbling(monkeypatch)
    code, out, _ = said(["swarm", "--seeds", "20", "--json", "-", *options])
    assert code == 1
    (failure,) = json.loads(out)["failures"]
    assert failure["kind"] == "output_is_understood"
    words = failure["command"].split()[1:]
    code, out, err = said(words)
    assert (code, err) == (1, "")
    assert "FAILED at" in out
    assert failure["command"] in out
    assert "\x1b" not in out


def test_a_case_named_by_its_seed_is_not_shrunk(monkeypatch):
    options = garbling(monkeypatch)
    _, out, _ = said(["swarm", "--seeds", "20", "--keep-going", "--json", "-", *options])
    _shrunk, *_, last = json.loads(out)["failures"]
    seed = last["command"].split()[3]
    code, out, _ = said(["swarm", "--seed", seed, *options, "--json", "-"])
    assert (code, json.loads(out)["failures"]) == (1, [last])


def test_a_bar_shows_the_progress_and_ctrl_c_ends_the_campaign_with_a_report():
    child = terminal.start("swarm", "--seeds", "100000", "--processes", "2")
    child.expect("cases.*%")
    child.sendintr()
    ended = terminal.finish(child)
    assert ended.status == 130
    assert "PARTIAL" in ended.screen
    assert "Traceback" not in ended.raw


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--seeds", "0"], "--seeds"),
        (["--from", "-1"], "--from"),
        (["--seed", "x"], "--seed"),
        (["--seed", "1", "--seeds", "2"], "--seeds"),
        (["--seed", "1", "--from", "2"], "--from"),
        (["--seed", "1", "--budget", "2s"], "--budget"),
        (["--budget", "soon"], "soon"),
        (["--processes", "0"], "--processes"),
        (["--policy", "v3"], "v3"),
        (["--policy", "no.such:Policy"], "no.such"),
        (["--users", "0"], "--users"),
        (["--seconds", "0"], "--seconds"),
        (["--seconds", "100000000000000000000"], "--seconds"),
        (["--faults", "latency,fire"], "'fire'"),
        (["--rude-clients", "\x1b[31m"], "--rude-clients"),
        (["--personas", "none"], "--personas"),
        (["--dialects", ""], "--dialects"),
        (["--json", "/nowhere/swarm.json"], "/nowhere"),
        (["surplus"], "surplus"),
    ],
)
def test_a_bad_value_gets_one_line_and_a_hint(options, named):
    code, out, err = said(["swarm", *options])
    assert (code, out) == (2, "")
    assert_two_plain_lines(err)
    assert named in err
