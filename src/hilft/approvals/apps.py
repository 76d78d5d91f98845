"""Django's handle on the approvals package."""

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "hilft.approvals"
    label = "approvals"
