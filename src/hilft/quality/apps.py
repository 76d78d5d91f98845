"""Django's handle on the quality package."""

from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "hilft.quality"
    label = "quality"
