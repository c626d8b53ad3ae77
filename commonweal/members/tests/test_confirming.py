"""Asking for a code and typing it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured

from commonweal.base import bus
from commonweal.base.errors import TooMany
from commonweal.base.ids import new_id
from commonweal.base.models import Event
from commonweal.members import codes as rules
from commonweal.members import courier
from commonweal.members.actions import (
    add_contact,
    confirm_by_link,
    confirm_code,
    forget_confirmations,
    join,
    send_again,
    start_confirmation,
)
from commonweal.members.contacts import EMAIL, Contact
from commonweal.members.errors import (
    CodeExpired,
    CodeTooShort,
    CodeUsed,
    ConfirmationNotFound,
    TooManyTries,
    WrongCode,
)
from commonweal.members.events import ContactConfirmed
from commonweal.members.models import Confirmation
from commonweal.members.tests import cast
from commonweal.members.tests.cast import ALMA, BEN, HERE

pytestmark = pytest.mark.django_db


def start(network, contact=ALMA, remote=HERE, **more):
    return start_confirmation(
        network=network, contact=contact, purpose="sign_in", language="en", remote=remote, **more
    )


def confirm(network, token, code, remote=HERE):
    return confirm_code(network=network, token=token, code=code, remote=remote)


def other_than(code):
    return f"{(int(code) + 1) % 10**6:06}"


def test_right_code_confirms_once_and_tells_who_it_is(
    alma, harbor, codes, monkeypatch, django_capture_on_commit_callbacks
):
    heard: list[object] = []
    monkeypatch.setitem(bus._subscribers, ContactConfirmed, [heard.append])
    started = start(harbor, draft={"next": "/me/"})

    with django_capture_on_commit_callbacks(execute=True):
        confirmed = confirm(harbor, started.token, codes[-1][1])

    assert confirmed.draft == {"next": "/me/"}
    assert confirmed.as_contact == ALMA
    assert heard == [
        ContactConfirmed(network=harbor.pk, confirmation=confirmed.pk, member=alma.pk, purpose="sign_in")
    ]
    with pytest.raises(CodeUsed):
        confirm(harbor, started.token, codes[-1][1])


def test_code_for_nobodys_contact_is_nobodys(harbor, codes):
    started = start(harbor, BEN)

    confirm(harbor, started.token, codes[-1][1])

    assert Event.objects.get(network=harbor, verb="code_confirmed").actor is None


def test_answer_is_the_same_whoever_it_is(alma, harbor, codes, django_assert_num_queries):
    with django_assert_num_queries(8) as known:
        first = start(harbor, ALMA, remote="203.0.113.1")
    with django_assert_num_queries(len(known)):
        second = start(harbor, BEN, remote="203.0.113.2")

    assert len(first.token) == len(second.token)
    assert [contact for contact, _code in codes] == [ALMA.value, BEN.value]


def test_code_and_contact_are_not_in_the_database_in_the_clear(harbor, codes):
    started = start(harbor)

    row = Confirmation.objects.extra(select={"raw": "contact"}).get()
    assert ALMA.value not in row.raw
    assert row.code_hash != codes[-1][1]
    assert started.token not in (row.token_hash, row.code_hash)
    assert ALMA.value not in str(Event.objects.get(verb="code_sent").data)


def test_wrong_code_is_counted_and_the_fifth_ends_it(harbor, codes):
    started = start(harbor)
    wrong = other_than(codes[-1][1])

    for left in (4, 3, 2, 1):
        with pytest.raises(WrongCode) as refusal:
            confirm(harbor, started.token, wrong)
        assert refusal.value.left == left
    with pytest.raises(TooManyTries):
        confirm(harbor, started.token, wrong)
    with pytest.raises(TooManyTries):
        confirm(harbor, started.token, codes[-1][1])
    assert Confirmation.objects.get().tries == rules.MOST_TRIES


def test_wrong_code_says_how_many_tries_are_left(harbor, codes):
    assert str(WrongCode(1)) == "That is not the code we sent. You can try once more."
    assert str(WrongCode(3)) == "That is not the code we sent. You can try 3 more times."


def test_right_code_after_a_wrong_one_confirms(harbor, codes):
    started = start(harbor)

    with pytest.raises(WrongCode):
        confirm(harbor, started.token, other_than(codes[-1][1]))

    assert confirm(harbor, started.token, codes[-1][1]).used_at


def test_code_is_too_old_after_ten_minutes(harbor, codes, hand):
    started = start(harbor)

    hand.advance(rules.LASTS)

    with pytest.raises(CodeExpired):
        confirm(harbor, started.token, codes[-1][1])


def test_code_counts_until_the_last_second(harbor, codes, hand):
    started = start(harbor)

    hand.advance(rules.LASTS - timedelta(seconds=1))

    assert confirm(harbor, started.token, codes[-1][1]).used_at


@pytest.mark.parametrize("token", ["", "nobody-has-this", "\x00", "\ud800", "a" * 10_000])
def test_made_up_token_finds_nothing(harbor, codes, token):
    with pytest.raises(ConfirmationNotFound):
        confirm(harbor, token, "123456")


def test_token_of_another_network_finds_nothing(harbor, hills, codes):
    started = start(harbor)

    with pytest.raises(ConfirmationNotFound):
        confirm(hills, started.token, codes[-1][1])
    assert confirm(harbor, started.token, codes[-1][1]).used_at


def test_code_of_another_confirmation_does_not_fit(harbor, codes):
    first, _second = start(harbor), start(harbor)
    (_, first_code), (_, second_code) = codes

    with pytest.raises(WrongCode):
        confirm(harbor, first.token, second_code)
    assert confirm(harbor, first.token, first_code).used_at


def test_sixth_code_to_one_contact_in_an_hour_is_refused(harbor, codes, hand):
    for number in range(rules.MOST_CODES_TO_ONE):
        start(harbor, remote=f"203.0.113.{number}")

    with pytest.raises(TooMany) as refusal:
        start(harbor, remote="203.0.113.99")

    assert 0 < refusal.value.wait <= 3600
    assert len(codes) == Confirmation.objects.count() == rules.MOST_CODES_TO_ONE
    hand.advance(timedelta(hours=1))
    assert start(harbor, remote="203.0.113.99").token


def test_limit_to_one_contact_holds_in_one_network_only(harbor, hills, codes):
    for number in range(rules.MOST_CODES_TO_ONE):
        start(harbor, remote=f"203.0.113.{number}")

    assert start(hills, remote="203.0.113.99").token


def test_twenty_first_code_from_one_address_is_refused(harbor, codes):
    for number in range(rules.MOST_CODES_FROM_ONE):
        start(harbor, Contact(kind=EMAIL, value=f"somebody{number}@example.org"))

    with pytest.raises(TooMany):
        start(harbor, BEN)
    assert start(harbor, BEN, remote="198.51.100.7").token


def test_tries_from_one_address_are_limited_over_all_tokens(harbor, codes, monkeypatch):
    monkeypatch.setattr(rules, "MOST_TRIES_FROM_ONE", 3)
    started = start(harbor)
    for _ in range(3):
        with pytest.raises(WrongCode):
            confirm(harbor, started.token, other_than(codes[-1][1]))

    with pytest.raises(TooMany):
        confirm(harbor, started.token, codes[-1][1])
    assert confirm(harbor, started.token, codes[-1][1], remote="198.51.100.7").used_at


def guess(network, codes, contact=ALMA):
    """One wrong code for one contact, from an address nobody has used."""
    remote = f"2001:db8:{len(codes)}::/64"
    started = start(network, contact, remote=remote)
    confirm(network, started.token, other_than(codes[-1][1]), remote=remote)


def test_after_many_wrong_codes_for_a_contact_its_codes_are_longer_for_the_day(
    alma, harbor, hills, codes, hand, monkeypatch
):
    monkeypatch.setattr(rules, "MOST_WRONG_FOR_ONE", 3)
    before = start(harbor, remote="198.51.100.7")
    short = codes[-1][1]
    for _ in range(3):
        with pytest.raises(WrongCode):
            guess(harbor, codes)

    for code in (short, other_than(short)):
        with pytest.raises(CodeTooShort):
            confirm(harbor, before.token, code)
    assert Confirmation.objects.order_by("created_at", "id")[0].tries == 0, "nothing is learnt"
    after = start(harbor, remote="198.51.100.7")
    assert len(codes[-1][1]) == rules.MORE_DIGITS
    with pytest.raises(CodeTooShort):
        confirm(harbor, after.token, codes[-1][1][:6])
    with pytest.raises(WrongCode):
        confirm(harbor, after.token, f"{(int(codes[-1][1]) + 1) % 10**9:09}")
    assert confirm(harbor, after.token, codes[-1][1]).used_at, "its owner is not kept out"
    for network, contact in ((harbor, BEN), (hills, ALMA)):
        start(network, contact, remote="198.51.100.8")
        assert len(codes[-1][1]) == rules.DIGITS
    hand.advance(timedelta(days=1))
    start(harbor)
    assert len(codes[-1][1]) == rules.DIGITS


def test_in_a_network_that_is_guessed_at_all_codes_are_longer_and_links_are_links(
    harbor, hills, codes, monkeypatch
):
    monkeypatch.setattr(rules, "MOST_WRONG_IN_NETWORK", 4)
    before = start(harbor, BEN, remote="198.51.100.7")
    waiting = Confirmation.objects.get()
    for number in range(4):
        with pytest.raises(WrongCode):
            guess(harbor, codes, Contact(kind=EMAIL, value=f"somebody{number}@example.org"))

    with pytest.raises(CodeTooShort):
        confirm(harbor, before.token, codes[0][1])
    again = send_again(network=harbor, token=before.token, remote="198.51.100.7")
    assert len(codes[-1][1]) == rules.MORE_DIGITS
    assert confirm(harbor, again.token, codes[-1][1]).used_at
    link = rules.link_of(waiting.pk)
    assert confirm_by_link(network=harbor, token=before.token, link=link, remote=HERE).used_at
    start(hills, BEN)
    assert len(codes[-1][1]) == rules.DIGITS


def test_right_codes_use_up_no_limit_on_wrong_ones(harbor, codes, monkeypatch):
    monkeypatch.setattr(rules, "MOST_WRONG_FOR_ONE", 1)
    for _ in range(3):
        started = start(harbor)
        assert confirm(harbor, started.token, codes[-1][1]).used_at


def test_links_tried_from_one_address_are_limited(harbor, codes, monkeypatch):
    monkeypatch.setattr(rules, "MOST_TRIES_FROM_ONE", 2)
    started = start(harbor)
    for _ in range(2):
        with pytest.raises(ConfirmationNotFound):
            confirm_by_link(network=harbor, token=started.token, link="x", remote=HERE)

    with pytest.raises(TooMany):
        confirm_by_link(network=harbor, token=started.token, link="x", remote=HERE)


def test_new_code_for_the_same_thing_keeps_the_draft(harbor, codes, hand):
    first = start(harbor, draft={"words": "soup"})
    hand.advance(timedelta(hours=2))

    again = send_again(network=harbor, token=first.token, remote=HERE)

    assert again.token != first.token
    assert confirm(harbor, again.token, codes[-1][1]).draft == {"words": "soup"}


def test_no_new_code_for_what_was_confirmed_or_never_was(harbor, hills, codes):
    started = start(harbor)

    with pytest.raises(ConfirmationNotFound):
        send_again(network=hills, token=started.token, remote=HERE)
    confirm(harbor, started.token, codes[-1][1])
    with pytest.raises(CodeUsed):
        send_again(network=harbor, token=started.token, remote=HERE)


def test_imported_contact_becomes_its_owners(harbor, codes):
    imported = join(network=harbor, name="Dot", contact=BEN, languages=[], imported_as=new_id())
    started = start(harbor, BEN)

    confirm(harbor, started.token, codes[-1][1])

    point = cast.reach(imported)
    assert point.member == imported
    assert point.confirmed_at is not None


def test_code_is_given_out_in_a_demonstration_only(harbor, codes):
    assert start(harbor).demo_code == ""
    harbor.is_demo = True
    harbor.save()

    assert start(harbor).demo_code == codes[-1][1]


def test_nothing_is_kept_when_the_code_cannot_go_out(harbor, monkeypatch):
    def fails(**_):
        raise RuntimeError("the outbox is broken")

    monkeypatch.setattr(courier, "_couriers", [fails])

    with pytest.raises(RuntimeError):
        start(harbor)
    assert not Confirmation.objects.exists()


def test_a_program_without_a_courier_says_so(harbor, monkeypatch):
    monkeypatch.setattr(courier, "_couriers", [])

    with pytest.raises(ImproperlyConfigured):
        start(harbor)


def test_the_last_courier_takes_the_codes(harbor, monkeypatch):
    monkeypatch.setattr(courier, "_couriers", [])
    taken = []

    @courier.take_codes
    def take(*, confirmation, code, link):
        taken.append(code)

    start(harbor)
    assert len(taken) == 1


def test_codes_are_forgotten_a_day_after_they_ran_out(harbor, codes, hand):
    start(harbor)

    assert forget_confirmations(at=hand.advance(rules.LASTS + timedelta(days=1))) == 0
    assert forget_confirmations(at=hand.advance(timedelta(seconds=1))) == 1
    assert not Confirmation.objects.exists()


def test_a_program_without_a_herald_says_so(alma, monkeypatch):
    monkeypatch.setattr(courier, "_heralds", [])

    with pytest.raises(ImproperlyConfigured):
        add_contact(member=alma, contact=BEN)


def test_the_last_herald_takes_the_news(alma, monkeypatch):
    monkeypatch.setattr(courier, "_heralds", [])
    taken = []

    @courier.take_news
    def take(*, member, news, occasion, points):
        taken.append((member, news, [point.value for point in points]))

    add_contact(member=alma, contact=BEN)
    assert taken == [(alma, "contact_added", [ALMA.value])]
