"""The event log still only grows. One thing may be taken from an event: who it was, once nobody needs to know."""

from django.db import migrations

SQLITE = """
CREATE TRIGGER base_event_only_grows BEFORE UPDATE ON base_event
WHEN NEW.actor IS NOT NULL OR NEW.id IS NOT OLD.id OR NEW.network_id IS NOT OLD.network_id
  OR NEW.thing IS NOT OLD.thing OR NEW.thing_id IS NOT OLD.thing_id OR NEW.verb IS NOT OLD.verb
  OR NEW."by" IS NOT OLD."by" OR NEW.at IS NOT OLD.at OR NEW.data IS NOT OLD.data
BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END
"""
SQLITE_BEFORE = """
CREATE TRIGGER base_event_only_grows BEFORE UPDATE ON base_event
BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END
"""
REFUSE = "RAISE EXCEPTION 'the event log is append-only' USING ERRCODE = 'integrity_constraint_violation';"
POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION base_event_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.actor IS NOT NULL OR to_jsonb(NEW) - 'actor' IS DISTINCT FROM to_jsonb(OLD) - 'actor' THEN {REFUSE} END IF;
  RETURN NEW;
END $$;
"""
POSTGRESQL_BEFORE = f"""
CREATE OR REPLACE FUNCTION base_event_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN {REFUSE} END $$;
"""


def _put(schema_editor, postgresql, sqlite):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(postgresql)
    else:
        schema_editor.execute("DROP TRIGGER base_event_only_grows")
        schema_editor.execute(sqlite)


def loosen(apps, schema_editor):
    _put(schema_editor, POSTGRESQL, SQLITE)


def tighten(apps, schema_editor):
    _put(schema_editor, POSTGRESQL_BEFORE, SQLITE_BEFORE)


class Migration(migrations.Migration):
    dependencies = [("base", "0003_more_roles")]

    operations = [migrations.RunPython(loosen, tighten)]
