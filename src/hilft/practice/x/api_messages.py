"""Direct messages over the API: send, list, delete."""

from collections.abc import Sequence
from typing import Any, Final

from hilft.practice.x.endpoint import USER, Answer, Call, Endpoint, known
from hilft.practice.x.fields import DM_EXPANSIONS, DM_QUERY, only, wanted
from hilft.practice.x.messages import DirectMessage
from hilft.practice.x.paging import span, token_after
from hilft.practice.x.problems import Problem, forbidden, invalid, not_found

NO_PERMISSION: Final = "You do not have permission to DM one or more participants."
_TYPES: Final = {"MessageCreate", "ParticipantsJoin", "ParticipantsLeave"}


async def send(call: Call) -> Answer:
    """POST /2/dm_conversations/with/:participant_id/messages; refused when the person accepts none."""
    if "attachments" in call.body:
        raise invalid("$.attachments: the practice network does not simulate this field")
    known(call.body, {"text": str})
    text = call.body.get("text", "")
    if not text.strip() or len(text) > call.world.rules.number("dm", "length"):
        raise invalid("$.text: is missing, empty or too long", text=text[:100])
    recipient = call.world.posts.person(user_id=call.path["id"])
    if recipient is None:
        raise invalid(
            f"The `participant_id` query parameter value [{call.path['id']}] is not valid",
            participant_id=call.path["id"],
        )
    if not recipient.accepts_dm or recipient.id == call.caller.user_id:
        raise forbidden(NO_PERMISSION)
    message = call.world.messages.send(call.user, recipient, text)
    call.world.bill.wrote("dm_create")
    call.world.activity.messaged(message)
    return 201, {"data": {"dm_conversation_id": message.conversation, "dm_event_id": str(message.id)}}


async def events(call: Call) -> Answer:
    """GET /2/dm_events: the last 30 days, newest first."""
    return _listed(call, "")


async def events_with(call: Call) -> Answer:
    """GET /2/dm_conversations/with/:participant_id/dm_events."""
    return _listed(call, call.path["id"])


async def event(call: Call) -> Answer:
    """GET /2/dm_events/:event_id."""
    only(call.query, DM_QUERY)
    asked = wanted(call.query, DM_EXPANSIONS)
    message = call.world.messages.get(int(call.path["id"]), call.caller.user_id)
    if message is None:
        return 200, {"errors": [not_found("dm_event", "event_id", call.path["id"])]}
    call.world.bill.read("dm_read", [message.id])
    return 200, {"data": call.world.renderer.message(message, asked)} | _includes(call, [message])


async def delete(call: Call) -> Answer:
    """DELETE /2/dm_events/:event_id: an own message, for oneself; its recipient keeps it."""
    only(call.query, ())
    message = call.world.messages.get(int(call.path["id"]), call.caller.user_id)
    if message is None:
        error = not_found("dm_event", "event_id", call.path["id"])
        raise Problem(404, error["title"], error["detail"], kind="resource-not-found", more=error)
    if message.sender != call.caller.user_id:
        raise forbidden("You are not permitted to perform this action.")
    call.world.messages.hide(message)
    call.world.bill.wrote("dm_delete")
    return 200, {"data": {"deleted": True}}


def _listed(call: Call, with_person: str) -> Answer:
    only(call.query, ("max_results", "pagination_token", *DM_QUERY))
    asked = wanted(call.query, DM_EXPANSIONS)
    kinds = set(call.query.get("event_types", "MessageCreate").split(","))
    if not kinds <= _TYPES:
        value = call.query["event_types"]
        allowed = ",".join(sorted(_TYPES))
        raise invalid(f"The `event_types` query parameter value [{value}] is not one of [{allowed}]")
    world = call.world
    since = world.clock.now() - 86400 * world.rules.number("dm", "days")
    part = span(call.query, (1, 100, 100))
    found = world.messages.seen_by(call.caller.user_id, part, with_person=with_person, since=since)
    found = found if "MessageCreate" in kinds else []
    page = found[: part.limit - 1]
    world.bill.read("dm_read", [message.id for message in page])
    meta: dict[str, Any] = {"result_count": len(page)}
    meta |= {"next_token": token_after(page[-1].id)} if len(found) >= part.limit else {}
    data = [world.renderer.message(message, asked) for message in page]
    return 200, ({"data": data} if data else {}) | _includes(call, page) | {"meta": meta}


def _includes(call: Call, messages: Sequence[DirectMessage]) -> dict[str, Any]:
    asked = wanted(call.query, DM_EXPANSIONS)
    people = [message.sender for message in messages] if "sender_id" in asked.expansions else []
    if "participant_ids" in asked.expansions:
        people += [user_id for message in messages for user_id in message.conversation.split("-")]
    users = call.world.renderer.people(people, asked)
    return {"includes": {"users": users}} if users else {}


ENDPOINTS: Final = [
    Endpoint("POST", "/2/dm_conversations/with/:id/messages", USER, send),
    Endpoint("GET", "/2/dm_conversations/with/:id/dm_events", USER, events_with),
    Endpoint("GET", "/2/dm_events", USER, events),
    Endpoint("GET", "/2/dm_events/:id", USER, event),
    Endpoint("DELETE", "/2/dm_events/:id", USER, delete),
]
