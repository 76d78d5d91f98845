"""Django's handle on the customers package."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "hilft.customers"
    label = "customers"
