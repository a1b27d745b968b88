"""The screen: what it shows in every scene, what keys and typing do, and what nothing from anywhere can do to it."""

import asyncio
import re
from collections.abc import Awaitable, Callable

import pytest
from textual.widgets import Input

from tests.support.fences import ROOT
from tests.support.pictures import PICTURES, screen_in
from tests.transports.client.terminal import tty
from tests.transports.client.terminal.tty import Player, playing
from transports.client.terminal.screen import KEYS
from transports.client.terminal.transcript import LINES_KEPT, Transcript


def play(story: Callable[[Player], Awaitable[None]], **settings) -> None:
    """Plays a story to a screen of its own."""

    async def whole() -> None:
        async with playing(**settings) as player:
            await story(player)

    asyncio.run(whole())


def expected(name: str) -> str:
    """How the golden file has a scene."""
    golden = tty.GOLDEN.read_text(encoding="utf-8")
    return f"== {name}\n" + golden.partition(f"== {name}\n")[2].partition("\n\n== ")[0].rstrip("\n") + "\n"


@pytest.mark.parametrize("name", tty.SCENES)
def test_every_scene_looks_as_the_golden_file_has_it(name: str):
    assert tty.screen(name) == expected(name)


def test_the_picture_in_the_documentation_shows_what_the_screen_shows():
    picture = (PICTURES / "chat.svg").read_text(encoding="utf-8")
    assert screen_in(picture) == screen_in(tty.picture("an evening"))
    assert "http" not in picture.replace("http://www.w3.org", "")
    assert "pictures/chat.svg" in (ROOT / "docs" / "chat.md").read_text(encoding="utf-8")


def test_keys_work_in_the_states_where_they_make_sense():
    async def story(player: Player) -> None:
        pressed = ("f2", "f3", "f4", "f8")
        for arrive, wanted in (
            (player.enters(), ["start"]),
            (player.searches(), ["lobby"]),
            (player.meets("bob"), ["next", "lobby", "block"]),
        ):
            await arrive
            player.stage.sent.clear()
            await player.pilot.press(*pressed)
            assert [asked["type"] for asked in player.stage.sent] == wanted
        await player.loses_connection()
        player.stage.sent.clear()
        await player.pilot.press(*pressed)
        assert player.stage.sent == []

    play(story)


def test_the_page_for_chatters_names_every_key_with_its_command():
    page = (ROOT / "docs" / "chat.md").read_text(encoding="utf-8")
    assert all(f"| {key} | `/{word}`" in page for word, (key, _) in KEYS.items())


def test_the_keys_can_be_clicked():
    async def story(player: Player) -> None:
        await player.enters()
        player.stage.sent.clear()
        await player.pilot.click("#keys", offset=(2, 0))
        assert player.stage.sent == [{"type": "start", "interests": []}]

    play(story)


@pytest.mark.parametrize("key", ["ctrl+c", "ctrl+q"])
def test_two_keys_quit(key: str):
    async def story(player: Player) -> None:
        player.begins("half a line")
        await player.pilot.press(key)
        await player.pilot.pause()
        assert not player.screen.is_running or player.screen._exit

    play(story)


@pytest.mark.parametrize("command", ["/quit", "/close"])
def test_two_commands_quit(command: str):
    async def story(player: Player) -> None:
        await player.enters()
        await player.types(command)
        assert not player.screen.is_running or player.screen._exit

    play(story)


def test_a_name_is_asked_for_until_one_is_accepted():
    async def story(player: Player) -> None:
        await player.types("   ")
        await player.types("/help")
        assert "/start chess music" in player.seen()
        await player.types("root")
        await player.hears(type="refused", reason="name_unfit", text="Invalid pseudonym.")
        await player.types("ada")
        await player.enters()
        await player.types("hi")
        assert [asked.get("name", asked.get("text")) for asked in player.stage.sent] == ["root", "ada", "hi"]

    play(story, name=None)


def test_typing_is_reported_except_of_commands():
    async def story(player: Player) -> None:
        await player.enters()
        await player.meets("bob")
        player.stage.sent.clear()
        player.begins("/where")
        await player.pilot.pause()
        assert player.stage.sent == []
        await player.pilot.press("ctrl+u", *"hello")
        assert player.stage.sent == [{"type": "typing", "chat": 1}]

    play(story)


def test_a_line_that_is_too_long_stays_in_the_input():
    async def story(player: Player) -> None:
        await player.enters()
        line = player.screen.query_one(Input)
        line.value = "x" * 5000
        await player.pilot.press("enter")
        await player.pilot.pause()
        assert line.value == "x" * 5000
        assert "longer than the server allows (4096 bytes)" in player.seen()

    play(story)


def test_where_is_asked_periodically_while_searching():
    async def story(player: Player) -> None:
        await player.enters()
        await player.searches()
        player.stage.sent.clear()
        player.stage.time += 5
        player.screen._tick()
        assert player.stage.sent == [{"type": "where"}]

    play(story)


MARKUP = "[bold red]x[/] [@click=app.quit]y[/] [/] \\[ $primary :smile:"


def test_markup_is_shown_and_never_obeyed():
    async def story(player: Player) -> None:
        await player.hears(type="welcome", name=MARKUP[:20], line_limit=4096, text=MARKUP)
        await player.meets("[red]bob[/]")
        await player.hears_line("[u]bob[/]", MARKUP)
        await player.hears(type="typing")
        await player.searches(MARKUP)
        seen = player.seen()
        for shown in (f"* {MARKUP}", f"<[u]bob[/]> {MARKUP}", "private with <[red]bob[/]>", f"0:00 · {MARKUP}"):
            assert shown in seen

    play(story, size=(120, 20))


def test_no_control_character_of_a_line_reaches_the_terminal():
    async def story(player: Player) -> None:
        await player.enters()
        await player.hears_line("bob", "\x1b[2J\x1b]0;owned\x07 \u202etxet \r\n* Goodbye.", "lobby")
        await player.types("ok")
        assert "\x1b" not in player.svg()
        assert "<bob> \ufffd[2J\ufffd]0;owned\ufffd txet \ufffd\ufffd* Goodbye." in player.seen()

    play(story)


def test_the_conversation_wraps_anew_when_the_terminal_changes():
    async def story(player: Player) -> None:
        await player.enters()
        await player.hears_line("bob", "one two three four five six seven eight nine", "lobby")
        assert "three four five six seven eight nine" in player.seen()
        await player.pilot.resize_terminal(30, 15)
        await player.pilot.pause()
        assert "   <bob> one two three four\n   five six seven eight nine" in player.seen()
        await player.pilot.resize_terminal(80, 24)
        await player.pilot.pause()
        assert "three four five six seven eight nine" in player.seen()

    play(story)


@pytest.mark.parametrize("size", [(20, 6), (10, 4), (4, 2), (1, 1)])
def test_the_smallest_terminals_work(size: tuple[int, int]):
    async def story(player: Player) -> None:
        await player.enters()
        await player.meets("bob")
        await player.hears_line("bob", "日本語 and some more")
        await player.types("hi")

    play(story, size=size)


def test_scrollback_is_bounded_and_new_lines_do_not_scroll_a_user_who_reads_back():
    async def story(player: Player) -> None:
        await player.enters()
        for number in range(LINES_KEPT + 200):
            player.screen.show(player.stage.conversation.received(tty.told(type="notice", text=f"line {number}"), 0.0))
        await player.pilot.pause()
        assert len(player.screen.query_one(Transcript).lines) == LINES_KEPT
        assert f"line {LINES_KEPT + 199}" in player.seen()
        await player.pilot.press("pageup")
        await player.hears(type="notice", text="news")
        assert "news" not in player.seen()
        await player.types("something said takes one back")
        assert "something said takes one back" in player.seen()

    play(story)


def test_without_colour_every_line_still_says_whose_it_is(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NO_COLOR", "1")

    async def story(player: Player) -> None:
        await tty.an_evening(player)
        assert f"== an evening\n{player.seen()}\n" == expected("an evening")
        frame = ("c5", "c8", "c6")  # around the screen, which rich draws
        colours = {*re.findall(r"fill: ?#(\w\w)(\w\w)(\w\w)", player.svg())} - {frame}
        assert colours
        assert {colour for colour in colours if len(set(colour)) > 1} == set()

    play(story)


def test_labels_change_with_the_language():
    async def story(player: Player) -> None:
        await player.enters()
        await player.types("/lang fr")
        assert player.stage.sent[-1] == {"type": "lang", "lang": "fr"}
        await player.hears(type="language", lang="fr", text="Le serveur vous répond désormais en français.")
        assert "dans le salon" in player.seen()
        assert "F2 Chercher" in player.seen()

    play(story)
