"""The desk's benchmark: what it fills is what the tables take."""

import pytest
from django.db import connection

from hilft.channels.models import Account
from hilft.cli.bench.desk import FILLING, Size
from hilft.inbox.models import Conversation, Match, Message
from hilft.people.models import User
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_desk_is_filled():
    factories.portal_account()
    for _number in range(5):
        factories.question()
    with connection.cursor() as cursor:
        cursor.execute(FILLING.read_text("utf-8"), Size(agents=3, conversations=6)._asdict())
    mine = Conversation.objects.filter(thread__startswith="desk", account=Account.objects.get())
    assert (mine.count(), mine.filter(assignee=None).count()) == (6, 4)
    assert (Message.objects.count(), Match.objects.count()) == (12, 30)
    assert User.objects.filter(roles=["agent"]).count() == 3
