"""Django's handle on the inbox package."""

from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "hilft.inbox"
    label = "inbox"
