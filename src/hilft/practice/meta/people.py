"""Who exists on the practice network: the app, the brand's page and account, customers with their scoped ids."""

import functools
import hashlib
import hmac
from typing import Literal

from hilft.practice.accounts import BRAND, names

type Network = Literal["facebook", "instagram"]

APP_ID = "1044715297830112"
APP_NAME = "hilft"
PAGE_ID = "108204561234987"
PAGE_NAME = "NordNetz"
INSTAGRAM_ID = "17841405309211844"
USERNAME = BRAND
VERIFY_TOKEN = "practice-verify-token"  # noqa: S105 – worthless anywhere else


def app_secret() -> str:
    """The app's secret, 32 hexadecimal digits; the same on every start and worthless anywhere else."""
    return hashlib.sha256(b"practice app secret").hexdigest()[:32]


def app_token() -> str:
    """The app's own access token."""
    return f"{APP_ID}|{app_secret()}"


def page_token() -> str:
    """The page access token that exists from the first start, with all scopes and without an end."""
    return "EAAPractice" + hashlib.sha256(b"practice page token").hexdigest()


def secret_proof(token: str) -> str:
    """The `appsecret_proof` that belongs to an access token."""
    return hmac.new(app_secret().encode(), token.encode(), hashlib.sha256).hexdigest()


@functools.cache
def scoped_id(handle: str, network: Network) -> str:
    """A person's id as our page or our Instagram account sees it: never the same on the two, nor for other apps."""
    if handle == BRAND:
        return PAGE_ID if network == "facebook" else INSTAGRAM_ID
    number = int.from_bytes(hashlib.sha256(f"{network}:{PAGE_ID}:{handle}".encode()).digest()[:8])
    return str(10**15 + number % (9 * 10**15))


@functools.cache
def _handles(network: Network) -> dict[str, str]:
    return {scoped_id(handle, network): handle for handle in [BRAND, *_customers()]}


def handle_of(scoped: str, network: Network) -> str | None:
    """Whose scoped id this is on that network; None for nobody's, so an Instagram id means nothing on Facebook."""
    return _handles(network).get(scoped)


@functools.cache
def _customers() -> dict[str, str]:
    return names()


@functools.cache
def name_of(handle: str) -> str:
    """The name that people see on Facebook."""
    return PAGE_NAME if handle == BRAND else _customers()[handle]


def exists(handle: str) -> bool:
    """Whether this is one of the practice customers."""
    return handle in _customers()
