"""The way to a question: start page, topics, search in two languages and by meaning, feed and site map."""

import re
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from hilft.knowledge.commands import Written, add_question, publish_version, write_version
from hilft.knowledge.matching import embed_pending
from hilft.knowledge.models import Question
from tests import factories

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}
MAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def bilingual(title: str, title_en: str, *, slug: str, topic: str = "Rechnung & Verträge") -> Question:
    made = add_question(by=None, title=title, title_en=title_en, topic=topic, topic_en="Bills & contracts", slug=slug)
    texts = {
        ("de", "sie"): Written("Die **Gebühr** fällt an.", "Eine Gebühr von <5 Euro> fällt an."),
        ("de", "du"): Written("Die **Gebühr** fällt an.", "Für dich fällt eine Gebühr an."),
        ("en", "none"): Written("A **fee** is charged.", "A fee is charged for this."),
    }
    publish_version(by=None, version=write_version(by=None, question=made, texts=texts))
    return made


def html(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def rows(page: str) -> list[str]:
    return re.findall(r'<li><a href="(?:/en)?/f/([^/"]+)/"', page)


@pytest.mark.parametrize("questions", [1, 3])
def test_number_of_queries_of_the_lists(reader: Client, django_assert_num_queries, questions: int):
    for _ in range(questions):
        factories.question()

    with django_assert_num_queries(2):
        assert len(rows(html(reader, "/"))) == questions
    with django_assert_num_queries(3):
        assert len(rows(html(reader, "/themen/"))) == questions
    with django_assert_num_queries(3):
        assert len(rows(html(reader, "/themen/festnetz/"))) == questions
    with django_assert_num_queries(2):
        html(reader, "/neu.atom")
    with django_assert_num_queries(2):
        html(reader, "/sitemap.xml")


@pytest.mark.parametrize("questions", [1, 3])
def test_number_of_queries_of_the_search(reader: Client, django_assert_num_queries, questions: int):
    for _ in range(questions):
        factories.question(title="Router blinkt orange?")
    embed_pending()

    with django_assert_num_queries(9):
        assert len(rows(html(reader, "/suche/?q=router"))) == questions


def test_most_asked_come_first_and_the_rest_on_further_pages(reader: Client):
    for number in range(25):
        question = factories.question(title=f"Frage {number:02}?")
        Question.objects.filter(pk=question.pk).update(asked=number)

    assert rows(html(reader, "/"))[:2] == ["frage-24", "frage-23"]
    assert len(rows(html(reader, "/"))) == 10
    second = html(reader, "/themen/festnetz/?page=2")
    assert rows(second) == ["frage-04", "frage-03", "frage-02", "frage-01", "frage-00"]
    assert re.findall(r'rel="canonical" href="https?://[^/]+([^"]+)"', second) == ["/themen/festnetz/?page=2"]
    assert rows(html(reader, "/themen/?page=99")) == rows(second)


def test_topics_are_found_by_their_german_name_in_both_languages(reader: Client):
    bilingual("Was kostet das?", "What does it cost?", slug="kosten")

    assert rows(html(reader, "/themen/rechnung-vertraege/")) == ["kosten"]
    english = html(reader, "/en/themen/rechnung-vertraege/")
    assert rows(english) == ["kosten"]
    assert "Bills &amp; contracts" in english
    assert reader.get("/themen/gibt-es-nicht/").status_code == 404


def test_empty_portal_leads_to_asking(reader: Client):
    assert 'href="/fragen/neu/"' in html(reader, "/")
    assert "Nothing is published yet" in html(reader, "/en/themen/")


def test_english_lists_begin_with_what_is_in_english(reader: Client):
    factories.question(title="Auf Deutsch?")
    bilingual("Zweisprachig?", "Bilingual?", slug="zwei")

    assert rows(html(reader, "/en/")) == ["zwei", "auf-deutsch"]
    assert rows(html(reader, "/")) == ["auf-deutsch", "zwei"]


def test_search_knows_the_words_forms_of_its_language(reader: Client):
    bilingual("Fallen Gebühren an?", "Are there fees?", slug="gebuehr")
    factories.question(title="Ganz anderes Anliegen?")

    assert rows(html(reader, "/suche/?q=gebühr"))[0] == "gebuehr"
    assert rows(html(reader, "/en/suche/?q=charging"))[0] == "gebuehr"


def test_search_finds_by_meaning(reader: Client):
    question = factories.question(title="Wie kündige ich meinen Vertrag?")
    embed_pending()

    assert rows(html(reader, "/suche/?q=ich+will+meinen+Vertrag+beenden")) == [question.slug]


def test_search_marks_what_it_found_and_escapes_the_rest(reader: Client):
    bilingual("Was <b>kostet</b> das?", "What does it cost?", slug="kosten")

    page = html(reader, "/suche/?q=gebühr+<script>alert(1)</script>")
    found = html(reader, "/suche/?q=gebühren")

    assert "<script>alert" not in page
    assert "Eine <mark>Gebühr</mark> von &lt;5 Euro&gt; fällt an." in found
    assert "Was &lt;b&gt;kostet&lt;/b&gt; das?" in found


def test_search_excerpt_is_in_the_readers_form_of_address(reader: Client):
    bilingual("Was kostet das?", "What does it cost?", slug="kosten")
    reader.cookies["anrede"] = "du"

    assert "Für dich fällt eine <mark>Gebühr</mark> an." in html(reader, "/suche/?q=gebühr")


@pytest.mark.parametrize("words", ["", "   ", "x" * 3000, "%00", "'\"\\;--", "&|!():*<->", "\ue000a\ue001"])
def test_search_takes_anything(reader: Client, words: str):
    response = reader.get("/suche/", {"q": words})

    assert response.status_code == 200
    assert 'name="robots" content="noindex"' in response.content.decode()


def test_nothing_found_leads_to_asking_with_the_same_words(reader: Client):
    factories.question()

    assert 'href="/fragen/neu/?q=goldfisch%20aquarium"' in html(reader, "/suche/?q=goldfisch+aquarium")


def test_feed_holds_the_newest_answers(reader: Client):
    old, new = factories.question(title="Alt?"), factories.question(title="Neu & <besser>?")
    factories.publish(old, hours=72)

    feed = ET.fromstring(reader.get("/neu.atom").content)

    entries = feed.findall("a:entry", ATOM)
    assert [entry.findtext("a:title", "", ATOM) for entry in entries] == ["Alt?", "Neu & <besser>?"]
    ids = [entry.findtext("a:id", "", ATOM) for entry in entries]
    assert [i.partition("/f/")[2] for i in ids] == [f"{old.slug}/fassung/2/", f"{new.slug}/fassung/1/"]
    assert "<strong>72 Stunden</strong>" in entries[0].findtext("a:summary", "", ATOM)


def test_site_map_names_each_language_and_when_it_changed(reader: Client):
    german = factories.question(title="Nur deutsch?")
    both = bilingual("Beides?", "Both?", slug="beides")

    urls = ET.fromstring(reader.get("/sitemap.xml").content).findall("s:url", MAP)

    paths = {u.findtext("s:loc", "", MAP).split("/", 3)[3]: u for u in urls}
    assert set(paths) == {"", "en/", f"f/{german.slug}/", "f/beides/", "en/f/beides/"}
    links = paths["f/beides/"].findall("x:link", MAP)
    assert [link.get("hreflang") for link in links] == ["de", "en"]
    both.answer.refresh_from_db()
    assert paths["f/beides/"].findtext("s:lastmod", "", MAP).startswith(str(both.updated_at.year))


def test_robots_are_led_to_the_site_map_and_kept_off_the_desk(reader: Client):
    lines = html(reader, "/robots.txt").splitlines()

    assert "Disallow: /desk/" in lines
    assert any(line.startswith("Sitemap: http") and line.endswith("/sitemap.xml") for line in lines)


@pytest.mark.parametrize("path", ["impressum", "datenschutz", "barrierefreiheit"])
def test_pages_of_the_law_are_one_step_from_every_page(reader: Client, path: str):
    question = factories.question()

    assert f'href="/{path}/"' in html(reader, f"/f/{question.slug}/")
    assert f'href="/en/{path}/"' in html(reader, f"/{path}/")
    assert '<html lang="en"' in html(reader, f"/en/{path}/")
