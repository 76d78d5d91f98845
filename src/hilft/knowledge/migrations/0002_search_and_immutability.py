"""The vector index, full-text search kept by triggers, and published texts that never change."""

from django.db import migrations

SQL = """
CREATE INDEX wording_embedding ON knowledge_wording USING hnsw (embedding halfvec_cosine_ops)
  WHERE removed_at IS NULL;
CREATE INDEX question_search_de ON knowledge_question USING gin (search_de);
CREATE INDEX question_search_en ON knowledge_question USING gin (search_en);
CREATE INDEX wording_text_trgm ON knowledge_wording USING gin (text gin_trgm_ops);

CREATE FUNCTION hilft_question_search(q bigint) RETURNS void LANGUAGE sql AS $$
  UPDATE knowledge_question SET
    search_de = setweight(to_tsvector('hilft_de', title), 'A')
      || setweight(to_tsvector('hilft_de', coalesce((SELECT string_agg(w.text, ' ') FROM knowledge_wording w
           WHERE w.question_id = q AND w.removed_at IS NULL AND w.language <> 'en'), '')), 'B')
      || setweight(to_tsvector('hilft_de', coalesce((SELECT string_agg(t.body, ' ') FROM knowledge_text t
           JOIN knowledge_answer a ON a.current_id = t.version_id
           WHERE a.question_id = q AND t.language = 'de'), '')), 'C'),
    search_en = setweight(to_tsvector('hilft_en', title_en), 'A')
      || setweight(to_tsvector('hilft_en', coalesce((SELECT string_agg(w.text, ' ') FROM knowledge_wording w
           WHERE w.question_id = q AND w.removed_at IS NULL AND w.language = 'en'), '')), 'B')
      || setweight(to_tsvector('hilft_en', coalesce((SELECT string_agg(t.body, ' ') FROM knowledge_text t
           JOIN knowledge_answer a ON a.current_id = t.version_id
           WHERE a.question_id = q AND t.language = 'en'), '')), 'C')
  WHERE id = q;
$$;
CREATE FUNCTION hilft_question_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM hilft_question_search(NEW.id); RETURN NULL; END $$;
CREATE FUNCTION hilft_question_part_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM hilft_question_search(NEW.question_id); RETURN NULL; END $$;
CREATE TRIGGER search AFTER INSERT OR UPDATE OF title, title_en ON knowledge_question
  FOR EACH ROW EXECUTE FUNCTION hilft_question_changed();
CREATE TRIGGER search AFTER INSERT OR UPDATE OF removed_at ON knowledge_wording
  FOR EACH ROW EXECUTE FUNCTION hilft_question_part_changed();
CREATE TRIGGER search AFTER INSERT OR UPDATE OF current_id ON knowledge_answer
  FOR EACH ROW EXECUTE FUNCTION hilft_question_part_changed();

CREATE FUNCTION hilft_published_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('hilft.erasing_example', true) = 'on' THEN
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF EXISTS (SELECT 1 FROM knowledge_version v
             WHERE v.id = (CASE WHEN TG_OP = 'INSERT' THEN NEW.version_id ELSE OLD.version_id END)
               AND v.published_at IS NOT NULL) THEN
    RAISE EXCEPTION 'A published version never changes; write a new one.' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER immutable BEFORE INSERT OR UPDATE OR DELETE ON knowledge_text
  FOR EACH ROW EXECUTE FUNCTION hilft_published_text();
"""
BACK = """
DROP TRIGGER immutable ON knowledge_text; DROP FUNCTION hilft_published_text();
DROP TRIGGER search ON knowledge_answer; DROP TRIGGER search ON knowledge_wording; DROP TRIGGER search ON knowledge_question;
DROP FUNCTION hilft_question_part_changed(); DROP FUNCTION hilft_question_changed(); DROP FUNCTION hilft_question_search(bigint);
DROP INDEX wording_text_trgm; DROP INDEX question_search_en; DROP INDEX question_search_de; DROP INDEX wording_embedding;
"""


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0001_initial"), ("base", "0001_extensions")]
    operations = [migrations.RunSQL(SQL, BACK)]
