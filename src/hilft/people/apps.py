"""Django's handle on the people package."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "hilft.people"
    label = "people"

    def ready(self) -> None:
        from hilft.people import receivers  # noqa: F401  connected by import
