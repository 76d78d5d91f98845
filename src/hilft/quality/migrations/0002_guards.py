"""What a review rests on: nobody reviews a text they had a hand in, a third person decides, nothing is rewritten."""

from django.db import migrations

SQL = """
ALTER TABLE quality_sample ADD CONSTRAINT sample_author_has_a_hand CHECK (author_id = ANY (hands));

CREATE FUNCTION hilft_reviewer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM quality_sample WHERE id = NEW.sample_id AND NEW.reviewer_id = ANY (hands)) THEN
    RAISE EXCEPTION 'Nobody reviews a text they had a hand in.' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.round = 'decision'
    AND EXISTS (SELECT FROM quality_review WHERE sample_id = NEW.sample_id AND reviewer_id = NEW.reviewer_id) THEN
    RAISE EXCEPTION 'Whoever reviewed it does not decide.' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER reviewer BEFORE INSERT ON quality_review FOR EACH ROW EXECUTE FUNCTION hilft_reviewer();

CREATE FUNCTION hilft_hands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.hands IS DISTINCT FROM OLD.hands OR NEW.author_id <> OLD.author_id OR NEW.scorecard_id <> OLD.scorecard_id THEN
    RAISE EXCEPTION 'What was drawn stays as it was drawn.' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER hands BEFORE UPDATE ON quality_sample FOR EACH ROW EXECUTE FUNCTION hilft_hands();

CREATE FUNCTION hilft_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'This is written once and stays.' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON quality_review
  FOR EACH ROW EXECUTE FUNCTION hilft_written_once();
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON quality_scorecard
  FOR EACH ROW EXECUTE FUNCTION hilft_written_once();
"""
BACK = """
DROP TRIGGER written_once ON quality_scorecard;
DROP TRIGGER written_once ON quality_review;
DROP FUNCTION hilft_written_once();
DROP TRIGGER hands ON quality_sample;
DROP FUNCTION hilft_hands();
DROP TRIGGER reviewer ON quality_review;
DROP FUNCTION hilft_reviewer();
ALTER TABLE quality_sample DROP CONSTRAINT sample_author_has_a_hand;
"""


class Migration(migrations.Migration):
    dependencies = [("quality", "0001_initial")]
    operations = [migrations.RunSQL(SQL, BACK)]
