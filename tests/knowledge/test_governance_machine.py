"""Whatever people with whatever rights do in whatever order: no text gets public against the rights."""

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, initialize, multiple, rule

from hilft.knowledge import care, proposals
from hilft.knowledge.commands import Written, publish_version, write_version
from hilft.knowledge.models import Answer, Question, Version
from hilft.people.errors import Refusal
from hilft.people.models import User
from tests import factories
from tests.machines import Machine, walk

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
RIGHTS = ("candidate", "contributor", "publisher")
REACH = {"candidate": 0, "contributor": 1, "publisher": 2}


class Publishing(Machine):
    """Six people, two of each right, on three questions; what they see told in the simplest way: who spoke for what.

    `spoke` holds for each version whoever wrote, used, accepted or opened it, `seen` what was public before.
    """

    versions = Bundle("versions")

    def __init__(self) -> None:
        super().__init__()
        self.people: list[User] = []
        for right in (*RIGHTS, *RIGHTS):
            user = factories.staff("editor")
            User.objects.filter(pk=user.pk).update(right=right)
            user.refresh_from_db()
            self.people.append(user)
        self.questions: list[int] = []
        self.spoke: dict[int, set[int]] = {}
        self.public: dict[int, int | None] = {}

    @initialize()
    def begin(self) -> None:
        empty = Question.objects.create(slug=f"leer-{next(factories.NUMBER)}", title="Leer?", topic="X")
        Answer.objects.create(question=empty)
        self.questions = [factories.question().pk, factories.question().pk, empty.pk]
        self.public = {pk: self.shown(pk) for pk in self.questions}

    @rule(target=versions, who=st.integers(0, 5), which=st.integers(0, 2), at_once=st.booleans())
    def write(self, who: int, which: int, at_once: bool) -> object:
        number = next(factories.NUMBER)
        said = {("de", form): Written(f"Text {number}, {form}.", "") for form in ("sie", "du")}
        question, by = self.q(which), self.people[who]
        try:
            if at_once:
                made = proposals.propose(by=by, question=question, texts=said)
            else:
                made = write_version(by=by, question=question, texts=said)
        except Refusal:
            return multiple()
        self.spoke[made.pk] = {by.pk}
        self.look(by, made.pk)
        return made.pk

    @rule(who=st.integers(0, 5), version=versions)
    def offer(self, who: int, version: int) -> None:
        self.act(who, version, lambda by, v: proposals.offer(by=by, version=v))

    @rule(who=st.integers(0, 5), version=versions)
    def publish(self, who: int, version: int) -> None:
        self.act(who, version, lambda by, v: publish_version(by=by, version=v))

    @rule(who=st.integers(0, 5), version=versions)
    def accept(self, who: int, version: int) -> None:
        self.act(who, version, lambda by, v: proposals.accept(by=by, version=v))

    @rule(who=st.integers(0, 5), version=versions)
    def use(self, who: int, version: int) -> None:
        self.act(who, version, lambda by, v: proposals.reused(by=by, version=v))

    @rule(who=st.integers(0, 5), version=versions)
    def take_back(self, who: int, version: int) -> None:
        by = self.people[who]
        try:
            made = proposals.take_back(by=by, version=Version.objects.get(pk=version))
        except Refusal:
            return
        self.spoke[made.pk] = {by.pk}
        self.look(by, made.pk)

    @rule(who=st.integers(0, 5), which=st.integers(0, 2), state=st.sampled_from(["draft", "checked", "archived"]),
          audience=st.sampled_from(["internal", "public"]))  # fmt: skip
    def set_state(self, who: int, which: int, state: str, audience: str) -> None:
        by, current = self.people[who], Answer.objects.get(question=self.questions[which]).current_id
        try:
            care.set_state(by=by, question=self.q(which), confidence=state, audience=audience)
        except Refusal:
            return
        if audience == "public" and current in self.spoke:
            self.spoke[current].add(by.pk)
        self.look(by, current)

    @rule(who=st.integers(0, 5), which=st.integers(0, 2), governance=st.sampled_from(["free", "two"]))
    def govern(self, who: int, which: int, governance: str) -> None:
        try:
            care.set_governance(by=self.people[who], question=self.q(which), governance=governance, reason="Reguliert")
        except Refusal:
            return

    def act(self, who: int, version: int, command: object) -> None:
        by = self.people[who]
        try:
            command(by, Version.objects.get(pk=version))  # type: ignore[operator]
        except Refusal:
            return
        self.spoke[version].add(by.pk)
        self.look(by, version)

    def look(self, by: User, version: int | None) -> None:
        """What has become public just now was allowed to."""
        for pk in self.questions:
            shown = self.shown(pk)
            if shown is not None and shown != self.public[pk] and shown in self.spoke:
                found = Version.objects.select_related("author", "answer").get(pk=shown)
                assert shown == version
                author = found.author
                assert author is not None
                voices = [user for user in self.people if user.pk in self.spoke[shown]]
                reach = sorted(REACH[user.right] for user in voices)
                if found.answer.governance == "two":
                    assert len(voices) > 1
                    assert by != author
                    assert by.right == "publisher"
                elif len(voices) == 1:
                    assert author.right == "publisher"
                else:
                    assert reach[-1] >= 1, "two candidates make nothing public"
            self.public[pk] = shown

    def shown(self, question: int) -> int | None:
        """Which version everybody reads."""
        public = Question.objects.public().filter(pk=question)
        return public.values_list("answer__current", flat=True).first()

    def q(self, which: int) -> Question:
        return Question.objects.get(pk=self.questions[which])


def test_no_text_gets_public_against_the_rights() -> None:
    walk(Publishing, examples=24, steps=40)
