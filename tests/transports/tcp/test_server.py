"""Real sockets: two people talk; resets, time and the end of the server hurt nobody else."""

import asyncio

from roulette_core import Policy, State
from tests.support.house import play, served


def test_two_people_talk_in_the_lobby_and_in_private_and_part() -> None:
    async def story() -> None:
        async with served() as house:
            ada, bob = await house.enter_pair()
            carol, dan = await house.enter("carol"), await house.enter("dan")
            carol.type("hello")
            assert await dan.hears("hello") == "<carol> hello"
            bob.type("how are you")
            assert await ada.hears("how are") == "<bob> how are you"
            ada.type("next")
            await bob.hears("<ada> has moved on")
            bob.type("lobby")
            await bob.hears("You are in the lobby")
            ada.type("close")
            await ada.hears("Goodbye")
            assert await ada.is_alone()
            await bob.hears("<ada> has left")

    play(story)


def test_a_reset_in_the_middle_of_a_pair_kills_neither_server_nor_partner() -> None:
    async def story() -> None:
        async with served() as house:
            ada, bob = await house.enter_pair()
            ada.reset()
            await bob.hears("<ada> has quit")
            carol = await house.enter("carol")
            carol.type("start")
            await bob.hears("Only <carol> sees what you type")

    play(story)


def test_a_hundred_resets_at_once_leave_a_server_that_serves() -> None:
    async def story() -> None:
        async with served("uniform") as house:
            people = [await house.enter(f"user{number}") for number in range(100)]
            for person in people:
                person.type("start")
            await house.until(lambda: house.roulette.counts()[State.PRIVATE] >= 98)
            for person in people:
                person.reset()
            await house.until(lambda: len(house.server.gateway) == 0)
            await house.enter("ada")

    play(story)


def test_by_time_alone_two_are_paired() -> None:
    async def story() -> None:
        async with served("waves:every=0.2") as house:
            await house.enter_pair()

    play(story)


def test_a_deadline_that_goes_away_or_outlives_the_server_does_no_harm() -> None:
    async def story() -> None:
        async with served("waves:every=0.2") as house:
            ada, bob = await house.enter("ada"), await house.enter("bob")
            for _ in range(2):
                ada.type("start", "lobby")
                await ada.hears("You are in the lobby")
            await asyncio.sleep(0.3)
            ada.type("start")
            bob.type("start")
            await ada.hears("Only <bob> sees what you type")
            ada.type("next")
            await ada.hears("Waiting")

    play(story)


def test_when_the_server_stops_everybody_hears_goodbye_and_is_alone() -> None:
    async def story() -> None:
        async with served() as house:
            ada, bob = await house.enter_pair()
            nameless = await house.enter()
            house.server.stop()
            for person in (ada, bob, nameless):
                await person.hears("The server is shutting down")
                assert await person.is_alone()

    play(story)


def test_a_second_stop_does_not_wait_for_those_who_never_read() -> None:
    async def story() -> None:
        async with served() as house:
            deaf = await house.enter("deaf")
            deaf.stop_reading()
            ada = await house.enter("ada")
            ada.type(*["x" * 4000] * 4000)
            await house.until(lambda: house.server.driver.links[1].full)
            house.server.stop()
            await asyncio.sleep(0)
            house.server.stop()
            await house.until(lambda: not house.server.driver.links)

    play(story)


class Broken(Policy):
    """Breaks at the second person who searches."""

    def draw(self, now: float, choose: object) -> None:
        raise ZeroDivisionError("of all things")


def test_a_broken_policy_stops_the_server_with_a_goodbye() -> None:
    async def story() -> None:
        async with served(Broken()) as house:
            ada, bob = await house.enter("ada"), await house.enter("bob")
            ada.type("start")
            bob.type("start")
            await ada.hears("The server is shutting down")
            await bob.hears("The server is shutting down")
            assert isinstance(house.server.failure, ZeroDivisionError)

    play(story)
