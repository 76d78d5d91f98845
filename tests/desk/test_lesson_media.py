"""Pictures, sound and film in lessons: what is taken by its content, in words, and only for those who are signed in."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from hilft.audit.models import Entry
from hilft.training.media import MEGABYTE, part_of, type_of
from hilft.training.models import Lesson, Media
from tests import factories
from tests.desk.conftest import Desk
from tests.desk.made import said
from tests.training.made import PICTURE, module

SOUND = b"ID3" + bytes(50)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (PICTURE, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
        (b"\0\0\0\x20ftypM4A ", "audio/mp4"),
        (b"\0\0\0\x20ftypisom", "video/mp4"),
        (b"\x1a\x45\xdf\xa3\x01", "video/webm"),
        (b"OggS\0", "audio/ogg"),
        (SOUND, "audio/mpeg"),
        (b"<svg onload=alert(1)>", ""),
        (b"<!doctype html>", ""),
        (b"", ""),
    ],
)
def test_a_file_is_what_it_begins_with(content: bytes, found: str):
    assert type_of(content) == found


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("", None),
        ("bytes=0-9", (0, 9)),
        ("bytes=40-", (40, 47)),
        ("bytes=-8", (40, 47)),
        ("bytes=-99", (0, 47)),
        ("bytes=10-99", (10, 47)),
        ("bytes=99-", None),
        ("bytes=9-3", None),
        ("bytes=0-1,4-5", None),
        ("bytes=-", None),
        ("rows=0-1", None),
    ],
)
def test_a_player_asks_for_a_part(header: str, part: tuple[int, int] | None):
    assert part_of(header, 48) == part


def add(client: Client, lesson: Lesson, content: bytes, name: str = "router.png", **words: str) -> str:
    url = reverse("desk:media-new", args=[lesson.module_id, lesson.pk])
    return said(client, url, file=SimpleUploadedFile(name, content), **({"alt": "Der Router"} | words))


@pytest.mark.django_db
def test_a_trainer_adds_them_and_everybody_signed_in_sees_them(desk: Desk):
    lesson = module().lessons.order_by("pk")[0]
    trainer, agent = desk(factories.staff("trainer")), desk(factories.staff("agent"))
    assert "It stands in the lesson now." in add(trainer, lesson, PICTURE, "router.mp4", alt_en="The router")
    add(trainer, lesson, SOUND, alt="Guten Tag,\nwas kann ich tun?")
    picture, sound = Media.objects.order_by("pk")
    page = agent.get(reverse("desk:lesson", args=[lesson.pk])).content.decode()
    assert f'<img src="/desk/schulung/medien/{picture.pk}/" alt="The router" loading="lazy">' in page
    assert ["<audio controls" in page, "Guten Tag,<br>was kann ich tun?</figcaption>" in page] == [True, True]
    found = agent.get(reverse("desk:media", args=[picture.pk]))
    assert (found.content, found["Content-Type"], found["X-Content-Type-Options"]) == (PICTURE, "image/png", "nosniff")
    part = agent.get(reverse("desk:media", args=[sound.pk]), headers={"Range": "bytes=0-2"})
    assert (part.status_code, part.content, part["Content-Range"]) == (206, b"ID3", "bytes 0-2/53")
    assert Client().get(reverse("desk:media", args=[picture.pk])).status_code == 302
    assert agent.post(reverse("desk:media-delete", args=[picture.pk])).status_code == 403
    assert "It is gone." in said(trainer, reverse("desk:media-delete", args=[picture.pk]))
    assert list(Media.objects.all()) == [sound]
    assert Entry.objects.filter(verb__in=["training.add_media", "training.delete_media"]).count() == 3


@pytest.mark.django_db
def test_what_is_not_taken(desk: Desk):
    lesson = module().lessons.order_by("pk")[0]
    trainer = desk(factories.staff("trainer"))
    assert "This is no picture, sound or film" in add(trainer, lesson, b"<svg onload=alert(1)>")
    assert "This file is too large: at most 2 MB." in add(trainer, lesson, PICTURE + bytes(2 * MEGABYTE))
    assert "This file is too large: at most 10 MB." in add(trainer, lesson, SOUND + bytes(10 * MEGABYTE))
    assert "say in words what it shows" in add(trainer, lesson, PICTURE, alt=" ")
    other = reverse("desk:media-new", args=[module().pk, lesson.pk])
    assert trainer.post(other).status_code == 404
    assert not Media.objects.exists()
