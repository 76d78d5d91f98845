"""Django's handle on the knowledge package."""

from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "hilft.knowledge"
    label = "knowledge"

    def ready(self) -> None:
        from hilft.knowledge import receivers  # noqa: F401  connected by import
