"""Addresses of the public portal; they exist twice, in German at the root and in English below /en/."""

from django.urls import path, register_converter

from hilft.community import views
from hilft.community.asking import contesting, following, receipts, threads, turns
from hilft.community.asking import views as asking
from hilft.community.language import in_its_language as page
from hilft.community.pages import machines, plain
from hilft.community.questions import views as questions
from hilft.community.questions import votes


class Hexadecimal:
    """A thread's key as 32 hexadecimal digits."""

    regex = "[0-9a-f]{32}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Hexadecimal, "hex")

app_name = "community"
urlpatterns = [
    path("", page(views.home), name="home"),
    path("suche/", page(views.search), name="search"),
    path("themen/", page(views.listing), name="topics"),
    path("themen/<slug:slug>/", page(views.listing), name="topic"),
    path("f/<slug:slug>/", page(questions.question), name="question"),
    path("f/<slug:slug>/fassungen/", page(questions.versions), name="versions"),
    path("f/<slug:slug>/fassung/<int:number>/", page(questions.version), name="version"),
    path("f/<slug:slug>/hilfreich/", page(votes.helpful), name="helpful"),
    path("f/<slug:slug>/folgen/", page(following.question), name="follow-question"),
    path("fragen/neu/", page(asking.Ask.as_view()), name="ask"),
    path("fragen/neu/aehnliche/", page(asking.similar), name="similar"),
    path("fragen/neu/geloest/", page(asking.solved), name="solved"),
    path("fragen/neu/post/", page(asking.sent), name="sent"),
    path("fragen/bestaetigung/<str:token>/", page(asking.confirm), name="confirm"),
    path("fragen/meine/<str:token>/", page(threads.come_back), name="return"),
    path("fragen/folgen/<str:token>/", page(following.confirm), name="follow"),
    path("fragen/abmeldung/<str:token>/", page(following.leave), name="unfollow"),
    path("fragen/widerspruch/<str:token>/", page(contesting.page), name="contest"),
    path("fragen/erledigt/<str:token>/", page(receipts.page), name="receipt"),
    path("fragen/<hex:thread>/", page(threads.thread), name="thread"),
    path("fragen/<hex:thread>/folgen/", page(following.thread), name="follow-thread"),
    path("fragen/<hex:thread>/<int:pk>/loeschung/", page(threads.withdraw), name="withdraw"),
    path("uebergabe/<str:token>/", page(turns.page), name="turn"),
    path("impressum/", page(plain.imprint), name="imprint"),
    path("datenschutz/", page(plain.privacy), name="privacy"),
    path("barrierefreiheit/", page(plain.accessibility), name="accessibility"),
    path("neu.atom", page(machines.feed), name="feed"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path("robots.txt", machines.robots, name="robots"),
]
