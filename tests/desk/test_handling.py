"""Handiwork through its pages: tags, follow-ups, sorting out with undo, mentions."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from hilft.base.clock import now
from hilft.inbox.commands import note
from hilft.inbox.handling import steps
from hilft.inbox.handling.enums import Do
from hilft.inbox.handling.models import Bulk, Joining, SavedView, Step, Tag
from hilft.inbox.handling.steps import Wanted
from hilft.inbox.handling.views import saved_views
from hilft.inbox.models import Conversation, Message
from hilft.people.models import Team
from tests import factories
from tests.desk.conftest import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def message() -> Message:
    return factories.message(factories.portal_account())


def post(client: Client, name: str, *args: object, **data: object):
    return client.post(reverse(f"desk:{name}", args=args), data)


def test_topic_and_tags_are_set_in_one_go(desk: Desk, message: Message):
    client, pk = desk(factories.staff("agent")), message.conversation_id
    post(client, "tag", pk, topic="Festnetz", tags="Störung, Nord")
    post(client, "tag", pk, topic="Festnetz", tags="nord, Umzug")
    found = Conversation.objects.get()
    assert (found.topic, found.tags) == ("Festnetz", ["Nord", "Umzug"])
    page = client.get(reverse("desk:conversation", args=[pk])).content.decode()
    assert 'value="Nord, Umzug"' in page
    assert "Take tags away: Störung" in page
    assert b"row-link" in client.get(reverse("desk:conversations"), {"view": "all", "tag": "Nord"}).content
    assert b"row-link" not in client.get(reverse("desk:conversations"), {"view": "all", "tag": "Störung"}).content


def test_spam_leaves_the_list_and_comes_back_by_undo(desk: Desk, message: Message):
    client, pk = desk(factories.staff("agent")), message.conversation_id
    assert post(client, "sort-out", pk, why="nonsense").status_code == 302
    listed = client.get(post(client, "sort-out", pk, why="spam").url).content.decode()
    undo = reverse("desk:step-undo", args=[Step.objects.get().pk])
    assert f'action="{undo}"' in listed
    assert f'id="row-{pk}"' not in listed
    assert f'id="row-{pk}"' in client.get(reverse("desk:conversations"), {"view": "spam"}).content.decode()
    client.post(undo)
    assert f'id="row-{pk}"' in client.get(reverse("desk:conversations")).content.decode()


def test_a_follow_up_is_set_shown_and_met(desk: Desk, message: Message):
    client, pk = desk(factories.staff("agent")), message.conversation_id
    day = timezone.localdate(now()) + timedelta(days=3)
    assert post(client, "follow-up", pk, on=timezone.localdate(now()).isoformat()).status_code == 302
    assert Conversation.objects.get().follow_up_at is None
    post(client, "follow-up", pk, on=day.isoformat(), note="Techniker da?")
    assert ": Techniker da?" in client.get(reverse("desk:conversation", args=[pk])).content.decode()
    assert timezone.localtime(Conversation.objects.get().follow_up_at).strftime("%H:%M") == "08:00"
    post(client, "follow-up", pk, done="1")
    assert Conversation.objects.get().follow_up_at is None


@pytest.mark.parametrize("rows", [1, 3])
def test_mentions_cost_the_same_whatever_their_number(
    rows: int, desk: Desk, message: Message, django_assert_num_queries: DjangoAssertNumQueries
):
    mara = factories.staff("agent", name="Mara Köhler")
    for number in range(rows):
        note(by=factories.staff("agent"), conversation=message.conversation, text=f"@Mara, Nummer {number}?")
    client = desk(mara)
    client.get(reverse("desk:mentions"))
    with django_assert_num_queries(10):
        page = client.get(reverse("desk:mentions")).content.decode()
    assert page.count("unread") == 2 * rows
    client.get(reverse("desk:conversation", args=[message.conversation_id]))
    assert "unread" not in client.get(reverse("desk:mentions")).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_tags_cost_the_same_whatever_their_number(
    rows: int, desk: Desk, message: Message, django_assert_num_queries: DjangoAssertNumQueries
):
    lead = factories.staff("lead")
    wanted = Wanted(Do.TAG, [f"Wort {number}" for number in range(rows)])
    steps.take(by=lead, conversation=message.conversation, wanted=wanted)
    client = desk(lead)
    client.get(reverse("desk:tags"))
    with django_assert_num_queries(11):
        page = client.get(reverse("desk:tags")).content.decode()
    assert page.count(' name="name"') == rows
    client.post(reverse("desk:tag-rename", args=[Tag.objects.order_by("pk")[0].pk]), {"name": "Erstes Wort"})
    assert Conversation.objects.get().tags[0] == "Erstes Wort"


def test_many_are_chosen_shown_done_and_taken_back(desk: Desk):
    account = factories.portal_account()
    messages = [factories.message(account, f"Frage {number}", who=f"guest{number}") for number in range(4)]
    agent = factories.staff("agent")
    steps.take(by=agent, conversation=messages[0].conversation, wanted=Wanted(Do.TAG, ["Störung"]))
    client = desk(agent)
    listed = client.get(reverse("desk:conversations")).content.decode()
    assert listed.count('name="selected"') == 4
    assert "<span>All 4</span>" in listed
    assert post(client, "bulk-plan").status_code == 302, "nothing chosen"
    chosen = [message.conversation_id for message in messages[:3]]
    page = post(client, "bulk-plan", selected=chosen).content.decode()
    assert "3 conversations are chosen." in page
    assert post(client, "bulk-plan", selected=chosen, do="tag").status_code == 200, "it needs words"
    planned = client.get(post(client, "bulk-plan", selected=chosen, do="tag", words="störung").url).content.decode()
    assert "2 conversations are touched. 1 is skipped." in planned
    assert "1 × It is so already." in planned
    assert Conversation.objects.filter(tags=["Störung"]).count() == 1, "nothing has happened yet"
    bulk = Bulk.objects.get()
    done = client.get(post(client, "bulk-start", bulk.pk).url).content.decode()
    assert "2 conversations were touched." in done
    assert Conversation.objects.filter(tags=["Störung"]).count() == 3
    assert "Taken back." in client.get(post(client, "bulk-undo", bulk.pk).url).content.decode()
    assert Conversation.objects.filter(tags=["Störung"]).count() == 1
    assert desk(factories.staff("agent")).get(reverse("desk:bulk", args=[bulk.pk])).status_code == 404


def test_all_of_a_view_are_those_that_its_address_shows(desk: Desk):
    account, agent = factories.portal_account(), factories.staff("agent")
    for number in range(3):
        message = factories.message(account, f"Frage {number}", who=f"guest{number}")
    steps.take(by=agent, conversation=message.conversation, wanted=Wanted(Do.TAG, ["Nord"]))
    post(desk(agent), "bulk-plan", all="1", list="view=open&tag=Nord", do="close")
    assert list(Bulk.objects.get().rows.values_list("conversation", flat=True)) == [message.conversation_id]


def test_merging_on_the_desk_chooses_where_the_reply_goes(desk: Desk):
    first = factories.message(factories.mastodon_account(), "Router blinkt", who="jonas")
    second = factories.message(factories.x_account(), "Hallo? Mein Router!", who="jonasp")
    client, pk, other = desk(factories.staff("agent")), first.conversation_id, second.conversation_id
    merge = reverse("desk:merge", args=[pk])
    assert "This contact has no other conversation" in client.get(merge).content.decode()
    assert f"?other={other}" in client.get(merge, {"q": "jonasp"}).content.decode()
    assert "are different contacts as far as we know" in client.get(merge, {"other": other}).content.decode()
    client.post(merge, {"other": other})
    page = client.get(reverse("desk:conversation", args=[other]), follow=True)
    assert page.redirect_chain == [(f"{reverse('desk:conversation', args=[pk])}?strand={other}", 303)]
    shown = page.content.decode()
    assert "Router blinkt" in shown
    assert "Hallo? Mein Router!" in shown
    assert reverse("desk:draft-submit", args=[other]) in shown
    chosen = client.get(reverse("desk:conversation", args=[pk]), {"strand": pk}).content.decode()
    assert reverse("desk:draft-submit", args=[pk]) in chosen
    undo = reverse("desk:joining-undo", args=[Joining.objects.get().pk])
    assert f'action="{undo}?' in chosen
    assert client.post(undo).url == reverse("desk:conversation", args=[other])
    assert f'id="m{first.pk}"' not in client.get(reverse("desk:conversation", args=[other])).content.decode()


def test_splitting_on_the_desk(desk: Desk):
    account = factories.mastodon_account()
    first = factories.message(account, "Router blinkt", thread="t")
    second = factories.message(account, "Und die Rechnung?", thread="t")
    client, split = desk(factories.staff("agent")), reverse("desk:split", args=[first.conversation_id])
    assert client.get(split).content.decode().count('name="message"') == 2
    made = client.post(split, {"message": [second.pk]})
    assert made.url == reverse("desk:conversation", args=[Joining.objects.get().source_id])
    log = reverse("desk:conversation-log", args=[Joining.objects.get().source_id])
    assert f'id="m{first.pk}"' not in client.get(log).content.decode()


@pytest.mark.parametrize("views", [1, 3])
def test_views_are_saved_counted_ordered_and_shared(
    views: int, desk: Desk, django_assert_num_queries: DjangoAssertNumQueries
):
    account, agent, lead = factories.portal_account(), factories.staff("agent"), factories.staff("lead")
    team = Team.objects.create(name="Technik")
    agent.teams.add(team)
    for number in range(3):
        message = factories.message(account, f"Frage {number}", who=f"guest{number}")
    steps.take(by=agent, conversation=message.conversation, wanted=Wanted(Do.TAG, ["Nord"]))
    client = desk(agent)
    for number in range(views):
        kept = client.post(
            reverse("desk:saved-view-new"), {"name": f"Nord {number}", "list": "view=open&tag=Nord&page=2"}
        )
        assert kept.url == f"{reverse('desk:conversations')}?view=open&tag=Nord"
    client.get(kept.url)
    with django_assert_num_queries(17):
        page = client.get(kept.url).content.decode()
    assert page.count('class="row-link"') == 1
    assert page.count('<span>Nord 0</span><span class="nav-count">1</span>') == 1
    assert "Nord 0" not in desk(lead).get(reverse("desk:saved-views")).content.decode(), "it is their own"
    desk(lead).post(reverse("desk:saved-view-new"), {"name": "Alle", "list": "view=unassigned", "team": team.pk})
    listed = client.get(reverse("desk:saved-views")).content.decode()
    assert '<a href="/desk/anliegen/?view=unassigned">Alle</a></th><td>Technik</td><td class="number">3' in listed
    shared = SavedView.objects.get(name="Alle")
    client.post(reverse("desk:saved-view-move", args=[shared.pk]), {"up": "1"})
    assert list(saved_views(agent)).index(shared) == views - 1
    assert desk(factories.staff("agent")).post(reverse("desk:saved-view-delete", args=[shared.pk])).status_code == 403
    client.post(reverse("desk:saved-view-delete", args=[shared.pk]))
    assert not SavedView.objects.filter(name="Alle").exists()
    assert post(client, "saved-view-new", list="view=open").status_code == 302, "a name is needed"
    assert SavedView.objects.count() == views


def test_lists_are_narrowed_down_and_sorted_by_their_address(desk: Desk):
    portal, mastodon = factories.portal_account(), factories.mastodon_account()
    german = factories.message(portal, "Mein Router blinkt orange seit gestern", who="a").conversation
    english = factories.message(mastodon, "My router is blinking orange since yesterday", who="b").conversation
    client = desk(factories.staff("agent"))

    def rows(**asked: str) -> list[int]:
        page = client.get(reverse("desk:conversations"), {"view": "open"} | asked)
        return [row.pk for row in page.context["page"]]

    assert rows(network="mastodon") == [english.pk]
    assert rows(language="de") == [german.pk]
    assert rows(sort="oldest") == [german.pk, english.pk]
    assert rows(network="mastodon", language="de") == []


def test_a_list_pages_its_first_rows_and_says_that_there_are_more(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    portal = factories.portal_account()
    for number in range(4):
        factories.message(portal, who=f"frag{number}")
    client = desk(factories.staff("lead"))
    address = reverse("desk:conversations")
    assert "more than" not in client.get(address).text
    for place in ("hilft.desk.conversations.screen", "hilft.desk.templatetags.desk", "hilft.inbox.lists"):
        monkeypatch.setattr(f"{place}.MOST", 2)
    shown = client.get(address, {"page": 9})
    pages = shown.context["page"].paginator
    assert (pages.count, pages.more, len(shown.context["rows"])) == (2, True, 2)
    assert "All, more than 2" in shown.text
    assert '<span class="nav-count">2+</span>' in shown.text
