"""The guards of entries and seals: nothing is changed, removed or emptied; only an entry's details may be erased.

They are ALWAYS triggers: a session that plays a replica does not get past them. Emptying is for deleting the example
workspace and for tests, by a setting of its own; whoever else uses it is found by the heads kept outside.
"""

from django.db import migrations

SQL = """
CREATE OR REPLACE FUNCTION hilft_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    IF current_setting('hilft.emptying', true) = 'on' THEN RETURN NULL; END IF;
  ELSIF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'audit_entry' THEN
    IF NEW.data = '{}'::jsonb AND NEW.salt IS NULL
      AND (to_jsonb(NEW) - 'data' - 'salt') = (to_jsonb(OLD) - 'data' - 'salt') THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'The record of who did what is append-only.' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_seal FOR EACH ROW EXECUTE FUNCTION hilft_append_only();
CREATE TRIGGER never_empty BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION hilft_append_only();
CREATE TRIGGER never_empty BEFORE TRUNCATE ON audit_seal FOR EACH STATEMENT EXECUTE FUNCTION hilft_append_only();
ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER never_empty;
ALTER TABLE audit_seal ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER never_empty;
"""
BACK = """
ALTER TABLE audit_entry ENABLE TRIGGER append_only;
DROP TRIGGER never_empty ON audit_entry;
DROP TRIGGER never_empty ON audit_seal;
DROP TRIGGER append_only ON audit_seal;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_chain")]
    operations = [migrations.RunSQL(SQL, BACK)]
