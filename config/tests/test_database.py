from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.database import database

DATA = Path("/srv/data")


def test_unset_means_the_embedded_database_with_immediate_transactions():
    settings = database("", DATA)
    assert settings["ENGINE"] == "commonweal.base.sqlite"
    assert settings["NAME"] == DATA / "commonweal.sqlite3"
    assert settings["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_every_part_of_a_url_is_understood():
    settings = database("postgresql://anna:p%40ss@db.example:5433/mutual%20aid", DATA)
    expected = {
        "NAME": "mutual aid",
        "USER": "anna",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "5433",
    }
    assert settings["ENGINE"] == "django.db.backends.postgresql"
    assert expected.items() <= settings.items()


@pytest.mark.parametrize(
    "url", ["mysql://a@b/c", "postgresql://a@b", "postgresql://a@b/", "commonweal.sqlite3"]
)
def test_a_url_that_is_not_understood_stops_the_start(url):
    with pytest.raises(ImproperlyConfigured, match="write postgresql://"):
        database(url, DATA)
