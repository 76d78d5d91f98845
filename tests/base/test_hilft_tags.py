"""The template tags of the design system say the right words and never let markup through."""

from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.utils.translation import override

from hilft.base.templatetags import hilft as tags

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def rendered(source: str, **context: object) -> str:
    return Template("{% load hilft %}" + source).render(Context(context))


def test_icon_is_hidden_unless_named() -> None:
    assert 'aria-hidden="true"' in rendered('{% icon "globe" %}')
    assert 'role="img" aria-label="Öffentlich"' in rendered('{% icon "globe" label="Öffentlich" %}')


def test_unknown_icon_and_tone_are_errors() -> None:
    with pytest.raises(TemplateSyntaxError, match="no icon called"):
        rendered('{% icon "unicorn" %}')
    with pytest.raises(TemplateSyntaxError, match="no tone"):
        rendered('{% chip "neu" "pink" %}')


def test_counts_are_grouped_where_people_read_them() -> None:
    with override("de"):
        assert rendered("{{ n }} {{ n|number }}", n=12345) == "12345 12.345"
    with override("en"):
        assert rendered("{{ n|number }}", n=12345) == "12,345"


def test_chip_escapes_its_text() -> None:
    assert rendered("{% chip text %}", text="<b>") == '<span class="chip"><span>&lt;b&gt;</span></span>'


def test_key_speaks_the_language() -> None:
    with override("en"):
        assert '<kbd class="key">Ctrl</kbd><kbd class="key">⏎</kbd>' in rendered('{% key "Ctrl" "Enter" %}')


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ayşe Demir", "AD"), ("tom.bsky", "T"), ("@jonasp", "J"), ("Maria von der Heide", "MH"), ("🙂", "?"), ("", "?")],
)
def test_initials(name: str, letters: str) -> None:
    assert tags.initials(name) == letters


@pytest.mark.parametrize(
    ("past", "german", "english"),
    [
        (timedelta(minutes=18), "vor 18 Min.", "18 min. ago"),
        (timedelta(hours=3), "vor 3 Std.", "3 hr. ago"),
        (timedelta(days=2), "vor 2 Tagen", "2 days ago"),
        (timedelta(days=61), "22. Sept.", "Sep 22"),
        (timedelta(days=400), "18. Okt. 2025", "Oct 18, 2025"),
    ],
)
def test_ago(past: timedelta, german: str, english: str) -> None:
    with override("de"):
        assert tags.ago_text(NOW - past, NOW) == german
    with override("en"):
        assert tags.ago_text(NOW - past, NOW) == english


def test_ago_of_nothing_is_nothing() -> None:
    assert rendered("{% ago at %}", at=None) == ""


def test_channel_says_its_name() -> None:
    assert '<span class="visually-hidden">Mastodon</span>' in rendered('{% channel "mastodon" %}')
    assert ">Matrix</span>" in rendered('{% channel "matrix" %}')
