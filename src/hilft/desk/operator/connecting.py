"""Forms that connect an account: one per kind of channel, each tried out before anything is saved."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilft.channels.contract import Channel, ChannelError, Config, Health
from hilft.channels.models import Account
from hilft.channels.registry import KINDS, config_of
from hilft.desk.operator.forms import ConnectForm, Secret
from hilft.desk.operator.networks import FacebookForm, InstagramForm, XForm

TLS: Final = [("ssl", "TLS"), ("starttls", "STARTTLS"), ("none", gettext_lazy("none (only inside your own network)"))]


class MastodonForm(ConnectForm):
    """A server and a token of an application."""

    kind, SECRETS = "mastodon", ("access_token",)
    FIXED = ("base_url",)
    base_url = forms.CharField(
        label=gettext_lazy("Address of the server"),
        validators=[URLValidator(["https", "http"])],
        help_text=gettext_lazy("For example https://mastodon.example"),
    )
    access_token = Secret(
        gettext_lazy("Access token"),
        help_text=gettext_lazy("On the server under Preferences, Development, with the rights read, write and push."),
    )

    def network(self) -> str:
        return urlsplit(str(self.cleaned_data["base_url"])).netloc


class BlueskyForm(ConnectForm):
    """A handle, and an app password."""

    kind, SECRETS = "bluesky", ("app_password",)
    FIXED = ("service", "handle_name")
    service = forms.CharField(
        label=gettext_lazy("Service"), initial="https://bsky.social", validators=[URLValidator(["https", "http"])]
    )
    handle_name = forms.CharField(
        label=gettext_lazy("Handle"), max_length=300, help_text=gettext_lazy("For example hilfe.example.com")
    )
    app_password = Secret(
        gettext_lazy("App password"), help_text=gettext_lazy("Made in the settings of the account, not its password.")
    )

    def settings(self) -> dict[str, object]:
        return {"service": self.cleaned_data["service"], "handle": self.cleaned_data["handle_name"].lstrip("@")}


class EmailForm(ConnectForm):
    """An address read by IMAP and answered by SMTP."""

    kind, SECRETS = "email", ("imap_password", "smtp_password")
    FIXED = ("address",)
    address = forms.EmailField(label=gettext_lazy("Address"))
    imap_host = forms.CharField(label=gettext_lazy("IMAP server"), max_length=200)
    imap_port = forms.IntegerField(label=gettext_lazy("IMAP port"), initial=993, min_value=1, max_value=65535)
    imap_tls = forms.ChoiceField(label=gettext_lazy("IMAP encryption"), choices=TLS)
    imap_user = forms.CharField(
        label=gettext_lazy("IMAP user"), required=False, help_text=gettext_lazy("Empty where it is the address.")
    )
    imap_password = Secret(gettext_lazy("IMAP password"), required=False)
    imap_sent = forms.CharField(
        label=gettext_lazy("Folder of sent mails"),
        required=False,
        initial="Sent",
        help_text=gettext_lazy("Lets hilft see whether a mail left; without it a person has to look."),
    )
    smtp_host = forms.CharField(label=gettext_lazy("SMTP server"), max_length=200)
    smtp_port = forms.IntegerField(label=gettext_lazy("SMTP port"), initial=587, min_value=1, max_value=65535)
    smtp_tls = forms.ChoiceField(label=gettext_lazy("SMTP encryption"), choices=TLS, initial="starttls")
    smtp_user = forms.CharField(label=gettext_lazy("SMTP user"), required=False)
    smtp_password = Secret(gettext_lazy("SMTP password"), required=False)
    receipt = forms.BooleanField(
        label=gettext_lazy("Send a receipt for a customer's first mail"),
        required=False,
        help_text=gettext_lazy("It leads to up to three public answers that probably help; a tenth gets it without."),
    )

    def settings(self) -> dict[str, object]:
        kept = super().settings() | {"inbound": "imap", "name": self.cleaned_data["name"]}
        return kept if kept.pop("receipt") is False else kept | {"receipt": True}

    def handle(self, health: Health) -> str:
        return str(self.cleaned_data["address"]).strip().lower()


class MatrixForm(ConnectForm):
    """A server, a token of a session that only hilft uses, and whose invitations are accepted."""

    kind, SECRETS = "matrix", ("access_token",)
    FIXED = ("base_url",)
    INVITES = (
        ("all", gettext_lazy("from everybody")),
        ("local", gettext_lazy("from people of the same server")),
        ("none", gettext_lazy("none: a person decides")),
    )
    base_url = forms.CharField(
        label=gettext_lazy("Address of the server"),
        max_length=300,
        validators=[URLValidator(["https", "http"])],
        help_text=gettext_lazy("Its client address, for example https://matrix.example.org"),
    )
    access_token = Secret(
        gettext_lazy("Access token"), help_text=gettext_lazy("Of a session that only hilft uses; it must not expire.")
    )
    invites = forms.ChoiceField(label=gettext_lazy("Invitations into rooms are accepted"), choices=INVITES)


class RssForm(ConnectForm):
    """The address of a feed, and how often it is looked at."""

    kind, SECRETS = "rss", ()
    FIXED = ("url",)
    url = forms.CharField(
        label=gettext_lazy("Address of the feed"),
        max_length=300,
        validators=[URLValidator(["https", "http"])],
        help_text=gettext_lazy("RSS or Atom, readable without signing in."),
    )
    poll_seconds = forms.IntegerField(
        label=gettext_lazy("Seconds between two looks"),
        initial=300,
        min_value=30,
        max_value=86_400,
        help_text=gettext_lazy("Be kind to small servers."),
    )

    def handle(self, health: Health) -> str:
        return str(self.cleaned_data["url"])


FORMS: Final[Mapping[str, type[ConnectForm]]] = {
    form.kind: form
    for form in (XForm, FacebookForm, InstagramForm, MastodonForm, BlueskyForm, EmailForm, MatrixForm, RssForm)
}


class ReconnectForm(forms.Form):
    """New secrets for an account; those left empty stay as they are."""

    def __init__(self, account: Account, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        known = FORMS[account.kind].base_fields if account.kind in FORMS else {}
        for name in FORMS[account.kind].SECRETS if account.kind in FORMS else ():
            self.fields[name] = Secret(known[name].label, required=False)

    def config(self) -> Config:
        """The account as it would be with the new secrets."""
        old = config_of(self.account)
        given = {name: value for name, value in self.cleaned_data.items() if value}
        return msgspec.structs.replace(old, secrets=dict(old.secrets) | given)


def try_out(kind: str, config: Config) -> Health:
    """What the network says to these credentials; whatever goes wrong becomes an answer, nothing is kept."""
    adapter: Channel | None = None
    try:
        adapter = import_module(KINDS[kind].module).Adapter(config)
        return adapter.check()
    except ChannelError as error:
        return Health(ok=False, message=str(error))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        return Health(ok=False, message=_("This does not work: %(error)s") % {"error": error})
    finally:
        if adapter is not None:
            adapter.close()
