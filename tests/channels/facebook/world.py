"""The brand's page on the practice network."""

from __future__ import annotations

from hilft.channels.contract import Event
from hilft.channels.facebook.adapter import Adapter
from tests.channels.graph.world import GraphWorld


class FacebookWorld(GraphWorld):
    """People comment on the page's first post."""

    adapter_class = Adapter

    def first_post(self) -> str:
        return self.meta.page_post()

    def elsewhere(self, text: str, question: Event) -> None:
        self.meta.post(f"{question.ref.id}/comments", message=text)
