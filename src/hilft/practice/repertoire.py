"""Who the practice customers are, and what they have to say."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

Form = Literal["sie", "du", "none"]
Language = Literal["de", "en"]
Temperament = Literal["calm", "polite", "terse", "impatient", "angry", "puzzled", "chatty", "playful"]
PostKind = Literal["joke", "praise", "news", "spam", "chat", "complaint"]


class Customer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A practice customer: someone who posts on the practice network and writes practice mails."""

    name: str
    handle: str
    mail: str
    temperament: Temperament
    form: Form = "none"
    language: Language = "de"


class Question(msgspec.Struct, frozen=True):
    """A hosted question with the ways people ask it; its answer is for others to know."""

    slug: str
    wordings: list[str]
    wordings_en: list[str] = []
    topic: str = ""
    topic_en: str = ""
    flagship: bool = False


class Post(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text people post that is not a question to us."""

    text: str
    kind: PostKind
    language: Language = "de"


class OpenQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question to us that no hosted question answers."""

    text: str
    language: Language = "de"


class Chatter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything in the stream that a hosted answer cannot serve."""

    post: list[Post]
    question: list[OpenQuestion]


class Replies(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What customers say after they got a reply, by language and intent."""

    thanks: dict[Language, list[str]]
    follow_up: dict[Language, list[str]]
    no_help: dict[Language, list[str]]
    edit_marks: dict[Language, list[str]]


class _TopicFile[Q: Question](msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    topic: str
    topic_en: str
    question: list[Q]


class _CustomerFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    customer: list[Customer]


def texts[T](path: Path, shape: type[T]) -> T:
    """A file of invented texts in its shape; raises ValueError naming a broken file."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), type=shape)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ValueError(f"{path.name}: {error}") from error


def hosted[Q: Question](folder: Path, shape: type[Q]) -> list[Q]:
    """All hosted questions in order of file name and position; raises ValueError naming a broken file."""
    found = []
    for path in sorted(folder.glob("*.toml")):
        file = texts(path, _TopicFile[shape])  # type: ignore[valid-type]  # known only when it is called
        found += [
            msgspec.structs.replace(question, topic=file.topic, topic_en=file.topic_en) for question in file.question
        ]
    return found


@cache
def customers() -> list[Customer]:
    """The practice customers."""
    return texts(Path(__file__).with_name("customers.toml"), _CustomerFile).customer


@cache
def chatter() -> Chatter:
    """Posts that ask us nothing, and questions that no hosted question answers."""
    return texts(Path(__file__).with_name("chatter.toml"), Chatter)


@cache
def replies() -> Replies:
    """What customers answer after a reply of ours."""
    return texts(Path(__file__).with_name("replies.toml"), Replies)
