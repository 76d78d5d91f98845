"""Macros on the desk: kept, chosen in a conversation, shown beforehand, run."""

import pytest
from django.urls import reverse

from hilft.inbox.models import Conversation
from hilft.publishing.macros.models import Macro
from hilft.publishing.models import Draft
from tests import factories
from tests.desk import made
from tests.desk.conftest import Desk

pytestmark = pytest.mark.django_db


def test_a_macro_is_kept_shown_and_run(desk: Desk):
    message, client = made.asked(), desk(factories.staff("agent"))
    question = factories.question()
    none = {f"{name}-{what}_FORMS": 4 * (what == "TOTAL") for name in ("now", "sent") for what in ("TOTAL", "INITIAL")}
    sent = none | {"label": "Störung", "mine": "on", "text": "Hallo {name}", "now-0-do": "tag", "now-0-words": "Nord"}
    assert "errorlist" in client.post(reverse("desk:macro-new"), sent | {"text": "{moon}"}).content.decode()
    pasted = sent | {"text": "", "question": f"http://hilft.example/desk/fragen/{question.pk}/", "label": "Orange"}
    client.post(reverse("desk:macro-new"), pasted)
    assert Macro.objects.get().question == question
    Macro.objects.all().delete()
    assert client.post(reverse("desk:macro-new"), sent | {"sent-0-do": "close"}).status_code == 303
    macro, pk = Macro.objects.get(), message.conversation_id
    assert 'value="Nord"' in client.get(reverse("desk:macro", args=[macro.pk])).content.decode()
    assert "Störung" in client.get(reverse("desk:macros")).content.decode()
    run = reverse("desk:macro-run", args=[pk, macro.pk])
    assert f'href="{run}"' in client.get(reverse("desk:macro-choose", args=[pk])).content.decode()
    page = client.get(run).content.decode()
    assert f"Hallo {message.conversation.handle.shown}" in page
    assert "Tag with: Nord" in page
    assert not Draft.objects.exists()
    shown = client.get(client.post(run).url).content.decode()
    assert f"Hallo {message.conversation.handle.shown}</textarea>" in shown
    assert Conversation.objects.get().tags == ["Nord"]
    stranger = desk(factories.staff("agent"))
    assert stranger.get(run).status_code == 404
    client.post(reverse("desk:macro-delete", args=[macro.pk]))
    assert not Macro.objects.exists()
