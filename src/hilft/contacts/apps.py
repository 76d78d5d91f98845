"""Django's handle on the contacts package."""

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "hilft.contacts"
    label = "contacts"
