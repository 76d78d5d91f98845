"""Extensions and text search configurations that the other packages' tables rely on."""

from django.db import migrations

SQL = """
CREATE EXTENSION IF NOT EXISTS vector;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_ts_config WHERE cfgname = 'hilft_de') THEN
    CREATE TEXT SEARCH CONFIGURATION hilft_de (COPY = german);
    ALTER TEXT SEARCH CONFIGURATION hilft_de ALTER MAPPING FOR hword, hword_part, word WITH unaccent, german_stem;
  END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_ts_config WHERE cfgname = 'hilft_en') THEN
    CREATE TEXT SEARCH CONFIGURATION hilft_en (COPY = english);
    ALTER TEXT SEARCH CONFIGURATION hilft_en ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem;
  END IF;
END $$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
