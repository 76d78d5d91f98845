"""The Graph API's addresses: /{version}/{node} and /{version}/{node}/{edge}, read, written and deleted."""

from collections.abc import Callable
from typing import Any

from hilft.practice.meta import facebook_calls, facebook_nodes, inbox_nodes, instagram_calls, instagram_nodes
from hilft.practice.meta.access import may_read
from hilft.practice.meta.call import COMMON, Call
from hilft.practice.meta.errors import GraphError, no_such_field, no_such_object, numbered
from hilft.practice.meta.fields import Field
from hilft.practice.meta.people import APP_ID, INSTAGRAM_ID, PAGE_ID, handle_of
from hilft.practice.meta.rules import rules
from hilft.practice.meta.sending import send
from hilft.practice.meta.store import Store, Thing
from hilft.practice.meta.usage import Usage
from hilft.practice.meta.view import NodeType

type Answer = dict[str, Any]


def without_version(path: str) -> str:
    """The path behind the version; without one the oldest available version answers, an expired one is refused."""
    head, _, rest = path.strip("/").partition("/")
    if not (head.startswith("v") and head[1:2].isdigit()):
        return path.strip("/")
    if head not in rules().versions.available:
        newest = rules().versions.newest
        message = (
            f"You are calling a deprecated version of the Graph API. Please update to the latest version: {newest}."
        )
        raise numbered(2635, message)
    return rest


def use_case(path: str, store: Store) -> str:
    """Which limit a call with a page token counts against."""
    node, _, edge = path.partition("/")
    if edge in ("messages", "conversations") or node.startswith(("m_", "t_", "aWdf")):
        return "messenger"
    thing = store.thing(node)
    instagram = node == INSTAGRAM_ID or (thing is not None and thing.network == "instagram")
    return "instagram" if instagram else "pages"


def answer(call: Call, path: str, usage: Usage) -> Answer:
    """Carry out one call; raises GraphError."""
    node, *more = path.split("/")
    if node in ("", APP_ID) or len(more) > 1:
        raise GraphError(2500, f"Unknown path components: /{'/'.join(more) or node}")
    if node == "me":
        node = PAGE_ID
    edge = more[0] if more else ""
    if call.method == "GET":
        return _read(call, node, edge)
    if call.token.is_app:
        raise GraphError(190, "This method must be called with a Page Access Token")
    if call.method == "POST":
        return _post(call, node, edge, usage)
    if call.method == "DELETE" and not edge:
        return _delete(call, node)
    raise no_such_object(call.method, node)


def _type_of(call: Call, node: str) -> tuple[NodeType, Any]:
    """A node's type and what it is; raises for what is not there or may not be seen."""
    view = call.view
    if node == PAGE_ID:
        may_read(call.token, "pages_read_engagement")
        return facebook_nodes.PAGE, None
    if node == INSTAGRAM_ID:
        may_read(call.token, "instagram_basic")
        return instagram_nodes.USER, None
    if conversation := call.store.conversation(node):
        inbox_nodes.may_see(view, conversation.network)
        return inbox_nodes.CONVERSATION, conversation
    thing = call.store.thing(node)
    if thing is None:
        raise no_such_object("GET", node)
    if thing.network == "facebook":
        may_read(call.token, "pages_read_engagement")
        found = facebook_nodes.find(view, node)
        return (facebook_nodes.POST if found.kind == "post" else facebook_nodes.COMMENT), found
    may_read(call.token, "instagram_basic")
    if thing.kind == "media":
        return instagram_nodes.MEDIA, instagram_nodes.own_media(view, node)
    may_read(call.token, "instagram_manage_comments")
    return instagram_nodes.COMMENT, instagram_nodes.own_comment(view, node)


def _read(call: Call, node: str, edge: str) -> Answer:
    if not edge and node not in (PAGE_ID, INSTAGRAM_ID):
        if handle := handle_of(node, "facebook"):
            return facebook_nodes.profile_of(call.view, handle, call.fields())
        if handle := handle_of(node, "instagram"):
            return instagram_nodes.profile_of(call.view, handle, call.fields())
    if (letter := call.store.letter(node)) and not edge:
        return inbox_nodes.message(call.view, letter, call.fields())
    kind, thing = _type_of(call, node)
    if not edge:
        return call.view.render(kind, thing, call.fields())
    modifiers = {key: value for key, value in call.parameters.items() if key not in COMMON}
    read = kind.edges.get(edge)
    if read is None:
        raise no_such_field(edge, kind.name)
    found: Answer = read(call.view, thing, Field(edge, modifiers, call.fields(), call.parameters.get("fields", "")))
    return found


def _post(call: Call, node: str, edge: str, usage: Usage) -> Answer:
    if node == PAGE_ID:
        if edge == "feed":
            return facebook_calls.publish(call)
        if edge == "messages":
            return send(call, usage)
    elif node == INSTAGRAM_ID and edge == "mentions":
        return instagram_calls.mention(call)
    else:
        thing = call.store.thing(node)
        act = _ACTS.get((thing.kind, edge)) if thing else None
        if thing is not None and act is not None:
            return act(call, _seen(call, thing))
    raise no_such_object("POST", node)


def _seen(call: Call, thing: Thing) -> Thing:
    if thing.network == "facebook":
        return facebook_nodes.find(call.view, thing.id, call.method)
    if thing.kind == "media":
        return instagram_nodes.own_media(call.view, thing.id, call.method)
    return instagram_nodes.own_comment(call.view, thing.id, call.method)


_ACTS: dict[tuple[str, str], Callable[[Call, Thing], Answer]] = {
    ("post", ""): facebook_calls.change,
    ("post", "comments"): facebook_calls.comment,
    ("comment", ""): facebook_calls.change,
    ("comment", "comments"): facebook_calls.comment,
    ("media", "comments"): instagram_calls.comment,
    ("ig_comment", ""): instagram_calls.change,
    ("ig_comment", "replies"): instagram_calls.reply,
}


def _delete(call: Call, node: str) -> Answer:
    thing = call.store.thing(node)
    if thing is None or thing.kind == "media":
        raise no_such_object("DELETE", node)
    delete = facebook_calls.delete if thing.network == "facebook" else instagram_calls.delete
    return delete(call, _seen(call, thing))
