"""Transports that are bad on purpose: ``without_driver``, broken in one place each, and the test that finds it."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from random import Random
from typing import Any, NamedTuple

from tests.transports.testing.without_driver import Line, UnixServer
from transports.gateway import Order, Output
from transports.testing import TransportTests

Sound = Callable[..., Any]

DEADLINE = 2.0
"""The deadline of a test that a bad transport would never finish, in seconds."""


class Plant(NamedTuple):
    """A fault: a method that is replaced, the test that finds it, and the deadline of that test."""

    name: str
    owner: type
    method: str
    broken: Sound
    found_by: str
    deadline: float


def breaks(
    owner: type, method: str, found_by: str, deadline: float = TransportTests.deadline
) -> Callable[[Sound], Plant]:
    """Makes a fault of a function, which takes the sound method as ``sound`` before the method's own arguments."""
    sound = getattr(owner, method)

    def plant(function: Sound) -> Plant:
        broken = lambda *given: function(sound, *given)  # noqa: E731
        return Plant(function.__name__, owner, method, broken, f"test_{found_by}", deadline)

    return plant


# What is sent.

NO_LOSS = "no_line_is_lost_duplicated_or_reordered_when_buffers_are_full"

_chance = Random(0)


@breaks(Line, "carry_out", NO_LOSS)
def drops_one_line_in_ten_thousand_on_a_full_buffer(sound: Sound, line: Any, what: bytes | Order) -> None:
    if not (line.full and isinstance(what, bytes) and _chance.randrange(10_000) == 0):
        sound(line, what)


@breaks(Line, "carry_out", NO_LOSS)
def sends_one_line_in_ten_thousand_twice_on_a_full_buffer(sound: Sound, line: Any, what: bytes | Order) -> None:
    sound(line, what)
    if line.full and isinstance(what, bytes) and _chance.randrange(10_000) == 0:
        sound(line, what)


@breaks(Line, "carry_out", "output_before_close_is_delivered_and_input_after_it_ignored")
def drops_output_before_close(sound: Sound, line: Any, what: bytes | Order) -> None:
    line.transport.abort() if what is Order.CLOSE else sound(line, what)


@breaks(Line, "carry_out", "two_users_meet_talk_and_part")
def never_closes(sound: Sound, line: Any, what: bytes | Order) -> None:
    if what is not Order.CLOSE:
        sound(line, what)


@breaks(Line, "carry_out", "a_client_that_does_not_read_is_dropped_and_delays_no_other_client")
def blocks_all_clients_on_a_slow_reader(sound: Sound, line: Any, what: bytes | Order) -> None:
    if isinstance(what, bytes):
        with line.transport.get_extra_info("socket").dup() as blocking:
            blocking.setblocking(True)
            blocking.sendall(what)
    else:
        sound(line, what)


@breaks(Line, "end_turn", "a_client_that_does_not_read_is_dropped_and_delays_no_other_client")
def buffers_without_limit_for_a_client_that_does_not_read(sound: Sound, line: Any) -> None:
    if not line.full:
        line.flush()


@breaks(UnixServer, "step", "two_users_meet_talk_and_part")
def sends_output_in_reverse(sound: Sound, server: Any, call: Callable[[float], list[Output]]) -> None:
    sound(server, lambda now: call(now)[::-1])


@breaks(Line, "carry_out", "the_accounts_of_all_clients_of_a_random_story_agree")
def sends_one_piece_in_a_hundred_to_another_client(sound: Sound, line: Any, what: bytes | Order) -> None:
    others = [other for other in line.server.lines.values() if other is not line]
    misdirected = others and isinstance(what, bytes) and _chance.randrange(100) == 0
    sound(_chance.choice(others) if misdirected else line, what)


@breaks(UnixServer, "step", "when_the_transport_stops_all_clients_are_told_and_disconnected")
def stops_without_goodbye(sound: Sound, server: Any, call: Callable[[float], list[Output]]) -> None:
    sound(server, (lambda now: []) if call == server.gateway.goodbye else call)


@breaks(Line, "carry_out", NO_LOSS, DEADLINE)
def takes_quadratic_time(sound: Sound, line: Any, what: bytes | Order) -> None:
    """As asyncio does since Python 3.12 for a transport that writes line by line."""
    line.sent = [*getattr(line, "sent", ()), what]
    sound(line, what)


@breaks(UnixServer, "serve", "a_new_connection_is_greeted", DEADLINE)
async def never_stops(sound: Sound, server: Any, path: str, stop: asyncio.Event, started: asyncio.Event) -> None:
    await sound(server, path, stop, started)
    await asyncio.Event().wait()


# What is read.


@breaks(Line, "data_received", "a_line_may_be_cut_anywhere")
def decodes_each_piece(sound: Sound, line: Any, data: bytes) -> None:
    sound(line, data.decode(errors="replace").encode())


@breaks(Line, "data_received", "a_line_may_be_cut_anywhere")
def takes_each_piece_for_a_line(sound: Sound, line: Any, data: bytes) -> None:
    sound(line, data if data.endswith(b"\n") else data + b"\n")


@breaks(Line, "data_received", "many_lines_in_one_piece_are_handled_in_order")
def truncates_large_pieces(sound: Sound, line: Any, data: bytes) -> None:
    sound(line, data[:1024])


@breaks(Line, "carry_out", "a_flooder_is_paused_delays_no_other_client_and_loses_nothing")
def ignores_pause(sound: Sound, line: Any, what: bytes | Order) -> None:
    if what is not Order.PAUSE:
        sound(line, what)


@breaks(Line, "carry_out", "a_flooder_is_paused_delays_no_other_client_and_loses_nothing")
def ignores_resume(sound: Sound, line: Any, what: bytes | Order) -> None:
    if what is not Order.RESUME:
        sound(line, what)


@breaks(Line, "data_received", "calls_of_the_gateway_never_overlap")
def calls_from_several_threads(sound: Sound, line: Any, data: bytes) -> None:
    loop, gateway = line.server.loop, line.server.gateway

    def hand_in() -> None:
        outputs = gateway.received(line.id, data, loop.time())
        loop.call_soon_threadsafe(line.server.step, lambda now: outputs)

    loop.run_in_executor(None, hand_in)


# Connections begin and end.


@breaks(Line, "__init__", "connection_ids_are_never_reused")
def reuses_ids(sound: Sound, line: Any, server: Any) -> None:
    sound(line, server)
    line.id = next(number for number in range(1, line.id + 1) if number not in server.lines)


@breaks(Line, "connection_lost", "the_partner_of_a_client_that_hangs_up_is_told")
def never_reports_a_disconnect(sound: Sound, line: Any, error: Exception | None) -> None:
    del line.server.lines[line.id]


@breaks(Line, "connection_lost", "the_partner_of_a_client_that_is_reset_is_told")
def never_reports_a_reset(sound: Sound, line: Any, error: Exception | None) -> None:
    if error is None:
        sound(line, error)
    else:
        del line.server.lines[line.id]


@breaks(Line, "connection_lost", "a_client_that_hangs_up_before_it_sends_anything_is_forgotten")
def reports_a_disconnect_twice(sound: Sound, line: Any, error: Exception | None) -> None:
    sound(line, error)
    line.server.step(partial(line.server.gateway.disconnected, line.id))


@breaks(Line, "eof_received", "after_a_half_close_the_user_leaves_and_pending_output_is_delivered")
def keeps_a_client_that_half_closed(sound: Sound, line: Any) -> bool:
    return True


# Time.


@breaks(UnixServer, "step", "a_client_that_gives_no_name_in_time_is_disconnected")
def never_ticks(sound: Sound, server: Any, call: Callable[[float], list[Output]]) -> None:
    sound(server, call)
    server.timer.cancel()


@breaks(UnixServer, "step", "an_earlier_deadline_replaces_a_later_one")
def sleeps_through_an_earlier_deadline(sound: Sound, server: Any, call: Callable[[float], list[Output]]) -> None:
    asleep = server.timer
    sound(server, call)
    if isinstance(asleep, asyncio.TimerHandle) and asleep.when() > server.loop.time():
        server.timer.cancel()
        server.timer = server.loop.call_at(asleep.when(), server.step, server.gateway.tick)


@breaks(UnixServer, "step", "a_new_connection_is_greeted")
def has_a_clock_that_runs_back(sound: Sound, server: Any, call: Callable[[float], list[Output]]) -> None:
    sound(server, lambda now: call(-now))


PLANTS: Sequence[Plant] = [plant for plant in globals().values() if isinstance(plant, Plant)]
