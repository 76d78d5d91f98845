"""Markdown becomes safe HTML and readable plain text."""

from hypothesis import given
from hypothesis import strategies as st

from hilft.base.markdown import to_html, to_text


def test_html_is_safe():
    html = to_html("# Titel\n\n<script>alert(1)</script> [böse](javascript:alert(1)) **gut** [da](https://a.example)")
    assert "<script" not in html
    assert "javascript:" not in html.replace("(javascript:alert(1))", "")
    assert "<h2>Titel</h2>" in html
    assert '<a href="https://a.example" rel="noopener nofollow">da</a>' in html


def test_text_keeps_steps_and_links():
    text = to_text("Vorweg **wichtig**:\n\n1. Erstens\n2. Zweitens [hier](https://a.example/b)\n\n- Punkt\n\nSchluss.")
    assert text == "Vorweg wichtig:\n\n1. Erstens\n2. Zweitens hier (https://a.example/b)\n\n– Punkt\n\nSchluss."


def test_a_link_that_shows_its_address_is_not_said_twice():
    assert to_text("[https://a.example](https://a.example)") == "https://a.example"


@given(st.text(max_size=300))
def test_any_text_is_taken(text: str):
    assert isinstance(to_text(text), str)
    assert "<script" not in to_html(text)
