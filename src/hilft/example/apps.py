"""Django's handle on the example package."""

from django.apps import AppConfig


class ExampleConfig(AppConfig):
    name = "hilft.example"
    label = "example"
