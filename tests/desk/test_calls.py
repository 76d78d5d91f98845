"""A request's own clock: more people at half time, team leads before the end, each once."""

from datetime import timedelta

import pytest
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from hilft.approvals.calls import call
from hilft.approvals.models import Approval, BrokenGlass
from hilft.base.clock import now
from hilft.publishing.commands import decisions
from tests import factories
from tests.desk import made
from tests.inbox.arriving import mail_account

pytestmark = pytest.mark.django_db


def letters() -> list[tuple[str, str]]:
    """To whom something was written, and with which subject."""
    jobs = ProcrastinateJob.objects.filter(task_name="channels.mail").order_by("id")
    return [(job.args["to"], job.args["subject"]) for job in jobs]


def old(minutes: int) -> None:
    asked = now() - timedelta(minutes=minutes)
    Approval.objects.update(asked_at=asked, expires_at=asked + timedelta(hours=2))


def test_more_people_are_called_at_half_time_and_team_leads_before_the_end() -> None:
    mail_account()
    lead, approver, agent = factories.staff("lead"), factories.staff("approver"), factories.staff("agent")
    made.waiting(agent)
    old(59)
    assert (call(), letters()) == ((0, 0), [])
    old(61)
    assert (call(), call()) == ((1, 0), (0, 0))
    subject = "1 Text wartet auf eine zweite Person"
    assert sorted(letters()) == sorted([(lead.email, subject), (approver.email, subject)])
    old(106)
    assert (call(), call()) == ((0, 1), (0, 0))
    assert letters()[2:] == [(lead.email, subject)]


def test_who_is_named_learns_of_a_broken_glass_and_reviews_it(desk) -> None:  # type: ignore[no-untyped-def]
    mail_account()
    lead, approver = factories.staff("lead", name="Lea Lindner"), factories.staff("approver")
    draft = made.waiting(lead, "Wir melden uns um 18 Uhr.")
    _delivery, glass = decisions.break_glass(
        by=lead, draft=draft, digest=made.digest(draft), reason="Niemand da.", told=approver
    )
    assert letters() == [(approver.email, "Lea Lindner hat einen Text ohne zweite Person freigegeben")]
    page = desk(approver).get(reverse("desk:glass")).content.decode()
    assert "Wir melden uns um 18 Uhr." in page
    url = reverse("desk:glass-review", args=[glass.pk])
    assert desk(lead).post(url, {"justified": "yes"}).status_code == 403
    assert "Say what should have been done instead." in made.said(desk(approver), url, justified="no")
    desk(approver).post(url, {"justified": "no", "remark": "Petra war erreichbar."})
    glass = BrokenGlass.objects.get()
    assert (glass.reviewer, glass.justified, glass.remark) == (approver, False, "Petra war erreichbar.")
