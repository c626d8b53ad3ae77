"""A bar for a person at a terminal."""

from commonweal.base.progress import Bar


class Terminal:
    def __init__(self, *, is_one):
        self.is_one, self.written = is_one, ""

    def isatty(self):
        return self.is_one

    def write(self, text, ending="\n"):
        self.written += text + ending

    def flush(self):
        pass


def test_bar_is_drawn_in_place_and_ends_its_line():
    terminal = Terminal(is_one=True)
    bar = Bar(terminal, "Copying")

    for done in range(61):
        bar(done, 60)

    drawn = terminal.written.split("\r")[1:]
    assert len(drawn) == 31
    assert drawn[0] == "Copying [" + "." * 30 + "]"
    assert drawn[15] == "Copying [" + "#" * 15 + "." * 15 + "]"
    assert drawn[-1] == "Copying [" + "#" * 30 + "]\n"


def test_nothing_to_do_is_done():
    terminal = Terminal(is_one=True)

    Bar(terminal, "Copying")(0, 0)

    assert terminal.written.endswith("#]\n")


def test_bar_is_silent_where_nobody_looks():
    terminal = Terminal(is_one=False)

    Bar(terminal, "Copying")(1, 2)
    Bar(object(), "Copying")(1, 2)

    assert terminal.written == ""
