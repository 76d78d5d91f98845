"""Django's handle on the audit package."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "hilft.audit"
    label = "audit"
