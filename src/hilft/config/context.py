"""What every page's frame needs to know."""

from functools import cached_property

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from hilft.base.clock import now
from hilft.base.prepared import Given, prepared
from hilft.channels.models import Account
from hilft.channels.queries import is_example
from hilft.channels.spending import today
from hilft.channels.watch import AHEAD
from hilft.inbox import lists
from hilft.people.models import User
from hilft.people.rules import MAY, may
from hilft.publishing import queries as publishing


class Frame:
    """Numbers beside the views and what this person may do; asked for only by the templates that show them."""

    def __init__(self, user: User) -> None:
        self.user = user

    @cached_property
    def counts(self) -> lists.Counts:
        """How many conversations each view holds."""
        return lists.counts(self.user)

    @cached_property
    def approvals(self) -> int:
        """How many decisions wait that this person could make."""
        return publishing.needs_approval(self.user)

    @cached_property
    def stuck(self) -> int:
        """How many deliveries need a person."""
        return publishing.needing_person().count()

    @cached_property
    def may(self) -> dict[str, bool]:
        """Every permission by its name, with dots as underscores for templates."""
        return {action.replace(".", "_"): may(self.user, action) for action in MAY}

    @cached_property
    def example(self) -> bool:
        """Whether this is the example workspace."""
        return is_example()

    @cached_property
    def troubled_accounts(self) -> list[Account]:
        """Accounts whose sign-in was lost or ends soon, that fell silent, or whose money for reading is spent."""
        return _troubled(now() + AHEAD, today())


def _searched(request: HttpRequest) -> str:
    """What was asked in the search on top: other pages have a search of their own, by the same name."""
    match = request.resolver_match
    answers = match is not None and match.view_name in ("desk:conversations", "desk:conversation")
    return request.GET.get("q", "") if answers else ""


@prepared
def _troubled(soon: Given, today: Given) -> QuerySet[Account]:
    troubled = Q(state="lost") | Q(state="active", alarmed_at__isnull=False)
    ending = Q(state="active", expires_at__lt=soon)
    spent = Q(state="active", over_budget_on=today)
    return Account.objects.filter(troubled | ending | spent).order_by("name", "pk")


def frame(request: HttpRequest) -> dict[str, object]:
    """The brand's name; for staff also the frame of the desk."""
    shared: dict[str, object] = {"brand": settings.HILFT.brand, "public_url": settings.HILFT.public_url}
    user = getattr(request, "user", None)
    if not isinstance(user, User) or not request.path.startswith(("/desk/", "/konto/")):
        return shared
    found = Frame(user)
    return shared | {
        "frame": found,
        "home_url": reverse("desk:home"),
        "search_url": reverse("desk:conversations"),
        "searched": _searched(request),
        "palette_url": reverse("desk:palette"),
        "preferences_url": reverse("desk:preferences"),
        "live_url": f"{settings.HILFT.live_url}/events",
        "live_since": getattr(request, "live_since", ""),
    }
