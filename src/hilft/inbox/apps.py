"""Django's handle on the inbox package."""

from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "hilft.inbox"
    label = "inbox"

    def ready(self) -> None:
        from hilft.inbox import receivers  # noqa: F401  connected by import
