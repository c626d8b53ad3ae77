"""What must always be true is checked, and what is hurt is said with what to do."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from commonweal.base import invariants
from commonweal.base.invariants import Finding, Invariant, examine, invariant

BAD = Finding(what="The roof leaks.", do="Mend it.")
MILD = Finding(what="It rains.", do="Wait.", grave=False)


@pytest.fixture
def registry(monkeypatch):
    """Only the checks that the test makes."""
    invariants.invariants()  # what registers itself when it is first imported belongs to the real one
    entries: dict[str, Invariant] = {}
    monkeypatch.setattr(invariants, "_registry", entries)
    monkeypatch.setattr(invariants, "autodiscover_modules", lambda *names: None)
    return entries


@pytest.fixture
def check(registry):
    """Register a check that finds these."""

    def check(name, *findings):
        invariant(name, f"All is well with {name}")(lambda: findings)

    return check


@pytest.fixture
def doctor():
    """Ask the doctor; returns the exit code and what was said."""

    def doctor(*words):
        out = StringIO()
        try:
            call_command("doctor", *words, stdout=out, no_color=True)
        except SystemExit as end:
            return end.code, out.getvalue()
        return 0, out.getvalue()

    return doctor


def test_all_is_well(check, doctor):
    check("test.roof")

    assert doctor() == (0, "✓ All is well with test.roof\nAll is well.\n")


def test_what_is_hurt_is_said_with_what_to_do(check, doctor):
    check("test.a")
    check("test.roof", BAD, MILD)

    code, said = doctor()

    assert code == 1
    assert "✓ All is well with test.a\n✗ All is well with test.roof\n" in said
    assert "    The roof leaks.\n    → Mend it.\n    It rains.\n" in said
    assert said.endswith("1 of 2 need something done.\n")


def test_mild_finding_is_told_and_no_reason_to_worry(check, doctor):
    check("test.roof", MILD)

    code, said = doctor()

    assert code == 0
    assert "It rains." in said
    assert said.endswith("All is well.\n")


def test_findings_as_json(check, doctor):
    check("test.a", BAD)
    check("test.b")

    code, said = doctor("--json")
    told = json.loads(said)

    assert (code, told["ok"]) == (1, False)
    assert [(entry["id"], entry["ok"]) for entry in told["checks"]] == [("test.a", False), ("test.b", True)]
    assert told["checks"][0]["findings"] == [{"what": "The roof leaks.", "do": "Mend it.", "grave": True}]


def test_only_some_checks(check, doctor):
    check("test.a", BAD)
    check("test.b")

    assert doctor("--only", "test.b") == (0, "✓ All is well with test.b\nAll is well.\n")
    assert doctor("--list") == (0, "test.a: All is well with test.a\ntest.b: All is well with test.b\n")
    with pytest.raises(CommandError, match=r"no check called roof\. There are: test\.a, test\.b"):
        doctor("--only", "roof")


def test_check_that_cannot_run_is_a_finding_and_hides_no_other(registry, check, doctor):
    @invariant("test.broken", "Nothing is known")
    def broken():
        raise OSError("ana@example.org")

    check("test.roof", BAD)
    (first, second) = examine(invariants.invariants())

    assert first.is_grave
    assert "OSError" in first.findings[0].what
    assert "ana" not in first.findings[0].what + first.findings[0].do
    assert second.findings == (BAD,)


def test_name_belongs_to_one_check(registry):
    def one():
        return ()

    assert invariant("test.one", "One")(one) is one
    invariant("test.one", "One")(one)
    with pytest.raises(ValueError, match=r"test\.one"):
        invariant("test.one", "Other")(lambda: ())


def test_rooms_say_what_must_be_true_of_them():
    entries = invariants.invariants()
    ids = [entry.id for entry in entries]

    assert ids == sorted(ids)
    assert {"base.clock", "base.tenant", "messaging.dead"} <= set(ids)
    assert all(not entry.sentence.endswith(".") for entry in entries)
