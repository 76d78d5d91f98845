"""The receipt for a mail, over a real mail server: what it shows, to whom, once, and what one click in it does."""

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from hilft.channels.models import Account
from hilft.channels.portal.tokens import token_for
from hilft.inbox import receipts
from hilft.inbox.models import Conversation, Message, Receipt
from hilft.inbox.tasks import receipt as job
from hilft.knowledge import selfhelp
from hilft.knowledge.matching import embed_pending
from hilft.knowledge.models import Answer, Asking, Question
from hilft.people.errors import Refusal
from tests import factories
from tests.peers.mail import DOMAIN, Mail, running_mail
from tests.peers.mailbox import connected

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("mail")]
LENA = f"lena@{DOMAIN}"
ASKED = "Wie kündige ich meinen Vertrag?"


@pytest.fixture(scope="module")
def server() -> Iterator[Mail]:
    with running_mail() as found:
        yield found


@pytest.fixture
def account(server: Mail) -> Account:
    server.allow(LENA)
    return connected(server, receipt=True)


@pytest.fixture
def hosted(monkeypatch: pytest.MonkeyPatch) -> Question:
    """A hosted question that is asked in its own words, and everybody is shown it, however busy this machine is."""
    monkeypatch.setattr(selfhelp, "HELD_OUT", 0)
    monkeypatch.setattr(receipts, "SECONDS", 60.0)
    found = factories.question(title=ASKED)
    factories.question(title="Router blinkt nach dem Umzug nur orange. Was kann ich tun?")
    while embed_pending():
        pass
    return found


def wrote(account: Account, text: str = ASKED, **fields: object) -> Message:
    return factories.message(account, text, who=LENA, public=False, **fields)


def got(server: Mail) -> list[EmailMessage]:
    found = [email.message_from_bytes(raw, policy=email.policy.default) for raw in server.mails(LENA)]
    return [mail for mail in found if isinstance(mail, EmailMessage)]


def words(mail: EmailMessage) -> str:
    return str(mail.get_body().get_content())  # type: ignore[union-attr]  # a text


def due() -> list[int]:
    found = ProcrastinateJob.objects.filter(task_name="inbox.receipt").order_by("id")
    return [row.args["message"] for row in found]


def test_the_first_mail_of_a_person_gets_one_and_nothing_else_does(account: Account):
    first = wrote(account, thread="eins")
    wrote(account, "Noch etwas", thread="eins")
    assert due() == [first.pk]
    Account.objects.filter(pk=account.pk).update(settings=account.settings | {"receipt": False})
    account.refresh_from_db()
    wrote(account, thread="zwei")
    assert due() == [first.pk]


def test_it_leads_to_what_probably_helps_and_leaves_once(server: Mail, account: Account, hosted: Question):
    before = len(got(server))
    message = wrote(account)
    for _ in range(2):
        job(message.pk)
    (mail,) = got(server)[before:]
    text = words(mail)
    assert f"/f/{hosted.slug}/" in text
    assert "/f/router" not in text
    assert mail["Auto-Submitted"] == "auto-replied", "no machine answers it"
    assert mail["In-Reply-To"] is None or message.external_id in mail["In-Reply-To"]
    assert Message.objects.filter(direction="out").count() == 0
    assert Conversation.objects.get().waiting_since is not None, "a receipt is no answer"
    assert Asking.objects.get().outcome == "asked"


def test_internal_answers_are_never_shown(account: Account, hosted: Question):
    Answer.objects.filter(question=hosted).update(audience="internal")
    written = receipts.write(wrote(account))
    assert hosted.pk not in written.questions
    Answer.objects.update(audience="internal")
    assert "/f/" not in receipts.text_of(written), "nor what became internal before it left"


def test_a_share_is_shown_nothing_and_counted(account: Account, hosted: Question, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(selfhelp, "HELD_OUT", 100)
    written = receipts.write(wrote(account))
    assert written.questions == []
    assert [(one.held_out, one.outcome) for one in Asking.objects.all()] == [(True, "asked")]


def test_what_takes_too_long_leaves_without(account: Account, hosted: Question, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(receipts, "SECONDS", 0.0)
    assert receipts.write(wrote(account)).questions == []
    assert Asking.objects.count() == 0


def test_one_click_solves_it_and_writing_again_opens_it(account: Account, hosted: Question):
    written = receipts.write(wrote(account, thread="eins"))
    path = re.search(r"(/fragen/erledigt/\S+)", receipts.text_of(written))
    assert path
    reader = Client(headers={"accept-language": "de"})
    assert hosted.title in reader.get(path[1]).content.decode()
    assert Receipt.objects.get().solved_at is None, "opening a link changes nothing"
    assert reader.post(path[1], {"question": "0"}).status_code == 422
    assert reader.post(path[1], {"question": hosted.pk}).status_code == 200
    conversation = Conversation.objects.get()
    assert (conversation.state, conversation.waiting_since, conversation.question) == ("done", None, hosted)
    assert Asking.objects.get().outcome == "solved"
    assert conversation.messages.get(direction="note").text.endswith(f"{hosted.title}“")
    assert reader.post(path[1], {"question": hosted.pk}).status_code == 200, "once more changes nothing"
    wrote(account, "Doch nicht", thread="eins")
    assert Conversation.objects.get().state == "open"
    assert Asking.objects.get().outcome == "asked"


def test_a_forged_link_leads_nowhere(account: Account, hosted: Question):
    written = receipts.write(wrote(account))
    reader = Client()
    assert reader.get(f"/fragen/erledigt/{token_for(written, 'receipt')}x/").status_code == 403
    assert reader.get(f"/fragen/erledigt/{token_for(written, 'contest')}/").status_code == 403
    written.delete()
    assert reader.get(f"/fragen/erledigt/{token_for(Receipt(pk=99), 'receipt')}/").status_code == 410
    with pytest.raises(Refusal):
        receipts.solve(receipt=receipts.write(wrote(account)), question=0)
