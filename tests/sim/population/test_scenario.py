import re
import tomllib
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.population import MIXED, ClosedModel, Persona, ScenarioError, load, parse

DOCUMENT = Path(__file__).parents[3] / "docs" / "scenarios.md"
KEYS = [field.name for field in fields(Persona) if field.name != "name"]
PERSONA = "users = 10\n[personas.regular]\nshare = 1\nlobby_seconds = 5\nchat_seconds = 60\n"


def refusal(text):
    with pytest.raises(ScenarioError) as caught:
        parse(text, "test")
    assert caught.value.hint
    assert "\n" not in caught.value.message
    assert caught.value.message.isprintable()
    return caught.value.message


def test_a_small_scenario_is_read():
    scenario = parse(PERSONA, "test")
    assert (scenario.name, scenario.users) == ("test", 10)
    assert scenario.personas == (Persona("regular", lobby_seconds=5.0, chat_seconds=60.0, share=1.0),)


def test_every_key_is_read_into_the_attribute_of_its_name():
    values = {key: index / 100 + 0.2 for index, key in enumerate(KEYS) if key != "interests"}
    lines = "".join(f"{key} = {value}\n" for key, value in values.items())
    (persona,) = parse(f'users = 1\n[personas.all]\n{lines}interests = ["chess", "music"]\n', "test").personas
    assert {key: getattr(persona, key) for key in values} == values
    assert persona.interests == ("chess", "music")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "users"),
        ("users = 10", "personas"),
        ("users = 10\npersonas = 3", "personas"),
        ("users = 10\n[personas]", "personas"),
        ("users = 10\npersonas.regular = 3", "personas.regular"),
        (PERSONA.replace("10", "1.5"), "users"),
        (PERSONA.replace("10", "true"), "users"),
        (PERSONA.replace("10", "-1"), "users"),
        (PERSONA.replace("10", "10_000_001"), "users"),
        (PERSONA.replace("10", "0x" + "f" * 9000), "users"),
        (PERSONA + "stay_seconds = " + "9" * 400, "personas.regular.stay_seconds"),
        (PERSONA.replace("10", "0"), "users"),
        (PERSONA.replace("share = 1", "share = 0"), "share"),
        (PERSONA.replace("share = 1\n", ""), "share"),
        (PERSONA.replace("lobby_seconds = 5\n", ""), "personas.regular.lobby_seconds"),
        (PERSONA.replace("chat_seconds = 60\n", ""), "personas.regular.chat_seconds"),
        (PERSONA + "patience = 5", "'patience'"),
        (PERSONA + 'name = "x"', "'name'"),
        ("user = 3\n" + PERSONA, "'user'"),
        (PERSONA + 'stay_seconds = "long"', "personas.regular.stay_seconds"),
        (PERSONA + "stay_seconds = true", "personas.regular.stay_seconds"),
        (PERSONA + "stay_seconds = nan", "personas.regular.stay_seconds"),
        (PERSONA + "stay_seconds = 0", "personas.regular.stay_seconds"),
        (PERSONA + "stay_seconds = -inf", "personas.regular.stay_seconds"),
        (PERSONA + "stay_seconds = [1]", "personas.regular.stay_seconds"),
        (PERSONA + "stay_seconds = 1e-9", "personas.regular.stay_seconds"),
        (PERSONA + "unnoticed_seconds = -1", "personas.regular.unnoticed_seconds"),
        (PERSONA + "next_probability = 1.01", "personas.regular.next_probability"),
        (PERSONA + "private_lines_per_minute = 1e9", "personas.regular.private_lines_per_minute"),
        (PERSONA + "arrivals_per_minute = inf", "personas.regular.arrivals_per_minute"),
        (PERSONA + 'interests = "chess"', "personas.regular.interests"),
        (PERSONA + "interests = [1]", "personas.regular.interests"),
    ],
)
def test_a_bad_scenario_is_refused_naming_the_key(text, key):
    assert key in refusal(text)


def test_ranges_are_shown_in_readable_figures():
    assert "from 0 to 1,000,000, not -1" in refusal(PERSONA.replace("share = 1", "share = -1"))
    assert "from 0.1 to inf, not -1" in refusal(PERSONA + "stay_seconds = -1")


def test_what_is_not_toml_is_refused_with_the_place():
    assert "line 2" in refusal("users = 10\nusers = \n")
    assert "not TOML" in refusal("users = " + "[" * 100_000)


def test_text_of_an_error_cannot_move_the_cursor():
    refusal(PERSONA + '"\\u001b[2J\\n\\u202e" = 3')
    refusal('users = 1\n[personas."\\u001b[31m\\n"]\nshare = 1')
    refusal(PERSONA.replace("10", '"\\u001b]0;x\\u0007"'))


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


def toml(value):
    """A value as inline TOML; None as an empty string."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{toml(key)} = {toml(inner)}' for key, inner in value.items())}}}"
    return '"' + "".join(f"\\U{ord(char):08x}" for char in value or "" if not "\ud800" <= char <= "\udfff") + '"'


keys = st.sampled_from([*KEYS, "users", "personas", "other"])
tables = st.dictionaries(keys, values | st.floats(0.1, 1) | st.integers(1, 1000), max_size=14)


@given(users=values | st.integers(0, 50), personas=st.dictionaries(st.text(max_size=5), tables, max_size=3))
def test_any_toml_is_either_a_scenario_that_runs_or_refused_in_one_line(users, personas):
    text = f"users = {toml(users)}\npersonas = {toml(personas)}\n"
    tomllib.loads(text)
    try:
        scenario = parse(text, "test")
    except ScenarioError as error:
        assert error.message.isprintable()
    else:
        assert scenario.users == users
        population = scenario.population(np.random.SeedSequence(1))
        assert len(population.agenda) >= min(users, 1)


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda data: data.decode("latin-1")))
def test_any_text_is_either_a_scenario_or_refused_in_one_line(text):
    refusal(text)


@pytest.mark.parametrize("key", KEYS)
def test_every_key_is_documented(key):
    assert f"| `{key}` |" in DOCUMENT.read_text(encoding="utf-8")


def test_the_documented_example_and_the_default_scenario_are_good():
    example = re.search(r"```toml\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    assert [persona.name for persona in parse(example[1], "example").personas] == ["regular", "ghost", "newcomer"]
    names = [persona.name for persona in parse(MIXED.read_text(encoding="utf-8"), "mixed").personas]
    assert names == ["patient", "skipper", "lurker", "chatterbox", "ghost", "newcomer"]


def sources():
    """The table of the numbers of ``mixed``: key → the cells of the personas in order."""
    section = DOCUMENT.read_text(encoding="utf-8").partition("## Where the numbers of `mixed` come from")[2]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| `")]
    return section, {row[0].split("`")[1]: [cell.strip() for cell in row[1:]] for row in rows}


def test_the_source_of_every_number_of_mixed_is_documented():
    section, table = sources()
    data = tomllib.loads(MIXED.read_text(encoding="utf-8"))["personas"]
    assert set(table) == {key for habits in data.values() for key in habits}
    for key, cells in table.items():
        for habits, cell in zip(data.values(), cells, strict=True):
            value = habits.get(key)
            if key == "interests":
                assert cell == (", ".join(value) if value else "none")
            elif value is not None:
                assert float(cell.split()[0]) == value
                assert cell.endswith(("]", "assumed"))
            else:
                assert not cell or cell.split()[0].strip(",") in ("0", "none", "never")
    cited = {int(number) for cells in table.values() for cell in cells for number in re.findall(r"\[(\d+)\]", cell)}
    assert cited <= {int(number) for number in re.findall(r"^(\d+)\. ", section, re.MULTILINE)}


def test_numbers_that_the_file_does_not_comment_are_those_marked_as_assumed():
    _, table = sources()
    commented = re.findall(r"^(\w+) = \S+ +#", MIXED.read_text(encoding="utf-8"), re.MULTILINE)
    cited = [key for key, cells in table.items() for cell in cells if "[" in cell]
    assert sorted(commented) == sorted(cited)


def test_the_built_in_scenarios_are_found_by_name():
    assert load("closed") == ClosedModel(1000)
    assert load("closed", 7) == ClosedModel(7)
    assert (load("mixed").name, load("mixed").users, load("mixed", 50).users) == ("mixed", 1000, 50)


def test_arrivals_grow_with_the_users(tmp_path):
    assert load("mixed", 3000).arrivals_factor == 3.0
    path = tmp_path / "empty.toml"
    path.write_text("users = 0\n[personas.a]\narrivals_per_minute = 1\nlobby_seconds = 1\nchat_seconds = 1")
    assert load(str(path)).arrivals_factor == 1.0
    with pytest.raises(ScenarioError, match="share"):
        load(str(path), users=10)


@pytest.mark.parametrize("name", ["nowhere.toml", ".", "a\0b", "x" * 5000])
def test_a_file_that_cannot_be_read_is_refused(name):
    with pytest.raises(ScenarioError, match="cannot read"):
        load(name)


def test_a_file_that_is_not_text_or_has_no_end_is_refused(tmp_path):
    path = tmp_path / "binary.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ScenarioError, match="UTF-8"):
        load(str(path))
    path.write_bytes(b"#" * (1 << 21))
    with pytest.raises(ScenarioError, match="large"):
        load(str(path))


def test_a_byte_order_mark_is_read_over(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("\ufeff" + MIXED.read_text(encoding="utf-8"), encoding="utf-8")
    assert load(str(path)).personas == load("mixed").personas
