"""A question page weighs little: measured as it travels, compressed, with everything it asks for."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db
KB = 1024


def found(path: str) -> bytes:
    place = finders.find(path)
    assert isinstance(place, str), path
    return Path(place).read_bytes()


def compressed(path: str) -> int:
    data = found(path)
    return len(data) if path.endswith(".woff2") else len(gzip.compress(data, 9))


def modules(path: str) -> set[str]:
    """A module and everything it imports."""
    names = re.findall(r'import [^"]*"\./([\w/-]+\.js)"', found(path).decode())
    folder = path.rpartition("/")[0]
    return {path}.union(*(modules(f"{folder}/{name}") for name in names))


def test_question_page_keeps_its_budget(reader: Client):
    question = factories.question(body="Ein langer Satz, der etwas erklärt. " * 60)

    page = reader.get(f"/f/{question.slug}/").content
    loaded = set(re.findall(r'(?:href|src)="/static/([^"]+)"', page.decode()))
    scripts = set().union(*(modules(path) for path in loaded if path.endswith(".js")))
    sizes = {path: compressed(path) for path in loaded | scripts}

    html = len(gzip.compress(page, 9))
    assert html <= 20 * KB
    assert sum(size for path, size in sizes.items() if path.endswith(".css")) <= 12 * KB
    assert sum(size for path, size in sizes.items() if path.endswith(".js")) <= 20 * KB
    assert sum(size for path, size in sizes.items() if path.endswith(".woff2")) <= 34 * KB
    assert html + sum(sizes.values()) <= 110 * KB
    assert 1 + len(sizes) <= 8
    assert not re.findall(
        r'(?:href|src)="(?:https?:)?//(?!testserver|127\.0\.0\.1)[^"]+\.(?:js|css|woff2|png)"', page.decode()
    )


@pytest.mark.parametrize("path", ["/", "/suche/?q=router", "/fragen/neu/", "/themen/", "/impressum/"])
def test_no_page_carries_script_or_style_of_its_own(reader: Client, path: str, open_portal: object):
    factories.question()

    page = reader.get(path).content.decode()

    assert not re.findall(r"<script(?![^>]* src=)(?![^>]*ld\+json)", page)
    assert not re.findall(r"<style|\sstyle=|\son\w+=", page)
