"""What a stream that begins late, or again, is told about the changes before it."""

import asyncio

from hilft.config.live import Hub, Stream


def hub_with(*numbers: int) -> Hub:
    hub = Hub()
    for number in numbers:
        hub.add(number, str(number).encode())
    return hub


def test_what_was_committed_after_a_change_follows_it_even_with_a_lower_number():
    assert hub_with(5, 7, 6, 8).since(7) == [b"6", b"8"]


def test_a_page_that_read_more_than_was_told_yet_misses_nothing():
    assert hub_with(5, 6).since(7) == []


def test_nothing_ever_changed():
    assert Hub().since(0) == []


def test_what_is_no_longer_known_has_to_be_fetched_anew():
    assert hub_with(5, 6).since(3) is None
    assert Hub().since(3) is None


def test_the_streams_of_whoever_is_signed_out_end_and_no_others():
    hub = Hub()
    leaving: list[Stream] = [asyncio.Queue(), asyncio.Queue()]
    staying: Stream = asyncio.Queue()
    hub.streams = {leaving[0]: 4, staying: 5, leaving[1]: 4}
    hub.sign_out(4)
    hub.add(9, b"9")
    assert [queue.get_nowait() for queue in leaving] == [None, None]
    assert (staying.get_nowait(), hub.streams) == (b"9", {staying: 5})
