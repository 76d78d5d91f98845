"""Each change is told to the live servers with the commit that made it."""

from django.db import migrations

SQL = """
CREATE FUNCTION hilft_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('hilft_live', json_build_object('id', NEW.id, 'topic', NEW.topic, 'data', NEW.data)::text);
  RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER INSERT ON base_change FOR EACH ROW EXECUTE FUNCTION hilft_tell();
"""
BACK = "DROP TRIGGER tell ON base_change; DROP FUNCTION hilft_tell();"


class Migration(migrations.Migration):
    dependencies = [("base", "0002_initial")]
    operations = [migrations.RunSQL(SQL, BACK)]
