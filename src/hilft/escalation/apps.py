"""Django's handle on the escalation package."""

from django.apps import AppConfig


class EscalationConfig(AppConfig):
    name = "hilft.escalation"
    label = "escalation"

    def ready(self) -> None:
        from hilft.escalation import receivers  # noqa: F401  connected by import
