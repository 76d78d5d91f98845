"""Reviews as tests need them: a plan that draws everything, a reply that it drew, and marks."""

from typing import Any

from hilft.people.models import User
from hilft.quality.commands import reviewing
from hilft.quality.commands.drawing import draw
from hilft.quality.commands.planning import save_plan
from hilft.quality.enums import Mark
from hilft.quality.models import Plan, Review, Sample
from hilft.quality.queries import newest_card
from tests import factories
from tests.desk import made


def plan(**fields: Any) -> Plan:
    told = {"name": f"Plan {next(factories.NUMBER)}", "card": "antwort", "whose": "all", "channel": "", "tiers": []}
    told |= {"percent": 100, "twice_percent": 0, "dispute_days": 14, "active": True}
    return save_plan(by=None, plan=None, **(told | fields))


def drawn(author: User | None = None, *, twice: bool = False) -> Sample:
    """A published reply that was drawn, with its plan."""
    of = plan(twice_percent=100 if twice else 0)
    placement = made.reply(author or factories.staff("agent"), factories.question())
    draw()
    Plan.objects.filter(pk=of.pk).update(active=False)
    return Sample.objects.get(placement=placement)


def marks(**missed_or_none: str) -> dict[str, str]:
    """Everything met but what is named."""
    return {one.key: Mark.MET for one in newest_card("antwort").parts} | missed_or_none


def said(**given: str) -> dict[str, Any]:
    """Marks with a comment for whatever is not met."""
    comments = {key: "Bitte anders." for key, mark in given.items() if mark == Mark.MISSED}
    return {"marks": marks(**given), "comments": comments}


def scored(sample: Sample, by: User | None = None, **given: str) -> Review:
    review = reviewing.score(by=by or factories.staff("trainer"), sample=sample, **said(**given))
    sample.refresh_from_db()
    return review
