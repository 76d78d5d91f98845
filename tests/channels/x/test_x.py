"""The X adapter against the practice network: the whole contract, as far as X lets it be kept."""

from __future__ import annotations

from hilft.channels.contract import Kind
from tests.channels.contract_suite import ContractSuite, PublicReplies, eventually, polled, reply, words
from tests.channels.x.world import XWorld


class TestContract(ContractSuite, PublicReplies):
    """X keeps what a channel without edits of replies can keep."""

    def test_two_replies_with_the_same_words_are_two_posts(self, world: XWorld) -> None:  # type: ignore[override]
        """X refuses the same words twice: what was begun in the same seconds is one post, anything later is refused."""
        text, answer = words("Gleicher Text?"), words("Gleicher Text.")
        world.ask(text)
        _, question = polled(world, text)
        refs = {world.adapter.publish(reply(question, answer)).ref.id for _ in range(2)}
        assert len(refs) == 1
        assert world.ours(answer) == 1


def test_the_customer_edits_their_post(world: XWorld) -> None:
    text, later = words("Ursprünglich"), words("Geändert")
    world.ask(text)
    raw, question = polled(world, text)
    world.rewrite(question.ref, later)
    news = eventually(lambda: world.adapter.refresh([question.ref]))
    (event,) = world.adapter.parse(news[0].body)
    assert (event.kind, event.text, event.ref.id) == (Kind.EDITED, later, question.ref.id)
    assert news[0].key != raw.key
    assert world.adapter.refresh([event.ref]) == []
    assert polled(world, later) == (news[0], event)
