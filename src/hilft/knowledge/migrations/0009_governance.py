"""Governance: by whose word a version holds, what others make of an offer, owners and reviews; and causes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KNOWN = """
UPDATE knowledge_version SET released = 'alone' WHERE published_at IS NOT NULL;
UPDATE knowledge_version v SET base_id = a.current_id FROM knowledge_answer a
  WHERE a.id = v.answer_id AND v.published_at IS NULL;
UPDATE knowledge_answer SET review_on = checked_at::date + 365 WHERE checked_at IS NOT NULL;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""
GUARDS = """
CREATE OR REPLACE FUNCTION hilft_published_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('hilft.erasing_example', true) = 'on' THEN
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF EXISTS (SELECT 1 FROM knowledge_version v
             WHERE v.id = (CASE WHEN TG_OP = 'INSERT' THEN NEW.version_id ELSE OLD.version_id END)
               AND (v.published_at IS NOT NULL OR (v.offered_at IS NOT NULL AND TG_OP <> 'INSERT'))) THEN
    RAISE EXCEPTION 'A version that others see never changes; write a new one.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION hilft_released_before_public() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.audience = 'public' AND NEW.current_id IS NOT NULL
     AND (TG_OP = 'INSERT' OR OLD.audience <> 'public' OR OLD.current_id IS DISTINCT FROM NEW.current_id)
     AND NOT EXISTS (SELECT 1 FROM knowledge_version v WHERE v.id = NEW.current_id
                     AND v.released IN ('alone', 'checked', 'reused')
                     AND (NEW.governance <> 'two' OR v.released = 'checked')) THEN
    RAISE EXCEPTION 'Nobody who may has released this version for everybody.'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER released BEFORE INSERT OR UPDATE OF audience, current_id ON knowledge_answer
  FOR EACH ROW EXECUTE FUNCTION hilft_released_before_public();
"""
BACK = "DROP TRIGGER released ON knowledge_answer; DROP FUNCTION hilft_released_before_public();"


class Migration(migrations.Migration):

    dependencies = [
        ('knowledge', '0008_readers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Check',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ground', models.CharField(choices=[('reuse', 'used it in a reply'), ('second', 'looked at it as second person'), ('due', 'looked at it when it was due')], max_length=10)),
                ('at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='version',
            name='version_one_in_progress',
        ),
        migrations.AddField(
            model_name='answer',
            name='governance',
            field=models.CharField(choices=[('free', 'by right'), ('two', 'two people always')], default='free', max_length=5),
        ),
        migrations.AddField(
            model_name='answer',
            name='governance_reason',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='answer',
            name='owner',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='answer',
            name='review_on',
            field=models.DateField(db_index=True, null=True),
        ),
        migrations.AddField(
            model_name='version',
            name='base',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='knowledge.version'),
        ),
        migrations.AddField(
            model_name='version',
            name='checklist',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='version',
            name='closed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='version',
            name='closed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='version',
            name='closed_reason',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='version',
            name='offered_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='version',
            name='released',
            field=models.CharField(blank=True, choices=[('', 'not published'), ('inside', 'for the team, until somebody else uses it'), ('alone', 'published by its author'), ('checked', 'published by a second person'), ('reused', 'published by being used by a second person')], default='', max_length=10),
        ),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.UniqueConstraint(models.F('answer'), condition=models.Q(('offered_at', None), ('published_at', None)), name='version_one_in_progress'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('published_at', None), ('released', '')), models.Q(('published_at__isnull', False), models.Q(('released', ''), _negated=True)), _connector='OR'), name='version_released_when_published'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('released__in', ['checked', 'reused']), _negated=True), models.Q(('publisher__isnull', False), models.Q(('author', None), models.Q(('publisher', models.F('author')), _negated=True), _connector='OR')), _connector='OR'), name='version_maker_is_not_checker'),
        ),
        migrations.AddField(
            model_name='check',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='check',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='checks', to='knowledge.version'),
        ),
        migrations.CreateModel(
            name='Cause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('department', models.CharField(max_length=100, verbose_name='department')),
                ('contact', models.CharField(blank=True, max_length=200, verbose_name='contact there')),
                ('state', models.CharField(choices=[('open', 'open'), ('worked_on', 'being worked on'), ('closed', 'closed')], default='open', max_length=10)),
                ('note', models.TextField(blank=True)),
                ('link', models.URLField(blank=True, max_length=500)),
                ('opened_at', models.DateTimeField()),
                ('state_since', models.DateTimeField()),
                ('told_at', models.DateTimeField(null=True)),
                ('followers_told_at', models.DateTimeField(null=True)),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Naming',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cause', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='namings', to='knowledge.cause')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='namings', to='knowledge.question')),
            ],
        ),
        migrations.AddConstraint(
            model_name='cause',
            constraint=models.CheckConstraint(condition=models.Q(('told_at', None), ('state', 'closed'), _connector='OR'), name='cause_told_when_closed'),
        ),
        migrations.AddConstraint(
            model_name='naming',
            constraint=models.UniqueConstraint(models.F('question'), models.F('cause'), name='naming_once'),
        ),
        migrations.RunSQL(GUARDS, BACK),
    ]
