"""RFC 9113 section 5: the states and numbers of streams, and errors."""

from cases import Case, answers, ends, ignored, resets
from wire import *

POST = request("/echo", "POST")
HELD = headers(1, request("/held"))  # half-closed (remote), and never answered
LIMIT = 8  # what the server under test announces


def closed(peer):
    """Stream 1 has ended on both sides."""
    peer.send(headers(1))
    return None if peer.whole(1) else "an answer on 1"


def after_closed(*more):
    def play(peer):
        missed = closed(peer)
        peer.send(b"".join(more))
        return missed
    return play


def last_stream_is_told(peer):
    peer.send(headers(1) + headers(3))
    if not (peer.whole(1) and peer.whole(3)):
        return "answers on 1 and 3"
    peer.send(ping(b"short"))
    peer.until_closed()
    return None if peer.last_stream == 3 else f"3 as the last stream in GOAWAY, got {peer.last_stream}"


def room_again(peer):
    """A stream that ended makes room."""
    if not peer.turn():
        return "a PING back"
    peer.send(b"".join(headers(stream, request("/held")) for stream in range(1, 2 * LIMIT, 2)))
    peer.send(reset(1) + headers(101))
    return None if peer.whole(101) and 101 not in peer.resets else "an answer on 101"


def over_the_limit(peer):
    """Only once the server knows that its limit is known is one more than that an error of its own."""
    if not peer.turn():
        return "a PING back"
    peer.send(b"".join(headers(stream, request("/held")) for stream in range(1, 2 * LIMIT + 2, 2)))


STARTED = settings() + b"".join(headers(stream, request("/held")) for stream in range(1, 2 * LIMIT + 2, 2))

CASES = [
    Case("5.1", "DATA on an idle stream ends the connection", data(1, b"x"), ends(PROTOCOL_ERROR)),
    Case("5.1", "RST_STREAM on an idle stream ends the connection", reset(1), ends(PROTOCOL_ERROR)),
    Case("5.1", "WINDOW_UPDATE on an idle stream ends the connection", window(1, 1), ends(PROTOCOL_ERROR)),
    Case("5.1", "CONTINUATION on an idle stream ends the connection", frame(CONTINUATION, END_HEADERS, 1, block(request())),
         ends(PROTOCOL_ERROR)),
    Case("5.1", "PRIORITY on an idle stream is ignored", frame(PRIORITY, 0, 1, u32(0) + b"\x10") + headers(1), answers(1)),
    Case("5.1", "DATA on a stream the client has ended is refused", HELD + data(1, b"x"),
         resets(1, STREAM_CLOSED) | ends(STREAM_CLOSED)),
    Case("5.1", "HEADERS on a stream the client has ended are refused", HELD + headers(1, [("x-a", "b")]),
         resets(1, STREAM_CLOSED) | ends(STREAM_CLOSED)),
    Case("5.1", "CONTINUATION on a stream the client has ended ends the connection",
         HELD + frame(CONTINUATION, END_HEADERS, 1, literal("x-a", "b")), ends(PROTOCOL_ERROR)),
    Case("5.1", "WINDOW_UPDATE on a stream the client has ended is taken", HELD + window(1, 1), ignored),
    Case("5.1", "PRIORITY on a stream the client has ended is ignored", HELD + frame(PRIORITY, 0, 1, u32(0) + b"\x10"), ignored),
    Case("5.1", "RST_STREAM on a stream the client has ended is taken", HELD + reset(1), ignored),
    # On a closed stream the RFC lets the server end the connection or go on.
    Case("5.1", "DATA on a stream the client has reset is refused or ignored",
         headers(1, POST, end=False) + reset(1) + data(1, b"x"), ignored | resets(1, STREAM_CLOSED) | ends(STREAM_CLOSED)),
    Case("5.1", "HEADERS on a stream the client has reset are refused or ignored",
         headers(1, POST, end=False) + reset(1) + headers(1), ignored | resets(1, STREAM_CLOSED) | ends(STREAM_CLOSED)),
    Case("5.1", "CONTINUATION on a stream the client has reset ends the connection",
         headers(1, POST, end=False) + reset(1) + frame(CONTINUATION, END_HEADERS, 1, literal("x-a", "b")),
         ends(PROTOCOL_ERROR, STREAM_CLOSED)),
    Case("5.1", "WINDOW_UPDATE and RST_STREAM behind a reset are ignored", HELD + reset(1) + window(1, 1) + reset(1), ignored),
    Case("5.1", "DATA on a stream that both have ended is refused or ignored", after_closed(data(1, b"x")),
         answers(1) | resets(1, STREAM_CLOSED) | ends(STREAM_CLOSED)),
    Case("5.1", "HEADERS on a stream that both have ended are refused or ignored", after_closed(headers(1)),
         answers(1) | resets(1, STREAM_CLOSED) | ends(STREAM_CLOSED, PROTOCOL_ERROR)),
    Case("5.1", "WINDOW_UPDATE on a stream that both have ended is ignored", after_closed(window(1, 1)), answers(1)),
    Case("5.1", "RST_STREAM on a stream that both have ended is ignored", after_closed(reset(1)), answers(1)),
    Case("5.1", "PRIORITY on a stream that both have ended is ignored",
         after_closed(frame(PRIORITY, 0, 1, u32(0) + b"\x10")), answers(1)),

    Case("5.1.1", "a request on an even stream ends the connection", headers(2), ends(PROTOCOL_ERROR)),
    Case("5.1.1", "a request on stream 0 ends the connection", headers(0), ends(PROTOCOL_ERROR)),
    # The lower number was never used, which makes it closed; then the connection may go on, but never answer it.
    Case("5.1.1", "a request on a lower stream than before is not answered", headers(5, request("/held")) + headers(3),
         ends(PROTOCOL_ERROR, STREAM_CLOSED) | resets(3, STREAM_CLOSED) | ignored),
    Case("5.1.1", "numbers may be left out", headers(1) + headers(31), answers(31)),
    Case("5.1.1", "the highest number is answered", headers(LARGEST), answers(LARGEST), probe=None),
    Case("5.1.1", "DATA on a stream that was left out ends the connection or is ignored",
         headers(5) + data(3, b"x"), ends(PROTOCOL_ERROR, STREAM_CLOSED) | answers(5)),
    Case("5.1.2", "as many streams as announced are taken", b"".join(
        headers(stream, request("/held")) for stream in range(1, 2 * LIMIT - 2, 2)), ignored),
    Case("5.1.2", "one more than announced is refused before the client can know", STARTED,
         resets(2 * LIMIT + 1, REFUSED_STREAM, PROTOCOL_ERROR), probe=None),
    Case("5.1.2", "one more than announced is refused", over_the_limit,
         resets(2 * LIMIT + 1, REFUSED_STREAM, PROTOCOL_ERROR) | ends(PROTOCOL_ERROR), probe=None),
    Case("5.1.2", "a stream that was reset makes room", room_again, answers(101), probe=None),

    # RFC 9113 has given priorities up; RFC 7540 made it an error.
    Case("5.3.1", "PRIORITY of a stream on itself is ignored or refused", frame(PRIORITY, 0, 1, u32(1) + b"\x10"),
         ignored | ends(PROTOCOL_ERROR)),
    Case("5.3.1", "HEADERS with a dependency on itself are answered or refused",
         headers(1, flags=END_HEADERS | PRIORITIZED, before=u32(1) + b"\x10"),
         answers(1) | resets(1, PROTOCOL_ERROR) | ends(PROTOCOL_ERROR)),
    Case("5.3.2", "HEADERS with a priority are answered",
         headers(1, flags=END_HEADERS | PRIORITIZED, before=u32(1 << 31 | 33) + b"\xff"), answers(1)),
    Case("5.4.1", "GOAWAY tells the last stream that was looked at", last_stream_is_told, ends(FRAME_SIZE_ERROR), is_last=True),
    Case("5.4.2", "an error of one stream leaves the others alone",
         headers(1, POST, end=False) + headers(3, request(more=[("connection", "x")])) + data(1, b"hi"),
         resets(3, PROTOCOL_ERROR)),
    Case("5.5", "an unknown frame within a block of fields ends the connection",
         headers(1, flags=0) + frame(0x42, 0, 1, b"x"), ends(PROTOCOL_ERROR)),
    Case("7", "an unknown error code in RST_STREAM is taken", HELD + reset(1, 0xFFFFFFFF), ignored),
]
