"""The example's rules for what comes in, and the macros that everybody at NordNetz has."""

from hilft.inbox.handling.enums import Do
from hilft.inbox.handling.intake_rules import save_intake_rule
from hilft.inbox.handling.steps import Wanted
from hilft.people.models import Team, User
from hilft.publishing.macros.commands import save_macro

ASK = (
    "Gern sehen wir nach. Dafür brauchen wir die Kundennummer und eine Rückrufnummer, bitte nur als private Nachricht "
    "und nie öffentlich. Viele Grüße, {agent}"
)
ASK_EN = (
    "We are happy to look into it. For that we need the customer number and a number to call back, please by private "
    "message only and never in public. Kind regards, {agent}"
)
THANKS = "Das freut uns! Falls noch etwas ist: einfach hier melden. Viele Grüße, {agent}"
THANKS_EN = "We are glad to hear that! If there is anything else, just write to us here. Kind regards, {agent}"


def decide() -> None:
    """Advertising is sorted out, what may become delicate is tagged, a dead line goes to its team."""
    lead = User.objects.filter(roles__contains=["lead"]).order_by("pk")[0]
    lines = Team.objects.get(name="Festnetz & Störung")
    for label, label_en, when, then, last in (
        (
            "Werbung für Follower",
            "Advertising followers",
            {"text": {"has": ["follower kaufen", "buy followers"]}},
            [Wanted(Do.SPAM)],
            True,
        ),
        (
            "Recht oder Presse: markieren",
            "Law or press: tag it",
            {"risks": {"any": ["law", "press"]}},
            [Wanted(Do.TAG, ["heikel"])],
            False,
        ),
        (
            "Anschluss tot: an das Störungsteam",
            "Line dead: to the faults team",
            {"text": {"has": ["totalausfall", "komplett tot", "komplett ausgefallen"]}},
            [Wanted(Do.TAG, ["ausfall"]), Wanted(Do.TEAM, lines.pk)],
            False,
        ),
    ):
        save_intake_rule(
            by=lead, rule=None, label=label, label_en=label_en, when=when, then=then, last=last, active=True
        )
    for label, text, text_en, sent in (
        ("Kundennummer erfragen", ASK, ASK_EN, [Wanted(Do.FOLLOW_UP, {"at": 24, "note": "Kundennummer da?"})]),
        ("Bedanken und abschließen", THANKS, THANKS_EN, [Wanted(Do.CLOSE)]),
    ):
        save_macro(
            by=lead,
            macro=None,
            label=label,
            mine=False,
            team=None,
            question=None,
            text=text,
            text_en=text_en,
            now=[],
            sent=sent,
        )
