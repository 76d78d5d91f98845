"""The accounts of the practice network and their access tokens, without loading the server."""

import tomllib
from pathlib import Path

BRAND = "nordnetz"
CUSTOMERS = Path(__file__).parents[1] / "example" / "content" / "customers.toml"


def token_of(handle: str) -> str:
    """The access token of an account here; it is the same on every start and worthless anywhere else."""
    return f"practice-token-of-{handle}"


def brand_token() -> str:
    """The brand's access token."""
    return token_of(BRAND)


def tokens() -> dict[str, str]:
    """Access token by handle, of the brand and every practice customer."""
    return {handle: token_of(handle) for handle in [BRAND, *names()]}


def names() -> dict[str, str]:
    """Display name by handle of the practice customers."""
    people = tomllib.loads(CUSTOMERS.read_text(encoding="utf-8"))["customer"]
    return {person["handle"]: person["name"] for person in people}
