"""The example's service hours, promises and departments, decided as the team lead of NordNetz would."""

from typing import Final

from hilft.channels.models import Account
from hilft.escalation.commands.settings import save_department, save_level, save_promise, save_schedule
from hilft.people.models import User

DAY: Final = [(8 * 60, 20 * 60)]
SATURDAY: Final = [(9 * 60, 16 * 60)]
OFFICE: Final = [(9 * 60, 17 * 60)]
PUBLIC: Final = ("x", "facebook", "instagram", "mastodon", "bluesky")
DEPARTMENTS: Final = (
    ("Technik Störungsannahme", ("Störung", "Festnetz & Router"), "technik", 60, 240),
    ("Rechnungsstelle", ("Rechnung & Tarife", "Kündigung & Vertrag"), "rechnung", 120, 480),
    ("Datenschutz", ("Kundenkonto & Datenschutz",), "datenschutz", 240, 960),
)
"""Name, topics, the box their mails go to, and minutes to take a matter on and to answer."""


def decide() -> None:
    """Mo–Fr 8–20 and Sa 9–16 in Schleswig-Holstein; an hour in public, eight working hours by mail."""
    lead = User.objects.filter(roles__contains=["lead"]).order_by("pk").first()
    service = save_schedule(by=lead, name="Service", week=[*[DAY] * 5, SATURDAY, []], region="SH").schedule
    office = save_schedule(by=lead, name="Büro", week=[*[OFFICE] * 5, [], []], region="SH").schedule
    for kind in PUBLIC:
        save_promise(by=lead, kind=kind, priority="", what="first", minutes=60, schedule=service)
    for kind, what, minutes in (("", "first", 240), ("email", "first", 480), ("", "next", 480)):
        save_promise(by=lead, kind=kind, priority="", what=what, minutes=minutes, schedule=service)
    save_promise(by=lead, kind="", priority="urgent", what="first", minutes=30, schedule=service)
    post = Account.objects.filter(kind="email").order_by("pk").first()
    for name, topics, box, take, answer in DEPARTMENTS:
        department = save_department(by=lead, name=name, topics=topics, reach="mail", schedule=office, account=post)
        host = "fachabteilung.example"
        for level, address, deputy in (("Team", box, f"{box}-vertretung@{host}"), ("Leitung", f"{box}-leitung", "")):
            save_level(
                by=lead,
                department=department,
                name=level,
                address=f"{address}@{host}",
                deputy_address=deputy,
                acknowledge_minutes=take,
                answer_minutes=answer,
            )
