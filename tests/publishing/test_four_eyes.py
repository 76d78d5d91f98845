"""Whatever people do in whatever order: no text leaves that the rule in force did not pass, for exactly that text."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from django.db import IntegrityError, connection, transaction

from hilft.approvals.enums import Tier
from hilft.approvals.models import Approval, BrokenGlass, Rule
from hilft.approvals.rulebook import save_rule
from hilft.base.clock import now
from hilft.inbox.models import Conversation
from hilft.inbox.queries import last_seen
from hilft.people.certifying import grant_certificate, revoke_certificate
from hilft.people.commands import save_staff
from hilft.people.enums import Gate
from hilft.people.errors import Refusal
from hilft.people.models import Certificate, User
from hilft.publishing.commands import decisions, deliveries, drafts, taking_back
from hilft.publishing.enums import DeliveryState, DraftState
from hilft.publishing.models import Delivery, Draft, Placement
from hilft.publishing.queries import LIVE_DRAFT
from hilft.publishing.rules import draft_digest
from hilft.publishing.tasks import sweep
from tests import factories
from tests.desk.made import asked

pytestmark = pytest.mark.django_db
UNCHANGED = ""
TEXTS = [UNCHANGED, "Das prüfen wir.", "Bitte warten Sie.", "Sie bekommen eine Gutschrift.", "Ihr Anwalt irrt."]
ROLES = {"mara": ["agent"], "ole": ["agent"], "petra": ["approver"], "paul": ["approver"], "lea": ["lead"]}
CHECKERS, WRITERS = {"approver", "lead"}, {"agent", "approver", "lead"}
STEPS, MOST_STEPS = 250, 2000
HAPPENED = {"reply", "approve", "left", "revoked"}
"""Without these a walk has shown nothing, and goes on."""


class Desk:
    """Agents, approvers, a lead and customers; `passed` holds what may leave, told in the simplest way."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.people = {name: factories.staff(*roles, name=name) for name, roles in ROLES.items()}
        self.operator = factories.staff("operator")
        self.answer = factories.question()
        self.matters = [asked().conversation_id for _ in range(3)]
        self.free_tier = Tier.RECORD
        self.passed: set[tuple[int, str]] = set()
        """Drafts with the digest of the text that was passed: by the rule, by a second person, or by a broken glass."""
        self.looked: set[tuple[int, str]] = set()
        self.glass: set[tuple[int, str]] = set()
        """Those among them that a person passed: by the latest decision, and by a broken glass."""
        self.trainer = factories.staff("trainer")
        self.skills = {gate: factories.required(gate) for gate in (Gate.DRAFT, Gate.APPROVE)}
        for user in self.people.values():
            self.certify(user)
        self.done: Counter[str] = Counter()
        """How often each thing was let: a story in which nothing happens shows nothing."""

    def act(self) -> None:
        """One thing that somebody does, or that happens."""
        weights: list[tuple[int, Callable[[], None]]] = [
            (8, self.reply),
            (6, self.approve),
            (2, self.reject),
            (3, self.edit),
            (3, self.break_glass),
            (2, self.take_back),
            (3, self.undo),
            (3, self.undo_time_ends),
            (2, self.customer_writes),
            (1, self.change_roles),
            (4, self.change_certificates),
            (1, self.change_the_rule),
            (1, self.time_passes),
            (1, self.requests_grow_old),
            (1, self.another_customer),
        ]
        (step,) = self.random.choices([step for _w, step in weights], [weight for weight, _s in weights])
        step()

    # what people do

    def reply(self) -> None:
        """Inserts the answer, keeps or replaces its text, and submits; sometimes from a page that is out of date."""
        by, text, stale = self.anybody(), self.random.choice(TEXTS), self.random.random() < 0.1
        conversation = Conversation.objects.get(pk=self.random.choice(self.matters))

        def reply() -> None:
            begun = Draft.objects.filter(author=by, conversation=conversation, state__in=LIVE_DRAFT).exists()
            draft = drafts.insert(by=by, draft=drafts.begin(by=by, conversation=conversation), question=self.answer)
            assert begun or self.certified(by, Gate.DRAFT)
            draft = drafts.save(by=by, draft=draft, text=text or draft.text)
            expected = self.holds(text) or not self.certified(by, Gate.DRAFT)
            seen = 0 if stale else last_seen(conversation)
            draft = drafts.submit(by=by, draft=draft, text=draft.text, seen=seen)
            assert not stale
            assert (draft.state == DraftState.WAITING) is expected
            if expected:
                self.asked_anew(draft)
            else:
                self.passed.add((draft.pk, draft_digest(draft)))

        self.attempt(reply)

    def approve(self) -> None:
        for draft in self.waiting():
            by, stale = self.anybody(), self.random.random() < 0.1
            digest = "0" * 64 if stale else draft_digest(draft)
            allowed = self.may_decide(draft, by) and not stale
            assert self.attempt(decisions.approve, by=by, draft=draft, digest=digest) is allowed
            if allowed:
                self.passed.add((draft.pk, digest))
                self.looked.add((draft.pk, digest))

    def reject(self) -> None:
        for draft in self.waiting():
            by, digest = self.anybody(), draft_digest(draft)
            allowed = self.may_decide(draft, by)
            assert self.attempt(decisions.reject, by=by, draft=draft, digest=digest, reason="Freundlicher.") is allowed

    def edit(self) -> None:
        for draft in self.waiting():
            by, text, digest = self.anybody(), self.random.choice(TEXTS), draft_digest(draft)
            if self.attempt(decisions.edit, by=by, draft=draft, digest=digest, text=text):
                assert self.certified(by, Gate.APPROVE)
                self.asked_anew(draft)

    def break_glass(self) -> None:
        for draft in self.waiting():
            by, told, digest = self.anybody("lea"), self.anybody("petra"), draft_digest(draft)
            allowed = "lead" in by.roles and by != told and not CHECKERS.isdisjoint(told.roles)
            said = {"reason": "Niemand ist da.", "told": told}
            assert self.attempt(decisions.break_glass, by=by, draft=draft, digest=digest, **said) is allowed
            if allowed:
                self.passed.add((draft.pk, digest))
                self.glass.add((draft.pk, digest))

    def take_back(self) -> None:
        for draft in self.waiting():
            self.attempt(drafts.withdraw, by=self.anybody(draft.author.name), draft=draft)

    def undo(self) -> None:
        for delivery in Delivery.objects.filter(state=DeliveryState.QUEUED):
            self.attempt(taking_back.undo, by=self.anybody(), delivery=delivery)

    def customer_writes(self) -> None:
        taking_back.stop_for_news(Conversation.objects.get(pk=self.random.choice(self.matters)))

    def another_customer(self) -> None:
        self.matters.append(asked("Wann kommt der Techniker?").conversation_id)

    def change_roles(self) -> None:
        name = self.random.choice(["mara", "petra"])
        user, roles = self.people[name], self.random.choice([["agent"], ["approver"], ["editor"]])
        self.people[name] = save_staff(
            by=self.operator, user=user, name=user.name, email=user.email, roles=roles, active=True
        )

    def change_certificates(self) -> None:
        """Somebody loses one, which holds for their very next step; or somebody proves everything again."""
        held = Certificate.objects.filter(revoked_at=None, user__in=self.people.values()).order_by("pk")
        if held and self.random.random() < 0.5:
            revoke_certificate(by=self.trainer, certificate=self.random.choice(held), reason="Auffrischen.")
            self.done["revoked"] += 1
        else:
            self.certify(self.anybody())

    def certify(self, user: User) -> None:
        for skill in self.skills.values():
            grant_certificate(by=self.trainer, user=user, skill=skill, level=2, months=12, source="Übung")

    def certified(self, user: User, gate: Gate) -> bool:
        return Certificate.objects.filter(user=user, skill=self.skills[gate], revoked_at=None).exists()

    def asked_anew(self, draft: Draft) -> None:
        """A new request: what was decided about this draft before says nothing any more."""
        self.looked = {one for one in self.looked if one[0] != draft.pk}

    def change_the_rule(self) -> None:
        last, self.free_tier = Rule.objects.get(code="second-person"), self.random.choice([*Tier, Tier.RECORD])
        lead = self.people["lea"]
        save_rule(by=lead, rule=last, label=last.label, label_en="", tier=self.free_tier, when={}, active=True)

    def time_passes(self) -> None:
        """Two hours: what nobody decided goes back to its author."""
        self.requests_grow_old()
        sweep(0)
        assert not Approval.objects.filter(decision="waiting").exists()

    def requests_grow_old(self) -> None:
        """Their time is over, but no job has noticed yet."""
        Approval.objects.filter(decision="waiting").update(expires_at=now() - timedelta(seconds=1))

    def undo_time_ends(self) -> None:
        for delivery in Delivery.objects.filter(state=DeliveryState.QUEUED).select_related("draft__conversation"):
            draft = delivery.draft
            assert draft is not None
            assert delivery.text == draft.text
            assert (draft.pk, draft_digest(draft)) in self.passed
            Delivery.objects.filter(pk=delivery.pk).update(due_at=now() - timedelta(seconds=1))
            deliveries.deliver(delivery.pk)
            if not self.certified(draft.author, Gate.DRAFT) and (draft.pk, draft_digest(draft)) not in (
                self.looked | self.glass
            ):
                assert Draft.objects.get(pk=draft.pk).state == DraftState.WAITING
                self.passed.discard((draft.pk, draft_digest(draft)))
                self.asked_anew(draft)
                self.done["held"] += 1
                continue
            assert Placement.objects.get(delivery=delivery).text == draft.text
            self.done["left"] += 1

    # what must always hold

    def check(self) -> None:
        decided = Approval.objects.exclude(checker=None).values_list("maker", "checker")
        assert [pair for pair in decided if pair[0] == pair[1]] == []
        assert [by for by, told in BrokenGlass.objects.values_list("by", "told") if by == told] == []
        approved = Placement.objects.exclude(approver=None).values_list("author", "approver")
        assert [pair for pair in approved if pair[0] == pair[1]] == []
        released = Draft.objects.filter(state=DraftState.RELEASED).select_related("conversation")
        assert {(draft.pk, draft_digest(draft)) for draft in released} - self.passed == set()

    # what the story needs to know

    def anybody(self, likely: str = "") -> User:
        """Any of them; every other time the likely one."""
        name = likely if likely and self.random.random() < 0.5 else self.random.choice(list(self.people))
        return self.people[name]

    def waiting(self) -> list[Draft]:
        found = Draft.objects.filter(state=DraftState.WAITING).select_related("conversation", "author")
        return list(found.order_by("pk")[: self.random.randint(1, 2)])

    def may_decide(self, draft: Draft, user: User) -> bool:
        request = Approval.objects.get(subject_id=draft.pk, decision="waiting")
        agrees = request.edited and draft.author_id == user.pk and not WRITERS.isdisjoint(user.roles)
        others = request.maker_id != user.pk and request.expires_at > now()
        proven = self.certified(user, Gate.DRAFT if agrees else Gate.APPROVE)
        return others and proven and (agrees or not CHECKERS.isdisjoint(user.roles))

    def holds(self, text: str) -> bool:
        """What the shipped rules say, in plain words; nobody here has a record."""
        if text == UNCHANGED:
            return False
        risky = "Anwalt" in text or "Gutschrift" in text
        return risky or self.free_tier in (Tier.RECORD, Tier.PERSON)

    def attempt(self, command: Callable[..., object], **arguments: object) -> bool:
        """Whether it was let; a refusal changes nothing."""
        try:
            with transaction.atomic():
                command(**arguments)
        except Refusal:
            return False
        self.done[command.__name__] += 1
        return True


@pytest.mark.slow
@pytest.mark.parametrize("walk", range(4))
def test_no_text_leaves_that_was_not_passed(walk: int) -> None:
    """Other people do other things in every run; the seed in the message brings a run back."""
    seed = Random().randrange(2**32)
    desk = Desk(Random(seed))
    for step in range(MOST_STEPS):
        if step >= STEPS and set(desk.done) >= HAPPENED:
            break
        try:
            desk.act()
            desk.check()
        except Exception as error:
            error.add_note(f"Random({seed}), step {step}, after {dict(desk.done)}")
            raise
    assert HAPPENED - set(desk.done) == set(), (seed, desk.done)


def test_the_database_itself_refuses_a_checker_who_is_the_maker() -> None:
    """Whatever the program does: by SQL, too."""
    approver = factories.staff("approver")
    sql = (
        "INSERT INTO approvals_approval"
        " (subject_kind, subject_id, digest, maker_id, checker_id, decision, reason, rule, edited, asked_at,"
        " expires_at) VALUES ('publishing.draft', 1, '', %s, %s, 'approved', '', 'x', false, now(), now())"
    )
    with pytest.raises(IntegrityError, match="approval_maker_is_not_checker"), connection.cursor() as cursor:
        cursor.execute(sql, [approver.pk, approver.pk])
