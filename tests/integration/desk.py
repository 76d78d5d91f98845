"""People at a running installation's desk: over HTTP, signed in by link, patient when a process is coming back."""

import re
from typing import Any

import httpx2

from tests.installation import Installation, until

TEXTS = ("de-sie", "de-du")


class Person:
    """Somebody with a role and a browser without JavaScript."""

    def __init__(self, installation: Installation, role: str) -> None:
        self.installation = installation
        self.client = httpx2.Client(base_url=installation.address, trust_env=False, follow_redirects=True, timeout=30)
        self.get(installation.link(role))

    def get(self, path: str) -> str:
        """A page; asks again while the web process is away."""

        def page() -> str:
            try:
                answer = self.client.get(path)
            except httpx2.TransportError:
                return ""
            return answer.text if answer.status_code == 200 else ""

        return until(page, f"the page {path}")

    def post(self, path: str, **form: object) -> httpx2.Response:
        """Submits a form once; raises when the connection breaks or the page says no."""
        token = self.client.cookies.get(f"hilft_csrf_{self.installation.port}") or ""
        answer = self.client.post(path, data={"csrfmiddlewaretoken": token} | form)
        assert answer.status_code == 200, f"{path} → {answer.status_code}: {plain(answer.text)[:500]}"
        return answer

    def hidden(self, path: str, name: str) -> str:
        """The value of a hidden field of a page."""
        page = self.get(path)
        found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
        assert found, f"{path} has no field {name}"
        return found.group(1)


class Agent(Person):
    """Answers conversations."""

    def __init__(self, installation: Installation) -> None:
        super().__init__(installation, "agent")

    def prepare(self, conversation: int, question: int) -> dict[str, Any]:
        """Inserts a hosted answer; returns the form that sends it off."""
        path = f"/desk/anliegen/{conversation}/"
        seen = self.hidden(path, "seen")
        self.post(f"{path}entwurf/", question=question, text="")
        sql = "SELECT rendering FROM publishing_draft WHERE conversation_id = %s ORDER BY id DESC LIMIT 1"
        ((text,),) = self.installation.query(sql, conversation)
        return {"question": question, "text": text, "seen": seen}

    def send(self, conversation: int, form: dict[str, Any]) -> None:
        """Submits; when the page never came, looks whether the reply is on its way and submits again if not."""
        try:
            self.post(f"/desk/anliegen/{conversation}/einreichung/", **form)
        except (httpx2.TransportError, AssertionError):
            self.get(f"/desk/anliegen/{conversation}/")
            sql = "SELECT count(*) FROM publishing_draft WHERE conversation_id = %s AND state = 'editing'"
            if self.installation.query(sql, conversation)[0][0]:
                self.post(f"/desk/anliegen/{conversation}/einreichung/", **form)


class Editor(Person):
    """Writes and publishes versions."""

    def __init__(self, installation: Installation) -> None:
        super().__init__(installation, "editor")

    def publish(self, question: int, text: str) -> int:
        """A new version with this text in Sie and du; returns the batch of corrections that it made, submitted."""
        path = f"/desk/fragen/{question}/"
        based_on = self.hidden(f"{path}fassung/", "based_on")
        form = {f"{kind}_{name}": text for name in TEXTS for kind in ("body", "short")}
        self.post(f"{path}fassung/", **form, based_on=based_on, action="publish")
        seen = self.hidden(f"{path}veroeffentlichung/", "seen")
        batch = self.post(f"{path}veroeffentlichung/", replies="correct", seen=seen)
        number = int(batch.url.path.rstrip("/").rpartition("/")[2])
        assert "/korrekturen/" in batch.url.path
        self.post(f"/desk/korrekturen/{number}/einreichung/")
        return number


class Approver(Person):
    """Releases batches of corrections."""

    def __init__(self, installation: Installation) -> None:
        super().__init__(installation, "approver")

    def digest(self, batch: int) -> str:
        """What the page shows for release."""
        return self.hidden(f"/desk/korrekturen/{batch}/", "digest")

    def release(self, batch: int, digest: str) -> None:
        """Releases the batch; when the page never came, looks and releases again if it still waits."""
        try:
            self.post(f"/desk/korrekturen/{batch}/freigabe/", digest=digest)
        except (httpx2.TransportError, AssertionError):
            self.get(f"/desk/korrekturen/{batch}/")
            sql = "SELECT state FROM publishing_correction WHERE id = %s"
            if self.installation.query(sql, batch)[0][0] == "waiting":
                self.post(f"/desk/korrekturen/{batch}/freigabe/", digest=digest)


def plain(page: str) -> str:
    """A page's words."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())
