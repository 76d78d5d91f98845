"""New questions that keep coming: grouped by meaning, named by their words, and hosted with one click."""

from datetime import timedelta

import numpy as np
import pytest

from hilft.base.clock import now
from hilft.inbox.grouping import clusters, name_of, successor
from hilft.inbox.groups import collect, host
from hilft.inbox.models import Conversation, Group, Message, Stray
from hilft.inbox.queries import groups, suggestions_for
from hilft.people.errors import NotAllowed, Refusal
from tests import factories

ESIM = ("Wie ziehe ich meine eSIM auf ein neues Handy um?", "Wie ziehe ich die eSIM auf das neue Handy um?")
ESIM = (*ESIM, "Wie kann ich meine eSIM auf ein neues Handy umziehen?")
OTHER = ("Wann hat der Shop in Kiel geöffnet?", "Der Techniker war nicht da.")


def test_rows_that_are_near_form_the_densest_group_first():
    angles = np.deg2rad([0, 5, 10, 90, 91, 92, 93, 180])
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    found = clusters(vectors, near=0.98, least=3)
    assert [sorted(group) for group in found] == [[3, 4, 5, 6], [0, 1, 2]]
    assert found[1][0] == 0
    assert clusters(vectors[:0]) == []


def test_a_group_is_named_by_what_sets_it_apart():
    texts = ["meine eSIM auf ein neues Handy", "eSIM neues Handy", "die eSIM aufs Handy"]
    everything = [*texts, "meine Rechnung", "ein neues Modem", "die Leitung", "auf ein Wort"]
    assert name_of(texts, everything) == "eSIM · Handy"
    assert name_of(["Was nun?"], ["Was nun?"]) == "Was nun?"


def test_a_group_goes_on_when_most_of_it_does():
    groups = {7: [1, 2, 3], 8: [4, 5]}
    assert successor([1, 2, 9], groups) == 7
    assert successor([9, 10], groups) is None
    assert successor([1], {}) is None


@pytest.fixture
def strangers(db: None) -> list[Message]:
    """What several people ask and nothing hosted fits."""
    account = factories.mastodon_account()
    asked = [factories.message(account, text, who=f"w{i}", at=now()) for i, text in enumerate((*ESIM, *OTHER))]
    Conversation.objects.update(likeness="none")
    return asked


def test_what_keeps_coming_is_grouped_and_stays_the_same_group(strangers: list[Message]):
    collect()
    (group,) = groups()
    assert group.size == 3
    assert "eSIM" in group.name
    assert group.since == strangers[0].at
    assert {s.message for s in group.strays.all()} == set(strangers[:3])

    factories.message(strangers[0].account, ESIM[0] + " Danke", who="w9", at=now())
    Conversation.objects.update(likeness="none")
    collect()
    assert [(g.pk, g.size) for g in groups()] == [(group.pk, 4)]

    Conversation.objects.filter(messages__in=strangers[:2]).update(question=factories.question())
    collect()
    assert list(groups()) == []
    assert Stray.objects.count() == 4
    Conversation.objects.update(last_message_at=now() - timedelta(weeks=5))
    collect()
    assert Stray.objects.count() == 0


def test_one_person_is_no_group(db: None):
    account = factories.mastodon_account()
    for text in ESIM:
        factories.message(account, text, who="same", at=now())
    Conversation.objects.update(likeness="none")
    collect()
    assert Group.objects.count() == 0


def test_a_hosted_group_waits_for_its_answer_and_gets_it(strangers: list[Message]):
    editor = factories.staff("editor")
    collect()
    group, chosen = groups().get(), [Stray.objects.get(message=strangers[0]).pk]
    with pytest.raises(NotAllowed):
        host(by=factories.staff("agent"), group=group, title="eSIM?", topic="Mobilfunk", wordings=chosen)

    question = host(by=editor, group=group, title="eSIM umziehen?", topic="Mobilfunk", wordings=chosen)

    assert set(question.wordings.values_list("text", flat=True)) == {"eSIM umziehen?", ESIM[0]}
    assert Conversation.objects.filter(question=question, confirmed=True).count() == 3
    assert list(groups()) == []
    assert suggestions_for(strangers[1]) == []
    factories.publish(question, by=editor)
    assert [m.question for m in suggestions_for(strangers[1])] == [question]
    with pytest.raises(Refusal):
        host(by=editor, group=group, title="Noch einmal?", topic="Mobilfunk", wordings=chosen)
