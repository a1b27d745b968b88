"""The page about pairing policies: its table is that of the code, its example runs, its figures come out."""

import inspect
import math
import random
import re

import pytest

from roulette_core import Join, Next, Paired, Policy, Roulette, Start, Tick, make_policy
from roulette_core.policies import POLICIES, SHORT
from tests.support.fences import ROOT, SPEED, agrees, fences, steps
from tests.support.pure_build import without_notice
from tests.support.terminal import run_plain

PAGE = "docs/policies.md"
TEXT = (ROOT / PAGE).read_text(encoding="utf-8")
EXAMPLE, MENTORS, MEETING = (fence.text for fence in fences(PAGE, "python"))
COMPARED, PROVED = steps(PAGE)


def test_every_policy_has_a_row_with_its_defaults_and_a_section_of_its_own():
    for name, kind in POLICIES.items():
        (row,) = re.findall(rf"^\| `{name}`.*$", TEXT, re.MULTILINE)
        parameters = inspect.signature(kind).parameters.values()
        assert re.findall(r"`(\w+=\d+)`", row) == [
            f"{parameter.name}={parameter.default:g}" for parameter in parameters
        ]
        assert f"\n## {name}\n" in TEXT
    for short, name in SHORT.items():
        assert f"| `{name}`, short `{short}` |" in TEXT


@pytest.fixture
def example(tmp_path, importable) -> type[Policy]:
    """The policy of the page, saved and imported as its reader would."""
    path = tmp_path / "my_policies.py"
    path.write_text(EXAMPLE, encoding="utf-8")
    importable(path)
    return type(make_policy("my_policies:Host"))


def test_the_example_takes_about_ten_lines():
    code = [line for line in EXAMPLE.splitlines() if line.strip() and not line.startswith("from")]
    assert len(code) <= 10


def test_the_example_looks_at_blocks_and_at_whoever_else_may_meet(example):
    roulette = Roulette(example(minimum=2))
    for user, blocked in ((1, ()), (2, (1,)), (3, (1,))):
        roulette.handle(Join(user, f"name {user}", blocked), 0.0)
    assert roulette.handle(Start(1), 0.0)[1:] == roulette.handle(Start(2), 0.0)[1:] == ()
    assert roulette.handle(Start(3), 0.0)[1:] == (Paired(2, 3, "name 2", "name 3", 1),)


def test_the_example_can_be_named_with_its_parameter(example):
    assert make_policy("my_policies:Host:minimum=6").specification == "my_policies:Host:minimum=6"
    assert example(minimum=6).specification == "my_policies:Host:minimum=6"


def test_the_example_is_found_by_the_command_line_where_it_is_run(example, tmp_path):
    done = run_plain(COMPARED.command, tmp_path)
    assert (done.returncode, without_notice(done.stderr)) == (0, "")
    assert agrees(SPEED.sub(r"\1", COMPARED.output), SPEED.sub(r"\1", done.stdout)), done.stdout


@pytest.fixture
def mentors(tmp_path, importable) -> type[Policy]:
    """The policy about people who differ, saved and imported as its reader would."""
    path = tmp_path / "mentors.py"
    path.write_text(MENTORS, encoding="utf-8")
    importable(path)
    return type(make_policy("mentors:Mentors"))


def test_the_mentors_of_the_page_meet_as_it_says_and_are_proved_with_their_cast(mentors, tmp_path):
    exec(compile(MEETING, PAGE, "exec"), {})
    done = run_plain(PROVED.command, tmp_path)
    assert (done.returncode, without_notice(done.stderr)) == (0, "")
    assert agrees(PROVED.output, done.stdout), done.stdout


def test_premium_comes_first_then_the_region_and_the_last_ten_partners_never(mentors):
    roulette = Roulette(mentors())
    for number in range(14):
        attributes = {"role": "mentee", "region": "north" if number % 2 else "south", "premium": number == 6}
        roulette.handle(Join(number, f"mentee {number}", attributes=attributes), 0.0)
        roulette.handle(Start(number, ("fr",)), 0.0)
    roulette.handle(Join("ada", "Ada", attributes={"role": "mentor", "region": "north"}), 1.0)
    roulette.handle(Start("ada", ("en", "fr")), 1.0)
    met = [roulette.partner("ada")]
    for _ in range(12):
        roulette.handle(Next("ada"), 2.0)
        met.append(roulette.partner("ada"))
    assert met == [6, 1, 3, 5, 7, 9, 11, 13, 0, 2, 4, 8, 10]


def closed_model(policy: Policy | str, users: int, draws: int, seed: int = 1) -> tuple[float, float]:
    """Runs the page's closed model, chats of 60 s on average: the re-pair probability, and the mean wait in seconds."""
    chance, roulette = random.Random(seed), Roulette(policy, seed)
    chatting: list[int] = []
    partner: dict[int, int] = {}
    since: dict[int, float] = {}
    repairs, waits, now = 0, [], 0.0

    def carry_out(effects) -> None:
        nonlocal repairs
        for first, second in (effect[:2] for effect in effects if isinstance(effect, Paired)):
            repairs += partner.get(first) == second and partner.get(second) == first
            partner[first], partner[second] = second, first
            chatting.append(first)
            waits.extend(now - since.pop(user) for user in (first, second))

    for user in range(users):
        since[user] = now
        roulette.handle(Join(user, str(user)), now)
        carry_out(roulette.handle(Start(user), now))
    for _ in range(draws):
        ends = now + chance.expovariate(len(chatting) / 60.0) if chatting else math.inf
        while (due := roulette.next_deadline()) is not None and due <= ends:
            now = due
            carry_out(roulette.handle(Tick(), now))
            ends = now + chance.expovariate(len(chatting) / 60.0)  # chats have no memory of how long they lasted
        now, number = ends, chance.randrange(len(chatting))
        chatting[number], chatting[-1] = chatting[-1], chatting[number]
        user = chatting.pop()
        since[user] = since[partner[user]] = now
        carry_out(roulette.handle(Next(user), now))
    return repairs / draws, sum(waits[users:]) / len(waits[users:])


def test_the_examples_repair_probability_is_one_in_nine(example):
    # A re-pair is two successes running of independent trials with p = 1/3: per draw the variance is
    # 1/9 − 1/81 + 2(1/27 − 1/81) = 0.148; 0.011 is four standard deviations of 20,000 draws.
    probability, _ = closed_model(example(), 1000, 20_000)
    assert probability == pytest.approx(1 / 9, abs=0.011)


def test_fresh_with_many_users_never_pairs_two_again():
    probability, _ = closed_model("fresh", 200, 5000)
    assert probability == 0


def test_the_mean_wait_for_a_wave_is_a_little_more_than_half_of_it():
    # Waits lie between 0 and 30 s with a standard deviation of 8.7 s: 0.4 s is over four standard deviations of the
    # mean of 10,000, and leaves room for the odd one who waits for the next wave.
    _, wait = closed_model("waves:every=30", 2000, 10_000)
    assert wait == pytest.approx(30 / (1 - math.exp(-30 / 60)) - 60, abs=0.4)
