"""Django's handle on the community package."""

from django.apps import AppConfig


class CommunityConfig(AppConfig):
    name = "hilft.community"
    label = "community"
