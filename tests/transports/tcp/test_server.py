"""The server over real sockets: two users talk; resets, deadlines and stopping affect no other user."""

import asyncio

from roulette_core import BrokenPolicy, Policy, State
from tests.support.running_chat import play, served


def test_two_users_talk_in_the_lobby_and_in_private_and_part() -> None:
    async def story() -> None:
        async with served() as chat:
            ada, bob = await chat.enter_pair()
            carol, dan = await chat.enter("carol"), await chat.enter("dan")
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
            assert await ada.sees_eof()
            await bob.hears("<ada> has left")

    play(story)


def test_a_reset_in_private_ends_neither_server_nor_partner() -> None:
    async def story() -> None:
        async with served() as chat:
            ada, bob = await chat.enter_pair()
            ada.reset()
            await bob.hears("<ada> has quit")
            carol = await chat.enter("carol")
            carol.type("start")
            await bob.hears("Only <carol> sees what you type")

    play(story)


def test_after_a_hundred_resets_at_once_the_server_still_serves() -> None:
    async def story() -> None:
        async with served("uniform") as chat:
            clients = [await chat.enter(f"user{number}") for number in range(100)]
            for client in clients:
                client.type("start")
            await chat.until(lambda: chat.roulette.counts()[State.PRIVATE] >= 98)
            for client in clients:
                client.reset()
            await chat.until(lambda: len(chat.server.gateway) == 0)
            await chat.enter("ada")

    play(story)


def test_two_users_are_paired_by_time_alone() -> None:
    async def story() -> None:
        async with served("waves:every=0.2") as chat:
            await chat.enter_pair()

    play(story)


def test_a_deadline_that_goes_away_or_outlives_the_server_is_harmless() -> None:
    async def story() -> None:
        async with served("waves:every=0.2") as chat:
            ada, bob = await chat.enter("ada"), await chat.enter("bob")
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


def test_a_stopping_server_says_goodbye_to_every_client_and_closes() -> None:
    async def story() -> None:
        async with served() as chat:
            ada, bob = await chat.enter_pair()
            nameless = await chat.enter()
            chat.server.stop()
            for client in (ada, bob, nameless):
                await client.hears("The server is shutting down")
                assert await client.sees_eof()

    play(story)


def test_a_second_stop_does_not_wait_for_clients_that_never_read() -> None:
    async def story() -> None:
        async with served() as chat:
            deaf = await chat.enter("deaf")
            deaf.pause_reading()
            ada = await chat.enter("ada")
            ada.type(*["x" * 4000] * 4000)
            await chat.until(lambda: chat.server.driver.links[1].full)
            chat.server.stop()
            await asyncio.sleep(0)
            chat.server.stop()
            await chat.until(lambda: not chat.server.driver.links)

    play(story)


class Broken(Policy):
    """Raises when it is first asked for a pair."""

    def draw(self, now: float, choose: object) -> None:
        raise ZeroDivisionError("of all things")


def test_a_broken_policy_stops_the_server_with_a_goodbye() -> None:
    async def story() -> None:
        async with served(Broken()) as chat:
            ada, bob = await chat.enter("ada"), await chat.enter("bob")
            ada.type("start")
            bob.type("start")
            await ada.hears("The server is shutting down")
            await bob.hears("The server is shutting down")
            assert isinstance(chat.server.failure, BrokenPolicy)
            assert isinstance(chat.server.failure.__cause__, ZeroDivisionError)

    play(story)
