"""Whose word makes a text public: candidates, contributors, publishers, and where two people always look."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from hilft.audit.models import Entry
from hilft.base.clock import now
from hilft.knowledge import care, proposals
from hilft.knowledge.commands import Stale, Written, add_question, publish_version, set_title, write_version
from hilft.knowledge.models import Answer, Check, Question, Version
from hilft.people.commands import grant_right, save_staff
from hilft.people.errors import NotAllowed, Refusal
from hilft.people.models import User
from hilft.people.rules import right_of
from tests import factories
from tests.desk.made import reply

pytestmark = pytest.mark.django_db


def texts(words: str = "Neu") -> dict[tuple[str, str], Written]:
    return {("de", "sie"): Written(f"{words}, Sie.", ""), ("de", "du"): Written(f"{words}, du.", "")}


def somebody(right: str, role: str = "agent") -> User:
    user = factories.staff(role)
    User.objects.filter(pk=user.pk).update(right=right)
    user.refresh_from_db()
    return user


def state(question: Question) -> tuple[int | None, str, str]:
    answer = Answer.objects.select_related("current").get(question=question)
    return (answer.current.number if answer.current else None, answer.confidence, answer.audience)


def two(question: Question) -> None:
    care.set_governance(by=factories.staff("lead"), question=question, governance="two", reason="Reguliert")


@pytest.mark.parametrize(
    ("role", "granted", "right"),
    [
        ("agent", "", "candidate"),
        ("approver", "", "candidate"),
        ("editor", "", "publisher"),
        ("lead", "", "publisher"),
        ("operator", "", None),
        ("agent", "contributor", "contributor"),
        ("editor", "candidate", "candidate"),
        ("operator", "publisher", None),
    ],
)
def test_the_right_follows_from_the_role_unless_another_was_granted(role: str, granted: str, right: str | None):
    assert right_of(somebody(granted, role)) == right


def test_rights_are_granted_by_leads_and_operators_never_to_oneself():
    agent, lead = factories.staff("agent"), factories.staff("lead")
    grant_right(by=lead, user=agent, right="contributor")
    agent.refresh_from_db()
    assert right_of(agent) == "contributor"
    assert Entry.objects.get(verb="people.grant_right").data == {"before": "", "right": "contributor"}
    with pytest.raises(Refusal):
        grant_right(by=lead, user=lead, right="publisher")
    with pytest.raises(NotAllowed):
        grant_right(by=agent, user=lead, right="candidate")


def test_a_publishers_fix_holds_at_once_and_can_be_taken_back():
    publisher, question = somebody("publisher"), factories.question()
    fixed = proposals.propose(by=publisher, question=question, texts=texts(), based_on=1)
    assert (state(question), fixed.released) == ((2, "checked", "public"), "alone")
    back = proposals.take_back(by=publisher, version=fixed)
    assert state(question) == (3, "checked", "public")
    assert [t.body for t in back.texts.order_by("pk")] == [t.body for t in fixed.base.texts.order_by("pk")]
    with pytest.raises(Refusal):
        proposals.take_back(by=publisher, version=fixed)


def test_a_candidates_fix_waits_for_somebody_who_validates():
    candidate, question = factories.staff("agent"), factories.question()
    offered = proposals.propose(by=candidate, question=question, texts=texts())
    assert state(question) == (1, "checked", "public")
    proposals.reused(by=factories.staff("agent"), version=offered)
    assert state(question) == (1, "checked", "public"), "a candidate's text is no answer yet"
    for nobody in (candidate, factories.staff("approver")):
        with pytest.raises(NotAllowed):
            proposals.accept(by=nobody, version=offered)
    contributor = somebody("contributor")
    accepted = proposals.accept(by=contributor, version=offered)
    assert (state(question), accepted.released, accepted.publisher) == (
        (2, "checked", "public"),
        "checked",
        contributor,
    )
    assert [(c.ground, c.by) for c in Check.objects.all()] == [("second", contributor)]
    with pytest.raises(Stale):
        proposals.accept(by=contributor, version=offered)


def test_a_contributors_new_answer_is_for_the_team_until_somebody_else_uses_it():
    contributor, other = somebody("contributor"), factories.staff("agent")
    question = add_question(by=None, title="Wie lange?", topic="Umzug")
    version = proposals.propose(by=contributor, question=question, texts=texts())
    assert (state(question), version.released) == ((1, "unchecked", "internal"), "inside")
    proposals.reused(by=contributor, version=version)
    assert state(question) == (1, "unchecked", "internal"), "one's own use is no second pair of eyes"
    for wish in (("checked", "internal"), ("checked", "public")):
        with pytest.raises(Refusal):
            care.set_state(by=contributor, question=question, confidence=wish[0], audience=wish[1])
    proposals.reused(by=other, version=version)
    version.refresh_from_db()
    assert (state(question), version.released, version.publisher) == ((1, "checked", "public"), "reused", other)
    assert [(c.ground, c.by) for c in Check.objects.all()] == [("reuse", other)]


def test_a_contributors_fix_becomes_public_with_a_different_persons_reply():
    contributor, other = somebody("contributor"), factories.staff("agent")
    question = factories.question()
    old = reply(other, question)
    offered = proposals.propose(by=contributor, question=question, texts=texts())
    assert state(question) == (1, "checked", "public")
    proposals.reused(by=other, version=offered)
    assert state(question) == (2, "checked", "public")
    old.refresh_from_db()
    assert old.state == "outdated", "what was replied from the version before is due for correction"


def test_a_contributor_who_left_is_no_author_that_reuse_could_confirm():
    contributor, question = somebody("contributor"), factories.question()
    offered = proposals.propose(by=contributor, question=question, texts=texts())
    User.objects.filter(pk=contributor.pk).update(is_active=False)
    proposals.reused(by=factories.staff("agent"), version=offered)
    assert state(question) == (1, "checked", "public")


def test_where_two_people_always_look_nobody_publishes_alone_and_use_is_not_enough():
    author, second = factories.staff("editor"), factories.staff("lead")
    question = factories.question()
    two(question)
    version = write_version(by=author, question=question, texts=texts())
    with pytest.raises(Refusal):
        publish_version(by=author, version=version)
    offered = proposals.offer(by=author, version=version)
    proposals.reused(by=second, version=offered)
    for nobody in (author, somebody("contributor")):
        with pytest.raises(NotAllowed):
            proposals.accept(by=nobody, version=offered)
    assert state(question) == (1, "checked", "public")
    proposals.accept(by=second, version=offered)
    assert state(question) == (2, "checked", "public")
    with pytest.raises(Refusal):
        care.set_governance(by=somebody("contributor", "editor"), question=question, governance="free")
    with pytest.raises(Refusal):
        care.set_governance(by=second, question=question, governance="two", reason=" ")


def test_the_database_holds_maker_and_checker_apart_and_nothing_unreleased_public():
    editor, question = factories.staff("editor"), factories.question()
    version = factories.publish(question, by=editor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(released="checked", publisher=editor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(released="")
    offered = proposals.propose(by=factories.staff("agent"), question=question, texts=texts())
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.filter(question=question).update(current=offered)
    with pytest.raises(IntegrityError), transaction.atomic():
        offered.texts.update(body="Etwas anderes.")


def test_an_offer_is_declined_with_a_reason_withdrawn_or_taken_over():
    candidate, editor, question = factories.staff("agent"), factories.staff("editor"), factories.question()
    first, second, third = (proposals.propose(by=candidate, question=question, texts=texts(w)) for w in "abc")
    with pytest.raises(Refusal):
        proposals.decline(by=editor, version=first, reason=" ")
    with pytest.raises(NotAllowed):
        proposals.decline(by=candidate, version=first, reason="Doch nicht.")
    assert proposals.decline(by=editor, version=first, reason="Zu lang.").closed_reason == "Zu lang."
    with pytest.raises(Refusal):
        proposals.withdraw(by=editor, version=second)
    proposals.withdraw(by=candidate, version=second)
    written = proposals.take_over(by=editor, version=third)
    assert (written.author, written.offered_at, written.texts.count()) == (editor, None, 2)
    assert Version.objects.waiting().count() == 0
    for closed in (first, second, third):
        with pytest.raises(Stale):
            proposals.accept(by=editor, version=closed)
    assert state(question) == (1, "checked", "public")


def test_an_offer_against_an_older_version_is_compared_first_and_numbers_go_up():
    editor, question = factories.staff("editor"), factories.question()
    early = write_version(by=editor, question=question, texts=texts("früh"))
    late = proposals.propose(by=factories.staff("agent"), question=question, texts=texts("spät"))
    assert (early.number, late.number) == (2, 3)
    proposals.accept(by=editor, version=late)
    with pytest.raises(Stale):
        publish_version(by=editor, version=early)
    again = write_version(by=editor, question=question, texts=texts("früh"), based_on=3)
    assert publish_version(by=editor, version=again).number == 4
    with pytest.raises(Refusal):
        proposals.propose(by=editor, question=question, texts=texts("früh"))
    with pytest.raises(Refusal):
        proposals.propose(by=editor, question=question, texts={("de", "sie"): Written("Nur Sie.", "")})
    with pytest.raises(NotAllowed):
        proposals.propose(by=factories.staff("operator"), question=question, texts=texts("x"))


def test_renaming_what_everybody_reads_takes_the_publishers_right():
    question = factories.question()
    with pytest.raises(Refusal):
        set_title(by=somebody("candidate", "editor"), question=question, title="Neu?", title_en="", topic="X")


def test_owners_reviews_and_the_word_that_an_answer_still_holds():
    owner, question = factories.staff("editor"), factories.question()
    today = timezone.localdate(now())
    answer = Answer.objects.get(question=question)
    assert (answer.owner, answer.review_on) == (None, today + timedelta(days=365))
    care.set_care(by=owner, question=question, owner=owner, review_on=today)
    assert Answer.objects.get(question=question).is_due
    with pytest.raises(Refusal):
        care.still_right(by=factories.staff("agent"), question=question)
    renewed = care.still_right(by=owner, question=question)
    assert (renewed.is_due, renewed.review_on) == (False, today + timedelta(days=365))
    two(question)
    assert Answer.objects.get(question=question).review_on == today + timedelta(days=90)
    assert Check.objects.get().ground == "due"
    save_staff(
        by=factories.staff("operator"), user=owner, email=owner.email, name=owner.name, roles=["editor"], active=False
    )
    left = Answer.objects.get(question=question)
    assert (left.owner, left.is_due) == (None, True)
    with pytest.raises(Refusal):
        care.set_care(by=factories.staff("lead"), question=question, owner=factories.staff("operator"), review_on=today)


def test_bringing_an_archived_answer_back_for_everybody_takes_the_right() -> None:
    question, candidate = factories.question(), somebody("candidate", "editor")
    care.set_state(by=candidate, question=question, confidence="archived", audience="public")
    with pytest.raises(Refusal):
        care.set_state(by=candidate, question=question, confidence="draft", audience="public")
    care.set_state(by=somebody("publisher", "editor"), question=question, confidence="checked", audience="public")
    assert Question.objects.public().filter(pk=question.pk).exists()
