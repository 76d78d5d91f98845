"""Facebook keeps the contract, against the practice network."""

from __future__ import annotations

from tests.channels.contract_suite import ContractSuite, EditableReplies, PublicReplies
from tests.channels.world import World, polled, reply, words


class TestContract(ContractSuite, PublicReplies, EditableReplies):
    """All of it, but for keys: Meta knows none, so a repetition looks first."""

    def test_the_same_publish_twice_is_one_post(self, world: World) -> None:
        """As the outbox does where `idempotent` is False: it asks `lookup`, and sends only what is not there."""
        text, answer = words("Zweimal?"), words("Einmal.")
        world.ask(text)
        _, question = polled(world, text)
        outgoing = reply(question, answer)
        assert not world.adapter.idempotent
        assert world.adapter.lookup(outgoing) is None
        first = world.adapter.publish(outgoing)
        again = world.twin().lookup(outgoing)
        assert again is not None
        assert again.ref == first.ref
        assert world.ours(answer) == 1
