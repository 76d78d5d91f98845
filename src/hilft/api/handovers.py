"""Where a department's own system answers: a signed call, heard once by its key."""

import msgspec
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from hilft.api.problems import NOTHING, problem
from hilft.escalation.commands.handovers import acknowledge
from hilft.escalation.commands.reactions import hear_program
from hilft.escalation.enums import HandOverState
from hilft.escalation.models import HandOver
from hilft.escalation.webhooks import HEADER, is_signed

LARGEST = 100_000
"""Bytes of a body; an answer is a text."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What their system says: `key` is its own name for this answer, `text` is empty where it only takes it on."""

    key: str
    text: str = ""
    sender: str = ""


@csrf_exempt
def hear(request: HttpRequest, thread: str) -> HttpResponse:
    """Takes an answer, or a word that it was taken on; the same key again changes nothing."""
    handover = HandOver.objects.select_related("department").filter(thread=thread).first()
    if handover is None or request.method != "POST":
        return problem(404, NOTHING)
    if int(request.headers.get("content-length") or 0) > LARGEST:
        return problem(413, f"At most {LARGEST} bytes.")
    body = request.body
    if not is_signed(handover.department, body, request.headers.get(HEADER, "")):
        return problem(401, f"Sign the raw body: {HEADER}: sha256=<HMAC-SHA256 in hex> with the secret you agreed on.")
    try:
        said = msgspec.json.decode(body, type=Answer)
    except msgspec.DecodeError as error:
        return problem(422, str(error))
    if said.text.strip():
        sender = said.sender or handover.department.name
        heard = hear_program(handover=handover, key=said.key, sender=sender, text=said.text) is not None
    else:
        heard = handover.state == HandOverState.OPEN
        if heard:
            acknowledge(by=None, handover=handover)
    return JsonResponse({"heard": heard})
