"""Forms for X, Facebook and Instagram, which tell hilft by webhook what happens; docs/channels names every field."""

import secrets as randomness
from typing import ClassVar

from django import forms
from django.core.validators import RegexValidator, URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilft.channels import ledger
from hilft.channels.contract import ChannelError, Config, Health, Refused
from hilft.channels.graph.connecting import FIELDS
from hilft.channels.graph.errors import Gone
from hilft.channels.graph.network import FACEBOOK, INSTAGRAM, Network
from hilft.channels.graph.wire import Wire
from hilft.channels.x.texts import wanted
from hilft.desk.operator.forms import ConnectForm, Hook, Secret
from hilft.publishing.rendering import Links

NUMBER = RegexValidator(r"\A[0-9]{1,30}\Z", gettext_lazy("An id there is a number."))


def _base_url(usual: str) -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Another address of the network"),
        required=False,
        max_length=300,
        validators=[URLValidator(["https", "http"])],
        widget=forms.TextInput(attrs={"placeholder": usual}),
        help_text=gettext_lazy("Empty, unless you practise or go through a proxy."),
    )


def _poll_seconds() -> forms.IntegerField:
    return forms.IntegerField(
        label=gettext_lazy("Seconds between two looks"), initial=60, min_value=10, max_value=86_400
    )


class XForm(ConnectForm):
    """The four keys of OAuth 1.0a, which never expire, and what reading may cost."""

    kind = "x"
    SECRETS = ("consumer_key", "consumer_secret", "access_token", "access_token_secret", "client_secret")
    ADVANCED = ("poll_seconds", "stream", "messages", "base_url")
    hook = Hook()
    consumer_key = Secret(
        gettext_lazy("Consumer key"), help_text=gettext_lazy("In X's developer console; X also calls it API key.")
    )
    consumer_secret = Secret(gettext_lazy("Consumer secret"))
    access_token = Secret(
        gettext_lazy("Access token"),
        help_text=gettext_lazy("Made after the app got the permission Read and write and Direct message."),
    )
    access_token_secret = Secret(gettext_lazy("Access token secret"))
    client_secret = Secret(
        gettext_lazy("Client secret"),
        required=False,
        help_text=gettext_lazy("X signs webhooks with it. Empty, the older signature is checked."),
    )
    budget_usd_a_day = forms.FloatField(
        label=gettext_lazy("US dollars a day for reading"),
        initial=5,
        min_value=0,
        max_value=100_000,
        help_text=gettext_lazy("X charges for what is read. 0 is no limit; answers are never held back."),
    )
    publish_budget_usd_a_day = forms.FloatField(
        label=gettext_lazy("US dollars a day for publishing"),
        required=False,
        min_value=0,
        max_value=100_000,
        help_text=gettext_lazy("Beyond them whoever writes is asked first. Empty or 0 is no limit."),
    )
    links = forms.ChoiceField(
        label=gettext_lazy("Links to the whole answer"),
        required=False,
        choices=[
            (Links.NEVER, gettext_lazy("never: a post with a link costs much more")),
            (Links.ON_REQUEST, gettext_lazy("on request: the post offers to send it")),
            (Links.ALWAYS, gettext_lazy("always, where the answer does not fit")),
        ],
    )
    terms = forms.CharField(
        label=gettext_lazy("Listening terms"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One a line, in X's query language. People found that way cannot be answered."),
    )
    poll_seconds = _poll_seconds()
    stream = forms.BooleanField(
        label=gettext_lazy("Listen to the stream"),
        required=False,
        help_text=gettext_lazy("Where no public address reaches hilft. What happens is told there or by webhook."),
    )
    messages = forms.BooleanField(label=gettext_lazy("Look for direct messages"), required=False, initial=True)
    base_url = _base_url("https://api.x.com")

    def clean_terms(self) -> str:
        """X refuses a longer term only when it is to listen for it, which is too late."""
        terms, longest = str(self.cleaned_data["terms"]), int(ledger.values("x")["limit.rule"])
        if any(len(term) > longest for term in wanted(terms)):
            raise forms.ValidationError(
                _("A listening term has at most %(longest)s characters.") % {"longest": longest}
            )
        return terms


class MetaForm(ConnectForm):
    """A page's token and the app it was made for."""

    SECRETS = ("page_token", "app_secret", "verify_token")
    ADVANCED = ("posts", "poll_seconds", "base_url")
    FIXED: ClassVar[tuple[str, ...]] = ("page_id",)
    speaks: ClassVar[Network]
    page_id = forms.CharField(label=gettext_lazy("Page id"), validators=[NUMBER])
    page_token = Secret(
        gettext_lazy("Page access token"),
        help_text=gettext_lazy("One that does not expire, of somebody who may moderate and message for the page."),
    )
    app_id = forms.CharField(
        label=gettext_lazy("App id"),
        required=False,
        validators=[NUMBER],
        help_text=gettext_lazy("With it hilft asks as the app how the token is, as Meta recommends."),
    )
    app_secret = Secret(
        gettext_lazy("App secret"), help_text=gettext_lazy("Proves every call, and that a webhook comes from Meta.")
    )
    verify_token = Secret(
        gettext_lazy("Verify token for webhooks"),
        required=False,
        help_text=gettext_lazy("Any long text. Empty, hilft makes one and shows it after connecting."),
    )
    human_agent = forms.BooleanField(
        label=gettext_lazy("Meta granted Human Agent"),
        required=False,
        help_text=gettext_lazy("Then people may answer private messages for 7 days instead of 24 hours."),
    )
    posts = forms.IntegerField(
        label=gettext_lazy("Latest posts that are looked at for new comments"), initial=50, min_value=1, max_value=500
    )
    poll_seconds = _poll_seconds()
    base_url = _base_url("https://graph.facebook.com")

    def secrets(self) -> dict[str, str]:
        """What is stored encrypted; a verify token that was left empty is made up."""
        return {"verify_token": randomness.token_urlsafe(24)} | super().secrets()

    def recognised(self, config: Config, health: Health) -> Health:
        """Asks who the ids belong to, because the answer about a token names only its app."""
        if not health.ok:
            return health
        wire = Wire(config, self.speaks)
        try:
            name = self.owner(wire)
        except Gone:
            return Health(ok=False, message=_("The network does not know these ids, or the token does not reach them."))
        except ChannelError as error:
            return Health(ok=False, message=str(error))
        finally:
            wire.close()
        return super().recognised(config, Health(ok=True, message=name, expires_at=health.expires_at))

    def owner(self, wire: Wire) -> str:
        """The name under which people see the account; raises ChannelError."""
        raise NotImplementedError


class FacebookForm(MetaForm):
    """A page."""

    kind, speaks = "facebook", FACEBOOK
    hook = Hook("Page", FIELDS["facebook"])

    def network(self) -> str:
        """The page's id: two pages may have one name."""
        return str(self.cleaned_data["page_id"])

    def owner(self, wire: Wire) -> str:
        return str(wire.read(self.cleaned_data["page_id"], fields="id,name").get("name", ""))


class InstagramForm(MetaForm):
    """A professional account and the page it is linked to."""

    kind, speaks = "instagram", INSTAGRAM
    hook = Hook("Instagram", FIELDS["instagram"])
    FIXED = ("page_id", "instagram_id")
    instagram_id = forms.CharField(
        label=gettext_lazy("Instagram id"),
        validators=[NUMBER],
        help_text=gettext_lazy("As GET /{page id}?fields=instagram_business_account names it."),
    )
    posts = forms.IntegerField(
        label=gettext_lazy("Latest posts that are looked at for new comments"), initial=25, min_value=1, max_value=500
    )
    field_order = ("name", "instagram_id")

    def owner(self, wire: Wire) -> str:
        page = wire.read(self.cleaned_data["page_id"], fields="instagram_business_account")
        linked = str((page.get("instagram_business_account") or {}).get("id", ""))
        if linked != self.cleaned_data["instagram_id"]:
            raise Refused(
                _("The page is linked to the Instagram account %(id)s, not to this one.") % {"id": linked}
                if linked
                else _("The page is linked to no Instagram account, or the token does not see it.")
            )
        name = wire.read(self.cleaned_data["instagram_id"], fields="username").get("username", "")
        return f"@{name}" if name else ""
