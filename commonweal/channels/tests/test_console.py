"""Messages on the console."""

import io

from commonweal.channels.console.channel import Channel


def test_email_is_printed_as_one_readable_block(outgoing):
    stream = io.StringIO()

    assert Channel(stream).send(outgoing()) == "printed"

    assert stream.getvalue() == (
        "\n--- Alder Street to ana@example.org (email, en) ------------------------------\n"
        "  | Groceries — für zwei\n"
        "  |\n"
        "  | Hello,\n"
        "  |\n"
        "  | is it still needed?\n"
        "------------------------------------------------------------------------------\n"
    )


def test_text_message_is_printed_in_its_short_form(outgoing):
    stream = io.StringIO()
    channel = Channel(stream)

    channel.send(outgoing(kind="phone", to="+14105550100"))
    channel.close()

    assert "+14105550100 (phone, en)" in stream.getvalue()
    assert "  | Still needed?\n" in stream.getvalue()
    assert "Hello" not in stream.getvalue()


def test_messages_go_to_standard_output_unless_told_otherwise(outgoing, capsys):
    Channel().send(outgoing())

    assert "Groceries" in capsys.readouterr().out
