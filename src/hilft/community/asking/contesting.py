"""What an asker sees who does not think that their question was answered elsewhere: one click, with a reason."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hilft.channels.portal.tokens import Expired, Forged, key_of
from hilft.community.asking.views import void
from hilft.community.language import address
from hilft.inbox.duplicates import asked_by, contest
from hilft.inbox.models import Duplicate
from hilft.people.errors import Refusal

REASONS: dict[str, str | Promise] = {
    "other": _("My question is a different one."),
    "no_help": _("The answer does not help me."),
    "wrong": _("The answer is wrong or outdated."),
}
LONGEST = 900


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Its link stands in the asker's mail and, for them alone, on their thread."""
    try:
        pk = key_of(token, "contest")
    except Forged:
        return void(request, "forged")
    except Expired:
        return void(request, "expired")
    found = Duplicate.objects.select_related("conversation__account", "question").filter(pk=pk).first()
    post = asked_by(found.conversation) if found else None
    if found is None or post is None:
        return void(request, "withdrawn", status=410)
    refused = ""
    if request.method == "POST":
        try:
            contest(duplicate=found, reason=_reason(request, post.language))
            return redirect(address(post.language, "thread", post.thread.hex))
        except Refusal as refusal:
            refused = str(refusal)
    shown = {"duplicate": found, "post": post, "reasons": REASONS, "refused": refused, "robots": "noindex"}
    return render(request, "community/contest.html", shown, status=422 if refused else 200)


def _reason(request: HttpRequest, language: str) -> str:
    """The chosen sentence and what was added to it, in the language of the thread that it joins."""
    with translation.override(language):
        chosen = str(REASONS.get(request.POST.get("reason", ""), ""))
    return f"{chosen} {request.POST.get('text', '').strip()[:LONGEST]}".strip()
