"""Questions, wordings and versions: what each command does and refuses."""

import pytest

from hilft.audit.models import Entry
from hilft.knowledge.commands import (
    Stale,
    Written,
    add_question,
    add_wording,
    publish_version,
    remove_wording,
    restore_wording,
    set_title,
    vote,
    write_version,
)
from hilft.knowledge.matching import embed_pending, suggest
from hilft.knowledge.models import Question, Wording
from hilft.knowledge.queries import search_public
from hilft.knowledge.rules import text_key
from hilft.people.errors import NotAllowed, Refusal
from tests import factories

pytestmark = pytest.mark.django_db

TEXTS = {("de", "sie"): Written("Bitte warten Sie.", ""), ("de", "du"): Written("Bitte warte.", "")}


def test_a_question_begins_with_its_title_as_wording():
    editor = factories.staff("editor")
    question = add_question(by=editor, title="Wie geht die Umstellung?", topic="Umzug")
    assert question.slug == "wie-geht-die-umstellung"
    assert [w.text for w in question.wordings.all()] == ["Wie geht die Umstellung?"]
    assert add_question(by=editor, title="Wie geht die Umstellung?", topic="Umzug").slug == "wie-geht-die-umstellung-2"
    with pytest.raises(NotAllowed):
        add_question(by=factories.staff("agent"), title="Nein", topic="Umzug")


def test_wordings_are_added_once_without_personal_data_and_come_back():
    agent = factories.staff("agent")
    question = factories.question()
    one = add_wording(by=agent, question=question, text="Router  orange,\nKundennummer 123456789")
    assert one.text == "Router orange, Kundennummer [Kundennummer]"
    assert add_wording(by=agent, question=question, text="Router orange, Kundennummer 123456789") == one
    remove_wording(by=agent, wording=one)
    assert one not in Wording.objects.current()
    restore_wording(by=agent, wording=one)
    assert one in Wording.objects.current()
    with pytest.raises(Refusal):
        add_wording(by=agent, question=question, text="   ")


def test_the_former_title_stays_a_wording():
    editor = factories.staff("editor")
    question = factories.question(title="Alt?")
    set_title(by=editor, question=question, title="Neu?", title_en="", topic="Umzug")
    assert {"Alt?", "Neu?"} <= {w.text for w in question.wordings.all()}


def test_versions_count_up_and_need_both_forms_of_address():
    editor = factories.staff("editor")
    question = add_question(by=editor, title="Wie lange?", topic="Umzug")
    half = write_version(by=editor, question=question, texts={("de", "sie"): Written("Bitte warten Sie.", "")})
    with pytest.raises(Refusal):
        publish_version(by=editor, version=half)
    whole = write_version(by=editor, question=question, texts=TEXTS)
    assert whole == half, "there is one version in progress"
    publish_version(by=editor, version=whole)
    with pytest.raises(Stale):
        publish_version(by=editor, version=whole)
    second = write_version(by=editor, question=question, texts=TEXTS, based_on=1)
    assert second.number == 2
    publish_version(by=editor, version=second)
    with pytest.raises(Stale):
        write_version(by=editor, question=question, texts=TEXTS, based_on=1)
    assert Entry.objects.filter(verb="knowledge.publish").count() == 2


def test_a_reader_votes_once():
    version = factories.question().answer.current
    vote(version=version, voter="guest-1", helped=True)
    vote(version=version, voter="guest-1", helped=False)
    assert [v.helped for v in version.votes.all()] == [False]


def test_suggestions_come_from_hosted_questions_only():
    router = factories.question(title="Router blinkt nach dem Umzug nur orange. Was kann ich tun?")
    factories.question(title="Wie kündige ich meinen Vertrag?")
    add_question(by=None, title="Mein Router leuchtet orange!", topic="Festnetz")
    while embed_pending():
        pass
    found = suggest("Der Router leuchtet seit dem Umzug orange")
    assert found.ranked[0].question == router.pk
    assert len(found.ranked) == 2
    assert 0 < suggest("").confidence < 0.5


def test_search_finds_words_umlauts_and_meaning():
    router = factories.question(title="Router blinkt nach dem Umzug nur orange. Was kann ich tun?")
    contract = factories.question(
        title="Kündigung: Wie lange ist die Frist?", body="Einen Monat nach der Mindestlaufzeit."
    )
    while embed_pending():
        pass
    assert search_public("umzug orange")[0] == router
    assert search_public("kundigung frist")[0] == contract
    assert search_public("Vertrag beenden")[0] == contract
    Question.objects.get(pk=router.pk).answer.__class__.objects.filter(question=router).update(audience="internal")
    assert router not in search_public("router orange")


@pytest.mark.parametrize(
    ("language", "form", "expected"),
    [
        ("de", "du", ("de", "du")),
        ("de", "unknown", ("de", "sie")),
        ("en", "unknown", ("en", "none")),
        ("fr", "sie", ("de", "sie")),
    ],
)
def test_the_text_that_serves_a_reader(language: str, form: str, expected: tuple[str, str]):
    assert text_key([("de", "sie"), ("de", "du"), ("en", "none")], language=language, form=form) == expected


def test_a_version_without_texts_serves_nobody():
    with pytest.raises(LookupError):
        text_key([], language="de", form="sie")
