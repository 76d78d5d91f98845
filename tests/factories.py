"""Small makers of domain objects for tests: only what a test does not care about has a default."""

from datetime import UTC, datetime
from itertools import count

from hilft.channels.commands import connect_account
from hilft.channels.contract import Event, Kind, Person, Ref
from hilft.channels.models import Account
from hilft.inbox.intake import take
from hilft.inbox.models import Message
from hilft.knowledge.commands import Written, add_question, publish_version, write_version
from hilft.knowledge.models import Question, Version
from hilft.people.certifying import grant_certificate, save_requirement, save_skill
from hilft.people.models import Certificate, Skill, User

NUMBER = count(1)
AT = datetime(2026, 11, 3, 10, 42, tzinfo=UTC)
BODY = "Orange heißt: Die Leitung wird umgeschaltet. Das dauert bis zu **{hours} Stunden**."


def staff(*roles: str, name: str = "") -> User:
    """A member of staff with these roles."""
    number = next(NUMBER)
    name = name or f"{(roles or ('guest',))[0].title()} {number}"
    return User.objects.create_user(f"staff{number}@nordnetz.example", "a long password", name=name, roles=list(roles))


def required(gate: str, *, channel: str = "", level: int = 2) -> Skill:
    """A skill that has to be proven to do this."""
    number = next(NUMBER)
    skill = save_skill(by=None, key=f"skill-{number}", name=f"Können {number}", name_en=f"Skill {number}")
    save_requirement(by=None, gate=gate, skill=skill, level=level, channel=channel)
    return skill


def certificate(user: User, skill: Skill, *, level: int = 2, months: int = 12, channel: str = "") -> Certificate:
    """That this person has proven it."""
    return grant_certificate(
        by=None, user=user, skill=skill, level=level, months=months, source="Prüfung", channel=channel
    )


def portal_account() -> Account:
    """The community as an account: a channel whose network is the database itself."""
    return connect_account(
        by=None, kind="portal", name="NordNetz hilft", handle="NordNetz-Team", settings={}, secrets={}
    )


def mastodon_account(base_url: str = "http://127.0.0.1:9", token: str = "token") -> Account:
    """An account on a Mastodon server that may not exist."""
    return connect_account(
        by=None,
        kind="mastodon",
        name="Mastodon",
        handle="nordnetz",
        network=f"n{next(NUMBER)}",
        settings={"base_url": base_url},
        secrets={"access_token": token},
    )


def x_account(base_url: str = "http://127.0.0.1:9", **settings: object) -> Account:
    """An account on X, whose calls cost money; the network may not exist."""
    keys = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
    return connect_account(
        by=None,
        kind="x",
        name=f"X {next(NUMBER)}",
        handle=f"@nordnetz{next(NUMBER)}",
        settings={"base_url": base_url, "user_id": "7"} | settings,
        secrets=dict.fromkeys(keys, "key"),
    )


def event(
    account: Account,
    text: str = "Router blinkt orange, was tun?",
    *,
    ref_id: str = "",
    who: str = "jonasp",
    kind: Kind = Kind.CREATED,
    at: datetime = AT,
    public: bool = True,
    thread: str = "",
    own: bool = False,
    parent: str = "",
    version: str | None = None,
) -> Event:
    """What an adapter reads from a raw event."""
    number = ref_id or str(next(NUMBER))
    ref = Ref(channel=account.kind, account=str(account.pk), id=number, version=version)
    return Event(
        kind=kind,
        ref=ref,
        at=at,
        public=public,
        author=Person(id=who, handle=who, name=who.title()),
        own=own,
        parent=Ref(channel=account.kind, account=str(account.pk), id=parent) if parent else None,
        thread=thread or number,
        text=text,
    )


def message(account: Account, text: str = "Router blinkt orange, was tun?", **fields: object) -> Message:
    """A customer's message in its conversation."""
    made = take(account, event(account, text, **fields))  # type: ignore[arg-type]
    assert made is not None
    return made


def question(*, by: User | None = None, title: str = "", hours: int = 48, body: str = "") -> Question:
    """A hosted question with a published first version in Sie and du."""
    made = add_question(by=by, title=title or f"Router blinkt orange, Nummer {next(NUMBER)}?", topic="Festnetz")
    publish(made, by=by, hours=hours, body=body)
    made.refresh_from_db()
    return made


def publish(of: Question, *, by: User | None = None, hours: int = 48, body: str = "", **options: object) -> Version:
    """Another published version."""
    said = body or BODY.format(hours=hours)
    texts = {
        ("de", "sie"): Written(f"{said} Bitte warten Sie so lange.", f"Bitte warten Sie {hours} Stunden."),
        ("de", "du"): Written(f"{said} Warte bitte so lange.", f"Warte bitte {hours} Stunden."),
    }
    return publish_version(by=by, version=write_version(by=by, question=of, texts=texts), **options)  # type: ignore[arg-type]
