"""Django's handle on the knowledge package."""

from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "hilft.knowledge"
    label = "knowledge"
