"""The question page: what holds, in the reader's language and form of address, for people and for programs."""

import json
import re

import pytest
from django.test import Client

from hilft.inbox.models import Conversation
from hilft.knowledge.care import set_state
from hilft.knowledge.commands import Written, add_question, publish_version, write_version
from hilft.knowledge.enums import Audience, Confidence
from hilft.knowledge.models import Answer, Question, Vote
from hilft.knowledge.proposals import propose
from hilft.people.commands import grant_right
from tests import factories

pytestmark = pytest.mark.django_db


def in_english() -> Question:
    made = add_question(
        by=None, title="Router blinkt?", title_en="Router blinks?", topic="Störung", topic_en="Faults", slug="router"
    )
    texts = {
        ("de", "sie"): Written("Warten Sie **48 Stunden**.", "Warten Sie."),
        ("de", "du"): Written("Warte **48 Stunden**.", "Warte."),
        ("en", "none"): Written("Wait for **48 hours**.", "Wait."),
    }
    publish_version(by=None, version=write_version(by=None, question=made, texts=texts))
    return made


def html(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_shows_the_current_answer_to_everybody(reader: Client):
    question = factories.question(title="Router blinkt orange?", hours=48)
    factories.publish(question, hours=72)

    page = html(reader, f"/en/f/{question.slug}/")

    assert "Router blinkt orange?" in page
    assert "<strong>72 Stunden</strong>" in page
    assert "48 Stunden" not in page
    assert "Version 2" in page


@pytest.mark.parametrize(
    ("confidence", "audience"), [(Confidence.CHECKED, Audience.INTERNAL), (Confidence.ARCHIVED, Audience.PUBLIC)]
)
def test_what_is_not_public_is_not_there(reader: Client, confidence: str, audience: str):
    question = factories.question()
    set_state(by=factories.staff("editor"), question=question, confidence=confidence, audience=audience)

    for path in ("", "fassungen/", "fassung/1/"):
        assert reader.get(f"/f/{question.slug}/{path}").status_code == 404
    assert reader.post(f"/f/{question.slug}/hilfreich/", {"helped": "yes"}).status_code == 404
    assert question.slug not in html(reader, "/")
    assert question.slug not in html(reader, "/sitemap.xml")
    assert question.slug not in html(reader, "/neu.atom")


def test_a_question_without_a_published_version_is_not_there(reader: Client):
    question = add_question(by=None, title="Noch offen?", topic="Störung")

    assert reader.get(f"/f/{question.slug}/").status_code == 404
    assert Answer.objects.get().current is None


def test_says_sie_until_the_reader_chooses_du(reader: Client):
    question = in_english()

    assert "Warten Sie" in html(reader, f"/f/{question.slug}/")
    assert "Warte <strong>" in html(reader, f"/f/{question.slug}/?anrede=du")
    assert "Warte <strong>" in html(reader, f"/f/{question.slug}/")
    assert "Warten Sie" in html(reader, f"/f/{question.slug}/?anrede=sie")
    assert "Warten Sie" in html(Client(), f"/f/{question.slug}/?anrede=ihr")


def test_each_language_has_its_address(reader: Client):
    in_english()

    german, english = html(reader, "/f/router/"), html(reader, "/en/f/router/")

    assert '<html lang="de"' in german
    assert '<html lang="en"' in english
    assert "Wait for <strong>48 hours" in english
    assert "Router blinks?" in english
    assert "Form of address" not in english
    for page, own in ((german, "/f/router/"), (english, "/en/f/router/")):
        assert re.findall(r'rel="canonical" href="https?://[^/]+([^"]+)"', page) == [own]
        assert re.findall(r'hreflang="(\w+)" href="https?://[^/]+([^"]+)"', page) == [
            ("de", "/f/router/"),
            ("en", "/en/f/router/"),
        ]
        assert 'name="robots"' not in page


def test_language_of_the_browser_changes_nothing():
    in_english()

    assert '<html lang="de"' in html(Client(headers={"accept-language": "en"}), "/f/router/")


def test_english_page_of_a_german_answer_leads_search_engines_to_the_german_one(reader: Client):
    question = factories.question(title="Nur auf Deutsch?")

    page = html(reader, f"/en/f/{question.slug}/")

    assert '<span lang="de">Nur auf Deutsch?</span>' in page
    assert 'name="robots" content="noindex"' in page
    assert re.findall(r'rel="canonical" href="https?://[^/]+([^"]+)"', page) == [f"/f/{question.slug}/"]
    assert "application/ld+json" not in page


def test_says_where_and_how_often_people_asked(reader: Client):
    question = factories.question()
    mastodon, portal = factories.mastodon_account(), factories.portal_account()
    for account, who in ((mastodon, "a"), (mastodon, "b"), (portal, "c@post.example"), (mastodon, "unsure")):
        conversation = factories.message(account, who=who).conversation
        likeness = "possible" if who == "unsure" else "sure"
        Conversation.objects.filter(pk=conversation.pk).update(question=question, likeness=likeness)

    page = html(reader, f"/en/f/{question.slug}/")

    assert re.findall(r'<li class="chip"><span>([^<]+)</span>', page) == ["asked on Mastodon · 2", "here · 1"]
    assert "c@post.example" not in page


def test_data_for_search_engines_is_valid_and_escaped(reader: Client):
    hostile = "</script><script>alert(1)</script> & <!-- \u2028 „so“?"
    question = factories.question(title=hostile, body='"</script>" & mehr')

    page = html(reader, f"/f/{question.slug}/")

    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    data = json.loads(text)
    entity = data["mainEntity"]
    assert (data["@type"], entity["@type"], entity["answerCount"]) == ("QAPage", "Question", 1)
    assert entity["name"] == hostile
    assert entity["acceptedAnswer"]["text"].startswith('"</script>" & mehr')
    assert entity["acceptedAnswer"]["upvoteCount"] == 0
    assert "<script>alert" not in page
    assert "\u2028" not in text
    assert "script-src 'self'" in reader.get(f"/f/{question.slug}/").headers["Content-Security-Policy"]


def test_answers_conditional_requests(reader: Client):
    question = factories.question()
    path = f"/f/{question.slug}/"
    first = reader.get(path)

    assert first.headers["Cache-Control"] == "public, max-age=0, s-maxage=60, must-revalidate"
    assert "Cookie" in first.headers["Vary"]
    assert "Set-Cookie" not in first.headers
    assert reader.get(path, headers={"if-none-match": first["ETag"]}).status_code == 304
    assert reader.get(path, headers={"if-modified-since": first["Last-Modified"]}).status_code == 304

    factories.publish(question, hours=72)

    assert reader.get(path, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_page_of_a_reader_with_cookies_is_theirs(reader: Client):
    question = factories.question()
    reader.cookies["theme"] = "dark"

    response = reader.get(f"/f/{question.slug}/")

    assert response.headers["Cache-Control"] == "private, no-cache"
    assert 'data-theme="dark"' in response.content.decode()


def test_a_reader_counts_once_and_may_change_their_mind(reader: Client):
    question = factories.question()
    path = f"/f/{question.slug}/"

    for said in ("yes", "yes", "no", "yes"):
        response = reader.post(f"{path}hilfreich/", {"helped": said})
        assert response.headers["Location"] == f"{path}#hilfreich"
    Client().post(f"{path}hilfreich/", {"helped": "yes"})

    assert [vote.helped for vote in Vote.objects.all()] == [True, True]
    page = html(reader, path)
    assert re.findall(r'aria-pressed="(\w+)"', page) == ["true", "false"]
    assert "· 2" in page
    assert re.findall(r'aria-pressed="(\w+)"', html(Client(), path)) == ["false", "false"]


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://elsewhere.example"}, {"origin": "null"}]
)
def test_votes_from_other_sites_and_without_a_word_do_not_count(reader: Client, headers: dict[str, str]):
    question = factories.question()

    reader.post(f"/f/{question.slug}/hilfreich/", {"helped": "yes"}, headers=headers)
    reader.post(f"/f/{question.slug}/hilfreich/", {"helped": "perhaps"})

    assert Vote.objects.count() == 0


def test_a_forged_reader_is_a_new_one(reader: Client):
    question = factories.question()
    reader.post(f"/f/{question.slug}/hilfreich/", {"helped": "yes"})
    reader.cookies["reader"] = "somebody:else:signed"

    assert reader.get(f"/f/{question.slug}/").status_code == 200
    reader.post(f"/f/{question.slug}/hilfreich/", {"helped": "yes"})

    assert Vote.objects.count() == 2


def test_one_version_has_an_address_that_lasts(reader: Client):
    question = factories.question(hours=48)
    factories.publish(question, hours=72)

    old, new = html(reader, f"/en/f/{question.slug}/fassung/1/"), html(reader, f"/en/f/{question.slug}/fassung/2/")

    assert "48 Stunden" in old
    assert "Not current any more." in old
    assert "72 Stunden" in new
    assert "Not current any more." not in new
    for page in (old, new):
        assert 'name="robots" content="noindex"' in page
        assert re.findall(r'rel="canonical" href="https?://[^/]+([^"]+)"', page) == [f"/f/{question.slug}/"]
    assert reader.get(f"/f/{question.slug}/fassung/3/").status_code == 404


def test_a_version_being_written_is_nobodys_to_read(reader: Client):
    question = factories.question(hours=48)
    texts = {("de", "sie"): Written("Geheim", ""), ("de", "du"): Written("Geheim", "")}
    write_version(by=None, question=question, texts=texts)

    assert reader.get(f"/f/{question.slug}/fassung/2/").status_code == 404
    assert "Geheim" not in html(reader, f"/f/{question.slug}/fassungen/")


def test_versions_show_what_changed_word_by_word(reader: Client):
    question = factories.question(hours=48)
    factories.publish(question, hours=72)

    page = html(reader, f"/en/f/{question.slug}/fassungen/")

    assert "<del>48</del><ins>72</ins>" in page
    assert page.index("Version 2") < page.index("Version 1")


def test_similar_questions_are_public_ones_of_similar_meaning(reader: Client):
    asked = factories.question(title="Mein Router blinkt nach dem Umzug nur orange. Was tun?")
    near = factories.question(title="Der Router blinkt seit dem Umzug orange. Was kann ich machen?")
    hidden = factories.question(title="Router blinkt nach Umzug orange, was tun?")
    factories.question(title="Wie storniere ich meine Bestellung im Laden?")
    from hilft.knowledge.matching import embed_pending

    embed_pending()
    set_state(by=factories.staff("editor"), question=hidden, confidence="checked", audience="internal")

    page = html(reader, f"/f/{asked.slug}/")

    assert re.findall(r'<li><a href="(/f/[^"]+)">', page.partition('id="similar"')[2]) == [f"/f/{near.slug}/"]


@pytest.mark.parametrize("versions", [1, 3])
def test_number_of_queries_of_the_question_page(reader: Client, django_assert_num_queries, versions: int):
    question = factories.question()
    for hours in range(versions - 1):
        factories.publish(question, hours=hours)
    reader.get(f"/f/{question.slug}/")

    with django_assert_num_queries(5):
        reader.get(f"/f/{question.slug}/")
    with django_assert_num_queries(4):
        reader.get(f"/f/{question.slug}/fassungen/")


def test_what_served_the_team_alone_is_no_version_for_everybody(reader):
    author = factories.staff("agent")
    grant_right(by=factories.staff("lead"), user=author, right="contributor")
    author.refresh_from_db()
    hidden = add_question(by=None, title="Nur fürs Team?", topic="Festnetz")
    texts = {("de", form): Written(f"Noch nicht geprüft ({form}).", "") for form in ("sie", "du")}
    propose(by=author, question=hidden, texts=texts)
    assert reader.get(f"/f/{hidden.slug}/").status_code == 404
    factories.publish(hidden, by=factories.staff("editor"))
    assert reader.get(f"/f/{hidden.slug}/").status_code == 200
    assert [reader.get(f"/f/{hidden.slug}/fassung/{n}/").status_code for n in (1, 2)] == [404, 200]
    assert "Noch nicht geprüft" not in reader.get(f"/f/{hidden.slug}/fassungen/").content.decode()
