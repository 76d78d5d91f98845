"""Django's handle on the base package."""

from django.apps import AppConfig
from psycopg_pool.base import AttemptWithBackoff

AttemptWithBackoff.INITIAL_DELAY = 0.1
"""Seconds after which a pool asks again for a database that was away, then twice as long each time. It is back within
one; with the pool's own second, tries after 1, 3 and 7 would let people wait for six more."""


class BaseConfig(AppConfig):
    name = "hilft.base"
    label = "base"
