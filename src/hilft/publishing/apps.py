"""Django's handle on the publishing package."""

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "hilft.publishing"
    label = "publishing"

    def ready(self) -> None:
        from hilft.publishing import receivers  # noqa: F401  connected by import
