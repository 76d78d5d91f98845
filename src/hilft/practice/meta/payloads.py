"""Webhook updates in Meta's shapes: page feed, mention and messaging, Instagram comments, mentions and messaging.

After docs/graph-api/webhooks/reference/page, messenger-platform/webhooks/webhook-events and
instagram-platform/webhooks/examples (read 2026-11-24).
"""

from typing import Any, Literal

from hilft.practice.meta.clock import stamp
from hilft.practice.meta.facebook_nodes import permalink, person
from hilft.practice.meta.instagram_nodes import author, surface_of
from hilft.practice.meta.people import APP_ID, INSTAGRAM_ID, PAGE_ID, scoped_id
from hilft.practice.meta.store import Conversation, Letter, Thing

type Verb = Literal["add", "edited", "remove", "hide", "unhide"]


def feed(thing: Thing, verb: Verb, root: Thing) -> dict[str, Any]:
    """`feed`: a comment, a visitor's post (item post) or the page's own (item status); removals carry no text."""
    value: dict[str, Any] = {"from": person(thing.author)}
    if verb != "remove":
        value["message"] = thing.text
    value["post_id"] = root.id
    value["created_time"] = int(thing.created_at)
    if thing.kind == "comment":
        value |= {"comment_id": thing.id, "item": "comment", "parent_id": thing.parent, "verb": verb}
        if verb != "remove":
            value["post"] = {
                "status_type": "mobile_status_update" if root.own else "wall_post",
                "is_published": True,
                "updated_time": stamp(root.edited_at or root.created_at),
                "permalink_url": permalink(root),
                "promotion_status": "inactive",
                "id": root.id,
            }
    elif thing.own:
        value |= {"item": "status", "published": 1, "verb": verb}
    else:
        value |= {"item": "post", "recipient_id": PAGE_ID, "verb": verb}
    return value


def page_mention(thing: Thing) -> dict[str, Any]:
    """`mention`: the page is named in a post or comment elsewhere; in the field it does not say by whom."""
    value: dict[str, Any] = {
        "post_id": thing.root,
        "created_time": int(thing.created_at),
        "item": thing.kind,
        "message": thing.text,
        "verb": "add",
    }
    return value | ({"comment_id": thing.id} if thing.kind == "comment" else {})


def instagram_comment(thing: Thing, media: Thing) -> dict[str, Any]:
    """`comments` and `live_comments`."""
    mark = {"self_ig_scoped_id": INSTAGRAM_ID} if thing.own else {}
    value = {
        "from": author(thing.author) | mark,
        "media": {"id": media.id, "media_product_type": surface_of(media)},
        "id": thing.id,
        "text": thing.text,
    }
    return value | ({"parent_id": thing.parent} if thing.is_reply else {})


def instagram_mention(thing: Thing) -> dict[str, Any]:
    """`mentions`: ids only."""
    return {"media_id": thing.root} | ({"comment_id": thing.id} if thing.kind == "ig_comment" else {})


def _envelope(conversation: Conversation, sender: str, moment: float) -> dict[str, Any]:
    ours = PAGE_ID if conversation.network == "facebook" else INSTAGRAM_ID
    other = scoped_id(conversation.handle, conversation.network)
    first, second = (other, ours) if sender == conversation.handle else (ours, other)
    return {"sender": {"id": first}, "recipient": {"id": second}, "timestamp": int(moment * 1000)}


def message(conversation: Conversation, letter: Letter) -> dict[str, Any]:
    """`messages` and `message_echoes`: what was written, by whom to whom; times in milliseconds."""
    said: dict[str, Any] = {"mid": letter.id, "text": letter.text}
    if letter.author != conversation.handle:
        said["is_echo"] = True
        if conversation.network == "facebook":
            said["app_id"] = int(APP_ID)
    return _envelope(conversation, letter.author, letter.created_at) | {"message": said}


def message_edit(conversation: Conversation, letter: Letter, moment: float) -> dict[str, Any]:
    """`message_edits` of Messenger."""
    edit = {"mid": letter.id, "text": letter.text, "num_edit": letter.edits}
    return _envelope(conversation, letter.author, moment) | {"message_edit": edit}


def message_unsent(conversation: Conversation, letter: Letter, moment: float) -> dict[str, Any]:
    """`messages` of Instagram: a person took a message back."""
    return _envelope(conversation, letter.author, moment) | {"message": {"mid": letter.id, "is_deleted": True}}


def read(conversation: Conversation, letter: Letter, moment: float) -> dict[str, Any]:
    """`message_reads` and `messaging_seen`: the person has seen our messages up to this one."""
    watermark = {"watermark": int(letter.created_at * 1000)}
    seen: dict[str, Any] = watermark if conversation.network == "facebook" else {"mid": letter.id}
    return _envelope(conversation, conversation.handle, moment) | {"read": seen}


def sample(kind: str, field: str) -> dict[str, Any]:
    """What the dashboard's test button sends; its ids are nobody's and messages hang under `changes`."""
    values: dict[tuple[str, str], dict[str, Any]] = {
        ("page", "feed"): {
            "item": "status",
            "post_id": "44444444_444444444",
            "verb": "add",
            "published": 1,
            "created_time": 1520383571,
            "message": "Example post content.",
            "from": {"name": "Test Page", "id": "1067280970047460"},
        },
        ("page", "mention"): {
            "post_id": "44444444_444444444",
            "sender_name": "Example Name",
            "item": "post",
            "sender_id": "44444444",
            "verb": "add",
        },
        ("instagram", "comments"): {
            "from": {"id": "232323232", "username": "test"},
            "media": {"id": "123123123", "media_product_type": "FEED"},
            "id": "17865799348089039",
            "parent_id": "1231231234",
            "text": "This is an example.",
        },
        ("instagram", "mentions"): {"media_id": "17887498072083520", "comment_id": "17887498072083520"},
    }
    messages = {
        "sender": {"id": "12334"},
        "recipient": {"id": "23245"},
        "timestamp": "1527459824",
        "message": {"mid": "test_message_id", "text": "test_message"},
    }
    return {"field": field, "value": values.get((kind, field), messages)}
