"""The example texts are complete, proofread and addressed consistently."""

from collections import Counter

import pytest

from hilft.example import content
from hilft.practice.repertoire import chatter, customers
from hilft.practice.voice import form_of


def test_every_hosted_question_passes_proofreading() -> None:
    assert content.question_problems(content.questions()) == []


def test_everybody_invented_is_unique_and_fictional() -> None:
    assert content.people_problems(customers(), content.staff()) == []


def test_nobody_is_called_by_the_example_and_every_caller_keeps_their_form() -> None:
    assert content.call_problems(content.calls()) == []
    assert [bool(call.call_back) for call in content.calls()] == [True, False]
    wrong = content.Call(name="Ute", number="+494066969", text="Kannst du helfen?", form="sie")
    assert content.call_problems([wrong]) == ["Ute: +494066969 may belong to somebody", "Ute: addresses us by du"]


def test_sixty_questions_of_which_twenty_are_in_english_too() -> None:
    questions = content.questions()
    assert (len(questions), sum(question.en is not None for question in questions)) == (60, 20)


def test_four_flagship_questions_on_four_topics() -> None:
    flagships = [question for question in content.questions() if question.flagship]
    assert len(flagships) == 4
    assert len({question.topic for question in flagships}) == 4


def test_the_router_answer_names_its_forty_eight_hours_everywhere() -> None:
    question = next(q for q in content.questions() if q.slug == "router-blinkt-orange")
    assert question.en is not None
    for answer in (question.sie, question.du, question.en):
        assert "48" in answer.body
        assert "48" in answer.short


def test_staff_fills_every_role() -> None:
    roles = Counter(role for member in content.staff().member for role in member.roles)
    assert len(content.staff().member) == 9
    assert len(content.staff().team) == 2
    assert roles["agent"] >= 3
    assert roles["approver"] >= 2
    assert min(roles["editor"], roles["lead"], roles["operator"]) >= 1


def test_chatter_has_no_wording_of_a_hosted_question() -> None:
    wordings = {content.plain(w) for q in content.questions() for w in q.wordings + q.wordings_en}
    found = chatter()
    texts = [post.text for post in found.post] + [question.text for question in found.question]
    assert (len(found.post), len(found.question)) == (80, 30)
    assert [text for text in texts if content.plain(text) in wordings] == []
    assert [text for text in texts if len(text) > 490] == []


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Können Sie mir helfen?", "sie"),
        ("Könnt ihr mir helfen?", "du"),
        ("Kannst du mal schauen?", "du"),
        ("Router tot. Was nun?", None),
        ("Hilf mir bitte, können Sie das?", "sie"),
        ("Sie sind dran, dein Router auch", None),
    ],
)
def test_form_of_address(text: str, form: str | None) -> None:
    assert form_of(text) == form


def test_proofreading_names_each_fault() -> None:
    good = content.questions()[0]
    body = " ".join(["Wort"] * 80)
    bad = content.QuestionContent(
        slug="Nicht gut",
        title="Ihre Frage",
        wordings=["eine", "Eine!"],
        sie=content.AnswerText(body=f"{body} dein", short="Kurz"),
        du=content.AnswerText(body="Ihnen", short="S" * 240 + "."),
    )
    problems = content.question_problems([good, good, bad])
    expected = [
        "used twice",
        "lower case",
        "question mark",
        "addresses",
        "only 2",
        "there twice",
        "du form",
        "Sie form",
    ]
    expected += ["1 words", "241 characters", "mid-sentence"]
    assert [word for word in expected if not any(word in problem for problem in problems)] == []
