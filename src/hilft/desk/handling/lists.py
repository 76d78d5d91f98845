"""What notes said to somebody, and the vocabulary of tags."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hilft.desk.frame import StaffRequest, back_to, page_of, say, staff
from hilft.inbox.handling.mentions import mentions_of
from hilft.inbox.handling.models import Tag
from hilft.inbox.handling.queries import tags_in_use
from hilft.inbox.handling.tags import rename_tag


@staff()
@require_GET
def mentions(request: StaffRequest) -> HttpResponse:
    """The notes that speak to this person, unread first."""
    page = page_of(request, mentions_of(request.user))
    return render(request, "desk/handling/mentions.html", {"view": "mentions", "page": page, "rows": page.object_list})


@staff()
@require_GET
def tags(request: StaffRequest) -> HttpResponse:
    """Every tag with the number of conversations that it is on."""
    page = page_of(request, tags_in_use(), size=100)
    return render(request, "desk/handling/tags.html", {"view": "tags", "page": page, "rows": page.object_list})


@staff("tag.manage")
@require_POST
def renaming(request: StaffRequest, pk: int) -> HttpResponse:
    """Another name for a tag; where that exists already, both become one."""
    tag = get_object_or_404(Tag, pk=pk)
    kept = rename_tag(by=request.user, tag=tag, name=request.POST.get("name", ""))
    told = _("“%(old)s” is “%(name)s” now.") if kept.pk == tag.pk else _("“%(old)s” was merged into “%(name)s”.")
    say(request, told % {"old": tag.name, "name": kept.name})
    return back_to("desk:tags")
