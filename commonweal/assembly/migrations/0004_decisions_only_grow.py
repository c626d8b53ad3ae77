"""A database trigger that refuses to change a decision, and founders for the networks that are there already.

Until now a network was begun by its stewards: those who hold that role become its founders, with a decision that says
so. Ends that lie ahead are made known from now on.
"""

from datetime import timedelta

from django.db import migrations

from commonweal.base import clock
from commonweal.base.ids import new_id

SQLITE = """
CREATE TRIGGER assembly_decision_only_grows BEFORE UPDATE ON assembly_decision
BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END
"""

POSTGRESQL = """
CREATE FUNCTION assembly_decision_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'decisions are append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER assembly_decision_only_grows BEFORE UPDATE ON assembly_decision
FOR EACH ROW EXECUTE FUNCTION assembly_decision_only_grows();
"""
NOTICE, WORDS = timedelta(days=14), "Held the steward's role when founders were first named."


def guard(apps, schema_editor):
    schema_editor.execute(POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE)


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER assembly_decision_only_grows ON assembly_decision")
        schema_editor.execute("DROP FUNCTION assembly_decision_only_grows()")
    else:
        schema_editor.execute("DROP TRIGGER assembly_decision_only_grows")


def name_founders(apps, schema_editor):
    mandate, decision = (apps.get_model("assembly", name) for name in ("Mandate", "Decision"))
    now = clock.now()
    held = mandate.objects.filter(starts_at__lte=now, ends_at__gt=now, ended_at__isnull=True)
    for one in held.filter(role="steward").exclude(member__state="left"):
        decided = decision.objects.create(
            id=new_id(), network_id=one.network_id, does="gives", way="keeper", words=WORDS, role="founder",
            member_id=one.member_id, until=one.ends_at, created_at=now,
        )
        mandate.objects.create(
            id=new_id(), network_id=one.network_id, member_id=one.member_id, role="founder", reason=WORDS,
            starts_at=now, ends_at=one.ends_at, decision=decided.pk,
        )
    for one in mandate.objects.filter(starts_at__lte=now, ends_at__gt=now, ended_at__isnull=True):
        mandate.objects.filter(network_id=one.network_id, pk=one.pk).update(tell_at=max(now, one.ends_at - NOTICE))


class Migration(migrations.Migration):
    dependencies = [("assembly", "0003_decisions")]

    operations = [
        migrations.RunPython(guard, unguard),
        migrations.RunPython(name_founders, migrations.RunPython.noop),
    ]
