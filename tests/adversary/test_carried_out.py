"""What leaves the program: sheets that a spreadsheet opens, and letters whose headers strangers' words are in."""

import csv
import io
import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from commonweal.base.ids import new_id
from commonweal.base.portable.leave import write_network
from commonweal.base.portable.tables import cell
from commonweal.channels.email.channel import as_mail
from commonweal.channels.email_in.door import _composed
from commonweal.channels.email_in.parsing import read_mail
from commonweal.exchange.models import Ask
from commonweal.members.models import Member
from commonweal.messaging.port import Address, OutgoingMessage, Written
from tests.adversary.cast import undone

ROOT = Path(__file__).resolve().parents[2]
FORMULAS = [
    "=1+1",
    "+1",
    "-1+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    '=HYPERLINK("//evil.example")',
    "＝1+1",
]
RUN = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
INJECTIONS = [
    "a\r\nBcc: x@example.org",
    "a\nSubject: other",
    "a\rTo: x@example.org",
    "a\u2028Bcc: x",
    "a\x0bBcc: x",
    "a\x00b",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_a_text_in_every_sheet(text):
    assert not cell(text).startswith(RUN)
    assert cell(text).endswith(text)


@pytest.mark.parametrize("value", ["plain", "1 + 1 = 2", "", "a@b"])
def test_what_is_no_formula_stays_as_it_is(value):
    assert cell(value) == value


def test_every_sheet_that_the_program_writes_goes_that_way():
    """Whoever writes rows for a spreadsheet passes each cell through ``cell``."""
    writers = [
        path
        for path in ROOT.glob("commonweal/**/*.py")
        if "tests" not in path.parts and re.search(r"csv\.(writer|DictWriter)\(", path.read_text("utf-8"))
    ]
    assert len(writers) >= 2
    for path in writers:
        source = path.read_text("utf-8")
        assert "from commonweal.base.portable.tables import" in source, path
        assert "cell(" in source, path


def test_an_export_holds_no_formula(ours, tmp_path):
    with undone():
        Member.objects.filter(pk=ours.newcomer.pk).update(name="=1+1")
        Ask.objects.filter(pk=ours.asks["open"].pk).update(summary="@SUM(A1)", unit="+1")
        write_network(ours.network, tmp_path / "out", progress=lambda *_counts: None)
    sheets = sorted((tmp_path / "out").glob("*.csv"))
    cells = [
        one
        for sheet in sheets
        for row in csv.reader(io.StringIO(sheet.read_bytes().decode("utf-8-sig"), newline=""))
        for one in row
    ]
    numbers = re.compile(r"[-+]?\d+(\.\d+)?\Z")
    assert [one for one in cells if one.startswith(RUN) and not numbers.match(one)] == []
    assert {"'=1+1", "'@SUM(A1)", "'+1"} <= set(cells)


@pytest.mark.parametrize("words", INJECTIONS)
def test_no_word_of_a_stranger_begins_a_header(ours, words):
    """Names of networks, what is asked for and how somebody is called stand in subjects and in the sender's name."""
    message = OutgoingMessage(
        id=new_id(), template="news", network_name=words, network=ours.network.pk,
        to=Address(kind="email", value="amina@example.org", language="en"),
        written=Written(text="", subject=words, body=words),
    )  # fmt: skip
    mail = as_mail(message).message()
    read = message_from_bytes(mail.as_bytes(), policy=policy.default)
    assert read["Bcc"] is None
    assert len(read.get_all("To")) == len(read.get_all("Subject")) == len(read.get_all("From")) == 1
    assert "x@example.org" not in str(read["To"])


@pytest.mark.parametrize("words", INJECTIONS)
def test_a_provider_s_form_makes_no_header_either(words):
    letter = _composed({"from": f"{words} <a@example.org>", "subject": words, "body-plain": "hello"})
    read: EmailMessage = message_from_bytes(letter, policy=policy.default)
    assert read["Bcc"] is None
    assert "x@example.org" not in str(read["To"])
    assert read_mail(letter).text == "hello"
