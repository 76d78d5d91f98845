"""The record is append-only, whoever asks."""

import pytest
from django.db import IntegrityError, transaction

from hilft.audit.commands import record
from hilft.audit.models import Entry
from tests import factories

pytestmark = pytest.mark.django_db


def test_an_entry_says_who_did_what_to_what():
    user = factories.staff("lead")
    record(by=user, verb="test.did", subject=user, why="because")
    entry = Entry.objects.get(verb="test.did")
    assert (entry.actor, entry.subject_kind, entry.subject_id, entry.data) == (
        user,
        "people.user",
        user.pk,
        {"why": "because"},
    )


@pytest.mark.parametrize("change", ["update", "delete"])
def test_nobody_changes_or_removes_an_entry(change: str):
    user = factories.staff("lead")
    record(by=user, verb="test.did", subject=user)
    attempt = {"update": lambda: Entry.objects.update(verb="test.never"), "delete": Entry.objects.all().delete}[change]
    with pytest.raises(IntegrityError), transaction.atomic():
        attempt()
