"""Static files whose names carry a hash, and the absent ones that must stop nothing."""

import pytest

from commonweal.web.storage import HashedStatic


@pytest.fixture
def storage(tmp_path, settings):
    settings.DEBUG = False
    (tmp_path / "here.svg").write_text("<svg/>")
    (tmp_path / "look.css").write_text(
        'a { background: url("here.svg") } b { background: url("vendor/absent.woff2") }'
    )
    return HashedStatic(location=tmp_path, base_url="/static/")


def test_a_style_sheet_may_name_what_is_not_installed(storage, tmp_path):
    made = list(storage.post_process({name: (storage, name) for name in ("here.svg", "look.css")}))
    assert not [outcome for _name, _hashed, outcome in made if isinstance(outcome, Exception)]
    sheet = (tmp_path / storage.stored_name("look.css")).read_text()
    assert 'url("vendor/absent.woff2")' in sheet
    assert 'url("here.svg")' not in sheet
    assert storage.url("here.svg") in "/static/" + storage.stored_name("here.svg")


def test_an_absent_file_keeps_its_plain_name(storage):
    assert storage.url("vendor/absent.js") == "/static/vendor/absent.js"
