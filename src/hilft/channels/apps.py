"""Django's handle on the channels package."""

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "hilft.channels"
    label = "channels"
