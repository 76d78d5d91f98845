"""Django's handle on the desk package."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "hilft.desk"
    label = "desk"
