"""The brand's Instagram account on the practice network."""

from __future__ import annotations

from hilft.channels.contract import Event
from hilft.channels.instagram.adapter import Adapter
from tests.channels.graph.world import GraphWorld


class InstagramWorld(GraphWorld):
    """People comment on the account's first picture."""

    adapter_class = Adapter

    def first_post(self) -> str:
        return self.meta.picture()

    def elsewhere(self, text: str, question: Event) -> None:
        self.meta.post(f"{question.ref.id}/replies", message=text)
