"""A whole network out and in again: the demonstration, with everything that three weeks leave behind.

It lies above all rooms, since what is written out comes from all of them.
"""

import csv
import hashlib
import json
import shutil
import threading
import uuid
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction

from commonweal.base import clock
from commonweal.base.eventlog import By
from commonweal.base.invariants import examine, invariants
from commonweal.base.models import Event
from commonweal.base.portable import (
    CannotRead,
    CannotWrite,
    FolderNotEmpty,
    NetworkIsHere,
    NetworkNotEmpty,
    leave,
    read_network,
    write_network,
)
from commonweal.base.portable.moment import one_moment
from commonweal.base.portable.tables import cell, columns, name_of, tables
from commonweal.base.tests.racing import on_disk
from commonweal.exchange.access import ask_by_token, ask_for_desk
from commonweal.exchange.actions import record_look
from commonweal.exchange.drafts import Candidate
from commonweal.exchange.models import Ask
from commonweal.intake.actions import Media, receive
from commonweal.intake.actions.conversing import converse_due
from commonweal.matching.policy import actions as policy
from commonweal.matching.rings.actions import offer_ring
from commonweal.matching.rings.pool import Gift
from commonweal.members.actions import join
from commonweal.members.contacts import Contact
from commonweal.members.models import Confirmation, Member
from commonweal.members.queries import member_for_contact
from commonweal.messaging.actions import stop_contact
from commonweal.messaging.models import Message
from commonweal.networks.actions import change_policy, create_network
from commonweal.networks.models import Area, Category, Network
from commonweal.web.demo.filling import fill_demonstration

__all__ = ["on_disk"]

NOW = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
STAYS = {Message, Confirmation}
# Checked by the machine or by the worker, not by what stands in the tables.
OF_THE_MACHINE = ("base.", "messaging.")


def silent(_done, _total):
    """Nobody is told how far it is."""


def rows_by_table(network):
    """Every row of a network with every column, also those that are never written, by table and id."""
    return {
        name_of(model): {row["id"]: row for row in model.objects.filter(network=network).values()}
        for model in tables()
    }


@pytest.fixture(scope="module")
def left(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demonstration was written out: its folder, its rows as they were, and how it was told. Then it was gone."""
    folder = tmp_path_factory.mktemp("left") / "network"
    told = []
    with django_db_blocker.unblock(), clock.frozen(NOW), transaction.atomic():
        network = fill_demonstration(progress=silent).network
        change_policy(network=network, changes={"near_m": 2000}, reason="We live far apart.")
        neighbour = Member.objects.filter(network=network).order_by("id")[0]
        trial = policy.try_change(
            network=network, by=neighbour, changes={"erase_days": 20}, number=network.policy_number
        )
        policy.propose(trial=trial, by=neighbour, reason="We keep less.")
        givers = Member.objects.filter(network=network).order_by("id")[:2]
        asks = Ask.objects.filter(network=network, on_board=True).order_by("id")[:2]
        gifts = [
            (giver.pk, Gift(ask=ask, candidate=Candidate(member_id=giver.pk)))
            for giver, ask in zip(givers, asks, strict=True)
        ]
        record_look(ask=asks[0], by=By.HELPER, actor=givers[0].pk, what=["phone"])
        offer_ring(network=network, chosen=gifts, answer_by=NOW + timedelta(days=1))
        phone = Contact(kind="phone", value="+14105550100")
        stop_contact(network=network, contact=phone, language="en", words="STOP", confirm=False)
        sender = Contact(kind="phone", value="+14105550123")
        picture = Media(kind="image", content=b"a picture", name="stairs.jpg")
        said = {"channel": "simulator", "provider_id": "1", "sender": sender}
        receive(network=network, text="You know the one we spoke of", media=[picture], **said)
        converse_due()
        manifest = write_network(network, folder, progress=lambda done, total: told.append((done, total)))
        rows = rows_by_table(network)
        stays = {model: model.objects.filter(network=network).count() for model in STAYS}
        transaction.set_rollback(True)
    return {
        "folder": folder,
        "manifest": manifest,
        "rows": rows,
        "told": told,
        "stays": stays,
        "id": network.pk,
    }


@pytest.fixture
def export(left, tmp_path):
    """The folder, to be changed by a test."""
    return shutil.copytree(left["folder"], tmp_path / "export")


def seal(folder):
    """Write the checksums anew, as somebody would who changed a file on purpose."""
    manifest = json.loads((folder / "manifest.json").read_text())
    for name in manifest["sha256"]:
        if (folder / name).exists():
            manifest["sha256"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))


def change(folder, table, **columns):
    """Change the first row of a table, and seal it."""
    path = folder / f"{table}.json"
    rows = json.loads(path.read_text())
    rows[0] = {**rows[0], **columns}
    path.write_text("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")
    seal(folder)


class TestThereAndBack:
    def test_a_network_of_its_own_is_the_same_in_every_row(self, left, export, db):
        counts = read_network(export, into=None, progress=silent)
        network = Network.objects.get()
        assert network.pk == left["id"]
        assert rows_by_table(network) == left["rows"]
        assert counts == left["manifest"]["rows"] == {name: len(rows) for name, rows in left["rows"].items()}

    def test_no_table_is_empty_by_accident(self, left):
        without = {"members.block", "members.contactblock"}
        assert {name for name, rows in left["rows"].items() if not rows} == without

    def test_into_an_empty_network_it_is_the_same_but_for_whose_it_is(self, left, export, db):
        elm = create_network(slug="elm", name="Elm Street", domain="elm.example")
        born = elm.created_at
        read_network(export, into=elm, progress=silent)
        elm.refresh_from_db()
        assert (elm.slug, elm.domain, elm.created_at) == ("elm", "elm.example", born)
        assert (elm.name, elm.map_name, elm.policy.near_m) == ("Highlandtown Neighbours", "baltimore", 2000)
        found = rows_by_table(elm)
        (own,) = set(found["base.event"]) - set(left["rows"]["base.event"])
        assert found["base.event"].pop(own)["verb"] == "network_created"
        for rows in found.values():
            for row in rows.values():
                assert row.pop("network_id") == elm.pk
        expected = {
            name: {
                pk: {key: value for key, value in row.items() if key != "network_id"}
                for pk, row in rows.items()
            }
            for name, rows in left["rows"].items()
        }
        assert found == expected

    def test_people_keep_their_links_codes_and_sign_in(self, left, export, db):
        read_network(export, into=None, progress=silent)
        network = Network.objects.get()
        ask = Ask.objects.exclude(token_box="").first()
        assert ask_by_token(network, ask.token_box) == ask
        assert ask_for_desk(network, ask.shown_code) == ask
        assert member_for_contact(network, Contact(kind="email", value="rosa@example.org")).name == "Rosa"

    def test_it_is_sound(self, export, db):
        with clock.frozen(NOW):
            read_network(export, into=None, progress=silent)
            checks = [entry for entry in invariants() if not entry.id.startswith(OF_THE_MACHINE)]
            assert len(checks) > 8
            assert [entry.id for entry in examine(checks) if entry.is_grave] == []

    def test_only_what_was_on_its_way_stays_behind(self, left, export, db):
        assert left["stays"][Message] > 100
        assert not any(f"{name_of(model)}.json" in left["manifest"]["sha256"] for model in STAYS)
        read_network(export, into=None, progress=silent)
        assert not Message.objects.exists()

    def test_out_again_it_is_the_same_export(self, left, export, tmp_path, db):
        read_network(export, into=None, progress=silent)
        again = write_network(Network.objects.get(), tmp_path / "again", progress=silent)
        assert again["sha256"] == left["manifest"]["sha256"]


class TestWriting:
    @pytest.fixture
    def elm(self, db):
        network = create_network(slug="elm", name="Elm Street")
        join(
            network=network,
            name="=1+1",
            contact=Contact(kind="phone", value="+14105550123"),
            languages=["en"],
        )
        return network

    def test_only_their_owner_reads_the_files(self, left):
        assert left["folder"].stat().st_mode & 0o777 == 0o700
        files = [*left["folder"].iterdir()]
        assert len(files) == 2 * len(tables()) + 2
        assert {path.stat().st_mode & 0o777 for path in files} == {0o600}

    def test_tells_how_far_it_is(self, left):
        total = sum(left["manifest"]["rows"].values())
        assert left["told"][0] == (0, total)
        assert left["told"][-1] == (total, total)
        assert len(left["told"]) > 2

    def test_names_every_file_with_its_checksum(self, left):
        sums = left["manifest"]["sha256"]
        assert set(sums) == {path.name for path in left["folder"].iterdir()} - {"manifest.json"}
        for name, kept in sums.items():
            assert hashlib.sha256((left["folder"] / name).read_bytes()).hexdigest() == kept

    def test_the_sheets_hold_what_the_json_holds(self, left):
        for model in tables():
            name = name_of(model)
            with (left["folder"] / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
                head, *rows = csv.reader(file)
            data = json.loads((left["folder"] / f"{name}.json").read_text())
            assert head == [field.attname for field in columns(model)]
            assert rows == [[cell(row[column]) for column in head] for row in data]

    def test_a_name_that_is_a_formula_is_a_name_in_the_sheet(self, elm, tmp_path):
        write_network(elm, tmp_path / "elm", progress=silent)
        sheet = (tmp_path / "elm" / "members.member.csv").read_text(encoding="utf-8-sig")
        assert "'=1+1" in sheet
        assert json.loads((tmp_path / "elm" / "members.member.json").read_text())[0]["name"] == "=1+1"
        assert "'+14105550123" in (tmp_path / "elm" / "members.contactpoint.csv").read_text(
            encoding="utf-8-sig"
        )

    def test_of_another_network_nothing_is_written(self, elm, tmp_path):
        birch = create_network(slug="birch", name="Birch Street")
        join(
            network=birch, name="Bo", contact=Contact(kind="email", value="bo@example.org"), languages=["en"]
        )
        write_network(elm, tmp_path / "elm", progress=silent)
        everything = b"".join(path.read_bytes() for path in (tmp_path / "elm").iterdir())
        assert b"bo@example.org" not in everything
        assert birch.pk.hex.encode() not in everything.replace(b"-", b"")

    def test_nothing_is_overwritten(self, elm, tmp_path):
        (tmp_path / "full").mkdir()
        (tmp_path / "full" / "ours.txt").write_text("mine")
        with pytest.raises(FolderNotEmpty, match="is not empty"):
            write_network(elm, tmp_path / "full", progress=silent)
        assert [path.name for path in (tmp_path / "full").iterdir()] == ["ours.txt"]

    def test_a_file_is_no_folder(self, elm, tmp_path):
        (tmp_path / "file").write_text("mine")
        with pytest.raises(CannotWrite, match="can't be used"):
            write_network(elm, tmp_path / "file", progress=silent)

    @pytest.mark.parametrize("was_there", [True, False])
    def test_a_disk_that_is_full_leaves_no_half_behind(self, elm, tmp_path, monkeypatch, was_there):
        folder = tmp_path / "elm"
        if was_there:
            folder.mkdir()

        def full(_path):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(leave, "digest", full)
        with pytest.raises(CannotWrite, match="No space left on device"):
            write_network(elm, folder, progress=silent)
        assert folder.exists() == was_there
        assert not was_there or not [*folder.iterdir()]

    def test_a_lost_key_is_said_and_nothing_left_behind(self, elm, tmp_path, settings):
        settings.COMMONWEAL_KEYS = ["another" * 8]
        with pytest.raises(CannotWrite, match="key"):
            write_network(elm, tmp_path / "elm", progress=silent)
        assert not (tmp_path / "elm").exists()

    def test_whatever_else_goes_wrong_leaves_nothing_behind(self, elm, tmp_path):
        def interrupted(done, _total):
            if done:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            write_network(elm, tmp_path / "elm", progress=interrupted)
        assert not (tmp_path / "elm").exists()

    @pytest.mark.parametrize(
        "text", ["=1", "+1", "-1", "@a", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠a"]
    )
    def test_a_text_like_a_formula_is_marked(self, text):
        assert cell(text) == f"'{text}"

    @pytest.mark.parametrize(
        ("value", "shown"),
        [
            (None, ""),
            (-3, "-3"),
            (0.5, "0.5"),
            (True, "True"),
            ("a=b", "a=b"),
            ({"ß": [1]}, '{"ß": [1]}'),
            ([], "[]"),
        ],
    )
    def test_other_values_stand_as_they_are(self, value, shown):
        assert cell(value) == shown


class TestDamage:
    """Whatever is wrong with an export, nothing of it is read."""

    @pytest.fixture(autouse=True)
    def nothing_is_read(self, export, db):
        yield
        assert not Network.objects.exists()
        assert not Member.objects.exists()
        assert not Event.objects.exists()

    def refused(self, export, words):
        with pytest.raises(CannotRead, match=words) as refusal:
            read_network(export, into=None, progress=silent)
        assert "example.org" not in str(refusal.value)

    def test_a_file_that_was_cut_off(self, export):
        path = export / "exchange.ask.json"
        path.write_bytes(path.read_bytes()[:-300])
        self.refused(export, "exchange.ask.json was changed or cut off")

    def test_a_file_that_was_changed(self, export):
        path = export / "members.member.json"
        path.write_text(path.read_text().replace("Rosa", "Rosy"))
        self.refused(export, "members.member.json was changed")

    def test_a_changed_sheet_is_nobodys_business(self, export):
        (export / "members.member.csv").write_text("sorted by hand")
        change(export, "exchange.ask", colour="red")
        self.refused(export, "has no column colour")

    @pytest.mark.parametrize("name", ["exchange.match.json", "network.json", "manifest.json"])
    def test_a_file_that_is_missing(self, export, name):
        (export / name).unlink()
        self.refused(export, f"{name} can't be read")

    def test_a_folder_that_is_missing(self, export, tmp_path):
        self.refused(tmp_path / "nowhere", "is not a whole export")

    @pytest.mark.parametrize("text", ["", "{", "[]", "7", '{"format": 1}', "[" * 100_000, "\x00"])
    def test_a_manifest_that_is_none(self, export, text):
        (export / "manifest.json").write_text(text)
        self.refused(export, "is not a whole export")

    @pytest.mark.parametrize(
        "entry",
        [
            {"rows": {"exchange.ask": "many"}},
            {"rows": []},
            {"sha256": {}},
            {"sha256": None},
            {"rows": {"..": 1}, "sha256": {"../.json": "0", "network.json": "0"}},
        ],
    )
    def test_a_manifest_that_is_nonsense(self, export, entry):
        path = export / "manifest.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), **entry}))
        self.refused(export, "is not a whole export|was changed")

    def test_two_exports_that_were_mixed(self, export):
        network = json.loads((export / "network.json").read_text())
        (export / "network.json").write_text(json.dumps({**network, "id": str(uuid.UUID(int=7))}))
        seal(export)
        self.refused(export, "network.json is of another network")

    def test_a_format_of_the_future(self, export):
        path = export / "manifest.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), "format": 2}))
        self.refused(export, "version of the program that this one does not know")

    def test_a_table_of_the_future(self, export):
        (export / "fund.payment.json").write_text("[\n]\n")
        path = export / "manifest.json"
        manifest = json.loads(path.read_text())
        manifest["rows"]["fund.payment"], manifest["sha256"]["fund.payment.json"] = 0, ""
        path.write_text(json.dumps(manifest))
        seal(export)
        self.refused(export, "does not know: fund.payment")

    @pytest.mark.parametrize(("more", "words"), [(-1, "should have"), (1, "should have")])
    def test_more_or_fewer_rows_than_were_written(self, export, more, words):
        path = export / "manifest.json"
        manifest = json.loads(path.read_text())
        manifest["rows"]["exchange.offer"] += more
        path.write_text(json.dumps(manifest))
        self.refused(export, words)

    @pytest.mark.parametrize(
        "columns",
        [
            {"starts_at": "yesterday"},
            {"starts_at": "2026-02-31T00:00:00+00:00"},
            {"id": "one"},
            {"hands": "many"},
            {"hands": 0},
            {"member_id": 7},
            {"on_board": True},
            {"contact_index": "0" * 32},
            {"state": None},
            {"by_id": {"a": 1}},
            {"category_id": str(uuid.UUID(int=7))},
        ],
    )
    def test_a_row_that_does_not_fit(self, export, columns):
        change(export, "exchange.ask", **columns)
        self.refused(export, "Nothing was read")

    @pytest.mark.parametrize("line", ["7", '"row"', "[1]", "null", "{", "[" * 100_000, "nonsense"])
    def test_a_line_that_is_no_row(self, export, line):
        path = export / "exchange.offer.json"
        path.write_text(f"[\n{line}\n]\n")
        seal(export)
        self.refused(export, "Nothing was read")

    def test_a_row_twice(self, export):
        path = export / "exchange.callnote.json"
        first = json.dumps(json.loads(path.read_text())[0])
        path.write_text(f"[\n{first},\n{first}\n]\n")
        manifest = json.loads((export / "manifest.json").read_text())
        manifest["rows"]["exchange.callnote"] = 2
        (export / "manifest.json").write_text(json.dumps(manifest))
        seal(export)
        self.refused(export, "here already, or point to others that are missing")

    @pytest.mark.parametrize("text", ["[]", "{}", "7", '{"slug": "x", "colour": "red"}', "nonsense"])
    def test_a_network_that_is_none(self, export, text):
        (export / "network.json").write_text(text)
        seal(export)
        self.refused(export, "whole export|another network|fit")


class TestWhereThereIsSomethingAlready:
    def test_the_same_network_is_read_once(self, export, db):
        read_network(export, into=None, progress=silent)
        with pytest.raises(NetworkIsHere):
            read_network(export, into=None, progress=silent)

    def test_a_network_of_the_same_name_is_another(self, export, db):
        create_network(slug="demo", name="Another")
        with pytest.raises(NetworkIsHere):
            read_network(export, into=None, progress=silent)
        assert Network.objects.get().name == "Another"

    def test_beside_the_same_rows_there_is_no_place(self, export, db):
        read_network(export, into=None, progress=silent)
        elm = create_network(slug="elm", name="Elm Street")
        with pytest.raises(CannotRead, match="here already"):
            read_network(export, into=elm, progress=silent)
        elm.refresh_from_db()
        assert elm.name == "Elm Street"
        assert Category.objects.filter(network=elm).exists()

    def test_a_network_with_people_is_not_empty(self, export, db):
        elm = create_network(slug="elm", name="Elm Street")
        join(
            network=elm, name="Ann", contact=Contact(kind="email", value="ann@example.org"), languages=["en"]
        )
        before = rows_by_table(elm)
        with pytest.raises(NetworkNotEmpty, match="already"):
            read_network(export, into=elm, progress=silent)
        elm.refresh_from_db()
        assert (elm.name, rows_by_table(elm)) == ("Elm Street", before)

    def test_another_networks_people_are_left_alone(self, left, export, db):
        birch = create_network(slug="birch", name="Birch Street")
        join(
            network=birch, name="Bo", contact=Contact(kind="email", value="bo@example.org"), languages=["en"]
        )
        before = rows_by_table(birch)
        read_network(export, into=None, progress=silent)
        assert rows_by_table(birch) == before


class TestTheCommands:
    def run(self, *words, **options):
        said = StringIO()
        call_command(*words, stdout=said, stderr=StringIO(), **options)
        return said.getvalue()

    def test_out_and_in(self, left, export, tmp_path, db):
        total = sum(left["manifest"]["rows"].values())
        assert f"{total} rows were read." in self.run("import", "network", str(export))
        # That it was written out is on record, in a decision and in the event log.
        assert f"{total + 2} rows in {len(tables())} tables" in self.run("export", str(tmp_path / "out"))

    def test_for_programs_as_json(self, left, export, tmp_path, db):
        assert json.loads(self.run("import", "network", str(export), json=True)) == left["manifest"]["rows"]
        rows = json.loads(self.run("export", str(tmp_path / "out"), json=True))["rows"]
        for table in ("assembly.decision", "base.event"):
            rows[table] -= 1
        assert rows == left["manifest"]["rows"]

    def test_into_a_network_that_is_named(self, export, db):
        create_network(slug="elm", name="Elm Street")
        self.run("import", "network", str(export), network="elm")
        assert Network.objects.get().name == "Highlandtown Neighbours"

    def test_a_refusal_ends_in_words(self, export, tmp_path, db):
        (export / "network.json").unlink()
        with pytest.raises(CommandError, match="is not a whole export"):
            self.run("import", "network", str(export))
        create_network(slug="elm", name="Elm Street")
        with pytest.raises(CommandError, match="is not empty"):
            self.run("export", str(export))

    def test_which_network_has_to_be_said_where_there_are_several_or_none(self, tmp_path, db):
        with pytest.raises(CommandError, match="none yet"):
            self.run("export", str(tmp_path / "out"))
        for slug in ("elm", "birch"):
            create_network(slug=slug, name=slug)
        with pytest.raises(CommandError, match="birch, elm"):
            self.run("export", str(tmp_path / "out"))
        with pytest.raises(CommandError, match="birch, elm"):
            self.run("export", str(tmp_path / "out"), network="oak")
        self.run("export", str(tmp_path / "out"), network="elm")
        assert json.loads((tmp_path / "out" / "network.json").read_text())["slug"] == "elm"


class TestOneMoment:
    def test_within_a_transaction_that_one_decides(self, db):
        with one_moment():
            assert not Area.objects.exists()

    def test_what_is_written_meanwhile_is_not_seen_and_need_not_wait(self, on_disk):
        def somebody_else():
            Network.objects.create(slug="elm", name="Elm Street")
            connections.close_all()

        with one_moment():
            assert Network.objects.count() == 0
            other = threading.Thread(target=somebody_else)
            other.start()
            other.join(10)
            assert not other.is_alive()
            assert Network.objects.count() == 0
        assert Network.objects.count() == 1
        assert not connection.in_atomic_block

    def test_ends_also_where_something_goes_wrong(self, on_disk):
        with pytest.raises(ZeroDivisionError), one_moment():
            raise ZeroDivisionError
        Network.objects.create(slug="elm", name="Elm Street")
        assert Network.objects.count() == 1
