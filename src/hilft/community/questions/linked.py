"""A question page as data for search engines: schema.org's QAPage."""

from django.conf import settings

from hilft.base.markdown import to_text
from hilft.community.language import address, full
from hilft.community.questions.screen import Helped
from hilft.knowledge.models import Question, Text, Version


def qa_page(question: Question, version: Version, text: Text, votes: Helped) -> dict[str, object]:
    """The question with its accepted answer, in the language of the text."""
    url = full(address(text.language, "question", question.slug))
    team = {"@type": "Organization", "name": settings.HILFT.brand, "url": full(address(text.language, "home"))}
    title = (text.language == "en" and question.title_en) or question.title
    answer = {
        "@type": "Answer",
        "text": to_text(text.body),
        "url": f"{url}#antwort",
        "datePublished": _day(version),
        "dateModified": _day(version),
        "upvoteCount": votes.yes,
        "author": team,
    }
    return {
        "@context": "https://schema.org",
        "@type": "QAPage",
        "inLanguage": text.language,
        "url": url,
        "mainEntity": {
            "@type": "Question",
            "name": title,
            "text": title,
            "answerCount": 1,
            "datePublished": question.created_at.isoformat(timespec="seconds"),
            "author": team,
            "acceptedAnswer": answer,
        },
    }


def _day(version: Version) -> str:
    return (version.published_at or version.created_at).isoformat(timespec="seconds")
