"""Who is told of what happens to a conversation."""

from hilft.inbox.models import Conversation
from hilft.people.models import User
from hilft.people.queries import active_staff


def leads_of(conversation: Conversation) -> list[User]:
    """The leads of the conversation's team; all leads where it has no team or the team no lead."""
    leads = active_staff().filter(roles__contains=["lead"])
    own = list(leads.filter(teams=conversation.team_id)) if conversation.team_id else []
    return own or list(leads)


def looks_after(conversation: Conversation) -> list[User]:
    """The assignee, or the leads of a conversation that nobody has."""
    return [conversation.assignee] if conversation.assignee else leads_of(conversation)
