"""Where a reply will stand, and how an answer reads there: limits, links, forms of address, what the network allows."""

from collections.abc import Mapping

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from hilft.base.enums import Address, Language
from hilft.base.prepared import Given, prepared
from hilft.channels import ledger
from hilft.channels.contract import Allowed, Can, Limits, Person, Ref, Standing
from hilft.channels.models import Account
from hilft.channels.registry import adapter_of
from hilft.inbox.models import Conversation, Message
from hilft.inbox.queries import heard_privately
from hilft.knowledge.enums import Audience
from hilft.knowledge.models import Question, Text, Version
from hilft.knowledge.rules import text_key
from hilft.publishing.models import Placement
from hilft.publishing.rendering import Links, Place, Source, render


def person_of(conversation: Conversation) -> Person:
    """The customer as the network's adapter sees them."""
    handle = conversation.handle
    return Person(id=handle.external_id, handle=handle.handle, name=handle.name, url=handle.url)


def place_of(conversation: Conversation, *, public: bool) -> Place:
    """Where a reply to this conversation will stand, by its network's own limits."""
    adapter = adapter_of(conversation.account)
    return Place(
        limits=adapter.limits(public=public),
        prefix=adapter.prefix(person_of(conversation), public=public),
        letter=conversation.account.kind in settings.HILFT_LETTERS,
        brand=settings.HILFT.brand,
        links=links_on(conversation.account) if public else Links.ALWAYS,
    )


def links_on(account: Account) -> Links:
    """Whether posts of this account lead to the whole answer: as operators chose, else never where it costs extra."""
    chosen = str(account.settings.get("links", ""))
    if chosen in Links:
        return Links(chosen)
    facts = ledger.values(account.kind)
    dear = float(facts.get("price.post_with_url", 0)) > float(facts.get("price.post", 0))
    return Links.NEVER if dear else Links.ALWAYS


def allowed(message: Message, *, public: bool, text: str = "") -> Allowed:
    """Whether its network lets us answer a message this way now, at what price, and what is open instead."""
    conversation = message.conversation
    target = Ref(
        channel=conversation.account.kind,
        account=str(conversation.account_id),
        id=message.external_id or "",
        version=message.external_version,
    )
    standing = Standing(
        at=message.at,
        addressed=message.addressed,
        heard_privately=heard_privately(conversation),
        private_replies=len(_private_replies(message.pk)),
        text=text,
    )
    return adapter_of(conversation.account).allowed("reply" if public else "private", target, standing)


@prepared
def _private_replies(message: Given) -> QuerySet[Placement]:
    return Placement.objects.filter(delivery__reply_to=message, public=False).only("pk").order_by("pk")


def may_be_private(conversation: Conversation) -> bool:
    """Whether the network has a way to answer a post of this conversation in private."""
    adapter = adapter_of(conversation.account)
    return not conversation.public or Can.PRIVATE in adapter.can()


def link_of(question: Question, language: str) -> str:
    """The question's permanent address on the portal, in the language of the text that leads there."""
    where = "community-en" if language == Language.EN else "community"
    return settings.HILFT.public_url + reverse("community:question", args=[question.slug], current_app=where)


def source_of(text: Text, question: Question) -> Source:
    """A version's text as the renderer takes it; no link leads to what only the team may read."""
    link = link_of(question, text.language) if question.answer.audience == Audience.PUBLIC else ""
    return Source(body=text.body, short=text.short, language=text.language, address=text.address, link=link)


def text_for(version: Version, *, language: str, form: str) -> Text:
    """The version's text for a reader; raises LookupError for a version without texts."""
    texts = {(text.language, text.address): text for text in version.texts.all()}
    return texts[text_key(texts, language=language, form=form)]


def rendering_for(
    conversation: Conversation, question: Question, *, public: bool, version: Version | None = None
) -> tuple[Text, str]:
    """The question's current answer as it would stand in this conversation, or a text that somebody offered for it."""
    version = version or question.answer.current
    if version is None:
        raise LookupError("This question has no published answer.")
    text = text_for(version, language=conversation.language, form=conversation.form)
    return text, render(source_of(text, question), place_of(conversation, public=public))


def notice_for(conversation: Conversation, texts: Mapping[str, str]) -> str:
    """What is said to many, as it will stand here, with the way to the answer where there is one for everybody."""
    english = conversation.language == Language.EN and texts.get(Address.NONE, "").strip()
    form = Address.NONE if english else Address.DU if conversation.form == Address.DU else Address.SIE
    language = Language.EN if english else Language.DE
    question = conversation.question
    shown = question is not None and question.answer.audience == Audience.PUBLIC and question.answer.current_id
    link = link_of(question, language) if question is not None and shown else ""
    source = Source(texts[form].strip(), "", language, form, link)
    return render(source, place_of(conversation, public=conversation.public))


def limits_for(conversation: Conversation, *, public: bool) -> tuple[Limits, str]:
    """The limits and the prefix that count against them, for the composer."""
    place = place_of(conversation, public=public)
    return place.limits, place.prefix
