"""What training's screens say: texts in the person's language, and names."""

from django import template

from hilft.people.certificates import Lack, skill_name, told
from hilft.people.models import Skill
from hilft.training.models import Bilingual

register = template.Library()


@register.filter
def said(of: Bilingual, field: str) -> str:
    """A text of a module, lesson, question or task in the person's language."""
    return of.said(field)


@register.filter
def skill(of: Skill) -> str:
    """A skill's name in the person's language."""
    return skill_name(of)


@register.filter
def lacking(lack: Lack) -> str:
    """What is missing, as a sentence."""
    return told(lack)
