"""The practice network of Meta for these tests, and a receiver for what it sends."""

from tests.practice.meta.conftest import meta, receiver, server

__all__ = ["meta", "receiver", "server"]
