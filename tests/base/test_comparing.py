"""What people see of a change: words where few differ, whole texts where nearly all do."""

from hilft.base.comparing import Piece, word_diff


def test_a_changed_word_is_shown_in_its_sentence():
    assert word_diff("Das dauert bis zu 48 Stunden.", "Das dauert bis zu 24 Stunden.") == [
        Piece("same", "Das dauert bis zu "),
        Piece("del", "48"),
        Piece("ins", "24"),
        Piece("same", " Stunden."),
    ]


def test_a_text_written_anew_follows_the_former_one_whole():
    before, after = "Wenn es am Kabel schnell ist, liegt es am Funk.", "Orange heißt: Die Leitung wird umgeschaltet."
    assert word_diff(before, after) == [Piece("del", before), Piece("same", "\n\n"), Piece("ins", after)]


def test_what_is_only_added_or_only_gone():
    assert word_diff("", "Viel Erfolg!") == [Piece("ins", "Viel Erfolg!")]
    assert word_diff("Viel Erfolg!", "") == [Piece("del", "Viel Erfolg!")]
    assert word_diff("…", "…") == [Piece("same", "…")]
