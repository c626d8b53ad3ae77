"""Locks between processes."""

import threading

import pytest
from django.db import connection

from commonweal.base.locks import Busy, in_use, one_start_at_a_time, out_of_use


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.COMMONWEAL_DATA = tmp_path / "data"


def test_any_number_of_programs_may_use_the_data():
    with in_use(), in_use():
        pass


def test_data_in_use_is_not_replaced():
    with in_use(), pytest.raises(Busy), out_of_use():
        pass

    with out_of_use():
        pass


def test_data_being_replaced_is_not_used():
    with out_of_use(), pytest.raises(Busy), in_use():
        pass

    with in_use():
        pass


@pytest.mark.django_db(transaction=True)
def test_second_start_waits_for_the_first():
    order = []

    def start():
        with one_start_at_a_time():
            order.append("second")
        connection.close()

    with one_start_at_a_time():
        second = threading.Thread(target=start)
        second.start()
        second.join(0.2)
        order.append("first")
    second.join()

    assert order == ["first", "second"]
