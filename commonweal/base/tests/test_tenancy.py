"""Rows of one network stay in it: joins, keys, updates."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from commonweal.base import tenancy
from commonweal.base.tests.conftest import model

pytestmark = pytest.mark.django_db


@pytest.fixture
def members(alder, birch):
    members = model("members.Member").objects
    return members.create(network=alder, name="Ana"), members.create(network=birch, name="Ben")


@pytest.fixture
def points(members):
    points = model("members.ContactPoint").objects
    return [
        points.create(network=member.network, member=member, kind=kind, value=f"{kind}{number}")
        for number, member in enumerate(members)
        for kind in ("email", "phone")
    ]


def sql_of(rows):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        list(rows)
    return queries[-1]["sql"]


def test_join_equates_the_networks(points):
    sql = sql_of(model("members.ContactPoint").objects.filter(member__state="active"))

    assert '"members_member"."network_id" = ("members_contactpoint"."network_id")' in sql
    assert sql.count("network_id") >= 3


def test_join_the_other_way_equates_them_too(points):
    sql = sql_of(model("members.Member").objects.filter(contact_points__kind="email"))

    assert '"members_member"."network_id" = ("members_contactpoint"."network_id")' in sql


def test_exclusion_over_the_way_back_finds_the_right_rows(members, points):
    model("members.ContactPoint").objects.filter(member=members[0], kind="phone").delete()
    rows = model("members.Member").objects

    assert list(rows.exclude(contact_points__kind="phone")) == [members[0]]
    assert list(rows.exclude(contact_points__kind="pigeon").order_by("id")) == list(members)


def test_rows_of_another_network_are_not_joined(members, points):
    """Even if something wrote past the program."""
    _break(points[0], members[1])

    assert not model("members.ContactPoint").objects.filter(pk=points[0].pk, member__state="active").exists()
    assert list(members[1].contact_points.order_by("kind")) == points[2:]


def test_following_a_key_stays_in_the_network(members, points):
    _break(points[0], members[1])
    broken = model("members.ContactPoint").objects.get(pk=points[0].pk)

    with pytest.raises(model("members.Member").DoesNotExist):
        broken.member  # noqa: B018


def _break(point, member):
    type(point).objects.filter(pk=point.pk).update(member=member)


def test_way_back_asks_by_the_network(members, points):
    sql = sql_of(members[0].contact_points.all())

    assert "network_id" in sql.split("WHERE")[1]
    assert list(members[0].contact_points.order_by("kind")) == points[:2]


def test_way_back_is_prefetched_by_the_network_in_one_query(members, points, django_assert_num_queries):
    with CaptureQueriesContext(connection) as queries:
        found = list(model("members.Member").objects.order_by("id").prefetch_related("contact_points"))
        reached = [[point.value for point in member.contact_points.all()] for member in found]

    assert len(queries) == 2
    assert "network_id" in queries[-1]["sql"].split("WHERE")[1]
    assert [sorted(values) for values in reached] == [["email0", "phone0"], ["email1", "phone1"]]


def test_update_is_scoped_and_never_moves_a_row(members, alder, birch):
    ana = members[0]
    ana.network, ana.per_week = birch, 4

    with (
        pytest.raises(DatabaseError, match="did not affect any rows"),
        transaction.atomic(),
        CaptureQueriesContext(connection) as queries,
    ):
        ana.save(force_update=True)

    update = next(query["sql"] for query in queries if query["sql"].startswith("UPDATE"))
    assert "network_id" not in update.split("WHERE")[0]
    assert "network_id" in update.split("WHERE")[1]
    ana.refresh_from_db()
    assert (ana.network_id, ana.per_week) == (alder.pk, 2)


def test_update_within_the_network_works(members):
    ana = members[0]
    ana.per_week, ana.language = 4, "es"

    ana.save()

    ana.refresh_from_db()
    assert (ana.per_week, ana.language) == (4, "es")


def test_saving_nothing_is_no_error(members):
    members[0].save(update_fields=["network"])
    members[0].refresh_from_db()

    assert members[0].per_week == 2


def test_key_makes_no_index_of_its_own_and_migrations_know():
    field = model("members.ContactPoint")._meta.get_field("member")
    *_, kwargs = field.deconstruct()

    assert isinstance(field, tenancy.TenantFK)
    assert (field.db_index, kwargs["db_index"]) == (False, False)
