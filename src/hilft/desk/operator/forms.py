"""What every form that connects an account shares: settings, secrets, and whom the network takes us for."""

from typing import Any, ClassVar, NamedTuple

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hilft.channels.contract import Config, Health


class Hook(NamedTuple):
    """How a network is told of our address: by hilft, or by a person who chooses a product and its fields there."""

    product: str = ""
    fields: tuple[str, ...] = ()


class Secret(forms.CharField):
    """A password or token: kept in the form between check and save, never shown."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        widget = forms.PasswordInput(render_value=True, attrs={"autocomplete": "off"})
        super().__init__(label=label, widget=widget, max_length=2000, **kwargs)


class ConnectForm(forms.Form):
    """What every kind needs; subclasses say how their fields become settings and secrets.

    `FIXED` fields say which account it is: with others it would be another one.
    """

    kind: ClassVar[str]
    SECRETS: ClassVar[tuple[str, ...]]
    ADVANCED: ClassVar[tuple[str, ...]] = ()
    FIXED: ClassVar[tuple[str, ...]] = ()
    hook: ClassVar[Hook | None] = None
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=100, help_text=gettext_lazy("What the team calls this account.")
    )

    def settings(self) -> dict[str, object]:
        """What the adapter is told openly; empty fields are left to its own defaults."""
        kept = {name: value for name, value in self.cleaned_data.items() if name not in {"name", *self.SECRETS}}
        return {name: value for name, value in kept.items() if value not in {None, ""}}

    def secrets(self) -> dict[str, str]:
        """What is stored encrypted."""
        return {name: self.cleaned_data[name] for name in self.SECRETS if self.cleaned_data.get(name)}

    def network(self) -> str:
        """Which network of this kind it is, where there are several."""
        return ""

    def handle(self, health: Health) -> str:
        """The account's own name there, as the network says it."""
        return health.message

    def recognised(self, config: Config, health: Health) -> Health:
        """The network's answer; one that names no account is none that an account could be made of."""
        if health.ok and not self.handle(health):
            return Health(ok=False, message=_("The network did not say which account this is."))
        return health

    def plain(self) -> list[forms.BoundField]:
        """The fields that everybody fills in."""
        return [field for field in self.visible_fields() if field.name not in self.ADVANCED]

    def advanced(self) -> list[forms.BoundField]:
        """The fields that can stay as they are."""
        return [field for field in self.visible_fields() if field.name in self.ADVANCED]

    def opened(self) -> bool:
        """Whether one of the fields that can stay as they are is wrong."""
        return any(field.errors for field in self.advanced())
