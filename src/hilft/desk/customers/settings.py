"""The system of customers, set up by operators and tried with a real question."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from hilft.customers.asking import the_system
from hilft.customers.commands import save_system, try_system
from hilft.customers.connector import Trouble
from hilft.desk.customers.forms import Fields, SystemForm, TrialForm, fields_of, typed
from hilft.desk.frame import StaffRequest, back_to, say, staff
from hilft.people.errors import Refusal


@staff("customer.manage")
@sensitive_post_parameters("secret")
@require_http_methods(["GET", "POST"])
def system(request: StaffRequest) -> HttpResponse:
    """Address, key, paths, fields and what must be checked."""
    known = the_system()
    form = SystemForm(request.POST or None, initial=dict(typed(known)))
    fields = Fields(request.POST or None, initial=list(known.fields) if known else [], prefix="field")
    if request.method == "POST" and form.is_valid() and fields.is_valid():
        try:
            save_system(by=request.user, fields=fields_of(fields), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            say(request, _("Saved. Try it out now."))
            return back_to("desk:customer-system-trial")
    wrong = bool(form.errors or (fields.is_bound and not fields.is_valid()))
    context = {"view": "customers", "system": known, "form": form, "fields": fields}
    return render(request, "desk/customers/system.html", context, status=422 if wrong else 200)


@staff("customer.manage")
@require_http_methods(["GET", "POST"])
def trial(request: StaffRequest) -> HttpResponse:
    """What the system says of somebody, field by field, or what goes wrong."""
    known = the_system()
    form = TrialForm(request.POST or None)
    context: dict[str, Any] = {"view": "customers", "system": known, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            context["records"] = try_system(by=request.user, **form.cleaned_data)
        except Trouble as trouble:
            context["trouble"] = trouble
        context["tried"] = True
    wrong = bool(form.errors or "trouble" in context)
    return render(request, "desk/customers/trial.html", context, status=422 if wrong else 200)
