"""Ids that sort by time."""

from commonweal.base.ids import new_id


def test_ids_of_one_process_sort_as_they_were_made():
    made = [new_id() for _ in range(2000)]

    assert sorted(made) == made
    assert len(set(made)) == len(made)
    assert {(one.version, one.variant) for one in made} == {(7, "specified in RFC 4122")}
