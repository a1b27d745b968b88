import json
import re
import signal
import subprocess
import time

import pexpect
import pytest

from roulette_cli.main import status
from roulette_core import Join, Leave, Next, RecordingHeader, Start, encode_event, encode_header
from sim.compiled import notice
from tests.cli.said import assert_two_plain_lines
from tests.support import terminal
from tests.support.pure_build import without_notice

SHORT = ["sim", "--users", "20", "--duration", "10m", "--runs", "2", "--jobs", "1"]
"""Of two runs of two policies."""


def ran(capsys, *arguments):
    code = status([*arguments])
    out, err = capsys.readouterr()
    err = without_notice(err)
    return code, out, err


def figures(text):
    """What is the same every time."""
    data = json.loads(text)
    for policy in data["policies"]:
        for key in ("speed.wall_seconds", "speed.pairings_per_second"):
            del policy["figures"][key]
    return data


def policies(text):
    return [policy["policy"] for policy in json.loads(text)["policies"]]


def figure(text, key, policy=0):
    return json.loads(text)["policies"][policy]["figures"][key]["value"]


def test_both_versions_run_side_by_side(capsys):
    code, out, err = ran(capsys, *SHORT)
    assert (code, err) == (0, "")
    assert "no-repeat" in out
    assert "uniform:minimum=3" in out
    assert max(map(len, out.splitlines())) <= 80


def test_json_on_stdout_stands_alone(capsys):
    code, out, err = ran(capsys, *SHORT, "--json", "-")
    assert (code, err) == (0, "")
    assert policies(out) == ["no-repeat", "uniform:minimum=3"]


def test_json_goes_to_a_file_beside_the_report(capsys, tmp_path):
    path = tmp_path / "figures.json"
    code, out, _ = ran(capsys, *SHORT, "--json", str(path))
    assert code == 0
    assert "no-repeat" in out
    assert figures(path.read_text())["format"] == 2


def test_the_same_command_gives_the_same_bytes_but_for_speed(capsys):
    outputs = [ran(capsys, *SHORT, "--json", "-", "--seed", "7")[1] for _ in range(2)]
    first, second = map(figures, outputs)
    assert json.dumps(first) == json.dumps(second)
    assert figures(outputs[0]) != figures(ran(capsys, *SHORT, "--json", "-", "--seed", "8")[1])


def test_figures_do_not_depend_on_the_number_of_processes(capsys):
    two = [figures(ran(capsys, *SHORT[:-1], jobs, "--json", "-")[1]) for jobs in ("1", "2")]
    assert two[0] == two[1]


def test_a_warm_up_is_the_scenarios_or_the_one_that_is_asked_for(capsys):
    def warmup(*options):
        return json.loads(ran(capsys, *SHORT, *options, "--json", "-")[1])["setting"]["warmup_seconds"]

    assert warmup("--scenario", "closed") == 600
    assert warmup("--warmup", "1m") == 60
    out = ran(capsys, *SHORT, "--warmup", "0s")[1]
    assert re.search(r"warm-up of each +0 s", out)
    assert "not at rest" in out


def test_one_run_is_warned_of(capsys):
    out = ran(capsys, "sim", "--users", "20", "--duration", "10m", "--runs", "1")[1]
    assert "one run: no intervals" in out


@pytest.mark.usefixtures("own_policy")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_custom_policy_is_the_same_in_any_process_and_so_is_its_failure(capsys, tmp_path, jobs):
    options = ["sim", "--users", "20", "--duration", "10m", "--runs", "3", "--jobs", jobs]
    code, out, err = ran(capsys, *options, "--policy", "my_policies:NewestFirst", "--json", "-")
    assert (code, err, policies(out)) == (0, "", ["my_policies:NewestFirst"])
    code, out, err = ran(capsys, *options, "--policy", "v1", "--policy", "my_policies:Careless")
    assert (code, out) == (1, "")
    assert len(err.splitlines()) == 2
    assert "my_policies:Careless" in err
    assert "division by zero" in err


def test_policies_are_run_in_the_order_given(capsys):
    _, out, _ = ran(capsys, *SHORT, "--policy", "waves:every=7", "--policy", "v2:minimum=5", "--json", "-")
    assert policies(out) == ["waves:every=7", "uniform:minimum=5"]


@pytest.mark.parametrize(("given", "seconds"), [("90s", 90), ("10m", 600), ("1h", 3600), ("1h30m", 5400), ("1m5s", 65)])
def test_durations_read_like_people_write_them(capsys, given, seconds):
    _, out, _ = ran(capsys, "sim", "--users", "3", "--runs", "1", "--duration", given, "--policy", "v1", "--json", "-")
    assert json.loads(out)["setting"]["duration_seconds"] == seconds
    assert figure(out, "measured_seconds") == seconds


def test_in_the_wire_world_the_report_names_world_and_faults_and_judges_the_clients(capsys):
    code, out, err = ran(capsys, *SHORT, "--world", "wire", "--faults", "rough")
    assert (code, err) == (0, "")
    assert out.count("wire, rough") == 2
    assert re.search(r"clients' view +ok \(\d+ rules\) +ok \(\d+ rules\)", out), out
    assert max(map(len, out.splitlines())) <= 80


def test_in_the_wire_world_the_same_command_gives_the_same_bytes_but_for_speed(capsys):
    arguments = [*SHORT, "--world", "wire", "--policy", "v2", "--json", "-"]
    first, second = (figures(ran(capsys, *arguments)[1]) for _ in range(2))
    assert first == second
    assert (first["setting"]["world"], first["setting"]["faults"]) == ("wire", "mild")
    assert figures(ran(capsys, *arguments, "--faults", "none")[1]) != first


def test_a_scenario_file_is_run_under_its_name(capsys, tmp_path):
    path = tmp_path / "evening.toml"
    path.write_text("users = 30\n[personas.regular]\nshare = 1\nlobby_seconds = 5\nchat_seconds = 20\n")
    _, out, _ = ran(capsys, "sim", "--scenario", str(path), "--duration", "5m", "--policy", "v1", "--json", "-")
    setting = json.loads(out)["setting"]
    assert (setting["scenario"], setting["users"], setting["runs"]) == ("evening", 30, 10)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--users", "0"], "--users"),
        (["--users", "-3"], "--users"),
        (["--users", "many"], "--users"),
        (["--users", "1" * 5000], "--users"),
        (["--seed", "-1"], "--seed"),
        (["--seed", "x"], "--seed"),
        (["--runs", "0"], "--runs"),
        (["--runs", "10001"], "--runs"),
        (["--jobs", "0"], "--jobs"),
        (["--warmup", "soon"], "duration"),
        (["--warmup", ""], "duration"),
        (["--engine", "steam"], "steam"),
        (["--engine", "core", "--world", "wire"], "--engine"),
        (["--runs", "2", "--runs", "3"], "--runs"),
        (["--users", "40", "--users", "3000"], "--users"),
        (["--world", "tcp", "--jobs", "2"], "--jobs"),
        (["--replay", "x", "--runs", "2"], "--runs"),
        (["--replay", "x", "--warmup", "0s"], "--warmup"),
        (["--duration", ""], "duration"),
        (["--duration", "0s"], "duration"),
        (["--duration", "1.5h"], "duration"),
        (["--duration", "10"], "duration"),
        (["--duration", "30m1h"], "duration"),
        (["--duration", "-5m"], "duration"),
        (["--duration", "999999h"], "duration"),
        (["--duration", "9" * 5000 + "h"], "duration"),
        (["--duration", "\u0663m"], "duration"),
        (["--policy", "v3"], "v3"),
        (["--policy", ""], "policy"),
        (["--policy", "v2:minimum=1"], "minimum"),
        (["--policy", "no.such:Policy"], "no.such"),
        (["--scenario", "nowhere.toml"], "nowhere.toml"),
        (["--scenario", ""], "scenario"),
        (["--scenario", "\x1b[2J"], "x1b"),
        (["--world", "moon"], "moon"),
        (["--world", ""], "world"),
        (["--world", "wire", "--faults", "\x1b[2J"], "x1b"),
        (["--faults", "mild"], "--faults"),
        (["--replay", "x", "--world", "wire"], "--world"),
        (["--json", "/nowhere/figures.json"], "/nowhere"),
        (["--json", "."], "."),
        (["--json", ""], "write"),
        (["--replay", "/nowhere/recording"], "/nowhere"),
        (["--replay", "."], "."),
        (["--replay", "x", "--users", "5"], "--users"),
        (["--replay", "x", "--seed", "0"], "--seed"),
        (["--frobnicate"], "--frobnicate"),
        (["surplus"], "surplus"),
    ],
)
def test_a_bad_value_gets_one_line_and_a_hint(capsys, options, named):
    code, out, err = ran(capsys, "sim", *options)
    assert (code, out) == (2, "")
    error, hint = err.splitlines()
    assert error.startswith("error: ")
    assert hint.startswith("hint: ")
    assert named in error
    assert err.replace("\n", "").isprintable()


def test_a_bad_scenario_file_is_refused_naming_the_key(capsys, tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text("users = 30\n[personas.regular]\nshare = 1\nlobby_seconds = 5\nchat_seconds = 'long'\n")
    code, _, err = ran(capsys, "sim", "--scenario", str(path))
    assert code == 2
    assert "personas.regular.chat_seconds" in err


@pytest.fixture
def own_policy(tmp_path, monkeypatch):
    """A module with policies of one's own, as it lies where one works."""
    (tmp_path / "my_policies.py").write_text(
        """
from roulette_core import Policy


class NewestFirst(Policy):
    def draw(self, now, choose):
        if len(self.pool) < 2:
            return None
        *_, second, first = self.pool
        return first, second


class Narcissus(Policy):
    def draw(self, now, choose):
        first = next(iter(self.pool))
        return first, first


class Careless(Policy):
    def draw(self, now, choose):
        return 1 / 0
"""
    )
    (tmp_path / "my_broken.py").write_text("class Policy(:\n")
    monkeypatch.syspath_prepend(tmp_path)


@pytest.mark.usefixtures("own_policy")
def test_a_custom_policy_is_run(capsys):
    code, out, _ = ran(capsys, *SHORT, "--policy", "my_policies:NewestFirst", "--json", "-")
    assert code == 0
    assert policies(out) == ["my_policies:NewestFirst"]


@pytest.mark.usefixtures("own_policy")
@pytest.mark.parametrize(
    ("policy", "not_asked"),
    [
        ("no-repeat", set()),
        ("uniform", {"no_partner_twice_running"}),
        ("my_policies:NewestFirst", {"no_partner_twice_running", "work_conserving"}),
    ],
)
def test_a_check_that_was_not_made_is_not_reported_ok(capsys, policy, not_asked):
    short = [*SHORT, "--engine", "core"]
    code, out, _ = ran(capsys, *short, "--policy", policy, "--json", "-")
    verdicts = {check["name"]: check["verdict"] for check in json.loads(out)["policies"][0]["checks"][0]}
    assert (code, {name for name, verdict in verdicts.items() if verdict != "ok"}) == (0, not_asked)
    assert {verdicts[name] for name in not_asked} <= {"not asked"}
    shown = ran(capsys, *short, "--policy", policy)[1]
    for name in not_asked:
        assert re.search(rf"{name.replace('_', ' ')} +not asked *$", shown, re.MULTILINE)
        assert "not asked: " in shown


@pytest.mark.usefixtures("own_policy")
@pytest.mark.parametrize(
    ("policy", "expected"), [("my_policies:Narcissus", 1), ("my_policies:Careless", 1), ("my_broken:Policy", 2)]
)
def test_the_failure_of_a_custom_policy_is_reported_in_two_lines(capsys, policy, expected):
    code, out, err = ran(capsys, *SHORT, "--policy", policy)
    assert (code, out) == (expected, "")
    assert len(err.splitlines()) == 2
    assert policy in err


def test_a_failed_check_is_shown_and_exits_1(capsys, monkeypatch):
    from roulette_core.testing import Checker, Result, Verdict

    results = [Result("work_conserving", Verdict.FAILED, "somebody could have been paired")]
    monkeypatch.setattr(Checker, "results", lambda self: results)
    code, out, _ = ran(capsys, *SHORT, "--engine", "core")
    assert code == 1
    assert "somebody could have been paired" in " ".join(out.split())


@pytest.fixture
def recording(tmp_path):
    events = [Join(user, f"user{user}") for user in (5, 8, 13)] + [Start(5), Start(8), Start(13), Next(5), Leave(8)]
    lines = [encode_header(RecordingHeader("no-repeat", 3))] + [
        encode_event(event, 7.0 + i) for i, event in enumerate(events)
    ]
    path = tmp_path / "session.jsonl"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_a_recording_is_replayed_under_its_own_policy(capsys, recording):
    code, out, err = ran(capsys, "sim", "--replay", str(recording), "--json", "-")
    assert (code, err) == (0, "")
    setting = json.loads(out)["setting"]
    assert policies(out) == ["no-repeat"]
    assert (setting["scenario"], setting["users"], setting["seed"], setting["replay"]) == ("replay", 3, 3, True)
    assert (figure(out, "pairings"), figure(out, "measured_seconds")) == (3, 7.0)


def test_a_recording_is_replayed_under_others(capsys, recording):
    code, out, _ = ran(capsys, "sim", "--replay", str(recording), "--policy", "v1", "--policy", "v2", "--json", "-")
    assert code == 0
    assert policies(out) == ["no-repeat", "uniform:minimum=3"]


def test_what_was_refused_in_replay_is_told_and_what_is_taken_as_given(capsys, recording):
    with recording.open("a") as file:
        file.write("".join(encode_event(Next(user), 20.0) + "\n" for user in (5, 13, 5, 13)))
    out = " ".join(ran(capsys, "sim", "--replay", str(recording), "--policy", "v1", "--policy", "v2")[1].split())
    assert re.search(r"refused in replay: \d+ under no-repeat, [1-9]\d* under uniform:minimum=3", out)
    assert "takes as given what users asked for" in out


def test_the_kernel_is_refused_what_it_does_not_know(capsys):
    code, out, err = ran(capsys, *SHORT, "--engine", "kernel", "--policy", "tests.core.custom:NewestFirst")
    assert (code, out) == (2, "")
    assert_two_plain_lines(err)
    short = [*SHORT, "--policy", "v1", "--json", "-"]
    engines = [json.loads(ran(capsys, *short, "--engine", name)[1])["policies"][0] for name in ("core", "kernel")]
    assert [policy["engine"] for policy in engines] == ["core", "kernel"]
    assert [policy["figures"]["wait.mean"] for policy in engines[:1]] == [engines[1]["figures"]["wait.mean"]]


def test_a_torn_last_line_is_mentioned_on_stderr(capsys, recording):
    with recording.open("a") as file:
        file.write('{"now": 20.0, "kind": "le')
    code, out, err = ran(capsys, "sim", "--replay", str(recording), "--policy", "v1", "--policy", "v2")
    assert (code, err.count("\n")) == (0, 1)
    assert "1 line that cannot be read" in err
    assert "no-repeat" in out


def big_recording(path):
    """A recording of 128 KB: more than is read ahead when a pipe is opened."""

    def lines():
        yield encode_header(RecordingHeader("no-repeat", 0))
        yield from (encode_event(Join(user, f"n{user}"), user * 0.5) for user in range(400))
        yield from (encode_event(Start(user), 200 + user * 0.5) for user in range(400))
        yield from (encode_event(Next(number * 7 % 400), 400 + number * 0.25) for number in range(2000))

    path.write_text("".join(f"{line}\n" for line in lines()))
    return path


@pytest.mark.parametrize("name", ["-", "/dev/stdin"])
def test_a_recording_from_a_pipe_gives_the_same_figures_under_every_policy(capsys, tmp_path, name):
    path = big_recording(tmp_path / "big.jsonl")
    both = ["--policy", "v1", "--policy", "v2", "--json", "-"]
    _, out, _ = ran(capsys, "sim", "--replay", str(path), *both)
    command = [terminal.ROULETTE, "sim", "--replay", name, *both]
    piped = subprocess.run(command, input=path.read_bytes(), capture_output=True, timeout=60)
    assert (piped.returncode, without_notice(piped.stderr.decode())) == (0, "")

    def found(text):
        return [
            (policy, figure(text, "users_ever", n), figure(text, "pairings", n))
            for n, policy in enumerate(policies(text))
        ]

    assert found(piped.stdout) == found(out)
    assert found(out)[0] == ("no-repeat", 400, 2196)


MINE = """
print("CODE RAN")
from roulette_core.policies import NoRepeat
class Mine(NoRepeat):
    pass
"""


def test_a_recording_runs_code_only_if_the_user_names_it(tmp_path, recording):
    (tmp_path / "mine.py").write_text(MINE)
    recording.write_text(recording.read_text().replace("no-repeat", "mine:Mine"))
    command = [terminal.ROULETTE, "sim", "--replay", str(recording)]
    refused = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert_two_plain_lines(without_notice(refused.stderr))
    assert "CODE RAN" not in refused.stderr
    assert "--policy module:Class" in refused.stderr
    command += ["--policy", "mine:Mine", "--json", "-"]
    named = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (named.returncode, figure(named.stdout, "pairings")) == (0, 3)


def test_a_recording_of_an_unknown_policy_can_still_be_replayed_under_another(capsys, recording):
    recording.write_text(recording.read_text().replace("no-repeat", "of.theirs:Own"))
    code, _, err = ran(capsys, "sim", "--replay", str(recording))
    assert code == 2
    assert "of.theirs" in err
    assert ran(capsys, "sim", "--replay", str(recording), "--policy", "v1")[0] == 0


@pytest.mark.parametrize("text", ["", "nonsense\n", '{"recording": 1, "policy": "no-repeat", "seed": 0}\n', "\0" * 99])
def test_a_file_that_is_not_a_recording_is_refused(capsys, tmp_path, text):
    path = tmp_path / "other"
    path.write_text(text)
    code, out, err = ran(capsys, "sim", "--replay", str(path))
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 2


def test_a_closed_pipe_ends_the_command_quietly():
    pipe = subprocess.Popen([terminal.ROULETTE, *SHORT], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    pipe.stdout.close()
    assert without_notice(pipe.stderr.read().decode()) == ""
    pipe.stderr.close()
    assert pipe.wait(timeout=60) == 1


LONG = ["sim", "--scenario", "closed", "--users", "2000", "--duration", "1000h", "--policy", "v1"]


def test_a_long_run_shows_a_bar_on_a_terminal_and_ctrl_c_ends_it_with_a_report():
    child = terminal.start(*LONG)
    child.expect("%")
    child.sendintr()
    ended = terminal.finish(child)
    assert ended.status == 130
    assert "PARTIAL" in ended.screen
    assert "Traceback" not in ended.raw
    assert "error" not in ended.raw


def test_no_progress_shows_none():
    child = terminal.start(*LONG, "--no-progress")
    if notice():
        child.expect(r"reinstall-package roulette-chat`\)|compiled build")  # the end of the notice
        child.expect("\n")
    with pytest.raises(pexpect.TIMEOUT):
        child.expect(".", timeout=4)
    child.sendintr()
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130


def test_ctrl_c_is_quiet_without_a_terminal_too():
    child = subprocess.Popen([terminal.ROULETTE, *LONG], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(3)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=30)
    assert (child.returncode, without_notice(err.decode())) == (130, "")
    assert out == b"" or out.startswith(b"PARTIAL")  # nothing, while the program was being imported


def test_a_short_run_on_a_terminal_shows_the_report_and_no_bar():
    ended = terminal.run("sim", "--users", "10", "--duration", "1m", "--runs", "2", "--jobs", "1", NO_COLOR="1")
    assert ended.status == 0
    assert "no-repeat" in ended.screen
    assert "\x1b[3" not in ended.raw
    assert "━" not in ended.raw
