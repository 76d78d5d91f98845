"""Who may sign in: known staff only, by password, passkey or their company's OIDC."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.core import signing
from django.http import HttpRequest

from hilft.people.models import User

LINK_SALT = "hilft.people.sign-in-link"
LINK_HOURS = 24
SETUP_SALT = "hilft.people.first-operator"


class InvitedOnly(DefaultAccountAdapter):
    """Nobody signs up on their own."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class KnownOnly(DefaultSocialAccountAdapter):
    """A company account signs in the member of staff with the same verified address, and nobody else."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: object) -> bool:
        return False


def link_token(user: User) -> str:
    """A signed word that signs this person in; ends with their next password change or after a day."""
    return signing.dumps([user.pk, user.password[-12:]], salt=LINK_SALT)


def user_of_link(token: str) -> User | None:
    """Whose link this is; None for a forged, old, or used-up one."""
    try:
        pk, stamp = signing.loads(token, salt=LINK_SALT, max_age=LINK_HOURS * 3600)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    user = User.objects.filter(pk=pk, is_active=True).first()
    return user if user and user.password[-12:] == stamp else None
