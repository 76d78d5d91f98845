"""POST /{page}/messages: Messenger and Instagram messages, their windows, and the one private reply per comment.

Codes after messenger-platform/error-codes (2026-03-18). 10900 to 10903 stand on no official page; their texts are
what applications in the field log.
"""

from typing import Any

from hilft.practice.meta.access import may_write
from hilft.practice.meta.call import Call
from hilft.practice.meta.errors import numbered, required
from hilft.practice.meta.facebook_nodes import reachable
from hilft.practice.meta.people import Network, handle_of, scoped_id
from hilft.practice.meta.rules import rules
from hilft.practice.meta.store import Letter, Thing
from hilft.practice.meta.usage import Usage

POLICY = "https://developers.facebook.com/docs/messenger-platform/policy-overview"
TYPES = ("RESPONSE", "UPDATE", "MESSAGE_TAG")
TAGS = ("HUMAN_AGENT",)
"""The other tags were withdrawn in 2026."""


def send(call: Call, usage: Usage) -> dict[str, Any]:
    """Send to a person ({"id": …}) or privately answer a comment or visitor post ({"comment_id" | "post_id": …})."""
    call.only("recipient", "message", "messaging_type", "tag", "notification_type", "metadata")
    may_write(call.token, "pages_messaging")
    recipient = call.record("recipient")
    if len(recipient) != 1 or not recipient.keys() <= {"id", "comment_id", "post_id"}:
        raise numbered(100, "Param recipient must have exactly one of id, comment_id, post_id")
    (key, value), *_ = recipient.items()
    call.writes()
    if key == "id":
        network, handle = _person(str(value))
        text = _text(call, network)
        _check_window(call, network, handle)
        return _answer(call.acts.write(network, handle, text, by_brand=True), network, handle)
    thing = _repliable(call, str(value), key)
    text = _text(call, thing.network)
    if thing.network == "instagram":
        usage.count("private_replies")
    letter = call.acts.write(thing.network, thing.author, text, by_brand=True, comment=thing.id)
    call.store.answered(thing)
    return _answer(letter, thing.network, thing.author)


def _answer(letter: Letter, network: Network, handle: str) -> dict[str, Any]:
    return {"recipient_id": scoped_id(handle, network), "message_id": letter.id}


def _person(scoped: str) -> tuple[Network, str]:
    networks: tuple[Network, ...] = ("facebook", "instagram")
    for network in networks:
        handle = handle_of(scoped, network)
        if handle is not None:
            return network, handle
    raise numbered(100, "No matching user found", subcode=2018001)


def _text(call: Call, network: Network) -> str:
    if network == "instagram":
        may_write(call.token, "instagram_manage_messages")
    message = call.record("message")
    if message.keys() - {"text", "metadata"}:
        raise numbered(100, f"Message part not practised here: {', '.join(sorted(message.keys() - {'text'}))}")
    text = message.get("text")
    if not isinstance(text, str) or not text.strip():
        raise numbered(100, "Message cannot be empty, must provide valid attachment or text", subcode=2018034)
    lengths = rules().lengths
    if network == "facebook" and len(text) > lengths.messenger_characters:
        most = lengths.messenger_characters
        raise numbered(100, f"Length of param message[text] must be less than or equal to {most}")
    if network == "instagram" and len(text.encode()) > lengths.instagram_message_bytes:
        most = lengths.instagram_message_bytes
        raise numbered(
            100, f"Length of param message[text] must be less than or equal to {most} bytes", subcode=2534038
        )
    return text


def _check_window(call: Call, network: Network, handle: str) -> None:
    """The person must have written within 24 hours, or 7 days when a human agent answers."""
    conversation = call.store.conversation_with(network, handle)
    if conversation is None:
        raise numbered(100, "No matching user found", subcode=2018001)
    if handle in call.store.setting("unavailable", []):
        raise numbered(551, "This person isn't available right now.", subcode=1545041)
    window = rules().windows.human_agent if _as_human_agent(call) else rules().windows.standard
    if conversation.heard_at is None or call.store.clock.now() - conversation.heard_at > window:
        subcode = 2018278 if network == "facebook" else 2534022
        message = f"This message is sent outside of allowed window. Learn more about the new policy here: {POLICY}"
        raise numbered(10, message, subcode=subcode, status=400 if network == "facebook" else 403)


def _as_human_agent(call: Call) -> bool:
    """Whether the longer window applies: both `messaging_type` and `tag` say so, and the app has the feature."""
    kind, tag = call.parameters.get("messaging_type", "RESPONSE"), call.parameters.get("tag", "")
    if kind not in TYPES:
        raise numbered(100, f"Param messaging_type must be one of {{{', '.join(TYPES)}}}")
    if kind != "MESSAGE_TAG":
        return False
    if not tag:
        raise required("tag")
    if tag not in TAGS:
        raise numbered(100, f"Param tag must be one of {{{', '.join(TAGS)}}}")
    if not call.store.setting("human_agent", True):
        raise numbered(10, "Application does not have the capability to use the HUMAN_AGENT tag", status=403)
    return True


def _repliable(call: Call, thing_id: str, key: str) -> Thing:
    """The comment or post, if its one private reply is still open."""
    thing = call.store.thing(thing_id)
    kinds = ("post",) if key == "post_id" else ("comment", "ig_comment")
    if thing is None or thing.kind not in kinds or (thing.network == "facebook" and not reachable(call.view, thing)):
        raise numbered(100, f"Invalid {key} parameter", subcode=2018292)
    root = call.store.thing(thing.root)
    if root is None or not (root.own or root.surface == "wall"):
        raise numbered(10902, "This is not a Replyable activity")
    if thing.own or thing.author in call.store.setting("unavailable", []):
        raise numbered(10903, "This user cant reply to this activity")
    if thing.answered_at is not None:
        raise numbered(10900, "Activity already replied to")
    too_old = call.store.clock.now() - thing.created_at > rules().windows.private_reply
    if too_old or root.surface == "LIVE_OVER":
        raise numbered(10901, "Activity replying time expired")
    return thing
