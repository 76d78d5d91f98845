"""A whole local Bluesky network: its start, its accounts, and recordings of it."""

from tests.peers.bluesky.network import Bluesky, running_bluesky

__all__ = ["Bluesky", "running_bluesky"]
