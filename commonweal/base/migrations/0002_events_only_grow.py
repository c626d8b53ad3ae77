"""A database trigger that refuses to change an event, whoever asks: the log is true even against our own mistakes."""

from django.db import migrations

SQLITE = """
CREATE TRIGGER base_event_only_grows BEFORE UPDATE ON base_event
BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END
"""

POSTGRESQL = """
CREATE FUNCTION base_event_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the event log is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER base_event_only_grows BEFORE UPDATE ON base_event
FOR EACH ROW EXECUTE FUNCTION base_event_only_grows();
"""


def guard(apps, schema_editor):
    schema_editor.execute(POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE)


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER base_event_only_grows ON base_event")
        schema_editor.execute("DROP FUNCTION base_event_only_grows()")
    else:
        schema_editor.execute("DROP TRIGGER base_event_only_grows")


class Migration(migrations.Migration):
    dependencies = [("base", "0001_initial")]

    operations = [migrations.RunPython(guard, unguard)]
