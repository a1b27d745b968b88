from tests.support import fences


def page(tmp_path, monkeypatch, text):
    (tmp_path / "page.md").write_text(text, encoding="utf-8")
    monkeypatch.setattr(fences, "ROOT", tmp_path)
    return "page.md"


def test_blocks_come_in_order_with_their_language(tmp_path, monkeypatch):
    name = page(tmp_path, monkeypatch, "x\n```python\na\nb\n```\ny\n```console\n$ c\n```\n")
    assert fences.fences(name) == [("python", "a\nb\n"), ("console", "$ c\n")]
    assert fences.fences(name, "python") == [("python", "a\nb\n")]


def test_a_console_block_is_commands_with_their_output(tmp_path, monkeypatch):
    name = page(tmp_path, monkeypatch, "```console\n$ one\n1\n\n1\n$ two\n$ three\n3\n```\n")
    assert fences.steps(name) == [("one", "1\n\n1"), ("two", ""), ("three", "3")]


def test_output_agrees_line_by_line():
    assert fences.agrees("a\nb", "a\nb  \n")
    assert not fences.agrees("a\nb", "a\nc")
    assert not fences.agrees("a", "a\nb")
    assert not fences.agrees("a\nb", "a")


def test_a_gap_stands_for_any_number_of_lines():
    assert fences.agrees("a\n…\nd", "a\nb\nc\nd")
    assert fences.agrees("a\n…\nd", "a\nd")
    assert fences.agrees("a\n…", "a\nb")
    assert fences.agrees("…\nb", "a\nb")
    assert not fences.agrees("a\n…\nd", "a\nb\nc")
    assert not fences.agrees("…\nb", "a\nb\nc")
