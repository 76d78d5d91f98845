"""Django's handle on the base package."""

from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "hilft.base"
    label = "base"
