"""``commonweal network`` and ``commonweal mandate``."""

import json
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from commonweal.assembly.access import holds_mandate
from commonweal.assembly.models import Mandate
from commonweal.members.actions import join
from commonweal.members.contacts import EMAIL, PHONE, Contact
from commonweal.members.models import Member
from commonweal.members.queries import member_for_contact
from commonweal.members.tests.cast import ALMA
from commonweal.networks.models import Area, Category, Network
from commonweal.networks.places.maps import area_map
from commonweal.networks.tests.cast import NOON

pytestmark = pytest.mark.django_db

ZONE = ["--time-zone", "America/New_York"]


def run(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_network_from_a_map_with_its_first_people():
    said = run(
        "network", "create", "Harbor Neighbors", *ZONE, "--map", "baltimore", "--language", "en", "--language", "es",
        "--dispatcher", "Jo <jo@example.org>", "--dispatcher", "(410) 555-0123", "--steward", "jo@example.org",
    )  # fmt: skip

    network = Network.objects.get()
    assert (network.slug, network.currency, network.languages) == ("harbor-neighbors", "USD", ["en", "es"])
    assert Area.objects.filter(network=network).count() == 27
    jo = member_for_contact(network, Contact(kind=EMAIL, value="jo@example.org"))
    by_phone = member_for_contact(network, Contact(kind=PHONE, value="+14105550123"))
    assert jo is not None
    assert by_phone is not None
    assert (jo.name, by_phone.name) == ("Jo", "+1 410-555-0123")
    assert holds_mandate(jo, Mandate.Role.DISPATCHER, NOON)
    assert holds_mandate(jo, Mandate.Role.STEWARD, NOON)
    assert not holds_mandate(by_phone, Mandate.Role.STEWARD, NOON)
    assert "27 areas" in said
    assert "signs in at" in said


def test_network_from_its_name_alone_says_what_to_do_next(settings):
    settings.EMAIL_HOST = ""

    said = run("network", "create", "Höhe & Hügel", "--country", "at")

    network = Network.objects.get()
    assert (network.country, network.time_zone, network.currency) == ("AT", "Europe/Vienna", "EUR")
    assert network.slug.isascii()
    for hint in ("commonweal serve", "mandate give", "map build", "COMMONWEAL_SMTP_HOST"):
        assert hint in said


def test_domain_is_told_and_mail_is_not_where_it_is_set(settings):
    settings.EMAIL_HOST = "mail.example"

    said = run("network", "create", "Hills", *ZONE, "--domain", "Hills.Example")

    assert "https://hills.example" in said
    assert "COMMONWEAL_SMTP_HOST" not in said


def test_answer_for_programs_is_json(harbor):
    made = json.loads(run("network", "create", "Hills", *ZONE, "--domain", "hills.example", "--json"))
    listed = json.loads(run("network", "list", "--json"))

    assert made["slug"] == "hills"
    assert [network["slug"] for network in listed] == ["harbor", "hills"]


def test_what_is_said_of_a_network_is_changed(harbor, hills):
    said = run(
        "network", "change", "harbor", "--name", "Harbour", "--time-zone", "Europe/Vienna", "--phone", "555"
    )

    harbor.refresh_from_db()
    assert (harbor.name, harbor.time_zone, harbor.phone, harbor.map_name) == (
        "Harbour", "Europe/Vienna", "555", "baltimore"
    )  # fmt: skip
    assert "Harbour (harbor) is changed." in said
    answer = json.loads(run("network", "change", "harbor", "--domain", "HARBOR.example", "--json"))
    assert answer["domain"] == "harbor.example"


def test_where_helpers_go_in_pairs_is_changed(harbor):
    run("network", "change", "harbor", "--pairs", "moving", "--pairs", "childcare")
    run("network", "change", "harbor", "--alone", "childcare")

    assert list(Category.objects.filter(pairs=True).values_list("slug", flat=True)) == ["moving"]


def test_a_network_gets_its_map_later(hills):
    for _ in range(2):
        answer = json.loads(run("network", "change", "hills", "--map", "baltimore", "--json"))

    assert (answer["map"], answer["areas"]) == ("baltimore", 27)
    assert Area.objects.filter(network=hills).count() == 27


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere", "--name", "X"], "There are: harbor, hills"),
        (["harbor", "--name", " "], "has a name"),
        (["harbor", "--map", "atlantis"], "no map called atlantis"),
        (["harbor", "--time-zone", "Mars/Olympus"], "no time zone"),
        (["harbor", "--country", "Atlantis"], "no country ATLANTIS"),
        (["harbor", "--language", "klingon"], "no language"),
        (["harbor", "--domain", "hills.example"], "short name or this domain"),
        (["harbor", "--paper", "x" * 161], "too long"),
        (["harbor", "--pairs", "flying"], "no category flying"),
    ],
)
def test_what_makes_no_sense_of_a_network_changes_nothing(harbor, hills, words, said):
    before = Network.objects.values().get(pk=harbor.pk)

    with pytest.raises(CommandError) as refusal:
        run("network", "change", *words)

    assert said in str(refusal.value)
    assert Network.objects.values().get(pk=harbor.pk) == before


def test_networks_are_listed():
    assert "There is no network yet" in run("network", "list")
    run("network", "create", "Harbor", *ZONE)

    assert run("network", "list").strip() == "harbor  Harbor  0 areas"


def test_areas_come_from_a_file(tmp_path):
    drawn = area_map("baltimore")
    assert drawn is not None
    file = tmp_path / "mine.areas.json"
    file.write_text(drawn.dump(), encoding="utf-8")

    run("network", "create", "Harbor", *ZONE, "--areas", str(file))

    assert Area.objects.count() == 27
    assert Network.objects.get().map_name == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["Harbor", "--time-zone", "Mars/Olympus"], "no time zone Mars/Olympus"),
        (["Harbor", "--country", "Atlantis"], "no country ATLANTIS"),
        (["Harbor", *ZONE, "--language", "klingon"], "no language klingon"),
        (["Harbor", *ZONE, "--map", "atlantis"], "no map called atlantis. There are: baltimore"),
        (["Harbor", *ZONE, "--areas", "/nowhere.json"], "can't be read as areas"),
        (["Harbor", *ZONE, "--dispatcher", "Jo"], "Type an e-mail address or a phone number"),
        (["Harbor", *ZONE, "--steward", "Jo <jo@>"], "e-mail address can't be right"),
        (["Harbor", *ZONE, "--slug", "Not A Slug"], "small letters"),
        (
            ["Harbor", *ZONE, "--dispatcher", "a@example.org", "--dispatcher", "A@example.org"],
            "hold this role already",
        ),
        (["", *ZONE], "has a name"),
        (["H" * 81, *ZONE], "too long"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line_and_leaves_nothing(words, said):
    with pytest.raises(CommandError) as refusal:
        run("network", "create", *words)

    assert said in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert not Network.objects.exists()
    assert not Member.objects.exists()


def test_file_that_is_no_areas_is_refused(tmp_path):
    file = tmp_path / "mine.json"
    file.write_text('{"format": 99}', encoding="utf-8")

    with pytest.raises(CommandError, match="can't be read as areas"):
        run("network", "create", "Harbor", *ZONE, "--areas", str(file))


def test_two_networks_need_two_addresses(harbor):
    with pytest.raises(CommandError, match="--domain"):
        run("network", "create", "Hills", *ZONE)
    with pytest.raises(CommandError, match="short name"):
        run("network", "create", "Other", *ZONE, "--slug", "harbor", "--domain", "other.example")

    assert Network.objects.count() == 1


def test_mandate_is_given_listed_and_ended(alma):
    given = run(
        "mandate", "give", ALMA.value, "dispatcher", "--until", "2026-12-31", "--reason", "Assembly, 4 May"
    )

    assert "Alma: Dispatcher until 2026-12-31. Assembly, 4 May" in given
    mandate = Mandate.objects.get()
    assert mandate.ends_at == datetime(2027, 1, 1, 5, 0, tzinfo=UTC)  # midnight in Baltimore
    assert json.loads(run("mandate", "list", "--json"))[0]["role"] == "dispatcher"
    assert "ended" in run("mandate", "end", ALMA.value, "dispatcher")
    assert "Nobody holds a mandate." in run("mandate", "list")


def test_somebody_unknown_joins_by_their_mandate(harbor):
    run("mandate", "give", "Dot <dot@example.org>", "steward", "--reason", "The first steward")
    run("mandate", "give", "eve@example.org", "steward", "--reason", "The second steward")

    assert {member.name for member in Member.objects.all()} == {"Dot", "eve"}
    assert {mandate.ends_at - NOON for mandate in Mandate.objects.all()} == {NOON.replace(year=2027) - NOON}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["give", "jo", "dispatcher", "--reason", "r"], "Type an e-mail address"),
        (["give", "a@example.org", "king", "--reason", "r"], "invalid choice"),
        (["give", "a@example.org", "dispatcher", "--reason", "r", "--until", "31 February"], "no date"),
        (
            ["give", "a@example.org", "dispatcher", "--reason", "r", "--until", "9999-12-31"],
            "within two years",
        ),
        (
            ["give", "a@example.org", "dispatcher", "--reason", "r", "--until", "2001-01-01"],
            "within two years",
        ),
        (["give", "a@example.org", "dispatcher", "--reason", " "], "reason"),
        (["give", "a@example.org", "dispatcher", "--reason", "r" * 301], "reason"),
        (["give", "a@example.org", "dispatcher"], "--reason"),
        (["give", "a@example.org", "dispatcher", "--reason", "r", "--network", "hills"], "There are: harbor"),
        (["end", "nobody@example.org", "dispatcher"], "don't hold this mandate"),
        (["end", "alma@example.org", "dispatcher"], "don't hold this mandate"),
    ],
)
def test_mandate_that_makes_no_sense_is_refused(alma, words, said):
    with pytest.raises(CommandError) as refusal:
        run("mandate", *words)

    assert said in str(refusal.value)
    assert not Mandate.objects.exists()
    assert Member.objects.count() == 1


def test_several_networks_are_told_apart(alma, hills):
    with pytest.raises(CommandError, match="harbor, hills"):
        run("mandate", "list")

    join(network=hills, name="Alma", contact=ALMA, languages=[])
    run("mandate", "give", ALMA.value, "dispatcher", "--reason", "r", "--network", "hills")

    assert Mandate.objects.get().network == hills
