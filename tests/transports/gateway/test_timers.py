"""Timers: on time, once, and in bounded memory."""

from hypothesis import given
from hypothesis import strategies as st

from tests.support.gateway_fixture import GatewayFixture
from transports.gateway import Limits
from transports.gateway.timers import Timers

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("set"), st.integers(0, 5), st.integers(0, 50)),
        st.tuples(st.just("drop"), st.integers(0, 5), st.just(0)),
        st.tuples(st.just("due"), st.just(0), st.integers(0, 50)),
    ),
    max_size=200,
)


@given(STEPS)
def test_every_timer_expires_once_at_the_earliest_time_set(steps: list[tuple[str, int, int]]) -> None:
    alarms, model = Timers(), dict[int, float]()
    for step, connection, when in steps:
        if step == "set":
            alarms.set(connection, when)
            model[connection] = min(when, model.get(connection, when))
        elif step == "drop":
            alarms.drop(connection)
            model.pop(connection, None)
        else:
            rung = list(alarms.due(when))
            assert set(rung) == {each for each, due in model.items() if due <= when}
            assert [model[each] for each in rung] == sorted(model[each] for each in rung)
            model = {each: due for each, due in model.items() if due > when}
        assert alarms.next() == min(model.values(), default=None)


def test_memory_is_bounded_while_timers_are_set_earlier_again_and_again() -> None:
    alarms = Timers()
    for now in range(0, 20_000, 2):
        alarms.set(1, now + 1800)
        alarms.set(1, now + 1)
        assert list(alarms.due(now + 1)) == [1]
        assert len(alarms._heap) <= 100


def test_memory_is_bounded_while_connections_come_and_go() -> None:
    alarms = Timers()
    for connection in range(10_000):
        alarms.set(connection, 60.0 + connection)
        if connection >= 10:
            alarms.drop(connection - 10)
        assert len(alarms._heap) <= 100


def test_a_client_that_is_throttled_for_hours_leaves_nothing_behind() -> None:
    chat = GatewayFixture(limits=Limits())
    (ada,) = chat.enter("ada")
    for _ in range(500):
        chat.send(ada, b"hello\n" * 10)
        chat.wait(20.0)
    chat.check()
    assert len(chat.gateway._sessions.timers._heap) <= 100
