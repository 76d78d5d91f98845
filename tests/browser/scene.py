"""Situations of the stories about duplicates, set in a running installation by a process of its own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.installation import Installation, clean


def play(installation: Installation, name: str) -> dict[str, Any]:
    """Sets the scene and returns what its story needs to know."""
    environment = clean(
        {
            "DJANGO_SETTINGS_MODULE": "hilft.config.settings",
            "HILFT_DATABASE_URL": installation.database_url,
            "HILFT_SECRET_FILE": str(installation.folder / "secret.key"),
            "HILFT_PORT": str(installation.port),
        }
    )
    environment["PYTHONPATH"] += f":{Path(__file__).parents[2]}"
    command = [sys.executable, "-m", "tests.browser.scene", name]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def read_wordings() -> None:
    """Gives new wordings their place in the index now, so that the matcher finds them whenever it looks.

    What a scene wrote into the suggestions by hand, the running matcher would overwrite in its own time.
    """
    from hilft.knowledge.matching import embed_pending

    while embed_pending(most=100):
        pass


def duplicate() -> dict[str, Any]:
    """Two guests ask on the portal what is answered already."""
    from hilft.channels.models import PortalPost
    from hilft.knowledge.models import Question
    from tests.browser.stage import asked

    first = asked("First", "Kein schnelles Netz", "Im Zimmer ist alles langsam.")
    second = asked("Second", "Kein Netz im Zimmer", "Im Flur geht es.")
    thread = PortalPost.objects.get(pk=second.external_id).thread.hex
    title = Question.objects.get(slug="wlan-langsam").title
    return {"first": first.conversation_id, "second": second.conversation_id, "thread": thread, "title": title}


def merge() -> dict[str, Any]:
    """Two hosted questions that are one; a reply was made from the second one's answer."""
    from hilft.inbox.models import Match
    from hilft.knowledge.commands import add_wording
    from tests import factories
    from tests.browser.stage import person, reply

    editor = person("editor")
    target = factories.question(by=editor, title="Was bedeutet der grüne Aufkleber am Paket?")
    source = factories.question(by=editor, title="Wozu klebt am Paket ein grüner Aufkleber?")
    words = "Am Paket klebt ein grüner Aufkleber, wieso?"
    wording = add_wording(by=editor, question=source, text=f"Kasten\n{words}")
    read_wordings()
    message = reply(person("agent"), source, "Kasten", words).conversation.messages.order_by("pk")[0]
    assert Match.objects.get(message=message, rank=1).wording == wording
    return {
        "source": source.pk,
        "target": target.pk,
        "slug": source.slug,
        "name": target.title,
        "wording": words,
    }


def group() -> dict[str, Any]:
    """Three guests ask what nothing hosted fits."""
    from hilft.inbox.groups import collect
    from hilft.inbox.models import Conversation
    from tests.browser.stage import asked

    for name, text in (
        ("Uwe", "Wo gibt es eine Wandhalterung für den Router?"),
        ("Ina", "Wo gibt es eine Wandhalterung für meinen Router?"),
        ("Ole", "Wo bekomme ich eine Wandhalterung für den Router?"),
    ):
        message = asked(name, "Wandhalterung", text)
        Conversation.objects.filter(pk=message.conversation_id).update(question=None, confirmed=True, likeness="none")
    collect()
    return {}


def governed() -> dict[str, Any]:
    """Three guests ask on the portal what is answered already, by an answer that no other story changes."""
    from hilft.channels.models import PortalPost
    from hilft.knowledge.commands import add_wording
    from tests import factories
    from tests.browser.stage import asked, person

    editor = person("editor")
    words = ("Die Mailbox springt nicht an.", "Mailbox geht nicht, was tun?", "Meine Mailbox nimmt nichts auf.")
    question = factories.question(by=editor, title="Warum nimmt meine Mailbox nichts auf?")
    for text in words:
        add_wording(by=editor, question=question, text=f"Mailbox\n{text}")
    read_wordings()
    made = [asked(f"Guest{number}", "Mailbox", text) for number, text in enumerate(words)]
    for message in made:
        message.conversation.refresh_from_db()
        assert message.conversation.question == question, f"not recognised: {message.text}"
    return {
        "conversations": [message.conversation_id for message in made],
        "thread": PortalPost.objects.get(pk=made[2].external_id).thread.hex,
        "question": question.pk,
        "slug": question.slug,
    }


def trainee() -> dict[str, Any]:
    """Somebody new with a way in, and two guests who wait for an answer."""
    from hilft.people.models import User
    from hilft.people.sign_in import link_token
    from tests.browser.stage import asked

    new = User.objects.get(email="mia.lindner@nordnetz.example")
    words = ("Wann öffnet der Laden in Eckernförde?", "Gibt es im Laden in Husum Parkplätze?")
    made = [asked(f"Ladengast{number}", "Laden", text) for number, text in enumerate(words)]
    return {"link": f"/desk/zugang/{link_token(new)}/", "conversations": [one.conversation_id for one in made]}


def checked() -> dict[str, Any]:
    """Six weeks later: twenty-nine of the new one's texts were looked at, and none had a fault."""
    from datetime import timedelta

    from hilft.approvals.models import Approval
    from hilft.base.clock import now
    from hilft.people.models import User
    from tests.browser.stage import person

    new, checker = User.objects.get(email="mia.lindner@nordnetz.example"), person("approver")
    Approval.objects.filter(maker=new).update(decided_at=now() - timedelta(days=42))
    days = [now() - timedelta(days=day) for day in range(1, 30)]
    decided = {"digest": "", "maker": new, "checker": checker, "decision": "approved", "rule": "second-person"}
    Approval.objects.bulk_create(
        Approval(subject_kind="publishing.draft", subject_id=0, asked_at=at, expires_at=at, decided_at=at, **decided)
        for at in days
    )
    return {}


def lapsed() -> dict[str, Any]:
    """A year and a day later, as far as the new one's certificates are concerned."""
    from datetime import timedelta

    from django.db.models import F

    from hilft.people.models import Certificate

    year = timedelta(days=367)
    moved = {"granted_at": F("granted_at") - year, "expires_at": F("expires_at") - year}
    return {"ended": Certificate.objects.filter(user__email="mia.lindner@nordnetz.example").update(**moved)}


def drawn() -> dict[str, Any]:
    """A reply of the agent's that was drawn for review."""
    from hilft.knowledge.models import Question
    from hilft.quality.commands.drawing import draw
    from hilft.quality.models import Plan, Sample
    from tests.browser.stage import person, reply
    from tests.quality.made import plan

    Plan.objects.update(active=False)
    of, agent = plan(name="Alles"), person("agent")
    made = reply(
        agent, Question.objects.get(slug="pin-gesperrt-puk"), "PIN", "Meine PIN ist gesperrt, wo finde ich die PUK?"
    )
    draw()
    Plan.objects.filter(pk=of.pk).update(active=False)
    return {"sample": Sample.objects.get(placement=made).pk, "author": agent.name}


def arrived() -> dict[str, Any]:
    """Somebody at work, with the cookie of their session."""
    from django.conf import settings
    from django.test import Client

    from hilft.people.models import User

    client, email = Client(), "gerrit.aushilfe@nordnetz.example"
    client.force_login(User.objects.create_user(email, None, name="Gerrit Aushilfe", roles=["agent"]))
    return {"cookie": f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}"}


def dismissed() -> dict[str, Any]:
    """The one who had arrived may not sign in any more."""
    from hilft.people.commands import save_staff
    from hilft.people.models import User
    from tests.browser.stage import person

    user = User.objects.get(email="gerrit.aushilfe@nordnetz.example")
    save_staff(by=person("operator"), user=user, email=user.email, name=user.name, roles=user.roles, active=False)
    return {}


if __name__ == "__main__":
    import django

    django.setup()
    from tests.browser.pictured import pictured

    scenes = {"duplicate": duplicate, "merge": merge, "group": group, "governed": governed}
    scenes |= {"trainee": trainee, "checked": checked, "lapsed": lapsed, "drawn": drawn, "pictured": pictured}
    scenes |= {"arrived": arrived, "dismissed": dismissed}
    sys.stdout.write(json.dumps(scenes[sys.argv[1]]()) + "\n")
