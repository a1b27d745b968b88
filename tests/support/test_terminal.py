from tests.support import terminal


def test_a_line_written_over_is_seen_as_it_ended():
    assert terminal.shown("10 %\r100 %\r\ndone\r\n") == "100 %\ndone"


def test_a_line_too_long_for_the_terminal_is_wrapped():
    assert terminal.shown("x" * 81) == "x" * 80 + "\nx"


def test_lines_that_scrolled_away_are_kept():
    assert len(terminal.shown("line\r\n" * 100).splitlines()) == 100


def test_a_command_finds_80_columns_and_leaves_its_status():
    ended = terminal.run("--no-such-option")
    assert ended.status == 2
    assert "no such option" in ended.screen
