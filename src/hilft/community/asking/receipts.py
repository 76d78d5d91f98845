"""What whoever wrote a mail sees from its receipt: the answers shown there, and one click to say which solved it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hilft.channels.portal.tokens import Expired, Forged, key_of
from hilft.community.asking.views import void
from hilft.inbox import receipts
from hilft.inbox.models import Receipt
from hilft.people.errors import Refusal


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Opening it changes nothing, for programs open links as well; a button does."""
    try:
        receipt = Receipt.objects.select_related("message").filter(pk=key_of(token, "receipt")).first()
    except Forged:
        return void(request, "forged")
    except Expired:
        return void(request, "expired")
    if receipt is None:
        return void(request, "withdrawn", status=410)
    refused = ""
    if request.method == "POST":
        asked = request.POST.get("question", "")
        try:
            receipts.solve(receipt=receipt, question=int(asked) if asked.isdecimal() else 0)
            return render(request, "community/ask_solved.html", {"robots": "noindex"})
        except Refusal as refusal:
            refused = str(refusal)
    if receipt.solved_at:
        return render(request, "community/ask_solved.html", {"robots": "noindex"})
    shown = {"questions": receipts.questions_of(receipt), "refused": refused, "robots": "noindex"}
    return render(request, "community/receipt.html", shown, status=422 if refused else 200)
