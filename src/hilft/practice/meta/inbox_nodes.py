"""Conversation and Message nodes of Messenger and Instagram (messenger-platform/conversations, 2026-02-11)."""

from typing import Any, NamedTuple

from hilft.practice.accounts import BRAND
from hilft.practice.meta.access import may_read
from hilft.practice.meta.clock import stamp
from hilft.practice.meta.errors import no_such_object, numbered
from hilft.practice.meta.fields import Field
from hilft.practice.meta.people import PAGE_ID, Network, handle_of, name_of, scoped_id
from hilft.practice.meta.store import Conversation, Letter
from hilft.practice.meta.view import ABSENT, NodeType, Read, View, one_of

READABLE = 20
"""Only the details of a conversation's last 20 messages can be read."""


class Placed(NamedTuple):
    """A conversation with its place in the list, whose order is that of the last message."""

    seq: int
    created_at: float
    conversation: Conversation


def party(network: Network, handle: str) -> dict[str, str]:
    """A side of a conversation."""
    scoped = scoped_id(handle, network)
    if network == "instagram":
        return {"username": handle, "id": scoped}
    return {"name": name_of(handle), "email": f"{scoped}@facebook.com", "id": scoped}


def may_see(view: View, network: Network) -> None:
    """Refuse a token without the permissions for that network's messages."""
    may_read(view.token, "pages_messaging", *(["instagram_manage_messages"] if network == "instagram" else []))


def conversations_of(view: View, field: Field) -> Any:
    """The page's conversations on one platform, the last active first; `user_id` picks one person's."""
    platform = one_of("platform", field.modifiers.get("platform", ""), "messenger", "instagram")
    network: Network = "instagram" if platform == "instagram" else "facebook"
    may_see(view, network)
    found = view.store.conversations(network)
    if user := field.modifiers.get("user_id", ""):
        found = [c for c in found if c.handle == handle_of(user, network)]
    items = [Placed(max((x.seq for x in view.store.letters(c.id)), default=0), c.updated_at, c) for c in found]
    return view.edge(sorted(items, reverse=True), LISTED, field, owner=PAGE_ID)


def _messages(view: View, conversation: Conversation, field: Field) -> Any:
    return view.edge(view.store.letters(conversation.id)[::-1], MESSAGE, field, owner=conversation.id)


def _participants(view: View, conversation: Conversation, field: Field) -> Any:
    network = conversation.network
    return {"data": [party(network, conversation.handle), party(network, BRAND)]}


def conversation(view: View, conversation_id: str, fields: list[Field] | None) -> dict[str, Any]:
    """One conversation."""
    return view.render(CONVERSATION, find(view, conversation_id), fields)


def find(view: View, conversation_id: str) -> Conversation:
    """A conversation by its id, if the token may read it."""
    found = view.store.conversation(conversation_id)
    if found is None:
        raise no_such_object("GET", conversation_id)
    may_see(view, found.network)
    return found


def message(view: View, letter: Letter, fields: list[Field] | None) -> dict[str, Any]:
    """One message, if it is among the last of its conversation."""
    found = find(view, letter.conversation)
    if letter.id not in {other.id for other in view.store.letters(found.id)[-READABLE:]}:
        raise numbered(100, "This message has been deleted by the user or the business.")
    return view.render(MESSAGE, letter, fields)


def _detail(view: View, letter: Letter, name: str) -> Any:
    letters = view.store.letters(letter.conversation)
    if letter.id not in {other.id for other in letters[-READABLE:]}:
        return ABSENT
    found = view.store.conversation(letter.conversation)
    assert found is not None
    other = BRAND if letter.author != BRAND else found.handle
    return {
        "message": letter.text,
        "from": party(found.network, letter.author),
        "to": {"data": [party(found.network, other)]},
    }[name]


MESSAGE = NodeType(
    "Message",
    ("created_time",),
    {
        "id": lambda view, letter, field: letter.id,
        "created_time": lambda view, letter, field: stamp(letter.created_at),
        "message": lambda view, letter, field: _detail(view, letter, "message"),
        "from": lambda view, letter, field: _detail(view, letter, "from"),
        "to": lambda view, letter, field: _detail(view, letter, "to"),
    },
)

CONVERSATION = NodeType(
    "Conversation",
    ("updated_time",),
    {
        "id": lambda view, conversation, field: conversation.id,
        "updated_time": lambda view, conversation, field: stamp(conversation.updated_at),
        "link": lambda view, conversation, field: f"/{PAGE_ID}/inbox/{conversation.id}",
        "message_count": lambda view, conversation, field: len(view.store.letters(conversation.id)),
        "participants": _participants,
    },
    {"messages": _messages},
)


def _of_listed(read: Read) -> Read:
    def read_listed(view: View, placed: Placed, field: Field) -> Any:
        return read(view, placed.conversation, field)

    return read_listed


LISTED = NodeType(
    CONVERSATION.name,
    CONVERSATION.default,
    {name: _of_listed(read) for name, read in CONVERSATION.fields.items()},
    {name: _of_listed(read) for name, read in CONVERSATION.edges.items()},
)
