"""Rows of one network, and foreign keys that never leave it: shown on areas, categories and members."""

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from commonweal.members.models import Member
from commonweal.networks.models import Area, Category
from commonweal.networks.tests import cast

pytestmark = pytest.mark.django_db

JOINED = '"{theirs}"."network_id" = ("{ours}"."network_id")'


def member_in(network, area):
    return Member.objects.create(network=network, name="Alma", area=area)


def test_every_join_equates_the_networks(harbor):
    filtered = str(Member.objects.filter(area__slug="abell").query)
    joined = str(Member.objects.select_related("area").query)
    upward = str(Category.objects.filter(parent__slug="rides").query)

    for sql in (filtered, joined):
        assert JOINED.format(theirs="networks_area", ours="members_member") in sql
    assert 'T2."network_id" = ("networks_category"."network_id")' in upward


def test_joins_from_the_other_side_do_so_too():
    sql = str(Member.objects.filter(contact_points__kind="email").query)

    assert (
        JOINED.format(theirs="members_contactpoint", ours="members_member") in sql
        or JOINED.format(theirs="members_member", ours="members_contactpoint") in sql
    )


def test_following_a_key_asks_in_the_network_only(harbor):
    member = Member.objects.get(pk=member_in(harbor, cast.areas(harbor)["abell"]).pk)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert member.area.slug == "abell"

    assert '"networks_area"."network_id" = ' in asked[0]["sql"]


def test_a_key_into_another_network_leads_nowhere(harbor, hills):
    foreign = cast.areas(hills)["abell"]
    member = member_in(harbor, None)
    Member.objects.filter(pk=member.pk).update(area_id=foreign.pk)

    with pytest.raises(Area.DoesNotExist):
        _ = Member.objects.get(pk=member.pk).area
    assert Member.objects.select_related("area").get(pk=member.pk).area is None
    assert not Member.objects.filter(area__slug="abell").exists()


def test_updates_filter_on_the_network_and_never_set_it(harbor):
    member = member_in(harbor, None)

    with CaptureQueriesContext(connection) as asked:
        member.save()
        member.save(update_fields=["per_week"])

    for query in asked:
        changed, condition = query["sql"].split(" WHERE ")
        assert changed.startswith("UPDATE")
        assert "network_id" not in changed
        assert '"members_member"."network_id" = ' in condition


def test_a_row_is_never_moved_to_another_network(harbor, hills):
    member = member_in(harbor, None)
    member.network = hills

    with pytest.raises(IntegrityError):
        member.save()


def test_a_row_is_never_moved_by_naming_the_field(harbor, hills):
    member = member_in(harbor, None)
    member.network = hills

    member.save(update_fields=["network"])

    assert Member.objects.get(pk=member.pk).network == harbor


def test_keys_between_rows_make_no_index_without_the_network():
    field = Member._meta.get_field("area")

    assert field.deconstruct()[3]["db_index"] is False
    assert not field.db_index
