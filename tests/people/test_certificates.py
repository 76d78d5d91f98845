"""What a certificate proves, and until when: asked at each request, by kind of channel, skill and level."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils.translation import override

from hilft.audit.models import Entry
from hilft.base.clock import now
from hilft.people.certificates import barred, certified, lacks, require_certificate, told
from hilft.people.certifying import (
    delete_requirement,
    grant_certificate,
    note_told,
    revoke_certificate,
    save_requirement,
    save_skill,
)
from hilft.people.enums import Gate
from hilft.people.errors import NotAllowed, Refusal, Uncertified
from hilft.people.models import Certificate, Requirement
from tests import factories

pytestmark = pytest.mark.django_db


def test_where_nothing_is_required_nobody_needs_a_certificate():
    assert certified(factories.staff("agent"), Gate.DRAFT, "x")


@pytest.mark.parametrize(
    ("level", "channel", "kind", "suffices"),
    [(2, "", "x", True), (3, "", "x", True), (1, "", "x", False), (2, "x", "x", True), (2, "x", "email", False)],
)
def test_skill_level_and_channel_decide(level: int, channel: str, kind: str, suffices: bool):
    agent, skill = factories.staff("agent"), factories.required("draft", level=2)
    factories.certificate(agent, skill, level=level, channel=channel)
    assert certified(agent, Gate.DRAFT, kind) is suffices
    assert certified(agent, Gate.APPROVE, kind)


def test_what_one_channel_requires_the_others_do_not():
    agent = factories.staff("agent")
    factories.required("draft", channel="x")
    assert [certified(agent, Gate.DRAFT, kind) for kind in ("x", "email")] == [False, True]
    assert barred([agent], Gate.DRAFT, {"x", "email"}) == {agent.pk: frozenset({"x"})}


def test_it_ends_at_its_hour_and_another_one_replaces_it():
    agent, skill = factories.staff("agent"), factories.required("draft")
    made = factories.certificate(agent, skill, months=12)
    end = made.expires_at
    assert end is not None
    assert certified(agent, Gate.DRAFT, "x", at=end - timedelta(seconds=1))
    assert [(lack.skill, lack.level, lack.ended_at) for lack in lacks(agent, Gate.DRAFT, ["x"], at=end)] == [
        (skill, 2, end)
    ]
    factories.certificate(agent, skill, months=0)
    assert certified(agent, Gate.DRAFT, "x", at=end + timedelta(days=9999))


def test_the_refusal_names_what_is_missing_and_when_it_ended():
    agent, skill = factories.staff("agent"), factories.required("draft")
    with override("en"), pytest.raises(Uncertified) as refusal:
        require_certificate(agent, Gate.DRAFT, "x")
    assert str(refusal.value) == f"The certificate “{skill.name_en}”, level 2, is missing."
    assert refusal.value.skills == [skill.key]
    factories.certificate(agent, skill)
    Certificate.objects.update(expires_at=now() - timedelta(days=1))
    with override("en"):
        (lack,) = lacks(agent, Gate.DRAFT, ["x"])
        assert told(lack).startswith(f"The certificate “{skill.name_en}”, level 2, ended on ")


def test_revoking_needs_a_reason_holds_at_once_and_is_never_ones_own():
    agent, trainer = factories.staff("agent"), factories.staff("trainer")
    skill = factories.required("draft")
    made = grant_certificate(by=trainer, user=agent, skill=skill, level=2, months=12, source="Übung")
    own = grant_certificate(by=None, user=trainer, skill=skill, level=2, months=12, source="Übung")
    for by, certificate, reason in ((trainer, made, " "), (trainer, own, "x"), (agent, made, "x")):
        with pytest.raises((Refusal, NotAllowed)):
            revoke_certificate(by=by, certificate=certificate, reason=reason)
    assert certified(agent, Gate.DRAFT, "x")
    revoke_certificate(by=trainer, certificate=made, reason="Bitte auffrischen.")
    assert not certified(agent, Gate.DRAFT, "x")
    with pytest.raises(Refusal):
        revoke_certificate(by=trainer, certificate=made, reason="Noch einmal.")
    verbs = Entry.objects.filter(subject_kind="people.certificate").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["people.grant_certificate", "people.grant_certificate", "people.revoke_certificate"]


def test_nobody_certifies_themselves_and_only_trainers_certify():
    agent, trainer, skill = factories.staff("agent"), factories.staff("trainer"), factories.required("draft")
    for by, user, level, source in (
        (trainer, trainer, 2, "x"),
        (agent, trainer, 2, "x"),
        (trainer, agent, 6, "x"),
        (trainer, agent, 2, ""),
    ):
        with pytest.raises(Refusal):
            grant_certificate(by=by, user=user, skill=skill, level=level, months=12, source=source)
    assert Certificate.objects.count() == 0
    with pytest.raises(IntegrityError, match="certificate_granted_by_another"):
        Certificate.objects.create(user=agent, granted_by=agent, skill=skill, level=1, granted_at=now())


def test_operators_require_and_no_longer_require():
    operator, trainer = factories.staff("operator"), factories.staff("trainer")
    skill = save_skill(by=trainer, key="ton", name="Ton")
    made = save_requirement(by=operator, gate="draft", skill=skill, level=1, channel="x")
    assert save_requirement(by=operator, gate="draft", skill=skill, level=4, channel="x") == made
    assert Requirement.objects.get().level == 4
    for by, gate, level in ((trainer, "draft", 1), (operator, "macro", 1), (operator, "draft", 0)):
        with pytest.raises(Refusal):
            save_requirement(by=by, gate=gate, skill=skill, level=level)
    delete_requirement(by=operator, requirement=made)
    assert Requirement.objects.count() == 0


def test_it_is_kept_that_somebody_was_told():
    made = factories.certificate(factories.staff("agent"), factories.required("draft"))
    note_told(certificates=[made], days=30)
    assert Certificate.objects.get().told == 30
    assert Entry.objects.filter(verb="people.tell_of_end").count() == 1
