"""Django's handle on the training package."""

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "hilft.training"
    label = "training"
