"""``commonweal export`` where two founders have to agree."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from commonweal.assembly import actions
from commonweal.assembly.models import Decision, Deed
from commonweal.base.eventlog import story_of

pytestmark = pytest.mark.django_db


def export(folder, *words):
    out = StringIO()
    call_command("export", str(folder), *words, stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.fixture
def code(founders):
    deed = actions.ask_deed(what=Deed.What.EXPORT, by=founders[0], reason="We move.")
    return actions.agree_deed(deed=deed, by=founders[1]).shown_code


def test_with_the_code_of_two_founders_once(code, tmp_path):
    assert "rows in" in export(tmp_path / "one", "--deed", code)
    with pytest.raises(CommandError, match="takes two founders"):
        export(tmp_path / "two", "--deed", code)

    assert not (tmp_path / "two").exists()


@pytest.mark.parametrize("words", [(), ("--deed", "222-222"), ("--deed", "junk")])
def test_not_without_it(founders, tmp_path, words):
    with pytest.raises(CommandError, match="takes two founders"):
        export(tmp_path / "out", *words)

    assert not (tmp_path / "out").exists()


def test_what_could_not_be_written_is_written_with_the_same_code(code, tmp_path):
    (tmp_path / "kept.txt").write_text("here")
    with pytest.raises(CommandError, match="is not empty"):
        export(tmp_path, "--deed", code)

    assert json.loads(export(tmp_path / "out", "--deed", code, "--json"))["rows"]["members.member"] == 2
    verbs = list(story_of(Deed.objects.get()).values_list("verb", flat=True))
    assert verbs == ["asked", "agreed", "done", "fell_through", "done"]


def test_where_there_is_one_founder_it_is_on_record_that_nobody_agreed(alma, tmp_path):
    assert "rows in" in export(tmp_path / "out", "--network", "harbor")

    decision = Decision.objects.get()
    assert (decision.way, decision.what) == ("keeper", "export")


def test_which_network_has_to_be_said(alma, hills, tmp_path):
    with pytest.raises(CommandError, match="harbor, hills"):
        export(tmp_path / "out")
