"""Who may read what: a key in the header, with rights of its own."""

from django.http import HttpRequest
from ninja.errors import AuthorizationError
from ninja.security import HttpBearer

from hilft.people.enums import KeyRight
from hilft.people.keys import key_of
from hilft.people.models import ApiKey


class Key(HttpBearer):
    """A key that has this right; a forged or revoked one is none."""

    def __init__(self, right: KeyRight) -> None:
        super().__init__()
        self.right = right

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey | None:
        key = key_of(token)
        if key and self.right not in key.rights:
            raise AuthorizationError(message=f"This key may not read {self.right}.")
        return key
