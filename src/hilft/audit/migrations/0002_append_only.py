"""Nobody changes or removes an entry of the record; deleting the example workspace is the one exception."""

from django.db import migrations

SQL = """
CREATE FUNCTION hilft_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('hilft.erasing_example', true) = 'on' THEN RETURN OLD; END IF;
  RAISE EXCEPTION 'The record of who did what is append-only.' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION hilft_append_only();
"""
BACK = "DROP TRIGGER append_only ON audit_entry; DROP FUNCTION hilft_append_only();"


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(SQL, BACK)]
