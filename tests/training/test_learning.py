"""From the first lesson to the certificate, and again when it ends; what is refused on the way."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from hilft.audit.models import Entry
from hilft.base.clock import now
from hilft.people.certifying import revoke_certificate
from hilft.people.council import set_mode
from hilft.people.errors import NotAllowed, Refusal
from hilft.people.models import Certificate
from hilft.training.commands import learning
from hilft.training.commands.marking import mark
from hilft.training.commands.reminding import remind
from hilft.training.enums import Step
from hilft.training.models import Attempt, Module, Need, Practice, RoleProfile
from hilft.training.queries import access_exam, curriculum, module_for, progress_in, to_mark
from tests import factories
from tests.training.made import days_pass, examined, module, practised, read_all

pytestmark = pytest.mark.django_db


def test_lessons_exam_practice_certificate():
    agent, trainer, found = factories.staff("agent"), factories.staff("trainer"), module(level=3, channel="x")
    steps = [progress_in(agent, found).step]
    read_all(agent, found)
    steps.append(progress_in(agent, found).step)
    assert examined(agent, found).passed
    steps.append(progress_in(agent, found).step)
    reply = learning.submit_practice(by=agent, task=found.task, text="Bis Freitag.")
    steps.append(progress_in(agent, found).step)
    assert list(to_mark(trainer)) == [reply]
    mark(by=trainer, practice=reply, marks=[True, True], comment="")
    steps.append(progress_in(agent, found).step)
    assert steps == [Step.LESSONS, Step.EXAM, Step.PRACTICE, Step.MARKING, Step.DONE]
    made = Certificate.objects.get()
    assert (made.user, made.skill, made.level, made.channel, made.granted_by) == (agent, found.skill, 3, "x", trainer)
    assert made.expires_at is not None
    assert (made.expires_at - made.granted_at).days == 365


def test_without_a_practice_task_the_exam_certifies():
    agent, found = factories.staff("agent"), module(task=False, valid_months=0)
    read_all(agent, found)
    examined(agent, found)
    made = Certificate.objects.get()
    assert (made.granted_by, made.expires_at) == (None, None)


def test_the_exam_waits_for_the_lessons_and_a_second_try_for_a_day():
    agent, found = factories.staff("agent"), module()
    with pytest.raises(Refusal):
        learning.begin_exam(by=agent, module=found)
    read_all(agent, found)
    first = examined(agent, found, wrong=2)
    assert (first.passed, first.right) == (False, 1)
    with pytest.raises(Refusal):
        learning.begin_exam(by=agent, module=found)
    days_pass(agent, 1)
    second = learning.begin_exam(by=agent, module=found)
    assert set(second.questions) != set(first.questions)
    assert learning.begin_exam(by=agent, module=found) == second


def test_an_exam_ends_once_and_by_the_person_who_takes_it():
    agent, other, found = factories.staff("agent"), factories.staff("agent"), module()
    read_all(agent, found)
    attempt = learning.begin_exam(by=agent, module=found)
    with pytest.raises(NotAllowed):
        learning.finish_exam(by=other, attempt=attempt, answers={})
    learning.finish_exam(by=agent, attempt=attempt, answers={})
    with pytest.raises(Refusal):
        learning.finish_exam(by=agent, attempt=attempt, answers={pk: [0] for pk in attempt.questions})
    attempt.refresh_from_db()
    assert (attempt.passed, attempt.right) == (False, 0)


def test_results_are_for_the_person_and_for_trainers_unless_it_was_agreed_otherwise():
    agent, found = factories.staff("agent"), module()
    read_all(agent, found)
    attempt = examined(agent, found)
    with pytest.raises(Attempt.DoesNotExist):
        access_exam(factories.staff("trainer"), attempt.pk)
    set_mode(by=factories.staff("operator"), on=False)
    assert access_exam(agent, attempt.pk) == access_exam(factories.staff("trainer"), attempt.pk) == attempt
    for role in ("agent", "approver", "lead", "operator"):
        with pytest.raises(Attempt.DoesNotExist):
            access_exam(factories.staff(role), attempt.pk)


def test_a_reply_that_misses_something_is_written_once_more():
    agent, trainer, found = factories.staff("agent"), factories.staff("trainer"), module()
    reply = practised(agent, found)
    with pytest.raises(Refusal):
        learning.submit_practice(by=agent, task=found.task, text="Noch einer.")
    for marks, comment in (([True], "x"), ([True, False], " ")):
        with pytest.raises(Refusal):
            mark(by=trainer, practice=reply, marks=marks, comment=comment)
    mark(by=trainer, practice=reply, marks=[True, False], comment="Die Frist fehlt.")
    with pytest.raises(Refusal):
        mark(by=trainer, practice=reply, marks=[True, True], comment="")
    assert (Certificate.objects.count(), progress_in(agent, found).step) == (0, Step.PRACTICE)
    again = learning.submit_practice(by=agent, task=found.task, text="Bis Freitag, das tut mir leid.")
    mark(by=trainer, practice=again, marks=[True, True], comment="Gut.")
    assert Certificate.objects.get().user == agent
    assert Entry.objects.filter(verb="training.mark").count() == 2


def test_nobody_marks_their_own_and_only_trainers_mark():
    trainer, found = factories.staff("trainer"), module()
    reply = practised(trainer, found)
    for by in (trainer, factories.staff("lead")):
        with pytest.raises(NotAllowed):
            mark(by=by, practice=reply, marks=[True, True], comment="")
    with pytest.raises(IntegrityError, match="practice_marked_by_another"):
        Practice.objects.filter(pk=reply.pk).update(marked_by=trainer)


def test_practice_waits_for_the_exam():
    agent, found = factories.staff("agent"), module()
    read_all(agent, found)
    with pytest.raises(Refusal):
        learning.submit_practice(by=agent, task=found.task, text="Zu früh.")


def test_a_refresher_is_the_exam_alone_and_a_revocation_takes_everything_again():
    agent, trainer, found = factories.staff("agent"), factories.staff("trainer"), module()
    mark(by=trainer, practice=practised(agent, found), marks=[True, True], comment="")
    with pytest.raises(Refusal):
        learning.begin_exam(by=agent, module=found)
    days_pass(agent, 330)
    assert progress_in(agent, found).step == Step.REFRESH
    examined(agent, found)
    assert progress_in(agent, found).step == Step.DONE
    assert Certificate.objects.count() == 2
    for one in Certificate.objects.order_by("pk"):
        revoke_certificate(by=trainer, certificate=one, reason="Bitte neu.")
    assert progress_in(agent, found).step == Step.EXAM
    examined(agent, found)
    assert progress_in(agent, found).step == Step.PRACTICE


def test_the_curriculum_follows_from_the_roles():
    agent, needed, other = factories.staff("agent"), module(level=2), module(level=2)
    higher = module(level=4)
    Module.objects.filter(pk=higher.pk).update(skill=needed.skill)
    Need.objects.create(profile=RoleProfile.objects.create(role="agent", tasks="x"), skill=needed.skill, level=3)
    assert [(one.module, one.needed) for one in curriculum(agent)] == [(needed, True), (other, False), (higher, False)]
    assert module_for([needed.skill.key]) == needed


def test_a_module_without_questions_says_so():
    agent, found = factories.staff("agent"), module(bank=0)
    read_all(agent, found)
    with pytest.raises(Refusal):
        learning.begin_exam(by=agent, module=found)


def test_people_are_told_thirty_and_seven_days_before():
    agent, skill = factories.staff("agent"), factories.required("draft")
    made = factories.certificate(agent, skill)
    told = []
    for left in (31, 30, 20, 7, 6):
        Certificate.objects.filter(pk=made.pk).update(expires_at=now() + timedelta(days=left))
        told.append(remind())
    assert told == [0, 1, 0, 1, 0]
    Certificate.objects.filter(pk=made.pk).update(told=None)
    factories.certificate(agent, skill)
    assert remind() == 0
