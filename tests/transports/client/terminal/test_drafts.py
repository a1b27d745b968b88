"""A line begun in one place never goes to another unless the user was told and insists; the screen keeps it."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tests.transports.client.terminal.tty import Player, playing

SECRET = "my number is 555 0100"


def play(story: Callable[[Player], Awaitable[None]], **settings: str) -> None:
    async def whole() -> None:
        async with playing(**settings) as player:  # type: ignore[arg-type]
            await player.enters()
            await story(player)

    asyncio.run(whole())


def test_return_just_after_the_partner_has_left_sends_nothing_and_the_draft_stays() -> None:
    async def story(player: Player) -> None:
        await player.meets("bob")
        player.begins(SECRET)
        await player.is_left("bob")
        player.stage.time += 0.3
        await player.presses_enter()
        assert player.said == []
        assert player.draft == SECRET
        assert player.reads("Not sent: your chat with <bob> is over. Press Enter again to say it in the lobby") == 1

    play(story)


def test_a_second_return_sends_it_only_after_time_to_read_and_only_where_the_user_was_told() -> None:
    async def story(player: Player) -> None:
        await player.meets("bob")
        player.begins(SECRET)
        await player.is_left("bob")
        for _ in range(20):  # the key is held down
            await player.presses_enter()
            player.stage.time += 0.1
        assert player.said == []
        assert player.reads("Not sent: your chat with <bob> is over.") == 1
        await player.meets("wil", 2)
        player.stage.time += 5.0
        await player.presses_enter()
        assert player.said == [], "what was said of the lobby does not hold for wil"
        assert player.reads("Press Enter again to say it to <wil>.") == 1
        player.stage.time += 1.0
        await player.presses_enter()
        assert player.said == [(SECRET, 2)]
        assert player.draft == ""

    play(story)


def test_a_line_begun_within_3_seconds_after_the_partner_left_is_for_that_partner() -> None:
    async def story(player: Player) -> None:
        await player.meets("bob")
        await player.is_left("bob")
        player.stage.time += 2.9
        await player.types("yes, at eight")
        assert player.said == []
        await player.pilot.press("ctrl+u")
        player.stage.time += 0.1
        await player.types("hello all")
        assert player.said == [("hello all", 0)]

    play(story)


def test_a_line_that_crosses_the_departure_comes_back_into_the_input() -> None:
    async def story(player: Player) -> None:
        await player.meets("bob")
        player.begins(SECRET)
        await player.presses_enter()
        assert player.draft == ""
        assert SECRET not in player.seen(), "not shown as said before the server says so"
        (tag,) = [asked["tag"] for asked in player.stage.sent if "tag" in asked]
        await player.is_left("bob")
        await player.hears(type="refused", reason="chat_over", chat=1, unsent=SECRET, tag=tag, text="No effect.")
        assert player.reads(f"Not sent, <bob> had left: {SECRET}") == 1
        assert player.draft == SECRET
        await player.presses_enter()
        assert player.said == [(SECRET, 1)]

    play(story)


def test_half_a_sentence_typed_in_private_is_not_said_after_the_server_was_restarted() -> None:
    async def story(player: Player) -> None:
        await player.meets("bob")
        player.begins("my number is")
        await player.loses_connection()
        player.stage.conversation.connected(player.stage.time)
        await player.enters()
        await player.presses_enter()
        assert player.said == []
        await player.meets("bob")  # the new server begins to number its chats anew
        player.stage.time += 60.0
        await player.presses_enter()
        assert player.said == []
        assert player.draft == "my number is"

    play(story)


@pytest.mark.parametrize("crosses", [False, True])
def test_a_line_begun_in_the_lobby_is_not_said_to_a_stranger(crosses: bool) -> None:
    async def story(player: Player) -> None:
        await player.searches()
        player.begins("hello all")
        if crosses:
            await player.presses_enter()
            assert player.said == [("hello all", 0)]
        await player.meets("bob")
        if crosses:
            await player.hears(type="refused", reason="not_in_lobby", chat=0, unsent="hello all", tag=1, text="No.")
            assert player.draft == "hello all"
        player.stage.sent.clear()
        await player.presses_enter()
        assert player.said == []
        assert player.reads("Not sent: you are no longer in the lobby. Press Enter again to say it to <bob>.") == 1

    play(story)


def test_the_partner_does_not_see_typing_that_is_for_another() -> None:
    async def story(player: Player) -> None:
        await player.meets("bob")
        player.begins("hello b")
        await player.pilot.pause()
        await player.is_left("bob")
        await player.meets("wil", 2)
        player.stage.time += 10.0
        player.stage.sent.clear()
        player.begins("o")
        await player.pilot.pause()
        assert player.stage.sent == []

    play(story)


def test_f3_just_after_the_partner_has_left_does_not_leave_the_next_one_unless_pressed_again() -> None:
    async def story(player: Player) -> None:
        await player.meets("bob")
        await player.is_left("bob")
        await player.meets("wil", 2)
        player.stage.sent.clear()
        await player.pilot.press("f3", "f3")
        assert player.stage.sent == []
        assert player.reads("To leave <wil>, ask again") == 1
        player.stage.time += 1.0
        await player.pilot.press("f3")
        assert player.stage.sent == [{"type": "next", "chat": 2}]

    play(story)


def test_f8_just_after_the_partner_has_left_blocks_that_partner() -> None:
    async def story(player: Player) -> None:
        await player.meets("bob")
        await player.is_left("bob")
        await player.meets("wil", 2)
        player.stage.sent.clear()
        await player.pilot.press("f8")
        assert player.stage.sent == [{"type": "block", "name": "bob"}]
        await player.pilot.press("f8")
        assert player.stage.sent[1:] == [{"type": "block", "chat": 2}]

    play(story)


def test_in_french_it_is_said_in_french() -> None:
    async def story(player: Player) -> None:
        await player.meets("bob")
        player.begins(SECRET)
        await player.is_left("bob")
        await player.presses_enter()
        assert player.reads("Non envoyé : votre conversation avec <bob> est terminée.") == 1

    play(story, language="fr")
